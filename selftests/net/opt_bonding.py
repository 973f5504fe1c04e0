#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""mlagbond beside in-tree bonding in one kernel: defaults, values taken and
refused, errno and what is read back are the same, but for the differences
listed here, which are those of the manual. Prints KTAP.

    opt_bonding.py NAMESPACE
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import nl                                                # noqa: E402
from mlagbond import Links, OPTIONS, Tap, ip             # noqa: E402

RR, AB, XOR, BROADCAST, AD, TLB, ALB = range(7)
INT_MAX = 0x7fffffff
SHARED = [word for word, row in OPTIONS.items() if not row[2]]
# Other defaults than bonding's, by mode
DEFAULTS = {"miimon": 100, "lacp_strict": 1, "coupled_control": 0}
# errno of ours where it is another, by option and value
OURS = {
    ("peer_notify_delay", 300001): "EINVAL",
    ("primary", 99999): "ENODEV",
    ("use_carrier", 0): "EINVAL",
    # in bonding since 6.18
    ("ad_select", 3): "0",
}
# ours may change while the bond is up
LIVE = ("lacp_rate", "lacp_active", "coupled_control", "ad_select")
VALUES = {
    "miimon": (0, 1, 50, INT_MAX, INT_MAX + 1, 100),
    "updelay": (100, 250, 1000, INT_MAX + 1, 0),
    "downdelay": (100, 250, 1000, INT_MAX + 1, 0),
    "peer_notify_delay": (100, 250, 300000, 300001, 0),
    "use_carrier": (0, 1, 2),
    "primary_reselect": (1, 2, 3, 255, 0),
    "fail_over_mac": (1, 2, 3, 255, 0),
    "xmit_hash_policy": (1, 2, 3, 4, 5, 6, 255, 0),
    "resend_igmp": (0, 255, 256, 1),
    "num_grat_arp": (0, 255, 1),
    "all_slaves_active": (1, 2, 255, 0),
    "min_links": (1, INT_MAX, INT_MAX + 1, 0),
    "lacp_rate": (1, 2, 255, 0),
    "lacp_active": (0, 2, 255, 1),
    "coupled_control": (0, 2, 255, 1),
    "broadcast_neighbor": (1, 2, 255, 0),
    "ad_select": (1, 2, 3, 4, 255, 0),
    "ad_actor_sys_prio": (0, 1, 65535),
    "ad_user_port_key": (1, 1023, 1024, 0),
    "ad_actor_system": (b"\2\0\0\0\0\x09", b"\1\0\0\0\0\x01",
                        b"\0\0\0\0\0\0"),
    "lp_interval": (0, 1, 7, INT_MAX, INT_MAX + 1),
    "packets_per_slave": (0, 65535, 65536, 1),
    "tlb_dynamic_lb": (0, 2, 1),
    "arp_interval": (1, 100, INT_MAX, INT_MAX + 1, 0),
    "arp_missed_max": (0, 1, 255, 2),
    "arp_validate": (1, 2, 3, 4, 5, 6, 7, 255, 0),
    "arp_all_targets": (1, 2, 255, 0),
    "primary": (1, 99999, 0),
    "active_slave": (1, 99999, 0),
    "mode": (7, 255, 0, 1, 2, 3, 4, 5, 6),
}
# bonding has them not in these modes, we in all
NO_ARP = (AD, TLB, ALB)
ARP = ("arp_interval", "arp_missed_max", "arp_validate")
# values that are wrong in any mode, of options for one mode or two
LACP = {
    "lacp_rate": (2, 255), "lacp_active": (2, 255),
    "coupled_control": (2, 255), "broadcast_neighbor": (2, 255),
    "ad_actor_sys_prio": (0,),
    "ad_user_port_key": (1024,),
    "ad_actor_system": (b"\1\0\0\0\0\x01",),
}
# asked of a bond that is up, or has a port, or both
STATEFUL = ("mode", "fail_over_mac", "lacp_rate", "lacp_active", "ad_select",
            "ad_user_port_key", "ad_actor_sys_prio", "miimon", "min_links",
            "xmit_hash_policy", "primary_reselect", "coupled_control")


