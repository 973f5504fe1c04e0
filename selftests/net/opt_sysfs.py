#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Files of bonds and ports in sysfs, ours beside those of in-tree bonding:
names, contents, what may be written and with which errno. Prints KTAP. Runs
in a namespace with its own /sys (ip netns exec).
"""
import errno
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from mlagbond import Links, Tap, ip                      # noqa: E402
from opt_rows import BY_WORD                             # noqa: E402

NET = "/sys/class/net"
KIND = {"theirs": "bond", "ours": "mlagbond"}
AB, AD = 1, 4
INT_MAX = 0x7fffffff
BIG = str(INT_MAX + 1)
# file: what is written, in turn, to both
WRITES = {
    "miimon": ("50", "0", "maxval", BIG, "-1", "soon", "100"),
    "updelay": ("100", "250", "off", BIG, "x", "0"),
    "downdelay": ("100", "250", "off", BIG, "x", "0"),
    "peer_notif_delay": ("100", "250", "300000", "300001", "off", "0"),
    "use_carrier": ("1", "2", "x"),
    "primary_reselect": ("better", "failure", "2", "3", "bett", "always",
                         "always 0"),
    "fail_over_mac": ("active", "follow", "1", "3", "act", "none"),
    "xmit_hash_policy": ("layer2+3", "layer3+4", "1", "2", "layer7", "9",
                         "layer2 0", "layer3+4\n"),
    "resend_igmp": ("0", "255", "256", "off", "maxval", "default"),
    "num_grat_arp": ("0", "255", "256", "default"),
    "num_unsol_na": ("3", "off", "maxval", "1"),
    "all_slaves_active": ("1", "2", "on", "off", "0"),
    "min_links": ("1", "maxval", BIG, "off", "0"),
    "lacp_rate": ("fast", "1", "2", "faster", "fast 1", "slow"),
    "lacp_active": ("off", "0", "2", "on 1", "on"),
    "ad_select": ("bandwidth", "2", "9", "count 2", "stable"),
    "ad_actor_sys_prio": ("1", "0", "65536", "maxval", "minval", "65535"),
    "ad_user_port_key": ("1023", "1024", "maxval", "minval", "0"),
    "ad_actor_system": ("02:00:00:00:00:09", "03:00:00:00:00:01", "02:00:00",
                        "02-00-00-00-00-09", "00:00:00:00:00:00"),
    "primary": ("none-yet", "", "po", "pt", ""),
    "active_slave": ("none-yet", ""),
    "mode": ("balance", "9", "7"),
    "slaves": ("eth9", "+none-yet", "-none-yet", "+", ""),
}
# written to queue_id, in turn, to both; P and Q are the ports
QUEUES = ("P:3", "Q:3", "Q:4", "P:4", "Q:0", "P:0", "Q:16", "P:16", "Q:16",
          "Q:17", "P:-1", "P:65535", "P:99999999999", "P:1\n", "P", "P:", ":3",
          ":", "", "3", "P:x", "P 3", "P:Q:3", "lo:3", "none-yet:3",
          "a-name-much-too-long:3", "Q:5 P:6")
# bonding reads 16 bits of a number, and no further than its digits
OUR_QUEUES = ("P:65539", "P:3x", "P:0x3", "P:3.5")
# written to bonding_masters and mlagbond_masters, in turn; N is a name, and no
# bond is left in the end
MASTERS = ("+N1", "+N2", "+N1", "N3", "-lo", "+lo", "-N3", "+a/N", "-a/N", "+",
           "-", "", "+ N4", "- N1", "*N1", "++N7", "-+N7", "+.", "-..", "+a:N", "+N%s",
           "+N%d", "-N%d", "-N0", " +N5 N6\n", "-N6", "-N5", "-N2 N1",
           "a-word-much-too-long", "-N1", "-N1")
# second name of a file: the first
ALIASES = {"num_unsol_na": "num_grat_arp",
           "peer_notif_delay": "peer_notify_delay"}
# refused in another mode too; with two faults either may be told
LACP = {"lacp_rate", "lacp_active", "ad_actor_sys_prio", "ad_user_port_key",
        "ad_actor_system"}
PRIMARY = {"active_slave", "primary"}
# ours may be written while the bond is up
LIVE = {"lacp_rate", "lacp_active", "ad_select"}


def read(dev, file, folder="bonding"):
    with open(f"{NET}/{dev}/{folder}/{file}") as f:
        return f.read()


def write_to(path, text):
    """0 or errno."""
    try:
        fd = os.open(path, os.O_WRONLY)
        try:
            os.write(fd, text.encode() if text else b"\n")
        finally:
            os.close(fd)
    except OSError as e:
        return e.errno
    return 0


def write(dev, file, text):
    return write_to(f"{NET}/{dev}/bonding/{file}", text)


def word(err):
    return errno.errorcode.get(err, "0") if err else "0"


class Test:
    def __init__(self):
        self.links = Links()
        self.tap = Tap()

    def make(self, mode, **options):
        for name, kind in KIND.items():
            self.links.add(name, {"mode": mode, "miimon": 100, **options},
                           kind)

    def drop(self):
        for name in ("theirs", "ours", "pt", "po", "qt", "qo"):
            self.links.delete(name)

    def names(self):
        self.make(AB)
        theirs = set(os.listdir(f"{NET}/theirs/bonding"))
        ours = set(os.listdir(f"{NET}/ours/bonding"))
        self.tap.result("every file of bonding is there",
                        sorted(theirs - ours))
        wrong = [name for name in theirs & ours
                 if os.stat(f"{NET}/theirs/bonding/{name}").st_mode !=
                 os.stat(f"{NET}/ours/bonding/{name}").st_mode]
        self.tap.result("with the same permissions", wrong)
        self.drop()

    def contents(self, mode):
        """All files, as created, say the same."""
        self.make(mode)
        wrong = ""
        for name in sorted(os.listdir(f"{NET}/theirs/bonding")):
            theirs, ours = read("theirs", name), read("ours", name)
            if ours != theirs:
                wrong = wrong or f"{name} {ours!r}, not {theirs!r}"
        self.tap.result(f"mode {mode}: contents", wrong)
        self.drop()

    def live(self, file, text):
        """Write it to both, which are up."""
        theirs, ours = write("theirs", file, text), write("ours", file, text)
        return "" if (theirs, ours) == (errno.EBUSY, 0) else \
            f"{file} {text}: {word(ours)}, bonding {word(theirs)}"

    def both(self, file, text):
        theirs, ours = write("theirs", file, text), write("ours", file, text)
        if ours != theirs:
            return f"{text!r}: {word(ours)}, bonding {word(theirs)}"
        got, other = read("ours", file), read("theirs", file)
        if got != other:
            return f"{text!r} reads {got!r}, bonding {other!r}"
        return ""

    def writes(self, mode):
        self.make(mode)
        for file, texts in WRITES.items():
            if file in (LACP if mode == AB else PRIMARY):
                texts = texts[:1] if mode == AB else texts[-1:]
            wrong = ""
            for text in texts:
                wrong = wrong or self.both(file, text)
            self.tap.result(f"mode {mode}: {file}", wrong)
        self.drop()

    def written_back(self, mode):
        """What a file shows may be written to it."""
        wrong = ""
        self.make(mode)
        for name in sorted(os.listdir(f"{NET}/ours/bonding")):
            if not os.stat(f"{NET}/ours/bonding/{name}").st_mode & 0o200:
                continue
            text = read("ours", name)
            # shown in every mode, to be written in some
            if name == "slaves" or not text or \
                    name in BY_WORD and mode not in BY_WORD[name].modes:
                continue
            err = write("ours", name, text)
            if err or read("ours", name) != text:
                wrong = wrong or f"{name} {text!r}: {word(err)}"
        self.drop()
        self.tap.result(f"mode {mode}: what is shown may be written", wrong)

    def state(self):
        """Refused while up, and with a port, as bonding refuses it."""
        for up, port in ((True, False), (False, True), (True, True)):
            self.make(AD)
            wrong = ""
            for name, dev in (("theirs", "pt"), ("ours", "po")):
                if port:
                    ip("link", "add", dev, "type", "dummy")
                    if write(name, "slaves", "+" + dev):
                        wrong = f"slaves +{dev} refused"
                if up:
                    ip("link", "set", name, "up")
            for file, text in (("mode", "active-backup"), ("miimon", "50"),
                               ("lacp_rate", "fast"), ("lacp_active", "off"),
                               ("ad_select", "count"),
                               ("ad_user_port_key", "3"),
                               ("fail_over_mac", "active"),
                               ("min_links", "1")):
                live = up and file in LIVE
                wrong = wrong or (self.live if live else self.both)(file, text)
            self.drop()
            self.tap.result(f"refused{' up' if up else ''}"
                            f"{' with a port' if port else ''}", wrong)

    def ports(self):
        self.make(AB)
        wrong = ""
        for name, dev in (("theirs", "pt"), ("ours", "po")):
            ip("link", "add", dev, "address", "02:00:00:00:00:07",
               "type", "dummy")
            if write(name, "slaves", "+" + dev):
                wrong = f"slaves +{dev} refused"
            ip("link", "set", name, "up")
        for file in ("slaves", "active_slave", "mii_status"):
            a, b = read("theirs", file), read("ours", file)
            if a.replace("pt", "po") != b:
                wrong = wrong or f"{file} {b!r}, not {a!r}"
        theirs = set(os.listdir(f"{NET}/pt/bonding_slave"))
        for file in sorted(theirs):
            a = read("pt", file, "bonding_slave")
            b = read("po", file, "bonding_slave")
            if a != b:
                wrong = wrong or f"{file} {b!r}, not {a!r}"
        self.tap.result("files of a port", wrong)
        wrong = ""
        for text in ("+po", "-nosuch", "-theirs"):
            other = text.replace("po", "pt").replace("theirs", "ours")
            a, b = write("theirs", "slaves", other), \
                write("ours", "slaves", text)
            if a != b:
                wrong = wrong or f"{text}: {word(b)}, bonding {word(a)}"
        self.tap.result("slaves refuses what bonding refuses", wrong)
        err = write("ours", "slaves", "-po")
        gone = not os.path.exists(f"{NET}/po/bonding_slave") and \
            read("ours", "slaves") == ""
        self.tap.result("a port leaves by its file",
                        "" if gone and not err else word(err))
        self.drop()

    def port_options(self):
        self.links.add("ours", {"mode": AB})
        ip("link", "add", "po", "master", "ours", "type", "dummy")
        path = f"{NET}/po/bonding_slave/"
        wrong = ""
        for file, text, want in (("prio", "-7", 0), ("prio", "x", 22),
                                 ("actor_port_prio", "3", 13)):
            err = write_to(path + file, text)
            if err != want:
                wrong = wrong or f"{file} {text}: {word(err)}"
        if self.links.get_port("po")["prio"] != -7:
            wrong = wrong or "netlink has another prio"
        self.drop()
        self.tap.result("options of a port", wrong)

    def queue(self, text):
        """Write it to both; what differs."""
        err, got = {}, {}
        for name, p, q in (("theirs", "pt", "qt"), ("ours", "po", "qo")):
            err[name] = write(name, "queue_id",
                              text.replace("P", p).replace("Q", q))
            got[name] = read(name, "queue_id").replace(p, "P").replace(q, "Q")
            ids = [self.links.get_port(dev)["queue_id"] for dev in (p, q)]
            if got[name] != "P:%d Q:%d\n" % tuple(ids):
                return f"{text!r} reads {got[name]!r}, by netlink {ids}"
        if err["ours"] != err["theirs"]:
            return f"{text!r}: {word(err['ours'])}, bonding " \
                f"{word(err['theirs'])}"
        if got["ours"] != got["theirs"]:
            return f"{text!r} reads {got['ours']!r}, bonding " \
                f"{got['theirs']!r}"
        return ""

    def queues(self):
        """queue_id of a bond: PORT:NUMBER for all of its ports."""
        self.make(AB)
        wrong = "" if read("ours", "queue_id") == \
            read("theirs", "queue_id") == "" else "without ports"
        for name, devs in (("theirs", ("pt", "qt")), ("ours", ("po", "qo"))):
            for dev in devs:
                ip("link", "add", dev, "master", name, "type", "dummy")
        for text in QUEUES:
            wrong = wrong or self.queue(text)
        before = read("ours", "queue_id")
        for text in OUR_QUEUES:
            err = write("ours", "queue_id", text.replace("P", "po"))
            if err != errno.EPERM or read("ours", "queue_id") != before:
                wrong = wrong or f"{text!r}: {word(err)}"
        self.drop()
        self.tap.result("queue_id", wrong)

    def queue_history(self, name, request):
        """The bond and its ports anew; what each of the requests does."""
        self.make(AB)
        devs = {port: port.lower() + name[0] for port in "PQ"}
        for dev in devs.values():
            ip("link", "add", dev, "master", name, "type", "dummy")
        history = []
        for text in filter(re.compile(r"[PQ]:\d{1,5}").fullmatch, QUEUES):
            port, number = text.split(":")
            history.append((text, request(name, devs[port], int(number)), *[
                self.links.get_port(dev)["queue_id"]
                for dev in devs.values()]))
        self.drop()
        return history

    def queues_by_netlink(self):
        """By netlink and by the file, of both kinds, all the same."""
        def by_file(name, dev, number):
            return word(write(name, "queue_id", f"{dev}:{number}"))

        def by_netlink(name, dev, number):
            return self.links.set_port(dev, {"queue_id": number},
                                       KIND[name]).name

        want = self.queue_history("theirs", by_file)
        wrong = "" if {"0", "EPERM"} == {err for _, err, *_ in want} else want
        for name, request in (("theirs", by_netlink), ("ours", by_file),
                              ("ours", by_netlink)):
            for got, row in zip(self.queue_history(name, request), want):
                if got != row:
                    wrong = wrong or f"{name} {request.__name__}: {got}, " \
                        f"not {row}"
        self.tap.result("queue_id by netlink", wrong)

    def netlink(self):
        """What netlink sets is what files show, and the other way round."""
        wrong = ""
        self.links.add("ours", {"mode": AD})
        for option, value, text in (
                ("miimon", 60, "60"), ("lacp_rate", 1, "fast 1"),
                ("hash_buckets", 64, "64"), ("mlag_id", 7, "7"),
                ("carrier_events", 0, "off 0"), ("lacp_strict", 0, "off 0"),
                ("peer_notify_delay", 120, "120")):
            self.links.set("ours", {option: value})
            if read("ours", option) != text + "\n":
                wrong = wrong or f"{option} {read('ours', option)!r}"
        for option, text, value in (
                ("mlag_id", "none", 0), ("hash_buckets", "4096", 4096),
                ("carrier_events", "on", 1), ("min_links", "3", 3),
                ("ad_user_port_key", "5", 5), ("lacp_rate", "slow 0", 0)):
            err = write("ours", option, text)
            if err or self.links.get("ours")[option] != value:
                wrong = wrong or f"{option} {text}: {word(err)}"
        for alias, option in ALIASES.items():
            err = write("ours", alias, "240")
            got = read("ours", alias), read("ours", option), \
                self.links.get("ours")[option]
            if err or got != ("240\n", "240\n", 240):
                wrong = wrong or f"{alias}: {word(err)}, {got}"
        if write("ours", "hash_buckets", "100") != errno.EINVAL:
            wrong = wrong or "hash_buckets 100 taken"
        self.drop()
        self.tap.result("files and netlink say the same", wrong)

    def settle(self, name, state):
        """Until it is in this state and nothing more is told of it."""
        end = time.monotonic() + 5
        while time.monotonic() < end:
            with open(f"{NET}/{name}/operstate") as f:
                if f.read() == state + "\n" and not self.links.messages(
                        name, lambda: time.sleep(0.3)):
                    return
            # where time is virtual it passes only while nobody runs
            time.sleep(0.02)

    def told(self):
        """A change by a file is told once, as one by netlink; none is not."""
        wrong = ""
        self.links.add("ours", {"mode": AB})
        ip("link", "add", "po", "type", "dummy")
        ip("link", "set", "po", "master", "ours")
        self.settle("ours", "down")
        for up in False, True:
            for file, text in (("resend_igmp", "3"), ("miimon", "50"),
                               ("arp_ip_target", "+10.0.0.1")):
                for want in (1, 0) if text[0] != "+" else (1,):
                    n = self.links.messages(
                        "ours", lambda f=file, t=text: write("ours", f, t))
                    if n != want:
                        wrong = wrong or f"{file} {text}: {n}, up {up}"
            write("ours", "arp_ip_target", "-10.0.0.1")
            self.links.set("ours", {"resend_igmp": 1, "miimon": 100})
            ip("link", "set", "ours", "up")
            self.settle("ours", "up")
        path = f"{NET}/po/bonding_slave/prio"
        for want in 1, 0:
            n = self.links.messages("po", lambda: write_to(path, "3"))
            if n != want:
                wrong = wrong or f"prio: {n}, not {want}"
            n = self.links.messages("po", lambda: write("ours", "queue_id",
                                                        "po:5"))
            if n != want:
                wrong = wrong or f"queue_id: {n}, not {want}"
        self.drop()
        self.tap.result("what a file changes is told once", wrong)

    def masters(self):
        """Both files, told the same, answer and show the same."""
        wrong = ""
        for text in MASTERS:
            err, got = {}, {}
            for file, name in (("bonding_masters", "theirs"),
                               ("mlagbond_masters", "ours")):
                err[name] = write_to(f"{NET}/{file}", text.replace("N", name))
                with open(f"{NET}/{file}") as f:
                    shown = f.read().replace(name, "N")
                got[name] = sorted(shown.split()), shown[-1:]
            if err["ours"] != err["theirs"]:
                wrong = wrong or f"{text!r}: {word(err['ours'])}, bonding " \
                    f"{word(err['theirs'])}"
            if got["ours"] != got["theirs"]:
                wrong = wrong or f"{text!r} lists {got['ours']}, bonding " \
                    f"{got['theirs']}"
        self.tap.result("mlagbond_masters answers as bonding_masters",
                        wrong or got["ours"][0])
        path = f"{NET}/mlagbond_masters"
        err = [write_to(path, sign + "a-name-much-too-long") for sign in "+-"]
        write_to(path, "+ours")
        ip("link", "del", "ours")
        with open(path) as f:
            left = f.read()
        self.tap.result("a name is not cut", left or err != [errno.EINVAL] * 2
                        and list(map(word, err)))

    def privilege(self):
        self.make(AD)
        script = ("import sys; sys.path.insert(0, %r); import opt_sysfs as t\n"
                  "for f in ('miimon', 'slaves', 'mode'):\n"
                  "    print(f, t.write('ours', f, '100'))\n"
                  "print('masters', t.write_to(t.NET + '/mlagbond_masters',"
                  " '+bad'))\n"
                  "print('shown', repr(t.read('ours', 'ad_actor_sys_prio')))\n"
                  % os.path.dirname(os.path.abspath(__file__)))
        out = subprocess.run(
            ("setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin",
             sys.executable, "-B", "-c", script), text=True,
            stdout=subprocess.PIPE, check=False).stdout
        want = "miimon 1\nslaves 1\nmode 1\nmasters 1\nshown ''\n"
        self.drop()
        self.tap.result("who is no administrator may not write",
                        "" if out == want else out)

    def log(self):
        """A refusal is one line in the log."""
        self.links.add("ours", {"mode": AB})
        masters = f"{NET}/mlagbond_masters"
        mark = f"opt_sysfs {os.getpid()}"
        wrong = ""
        for file, text, want in (
                (masters, "+a/b", '"+a/b" is neither +NAME nor -NAME'),
                (masters, "ours", '"ours" is neither +NAME nor -NAME'),
                (masters, "-none-yet", '"-none-yet" names no bond'),
                (masters, "+ours", '"+ours" names an interface that exists'),
                (masters, "+a-name-much-too-long",
                 '"+a-name-much-too-long" has no name of an interface'),
                ("lacp_rate", "fast",
                 "lacp_rate fast is not possible in mode active-backup"),
                ("miimon", "soon", "miimon soon is not within 0 to"),
                ("arp_ip_target", "10.0.0.1",
                 "arp_ip_target without + or - is no address"),
                ("arp_ip_target", "+10.0.0.1x",
                 "arp_ip_target 10.0.0.1x is no address"),
                ("arp_ip_target", "+x\nmlagbond: all is lost",
                 "arp_ip_target x is no address"),
                ("arp_ip_target", "-10.0.0.1",
                 "arp_ip_target 10.0.0.1 is not in the list"),
                ("primary", "a-name-much-too-long",
                 "primary a-name-much-too-long is no name of an interface"),
                ("primary_reselect", "x", "primary_reselect x is none of"),
                ("slaves", "+nosuch", "slaves: there is no interface nosuch")):
            with open("/dev/kmsg", "w") as f:
                f.write(mark + "\n")
            write_to(os.path.join(f"{NET}/ours/bonding", file), text)
            log = subprocess.run(("dmesg",), text=True, check=True,
                                 stdout=subprocess.PIPE).stdout
            lines = log[log.rindex(mark):].splitlines()[1:]
            if len(lines) != 1 or want not in lines[0]:
                wrong = wrong or f"{file} {text}: {lines}"
        self.drop()
        self.tap.result("a refusal is one line in the log", wrong)


def main():
    test = Test()
    test.names()
    for mode in (AB, AD):
        test.contents(mode)
        test.writes(mode)
        test.written_back(mode)
    test.state()
    test.ports()
    test.port_options()
    test.queues()
    test.queues_by_netlink()
    test.netlink()
    test.told()
    test.masters()
    test.privilege()
    test.log()
    return test.tap.end()


if __name__ == "__main__":
    sys.exit(main())
