#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Every option on every surface, ours and in-tree bonding's by the same table
(opt_rows.py): defaults, values taken and refused, modes, up, with ports, and
that netlink, `ip`, sysfs and procfs all say the same. Prints KTAP. Runs in a
namespace with its own /sys (ip netns exec).

    opt_each.py                 all of it
    opt_each.py bad             module parameters: each bad value
    opt_each.py args MODE       module parameters: a value for each option
    opt_each.py loaded MODE     a bond made after that has them
"""
import errno
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from mlagbond import Links, Tap, ip                      # noqa: E402
from opt_rows import (AB, AD, ALL, BROADCAST, BY_WORD, DEVICES, MODES,  # noqa
                      PORT_ROWS, PRIMARY, ROWS, RR, argument, at_once, column,
                      default, text)

NET = "/sys/class/net"
KINDS = ("bond", "mlagbond")
# bonding has another name for it in sysfs; ours has both
FILES = {"peer_notify_delay": "peer_notif_delay"}


def path(dev, word, folder="bonding"):
    return f"{NET}/{dev}/{folder}/{FILES.get(word, word)}"


def read(dev, word, folder="bonding"):
    with open(path(dev, word, folder)) as f:
        return f.read().rstrip("\n")


def write(dev, word, what, folder="bonding"):
    """Name of the errno, "0" if it was taken."""
    try:
        fd = os.open(path(dev, word, folder), os.O_WRONLY)
        try:
            os.write(fd, what.encode() or b"\n")
        finally:
            os.close(fd)
    except OSError as e:
        return errno.errorcode[e.errno]
    return "0"


def has_file(dev, word):
    return os.path.exists(path(dev, word))


class Wrong(Exception):
    pass


def check(good, what):
    if not good:
        raise Wrong(what)


class Test:
    def __init__(self):
        self.links = Links()
        self.tap = Tap()
        self.known = {kind: self.what_is_there(kind) for kind in KINDS}

    def what_is_there(self, kind):
        """Words of the options that this kind has in this kernel."""
        words = {"primary", "active_slave", "arp_ip_target",
                 "ns_ip6_target"}
        for mode in ALL:
            self.links.add("b0", {"mode": mode}, kind)
            words |= set(self.links.get("b0"))
            self.links.delete("b0")
        return words

    def rows(self, kind, mode=None):
        return [r for r in ROWS if r.word in self.known[kind] and
                (mode is None or mode in column(r, kind, "modes"))]

    def result(self, what, fn, *args):
        wrong = ""
        try:
            fn(*args)
        except Wrong as e:
            wrong = str(e)
        for name in ("b0", "p0", "p1"):
            self.links.delete(name)
        self.tap.result(what, wrong)

    def set(self, kind, word, value):
        return self.links.set("b0", {word: value}, kind).name

    def get(self, word):
        return self.links.get("b0").get(word, [])

    # --- one value

    def defaults(self, kind, mode):
        ack = self.links.add("b0", {"mode": mode}, kind)
        check(not ack.err, ack)
        for r in self.rows(kind, mode):
            want = default(r, mode, kind)
            check(self.get(r.word) == want,
                  f"{r.word} is {self.get(r.word)}, not {want}")
            if has_file("b0", r.word):
                check(read("b0", r.word) == text(r, want),
                      f"file {r.word}: {read('b0', r.word)!r}")

    def by_netlink(self, kind, r):
        for value in column(r, kind, "good"):
            got = self.set(kind, r.word, value)
            check(got == "0", f"netlink {value}: {got}")
            check(self.get(r.word) == value,
                  f"netlink {value} reads {self.get(r.word)}")
            if has_file("b0", r.word):
                check(read("b0", r.word) == text(r, value),
                      f"netlink {value}, file {read('b0', r.word)!r}")
        before = self.links.info("b0")
        for value in column(r, kind, "bad"):
            want = kind == "bond" and r.bond.get("errno") or "EINVAL"
            got = self.set(kind, r.word, value)
            check(got == want, f"netlink {value}: {got}, not {want}")
            check(kind == "bond" or self.links.info("b0") == before,
                  f"netlink {value}: refused, but something changed")

    def by_file(self, kind, r):
        if not has_file("b0", r.word) or isinstance(r.default, list):
            return
        for value in column(r, kind, "good"):
            for what in {argument(r, value), text(r, value)}:
                got = write("b0", r.word, what)
                check(got == "0", f"file {what!r}: {got}")
                check(self.get(r.word) == value,
                      f"file {what!r} reads {self.get(r.word)}")
        before = self.links.info("b0")
        for what in [text(r, v) for v in column(r, kind, "bad")] + \
                ["x", "-1", "99999999999", "", "0x1"]:
            got = write("b0", r.word, what)
            check(got == "EINVAL", f"file {what!r}: {got}")
            check(self.links.info("b0") == before,
                  f"file {what!r}: refused, but something changed")

    def values(self, kind, r):
        modes = column(r, kind, "modes")
        mode = AB if AB in modes else modes[0]
        self.links.add("b0", {"mode": mode}, kind)
        self.set(kind, "miimon", 100)
        self.by_netlink(kind, r)
        self.by_file(kind, r)

    # --- modes and states

    def modes(self, kind, mode):
        self.links.add("b0", {"mode": mode}, kind)
        for r in self.rows(kind) + list(DEVICES):
            if r.word == "mode":
                continue
            self.set(kind, "miimon", 100)
            value = default(r, mode, kind)
            # 0 is none, which a bond that can be no leg has already
            if r.word == "mlag_id":
                value = 7
            want = "0" if mode in column(r, kind, "modes") else "EACCES"
            got = self.set(kind, r.word, value)
            check(got == want, f"netlink {r.word} {value}: {got}, not {want}")
            if not has_file("b0", r.word) or isinstance(value, list):
                continue
            what = "" if r in DEVICES else argument(r, value)
            got = write("b0", r.word, what)
            check(got == want, f"file {r.word} {what!r}: {got}, not {want}")
        if kind == "mlagbond" and mode == AD:
            self.set(kind, "mlag_id", 0)

    def expected(self, r, kind, up, ports):
        when = column(r, kind, "when")
        if ports and "ports" in when:
            return "ENOTEMPTY"
        return "EBUSY" if up and "down" in when else "0"

    def state(self, kind, mode, up, ports):
        """Each option, changed in a bond that is up or has a port."""
        name = f"{'up' * up}{' with a port' * ports}: "
        for r in self.rows(kind, mode):
            # delays need it, and arp_interval takes it away from bonding
            self.set(kind, "miimon", 100)
            now = self.get(r.word)
            good = [v for v in column(r, kind, "good") if v != now]
            if not good:
                continue
            want = self.expected(r, kind, up, ports)
            got = self.set(kind, r.word, good[0])
            check(got == want, f"{name}netlink {r.word} {good[0]}: {got}")
            if got == "0":
                self.set(kind, r.word, now)
            if has_file("b0", r.word) and not isinstance(good[0], list):
                got = write("b0", r.word, argument(r, good[0]))
                check(got == want, f"{name}file {r.word} {good[0]}: {got}")
            if got == "0":
                self.set(kind, r.word, now)

    def states(self, kind, mode):
        self.links.add("b0", {"mode": mode}, kind)
        ip("link", "set", "b0", "up")
        self.state(kind, mode, True, False)
        ip("link", "add", "p0", "master", "b0", "type", "dummy")
        self.state(kind, mode, True, True)
        ip("link", "set", "b0", "down")
        self.state(kind, mode, False, True)

    # --- all options at once, on all surfaces

    def shown_by_ip(self, mode, want):
        run = subprocess.run(("ip", "-d", "-j", "link", "show", "dev", "b0"),
                             check=True, text=True, capture_output=True)
        got = json.loads(run.stdout)[0]["linkinfo"]["info_data"]
        for word, value in want.items():
            r = BY_WORD[word]
            if isinstance(value, bytes) or r.words:
                value = argument(r, value)
            check(got.get(r.json) == value or str(got.get(r.json)) == value,
                  f"ip: {r.json} {got.get(r.json)!r}, not {value!r}")

    def shown_by_proc(self, kind, mode, want):
        folder = "bonding" if kind == "bond" else kind
        with open(f"/proc/net/{folder}/b0") as f:
            lines = dict(line.strip().split(": ", 1) for line in f
                         if ": " in line)
        for word, value in want.items():
            r = BY_WORD[word]
            lacp = r.word.startswith(("lacp", "ad_", "min_"))
            if not r.proc or lacp and mode != AD or \
                    r.word == "xmit_hash_policy" and \
                    mode in (RR, AB, BROADCAST):
                continue
            shown = ", ".join(value) if isinstance(value, list) else \
                argument(r, value)
            if r.word == "xmit_hash_policy":
                shown += f" ({value})"
            check(lines.get(r.proc) == shown,
                  f"{r.proc}: {lines.get(r.proc)}, not {shown}")

    def shown_by_files(self, want):
        for word, value in want.items():
            got = read("b0", word)
            check(got == text(BY_WORD[word], value), f"file {word}: {got!r}")

    def surfaces(self, mode):
        """Set by netlink, then by the words of ip, looked at everywhere."""
        for by_words in False, True:
            self.links.add("b0", {"mode": mode})
            want = at_once(mode)
            if by_words:
                words = []
                for word, value in want.items():
                    words += [word, argument(BY_WORD[word], value)]
                run = subprocess.run(("ip", "link", "set", "b0", "type",
                                      "mlagbond", *words), check=False,
                                     text=True, capture_output=True)
                check(not run.returncode, f"ip: {run.stderr}")
            else:
                ack = self.links.set("b0", want)
                check(not ack.err, ack)
            self.check_all(mode, want)
            self.links.delete("b0")

    def check_all(self, mode, want):
        got = self.links.get("b0")
        for word, value in want.items():
            check(got.get(word) == value, f"{word}: {got.get(word)}")
        self.shown_by_files(want)
        self.shown_by_ip(mode, want)
        self.shown_by_proc("mlagbond", mode, want)

    # --- what is no number

    def lists(self, kind, word):
        first, second = BY_WORD[word].good[0]
        self.links.add("b0", {"mode": AB}, kind)
        if not has_file("b0", word):
            return
        steps = (("+" + first, "0"), ("+" + second, "0"),
                 ("+" + second, "EINVAL"), ("-" + first, "0"),
                 ("-" + first, "EINVAL"), (first, "EPERM"), ("", "EPERM"),
                 ("+", "EPERM"), ("+x", "EPERM"), ("-x", "EPERM"),
                 ("+" + BY_WORD[word].bad[0][0], "EINVAL"))
        for what, want in steps:
            got = write("b0", word, what)
            check(got == want, f"{what!r}: {got}, not {want}")
        check(self.get(word) == [second], f"reads {self.get(word)}")
        check(read("b0", word) == second, f"file {read('b0', word)!r}")
        full = BY_WORD[word].good[2]
        self.set(kind, word, full)
        got = write("b0", word, "+" + full[0] + "99")
        check(got == "EINVAL", f"one more than 16: {got}")

    def devices(self, kind):
        self.links.add("b0", {"mode": AB}, kind)
        for name in "p0", "p1":
            ip("link", "add", name, "type", "dummy")
            ip("link", "set", name, "master", "b0")
        ip("link", "set", "b0", "up")
        index = {}
        for name in "p0", "p1", "lo":
            with open(f"{NET}/{name}/ifindex") as f:
                index[name] = int(f.read())
        folder = "bonding" if kind == "bond" else kind
        for word, line in (("primary", "Primary Slave"),
                           ("active_slave", "Currently Active Slave")):
            for name in "p1", "p0":
                for by_file in False, True:
                    self.set(kind, word, index["p0" if name == "p1" else
                                               "p1"])
                    got = write("b0", word, name) if by_file else \
                        self.set(kind, word, index[name])
                    check(got == "0", f"{word} {name}: {got}")
                    check(self.get(word) == index[name] and
                          read("b0", word) == name, f"{word} {name}: "
                          f"{self.get(word)}, {read('b0', word)!r}")
                    with open(f"/proc/net/{folder}/b0") as f:
                        check(f"{line}: {name}" in f.read(),
                              f"procfs: no {line}: {name}")
        got = self.set(kind, "active_slave", index["lo"])
        check(got == "EINVAL", f"active_slave lo: {got}")
        check(write("b0", "active_slave", "nosuch") == "ENODEV",
              "active_slave nosuch by file")
        self.set(kind, "primary", 0)
        check(read("b0", "primary") == "" and not self.get("primary"),
              "primary is not cleared")

    def port(self, kind, r, mode):
        self.links.add("b0", {"mode": mode}, kind)
        ip("link", "add", "p0", "type", "dummy")
        ip("link", "set", "p0", "master", "b0")
        if r.word not in self.links.get_port("p0"):
            return
        if mode not in r.modes:
            got = self.links.set_port("p0", {r.word: r.good[0]}, kind).name
            check(got == "EACCES", f"{got}")
            return
        check(self.links.get_port("p0")[r.word] == r.default, "default")
        for value in r.good:
            got = self.links.set_port("p0", {r.word: value}, kind).name
            check(got == "0" and
                  self.links.get_port("p0")[r.word] == value,
                  f"{value}: {got}")
        for value in column(r, kind, "bad"):
            got = self.links.set_port("p0", {r.word: value}, kind).name
            check(got == "EINVAL", f"{value}: {got}")
        if kind == "mlagbond":
            self.port_files(r)

    def port_files(self, r):
        for value in r.good:
            got = write("p0", r.word, str(value), "bonding_slave")
            check(got == "0" and
                  self.links.get_port("p0")[r.word] == value and
                  read("p0", r.word, "bonding_slave") == str(value),
                  f"file {value}: {got}")
        for what in [str(v) for v in r.bad] + ["x", "99999999999"]:
            got = write("p0", r.word, what, "bonding_slave")
            check(got == "EINVAL", f"file {what}: {got}")
        ip("link", "set", "p0", "type", "mlagbond_slave", r.word, r.good[0])
        check(self.links.get_port("p0")[r.word] == r.good[0], "by ip")

    def run(self):
        for kind in KINDS:
            for mode in ALL:
                name = f"{kind} {MODES[mode]}"
                self.result(f"{name}: defaults", self.defaults, kind, mode)
                self.result(f"{name}: which options", self.modes, kind, mode)
            for r in self.rows(kind):
                self.result(f"{kind}: {r.word}", self.values, kind, r)
            for mode in ALL:
                self.result(f"{kind} {MODES[mode]}: refused while up or with "
                            "a port", self.states, kind, mode)
            for word in "arp_ip_target", "ns_ip6_target":
                self.result(f"{kind}: {word} by file", self.lists, kind, word)
            self.result(f"{kind}: primary, active_slave", self.devices, kind)
            for r in PORT_ROWS:
                for mode in ALL:
                    self.result(f"{kind} {MODES[mode]}: port {r.word}",
                                self.port, kind, r, mode)
        for mode in ALL:
            self.result(f"{MODES[mode]}: all options on all surfaces",
                        self.surfaces, mode)
        return self.tap.end()

    def loaded(self, mode):
        """A bond that was told nothing has what the module was told."""
        self.links.add("b0")
        want = at_once(mode)
        check(self.get("mode") == mode, f"mode {self.get('mode')}")
        self.check_all(mode, want)
        for word, value in want.items():
            with open(f"/sys/module/mlagbond/parameters/{word}") as f:
                got = f.read().rstrip("\n")
            check(got == text(BY_WORD[word], value),
                  f"parameter {word}: {got!r}")


def main():
    if len(sys.argv) == 1:
        return Test().run()
    if sys.argv[1] == "bad":
        print(*[f"{r.word}={argument(r, value)}"
                for r in ROWS if r.param for value in r.bad])
        return 0
    mode = int(sys.argv[2])
    if sys.argv[1] == "args":
        print(f"mode={mode}", *[f"{word}={argument(BY_WORD[word], value)}"
                                for word, value in at_once(mode).items()])
        return 0
    test = Test()
    test.result("loaded", test.loaded, mode)
    return test.tap.end()


if __name__ == "__main__":
    sys.exit(main())
