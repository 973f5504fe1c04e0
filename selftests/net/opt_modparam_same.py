#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Module parameters, those of bonding and the same for mlagbond with
bonding_defaults=1: what a bond made at load is like, and which loads are
refused. Every row says what it must be, so that both are judged, and ours also
where bonding is built in. What differs on purpose is in DIFFERENT, which is the
section "As bonding" of Documentation/options.rst. Prints KTAP.
"""
import ctypes
import errno
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from mlagbond import Tap, ip                             # noqa: E402
from opt_rows import (AB, AD, ALB, BROADCAST, BY_WORD, MODES, RR,  # noqa
                      TLB, XOR, default, text)

FILES = "/sys/class/net/bond0/bonding"
INIT_COMPRESSED, NONBLOCK = 4, os.O_NONBLOCK
FINIT_MODULE, DELETE_MODULE = 313, 176
REFUSED = "EINVAL"
T1, T2 = "arp_ip_target=10.0.0.1", "arp_ip_target=10.0.0.1,10.0.0.2"
OPTIONS = ("mode miimon updelay downdelay use_carrier num_grat_arp "
           "primary_reselect lacp_rate ad_select min_links xmit_hash_policy "
           "arp_interval arp_ip_target arp_validate arp_all_targets "
           "fail_over_mac all_slaves_active resend_igmp packets_per_slave "
           "lp_interval").split()

# Parameters, and what they make of a bond: options that are not the defaults of
# its mode, or REFUSED. For both.
SAME = [
    ("", {}),
    *[(f"mode={word}", {"mode": mode}) for mode, word in MODES.items()],
    ('mode="active-backup 1"', {"mode": AB}),
    ("mode=7", REFUSED), ("mode=-1", REFUSED), ("mode=balance", REFUSED),
    ("mode=802.3AD", REFUSED), ("mode=", REFUSED), ("mode", REFUSED),
    # the carrier
    ("miimon=2147483647", {"miimon": 0x7fffffff}),
    ("miimon=soon", REFUSED), ("miimon=", REFUSED),
    ("mode=4 miimon=0", {"mode": AD}), ("mode=6 miimon=0", {"mode": ALB}),
    ("mode=0 miimon=50 updelay=120 downdelay=49 use_carrier=1",
     {"miimon": 50, "updelay": 100}),
    ("mode=5 updelay=250 xmit_hash_policy=encap3+4",
     {"mode": TLB, "updelay": 200, "xmit_hash_policy": 4}),
    ("mode=1 downdelay=200 miimon=0", {"mode": AB}),
    (f"updelay=200 arp_interval=100 {T1}",
     {"arp_interval": 100, "arp_ip_target": ["10.0.0.1"]}),
    ("use_carrier=x", REFUSED),
    # probes
    (f"mode=1 arp_interval=100 {T2} arp_validate=all arp_all_targets=all",
     {"mode": AB, "arp_interval": 100, "arp_validate": 3,
      "arp_all_targets": 1, "arp_ip_target": ["10.0.0.1", "10.0.0.2"]}),
    (f"mode=3 arp_interval=100 {T1} arp_validate=6",
     {"mode": BROADCAST, "arp_interval": 100, "arp_validate": 6,
      "arp_ip_target": ["10.0.0.1"]}),
    (f"mode=1 arp_interval=100 {T1} arp_validate=some", REFUSED),
    (f"mode=1 arp_interval=100 {T1} arp_validate=7", REFUSED),
    ("arp_interval=100", {}), ("arp_interval=x", REFUSED),
    (f"miimon=50 arp_interval=100 {T1}",
     {"miimon": 50, "arp_ip_target": ["10.0.0.1"]}),
    *[(f"mode={mode} arp_interval=100 {T1}",
       {"mode": mode, "arp_ip_target": ["10.0.0.1"]}) for mode in (AD, ALB)],
    ("arp_interval=100 arp_ip_target=10.0.0.1,10.0.0.2,10.0.0.1",
     {"arp_interval": 100, "arp_ip_target": ["10.0.0.1", "10.0.0.2"]}),
    ("arp_ip_target=" + ",".join(f"10.0.0.{i}" for i in range(1, 17)),
     {"arp_ip_target": [f"10.0.0.{i}" for i in range(1, 17)]}),
    ("arp_ip_target=" + ",".join(f"10.0.0.{i}" for i in range(1, 18)),
     REFUSED),
    # the active port
    ("mode=1 primary=eth7 primary_reselect=better fail_over_mac=follow "
     "packets_per_slave=65535",
     {"mode": AB, "primary_reselect": 1, "fail_over_mac": 2,
      "packets_per_slave": 65535}),
    ("mode=6 primary=eth7 primary_reselect=2 xmit_hash_policy=vlan+srcmac",
     {"mode": ALB, "primary_reselect": 2, "xmit_hash_policy": 5}),
    ("mode=1 primary=eth7 primary_reselect=never", REFUSED),
    ("mode=1 primary=", {"mode": AB}), ("fail_over_mac=3", REFUSED),
    ("num_grat_arp=3 num_unsol_na=0 primary=eth7 all_slaves_active=1",
     {"num_grat_arp": 0, "all_slaves_active": 1}),
    ("num_unsol_na=3 num_grat_arp=255 resend_igmp=255 packets_per_slave=0",
     {"num_grat_arp": 255, "resend_igmp": 255, "packets_per_slave": 0}),
    # who sends what where
    ("mode=2 xmit_hash_policy=layer3+4 lp_interval=2147483647 tx_queues=3",
     {"mode": XOR, "xmit_hash_policy": 1, "lp_interval": 0x7fffffff,
      "queues": 3}),
    ("mode=2 xmit_hash_policy=layer4", REFUSED),
    ("lp_interval=-1", REFUSED), ("tx_queues=x", REFUSED),
    # LACP
    ("mode=4 lacp_rate=fast ad_select=bandwidth min_links=2 fail_over_mac=1",
     {"mode": AD, "lacp_rate": 1, "ad_select": 1, "min_links": 2,
      "fail_over_mac": 1}),
    ("mode=4 lacp_rate=1 ad_select=2 xmit_hash_policy=2",
     {"mode": AD, "lacp_rate": 1, "ad_select": 2, "xmit_hash_policy": 2}),
    ("ad_select=count min_links=2147483647 no_such_parameter=1",
     {"ad_select": 2, "min_links": 0x7fffffff}),
    ("mode=4 lacp_rate=nonsense", REFUSED), ("ad_select=most", REFUSED),
    ("max_bonds=x", REFUSED),
]
# The same, of bonding and of ours
DIFFERENT = [
    # out of range: bonding goes on with its default
    *[(args, {}, REFUSED)
      for args in ("miimon=-1", "updelay=-1", "downdelay=-1",
                   "arp_interval=-1", "num_grat_arp=256",
                   "resend_igmp=256", "all_slaves_active=2",
                   "packets_per_slave=65536", "lp_interval=0",
                   "use_carrier=2", "tx_queues=0",
                   "max_bonds=-1", "arp_all_targets=some",
                   "arp_interval=100 arp_ip_target=nobody")],
    ("miimon=2147483648", "ERANGE", REFUSED),
    # not checked by bonding, and shown with a sign
    ("lp_interval=2147483648", {"lp_interval": -(1 << 31)}, REFUSED),
    ("min_links=-1", {"min_links": 0xffffffff}, REFUSED),
    # no number of ours
    ("miimon=0x32", {"miimon": 50}, REFUSED),
    ("miimon=+50", {"miimon": 50}, REFUSED),
    ("miimon=0100", {"miimon": 64}, {"miimon": 100}),
    # bonding still has it
    ("use_carrier=0", {"use_carrier": 0}, REFUSED),
    # for another mode: bonding does not look at it
    *[(f"mode={mode} xmit_hash_policy=layer3+4", {"mode": mode},
       {"mode": mode, "xmit_hash_policy": 1}) for mode in (RR, AB, BROADCAST)],
    ("mode=1 xmit_hash_policy=nonsense", {"mode": AB}, REFUSED),
    ("mode=1 lacp_rate=fast", {"mode": AB}, {"mode": AB, "lacp_rate": 1}),
    ("mode=1 lacp_rate=nonsense", {"mode": AB}, REFUSED),
    ("mode=1 primary_reselect=better", {"mode": AB},
     {"mode": AB, "primary_reselect": 1}),
    ("mode=1 primary_reselect=never", {"mode": AB}, REFUSED),
    # a monitor that does not run
    *[(f"mode={mode} {args} arp_validate=all", REFUSED,
       {"mode": mode, "arp_validate": 3})
      for mode, args in ((AB, ""), (AB, "arp_interval=100"), (AD, ""))],
    (f"mode=1 miimon=50 arp_interval=100 {T1} arp_validate=all", REFUSED,
     {"mode": AB, "miimon": 50, "arp_validate": 3,
      "arp_ip_target": ["10.0.0.1"]}),
    # addresses and names
    (f"arp_interval=100 {T1},127.0.0.1",
     {"arp_interval": 100, "arp_ip_target": ["10.0.0.1", "127.0.0.1"]},
     REFUSED),
    ("mode=1 primary=a-name-much-too-long", {"mode": AB}, REFUSED),
    ("ad_select=actor_port_prio", REFUSED, {"ad_select": 3}),
]

libc = ctypes.CDLL(None, use_errno=True)


def call(number, *args):
    """A system call: 0, or the name of the errno."""
    if libc.syscall(number, *args) == 0:
        return "0"
    return errno.errorcode[ctypes.get_errno()]


class Module:
    """One of the two, loaded and unloaded at the price of a system call."""

    def __init__(self, name, args):
        self.name, self.args = name, args
        self.path = f"{os.environ.get('MLAGBOND_KO', '')}/{name}.ko"
        if not os.path.exists(self.path):
            self.path = subprocess.run(
                ("modinfo", "-n", name), text=True, check=True,
                stdout=subprocess.PIPE).stdout.strip()

    def load(self, args):
        flags = 0 if self.path.endswith(".ko") else INIT_COMPRESSED
        with open(self.path, "rb") as f:
            return call(FINIT_MODULE, f.fileno(),
                        f"{self.args} {args}".encode(), flags)

    def unload(self):
        if os.path.exists(f"/sys/module/{self.name}"):
            err = call(DELETE_MODULE, self.name.encode(), NONBLOCK)
            assert err == "0", f"{self.name} stays: {err}"


def read(file):
    with open(f"{FILES}/{file}") as f:
        return f.read().rstrip("\n")


def shown():
    """Every file of bond0, and its queues."""
    got = {file: read(file) for file in os.listdir(FILES)}
    queues = os.listdir(f"{FILES}/../queues")
    got["queues"] = str(sum(name.startswith("tx-") for name in queues))
    return got


def expected(changed):
    """Text of the files of all options that are parameters of bonding."""
    mode = changed.get("mode", RR)
    want = {word: text(BY_WORD[word], changed.get(
        word, default(BY_WORD[word], mode, "bond"))) for word in OPTIONS}
    want["queues"] = str(changed.get("queues", 16))
    return want


class Test:
    def __init__(self):
        self.tap = Tap()
        self.ours = Module("mlagbond", "max_bonds=1 bonding_defaults=1")
        self.theirs = None
        if os.path.exists("/sys/module/bonding/initstate"):
            self.theirs = Module("bonding", "max_bonds=1")
            self.theirs.unload()
        self.ours.unload()

    def outcome(self, module, args):
        """All files, or the name of an errno."""
        err = module.load(args)
        got = shown() if err == "0" else err
        module.unload()
        return got

    def judge(self, module, args, want):
        """What the files are, and what is wrong."""
        got = self.outcome(module, args)
        if isinstance(got, str) or isinstance(want, str):
            short = got if isinstance(got, str) else "taken"
            return got, "" if short == want else \
                f"{module.name} '{args}': {short}"
        for word, value in expected(want).items():
            if got[word] != value:
                return got, f"{module.name} '{args}': {word} " \
                    f"{got[word]!r}, not {value!r}"
        return got, ""

    def row(self, args, theirs, ours):
        """Both by the row; what it does not name by each other."""
        got, wrong = self.judge(self.ours, args, ours)
        if not self.theirs:
            return wrong
        other, more = self.judge(self.theirs, args, theirs)
        if wrong or more or isinstance(got, str) or isinstance(other, str):
            return " ".join((more, wrong)).strip()
        for file in sorted(set(other) - set(OPTIONS) - {"queues",
                                                        "num_unsol_na"}):
            if got.get(file) != other[file]:
                return f"'{args}': {file} {got.get(file)!r}, bonding " \
                    f"{other[file]!r}"
        return ""

    def rows(self, name, table):
        for nr in range(0, len(table), 8):
            some = table[nr:nr + 8]
            wrong = [self.row(args, theirs, ours)
                     for args, theirs, ours in some]
            self.tap.result(f"{name}: {some[0][0] or 'nothing'} and on",
                            "; ".join(filter(None, wrong)))

    def primary(self):
        """A port of the name that was told at load is the primary."""
        ip("link", "add", "eth7", "type", "dummy")
        wrong = ""
        for module in filter(None, (self.ours, self.theirs)):
            module.load("mode=1 primary=eth7 primary_reselect=failure")
            with open(f"{FILES}/slaves", "w") as f:
                f.write("+eth7")
            got = read("primary"), read("primary_reselect")
            module.unload()
            if got != ("eth7", "failure 2"):
                wrong = wrong or f"{module.name} {got}"
        ip("link", "del", "eth7")
        self.tap.result("primary", wrong)

    def run(self):
        self.rows("same", [(args, want, want) for args, want in SAME])
        self.rows("different", DIFFERENT)
        self.primary()
        return self.tap.end()


if __name__ == "__main__":
    sys.exit(Test().run())
