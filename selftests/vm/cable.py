#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Pulls and plugs the cables of a guest's NICs when the guest asks for it.

    cable.py REQUESTS QMP

REQUESTS is the unix socket behind a serial port of the guest: a line "NIC on"
or "NIC off" enters, "ok" or "failed" leaves once QEMU has done it. QMP is the
monitor's socket. Ends with the guest.
"""
import json
import os
import socket
import sys
import time


def connect(path):
    """QEMU makes the socket when it starts; the folder is that of the run."""
    while os.path.isdir(os.path.dirname(path)):
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.connect(path)
            return sock.makefile("rw", newline="\n")
        except OSError:
            sock.close()
            time.sleep(0.1)
    sys.exit(f"no socket {path}")


class Monitor:
    def __init__(self, path):
        self.qmp = connect(path)
        self.qmp.readline()
        self.run("qmp_capabilities")

    def run(self, command, **arguments):
        """Did QEMU do it? Events that come meanwhile are passed over."""
        json.dump({"execute": command, "arguments": arguments}, self.qmp)
        self.qmp.write("\n")
        self.qmp.flush()
        for line in self.qmp:
            answer = json.loads(line)
            if "return" in answer or "error" in answer:
                return "return" in answer
        return False


def main(requests, qmp):
    guest = connect(requests)
    monitor = Monitor(qmp)
    for line in guest:
        words = line.split()
        if len(words) != 2 or words[1] not in ("on", "off"):
            continue
        done = monitor.run("set_link", name=words[0], up=words[1] == "on")
        guest.write("ok\n" if done else "failed\n")
        guest.flush()


if __name__ == "__main__":
    try:
        main(*sys.argv[1:3])
    except OSError:
        pass