def wrong_anyway(mode):
    """Values that are refused for themselves and for the mode."""
    wrong = {"packets_per_slave": (65536,), "tlb_dynamic_lb": (2,)}
    if mode != AD:
        wrong.update(LACP)
    if mode == RR:
        del wrong["packets_per_slave"]
    if mode in (TLB, ALB):
        del wrong["tlb_dynamic_lb"]
    return wrong


class Test:
    def __init__(self):
        self.links = Links()
        self.tap = Tap()
        self.taken = set()

    def make(self, mode):
        for kind, name in (("bond", "theirs"), ("mlagbond", "ours")):
            self.links.add(name, {"mode": mode}, kind)

    def drop(self):
        for name in ("theirs", "ours"):
            self.links.delete(name)

    def defaults(self, mode):
        self.make(mode)
        theirs, ours = self.links.get("theirs"), self.links.get("ours")
        wrong = ""
        for word in SHARED:
            want = DEFAULTS.get(word, theirs.get(word))
            if want is not None and ours.get(word) != want:
                wrong = wrong or f"{word} {ours.get(word)}, not {want}"
        self.drop()
        self.tap.result(f"mode {mode}: defaults", wrong)

    def both(self, word, value, up=False):
        """What is wrong in how the two take a value; it may be nothing."""
        theirs = self.links.set("theirs", {word: value}, "bond")
        ours = self.links.set("ours", {word: value})
        want = OURS.get((word, value), theirs.name)
        if up and word in LIVE and theirs.name == "EBUSY":
            want = "0"
        if ours.name != want:
            return f"{value}: {ours}, bonding {theirs}"
        if ours.err or theirs.err:
            return ""
        self.taken.add((word, value))
        got, other = self.links.get("ours"), self.links.get("theirs")
        if word in other and got.get(word) != other[word]:
            return f"{value} reads {got.get(word)}, bonding {other[word]}"
        return ""

    def known(self, word):
        """Does this kernel's bonding have the option?"""
        return word in (self.links.get("theirs") or {}) or \
            word in ("primary", "active_slave")

    def values(self, mode):
        self.make(mode)
        # miimon is compared from one value for both
        for name, kind in (("theirs", "bond"), ("ours", "mlagbond")):
            self.links.set(name, {"miimon": 100}, kind)
        for word, values in VALUES.items():
            if not self.known(word) or mode in NO_ARP and word in ARP:
                continue
            wrong = ""
            for value in values:
                # with two faults in one value either may be told
                if value in wrong_anyway(mode).get(word, ()):
                    continue
                wrong = wrong or self.both(word, value)
            self.tap.result(f"mode {mode}: {word}", wrong)
        self.drop()

    def state(self, mode, up, ports):
        self.make(mode)
        for name, port in (("theirs", "pt"), ("ours", "po")):
            if ports:
                ip("link", "add", port, "type", "dummy")
                ip("link", "set", port, "master", name)
            if up:
                ip("link", "set", name, "up")
        wrong = ""
        for word in STATEFUL:
            for value in (AB, AD) if word == "mode" else VALUES[word]:
                # with two faults in one value either may be told, and what
                # it has already is no change for us
                if word != "mode" and (word, value) not in self.taken or \
                        self.links.get("ours").get(word) == value:
                    continue
                found = self.both(word, value, up)
                wrong = wrong or (found and f"{word} {found}")
        self.drop()
        for port in ("pt", "po") if ports else ():
            self.links.delete(port)
        self.tap.result(f"mode {mode}{' up' if up else ''}"
                        f"{' with a port' if ports else ''}", wrong)


def main():
    nl.unshare_to(sys.argv[1])
    test = Test()
    for mode in (AB, AD, RR, XOR, BROADCAST, TLB, ALB):
        test.defaults(mode)
        test.values(mode)
        for up, ports in ((True, False), (False, True), (True, True)):
            test.state(mode, up, ports)
    return test.tap.end()


if __name__ == "__main__":
    sys.exit(main())
