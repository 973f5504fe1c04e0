#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Every option of a bond: values it takes are read back, values it does not
take are refused by name with the bond unchanged. Prints KTAP.

    opt_values.py NAMESPACE
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import nl                                                # noqa: E402
from mlagbond import Links, Tap, ip                      # noqa: E402

AB, AD = 1, 4
INT_MAX = 0x7fffffff
# option: values taken, values refused
TABLE_AB = {
    "miimon": ((0, 1, 50, INT_MAX, 100), (INT_MAX + 1, 0xffffffff)),
    "updelay": ((100, 2147483600, 0), (INT_MAX + 1,)),
    "downdelay": ((100, 2147483600, 0), (INT_MAX + 1,)),
    "peer_notify_delay": ((100, 300000, 0), (300001, 0xffffffff)),
    "use_carrier": ((1,), (0, 2, 255)),
    "arp_interval": ((1, INT_MAX, 0), (INT_MAX + 1, 0xffffffff)),
    "arp_missed_max": ((1, 255, 2), (0,)),
    "arp_validate": ((1, 2, 3, 4, 5, 6, 0), (7, 255)),
    "arp_all_targets": ((1, 0), (2, 255)),
    "primary_reselect": ((1, 2, 0), (3, 255)),
    "fail_over_mac": ((1, 2, 0), (3, 255)),
    "xmit_hash_policy": ((1, 2, 3, 4, 5, 0), (6, 255)),
    "resend_igmp": ((0, 255, 1), (256, 0xffffffff)),
    "num_grat_arp": ((0, 255, 1), ()),
    "all_slaves_active": ((1, 0), (2, 255)),
    "min_links": ((1, INT_MAX, 0), (INT_MAX + 1, 0xffffffff)),
    "ad_select": ((1, 2, 3, 0), (4, 255)),
    "carrier_events": ((0, 1), (2, 255)),
    "hash_buckets": ((64, 128, 4096, 1024, 256),
                     (0, 1, 32, 65, 100, 4095, 8192, 0xffffffff)),
    "mlag_id": ((0,), (1, 0xffffffff)),
    "system_mac": ((1, 0), (2, 255)),
    "lp_interval": ((10, INT_MAX, 1), (0, INT_MAX + 1)),
    "packets_per_slave": ((), (0, 1, 2, 65536)),
    "tlb_dynamic_lb": ((), (0, 1, 2)),
    "mode": ((0, 2, 3, 4, 5, 6, AB), (7, 255)),
}
TABLE_AD = {
    "lacp_rate": ((1, 0), (2, 255)),
    "lacp_active": ((0, 1), (2, 255)),
    "coupled_control": ((0, 1), (2, 255)),
    "broadcast_neighbor": ((1, 0), (2, 255)),
    "lacp_strict": ((0, 1), (2, 255)),
    "ad_actor_sys_prio": ((1, 65535), (0,)),
    "ad_user_port_key": ((1, 1023, 0), (1024, 65535)),
    "ad_actor_system": ((b"\2\0\0\0\0\x09", b"\0\0\0\0\0\0"),
                        (b"\1\0\0\0\0\x01", b"\xff" * 6)),
    "mlag_id": ((1, 0xffffffff, 0), ()),
    "lacp_fallback": ((1, 0), (2, 255)),
    "marker_flush": ((1, 0), (2, 255)),
    "lacp_fallback_delay": ((0, 900000, 5000), (900001, 0xffffffff)),
    "rebalance_interval": ((100, 3600000, 0), (1, 99, 3600001, 0xffffffff)),
    "hash_buckets": ((64, 4096, 256), (63,)),
    "mode": ((0, 1, 2, 3, 5, 6, AD), (7, 255)),
}
TABLE_RR = {
    "packets_per_slave": ((0, 2, 65535, 1), (65536, 0xffffffff)),
    "tlb_dynamic_lb": ((), (0, 1)),
    "primary": ((), (1,)),
}
TABLE_TLB = {
    "tlb_dynamic_lb": ((0, 1), (2, 255)),
    "packets_per_slave": ((), (1,)),
}


