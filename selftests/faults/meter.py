# SPDX-License-Identifier: GPL-2.0-only
"""The traffic meter `flows` in the hands of a program: hosts and streams in,
phases while it runs, then what each receiver lost, got twice, or waited for."""
import json
import os
import subprocess
import tempfile
import time

FLOODED = "*+?"         # kinds of destination
TICK_MS = 2             # streams are spread over this grid


class Meter:
    """@hosts: name: (namespace, device). Streams are SRC>DST as flows has it.
    What is flooded, to all of them, is sent half as often. @settle_ms: how long
    a frame may be under way, later it is lost."""

    def __init__(self, hosts, streams, rate, settle_ms=100):
        self.dir = tempfile.TemporaryDirectory()
        self.json = os.path.join(self.dir.name, "json")
        self.out = open(os.path.join(self.dir.name, "out"), "w+",
                        encoding="utf-8")
        self.rate = rate
        args = ["flows", "-j", self.json, "-t", str(TICK_MS * 1000), "-r",
                str(rate), "--settle", str(settle_ms), "--tail", "200"]
        for name, (netns, dev) in hosts.items():
            args += ["-H", f"{name}:{netns.name}:{dev}"]
        for stream in streams:
            slow = f",rate={rate // 2}" if stream[-1] in FLOODED else ""
            args += ["-S", stream + slow]
        self.flows = subprocess.Popen(args, stdin=subprocess.PIPE, text=True,
                                      stdout=self.out, stderr=self.out)
        self.closed = False
        self.seen = 0
        self.said("# ready")

    def said(self, words):
        """Wait until it has said so, after what it was waited for before."""
        for _ in range(3000):
            self.out.seek(self.seen)
            text = self.out.read()
            if words in text:
                self.seen = self.out.tell()
                return
            if self.flows.poll() is not None:
                break
            time.sleep(0.002)
        raise RuntimeError(f"flows never said '{words}': {text[-500:]}")

    def tell(self, words, answer):
        self.flows.stdin.write(words + "\n")
        self.flows.stdin.flush()
        self.said(answer)

    def mark(self, name):
        self.tell(f"mark {name}", f"begins: {name}\n")

    def down(self, host):
        self.tell(f"down {host}", f"{host} is down")

    def up(self, host):
        self.tell(f"up {host}", f"{host} is up")

    def interval(self, row):
        """ms between two frames."""
        return 1000 / (self.rate // (1 + (row["kind"] != "unicast")))

    def end(self):
        """Rows of all phases, each with the name of its phase and the distance
        of its frames."""
        self.flows.stdin.write("quit\n")
        self.flows.stdin.close()
        self.flows.wait(60)
        with open(self.json, encoding="utf-8") as file:
            phases = [json.loads(line) for line in file]
        self.close()
        return [{"phase": phase["name"], "interval": self.interval(row), **row}
                for phase in phases if "summary" not in phase
                for row in phase["rows"]]

    def close(self):
        if self.closed:
            return
        self.closed = True
        if self.flows.poll() is None:
            self.flows.kill()
            self.flows.wait()
        self.out.close()
        self.dir.cleanup()