class Test:
    def __init__(self):
        self.links = Links()
        self.tap = Tap()

    def row(self, option, good, bad):
        for value in good:
            ack = self.links.set("mb0", {option: value})
            if ack.err:
                return f"{value} refused: {ack}"
            got = self.links.get("mb0")[option]
            if got != value:
                return f"{value} reads back as {got}"
        before = self.links.get("mb0")
        for value in bad:
            ack = self.links.set("mb0", {option: value})
            if not ack.err:
                return f"{value} accepted"
            if option not in ack.text:
                return f"{value}: refusal does not name it: {ack}"
            if self.links.get("mb0") != before:
                return f"{value}: refused, but something changed"
        return ""

    def table(self, mode, rows):
        self.links.add("mb0", {"mode": mode})
        for option, (good, bad) in rows.items():
            self.tap.result(f"mode {mode}: {option}",
                            self.row(option, good, bad))
        self.links.delete("mb0")

    def pairs(self):
        """Each bad option with each good one before and after it."""
        good = [("miimon", 20), ("resend_igmp", 9), ("hash_buckets", 128),
                ("all_slaves_active", 1), ("primary", 1)]
        bad = [("lacp_rate", 1), ("mode", AD), ("hash_buckets", 65),
               ("mlag_id", 3), ("active_slave", 1), ("resend_igmp", 256),
               ("updelay", INT_MAX + 1), ("ad_actor_sys_prio", 0)]
        wrong = ""
        self.links.add("mb0", {"mode": AB})
        ip("link", "add", "p0", "type", "dummy")
        ip("link", "set", "p0", "master", "mb0")
        before = self.links.get("mb0")
        for b in bad:
            for g in good:
                if b[0] == g[0]:
                    continue
                for pair in ([b, g], [g, b]):
                    if not self.links.set("mb0", pair).err:
                        wrong = wrong or f"{pair} accepted"
                    if self.links.get("mb0") != before:
                        wrong = wrong or f"{pair} changed something"
        self.links.delete("mb0")
        ip("link", "del", "p0")
        self.tap.result("a refused request changes nothing", wrong)

    def creation(self):
        wrong = ""
        want = {"mlag_id": 12, "hash_buckets": 1024, "lacp_rate": 1,
                "updelay": 300, "miimon": 60, "min_links": 2, "mode": AD}
        for options in (list(want.items()), list(want.items())[::-1]):
            ack = self.links.add("mb0", options)
            got = self.links.get("mb0") or {}
            for option, value in want.items():
                if got.get(option) != value:
                    wrong = wrong or f"{option}: {got.get(option)}, {ack}"
            self.links.delete("mb0")
        self.tap.result("options at creation, in any order", wrong)
        ack = self.links.add("mb0", {"miimon": 20, "lacp_rate": 1,
                                     "mode": AB})
        self.tap.result("a refused creation creates nothing",
                        "" if ack.err and self.links.get("mb0") is None
                        else ack)

    def delays(self):
        wrong = ""
        steps = (({"miimon": 100, "updelay": 250, "downdelay": 300},
                  200, 300),
                 ({"miimon": 50}, 100, 150),
                 ({"downdelay": 175, "miimon": 25}, 50, 175),
                 ({"miimon": 0}, 0, 0))
        self.links.add("mb0")
        for options, up, down in steps:
            ack = self.links.set("mb0", options)
            got = self.links.get("mb0")
            if ack.err or (got["updelay"], got["downdelay"]) != (up, down):
                wrong = wrong or f"{options}: {ack} {got}"
        self.links.delete("mb0")
        self.tap.result("delays are whole polls and follow miimon", wrong)

    def mode_of_leg(self):
        self.links.add("mb0", {"mode": AD, "mlag_id": 7})
        ack = self.links.set("mb0", {"mode": AB})
        ok = ack.name == "EACCES" and "mlag_id is 7" in ack.text
        self.tap.result("a leg keeps mode 802.3ad", "" if ok else ack)
        ack = self.links.set("mb0", {"mode": AB, "mlag_id": 0})
        self.tap.result("unless it ceases to be one", ack.text)
        self.links.delete("mb0")

    def ports(self):
        wrong = ""
        ip("link", "add", "p0", "type", "dummy")
        for mode, option, value, other in ((AB, "prio", -7, "actor_port_prio"),
                                           (AD, "actor_port_prio", 9, "prio")):
            self.links.add("mb0", {"mode": mode})
            ip("link", "set", "p0", "master", "mb0")
            ack = self.links.set_port("p0", {option: value})
            if ack.err or self.links.get_port("p0")[option] != value:
                wrong = wrong or f"{option}: {ack}"
            ack = self.links.set_port("p0", {other: 1})
            if ack.name != "EACCES" or other not in ack.text:
                wrong = wrong or f"{other}: {ack}"
            self.links.delete("mb0")
        ip("link", "del", "p0")
        self.tap.result("options of ports, each in its mode", wrong)

    def messages_of(self, options):
        return self.links.messages("mb0",
                                   lambda: self.links.set("mb0", options))

    def notification(self):
        self.links.add("mb0")
        count = self.messages_of({"resend_igmp": 3, "miimon": 50})
        self.tap.result("a change is told once while down",
                        "" if count == 1 else f"{count} times")
        count = self.messages_of({"resend_igmp": 3, "miimon": 50})
        self.tap.result("what changes nothing is not told while down",
                        "" if count == 0 else f"{count} times")
        ip("link", "set", "mb0", "up")
        count = self.messages_of({"resend_igmp": 4, "miimon": 60})
        self.tap.result("a change is told once while up",
                        "" if count == 1 else f"{count} times")
        self.links.delete("mb0")


def main():
    nl.unshare_to(sys.argv[1])
    test = Test()
    test.table(AB, TABLE_AB)
    test.table(AD, TABLE_AD)
    test.table(0, TABLE_RR)
    test.table(5, TABLE_TLB)
    test.table(6, TABLE_TLB)
    test.pairs()
    test.creation()
    test.delays()
    test.mode_of_leg()
    test.ports()
    test.notification()
    return test.tap.end()


if __name__ == "__main__":
    sys.exit(main())
