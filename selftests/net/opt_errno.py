#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Requests of kind mlagbond that the plug-in cannot make: each row says which
errno, which attribute and which words the refusal must have. Prints KTAP.

Runs in its own namespace; needs root and the module.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import nl                                                # noqa: E402
from mlagbond import (Links, Tap, ip, RTM_NEWLINK,       # noqa: E402
                      IFLA_LINKINFO, KIND, DATA, SLAVE_KIND, SLAVE_DATA)

AB, AD = 1, 4
EXT = 48


def mode(value):
    return nl.u8(1, value)


def ext(*attrs):
    return nl.attr(EXT, list(attrs))


# what, options, errno, attribute pointed at, words
CREATE = [
    ("no option at all", [], "0", None, ""),
    ("mode balance-rr", [mode(0)], "EOPNOTSUPP", 1, "mode balance-rr"),
    ("mode balance-alb", [mode(6)], "EOPNOTSUPP", 1, "mode balance-alb"),
    ("mode 7", [mode(7)], "EINVAL", 1, "mode 7 is none of active-backup"),
    ("mode 255", [mode(255)], "EINVAL", 1, "mode 255"),
    ("use_carrier 0", [nl.u8(6, 0)], "EINVAL", 6, "use_carrier 0"),
    ("primary_reselect 3", [nl.u8(12, 3)], "EINVAL", 12, "reselect 3"),
    ("fail_over_mac 3", [nl.u8(13, 3)], "EINVAL", 13, "fail_over_mac 3"),
    ("xmit_hash_policy 3", [nl.u8(14, 3)], "EOPNOTSUPP", 14, "encap2+3"),
    ("xmit_hash_policy 6", [nl.u8(14, 6)], "EINVAL", 14, "policy 6"),
    ("resend_igmp 256", [nl.u32(15, 256)], "EINVAL", 15,
     "resend_igmp 256 is not within 0 to 255"),
    ("all_slaves_active 2", [nl.u8(17, 2)], "EINVAL", 17, "active 2"),
    ("min_links 2^31", [nl.u32(18, 1 << 31)], "EINVAL", 18, "min_links"),
    ("miimon 2^31", [nl.u32(3, 1 << 31)], "EINVAL", 3, "miimon 2147483648"),
    ("peer_notify_delay 300001", [nl.u32(28, 300001)], "EINVAL", 28,
     "300000"),
    ("lacp_rate in active-backup", [nl.u8(21, 1)], "EACCES", 21,
     "lacp_rate fast is not possible in mode active-backup"),
    ("lacp_active in active-backup", [nl.u8(29, 1)], "EACCES", 29,
     "lacp_active on"),
    ("lacp_strict in active-backup", [nl.u8(34, 0)], "EACCES", 34,
     "lacp_strict off"),
    ("coupled_control in active-backup", [nl.u8(32, 0)], "EACCES", 32,
     "coupled_control off"),
    ("ad_actor_sys_prio in active-backup", [nl.u16(24, 5)], "EACCES", 24,
     "ad_actor_sys_prio 5"),
    ("ad_user_port_key in active-backup", [nl.u16(25, 5)], "EACCES", 25,
     "ad_user_port_key 5"),
    ("ad_actor_system in active-backup",
     [nl.attr(26, b"\2\0\0\0\0\1")], "EACCES", 26,
     "ad_actor_system 02:00:00:00:00:01 is not possible in mode active-b"),
    ("primary in 802.3ad", [mode(AD), nl.u32(11, 1)], "EACCES", 11,
     "primary 1 is not possible in mode 802.3ad"),
    ("active_slave in 802.3ad", [mode(AD), nl.u32(2, 0)], "EACCES", 2,
     "active_slave"),
    ("active_slave that is no port", [nl.u32(2, 1)], "EINVAL", 2,
     "active_slave lo is no port of this bond"),
    ("active_slave that does not exist", [nl.u32(2, 99999)], "ENODEV", 2,
     "active_slave: there is no interface 99999"),
    ("primary that does not exist", [nl.u32(11, 0xffffffff)], "ENODEV", 11,
     "primary: there is no interface 4294967295"),
    ("lacp_rate 2", [mode(AD), nl.u8(21, 2)], "EINVAL", 21,
     "lacp_rate 2 is none of slow, fast"),
    ("ad_select 3", [mode(AD), nl.u8(22, 3)], "EOPNOTSUPP", 22,
     "actor_port_prio"),
    ("ad_actor_sys_prio 0", [mode(AD), nl.u16(24, 0)], "EINVAL", 24,
     "ad_actor_sys_prio 0 is not within 1 to 65535"),
    ("ad_user_port_key 1024", [mode(AD), nl.u16(25, 1024)], "EINVAL", 25,
     "ad_user_port_key 1024"),
    ("ad_actor_system multicast",
     [mode(AD), nl.attr(26, b"\1\0\0\0\0\1")], "EINVAL", 26,
     "ad_actor_system 01:00:00:00:00:01 is a multicast address"),
    ("ad_actor_system of 5 bytes", [mode(AD), nl.attr(26, b"\2\0\0\0\0")],
     "ERANGE", 26, ""),
    ("updelay without miimon", [nl.u32(3, 0), nl.u32(4, 100)], "EPERM", 4,
     "updelay 100 needs miimon above 0"),
    ("mlag_id in active-backup", [ext(nl.u32(1, 7))], "EACCES", 1,
     "mlag_id 7 is not possible in mode active-backup"),
    ("mlag_id none in active-backup", [ext(nl.u32(1, 0))], "0", None, ""),
    ("mlag_id as a byte", [mode(AD), ext(nl.u8(1, 7))], "EINVAL", 1, ""),
    ("carrier_events 2", [ext(nl.u8(2, 2))], "EINVAL", 2,
     "carrier_events 2 is none of off, on"),
    ("hash_buckets 32", [ext(nl.u32(3, 32))], "EINVAL", 3,
     "hash_buckets 32 is no power of two from 64 to 4096"),
    ("hash_buckets 96", [ext(nl.u32(3, 96))], "EINVAL", 3, "hash_buckets 96"),
    ("hash_buckets 8192", [ext(nl.u32(3, 8192))], "EINVAL", 3, "8192"),
    ("unknown word of ours", [ext(nl.u32(9, 1))], "EINVAL", 9, ""),
    ("our nest without its flag",
     [nl.attr(EXT, nl.u32(3, 64))], "EINVAL", EXT, ""),
    ("arp_interval", [nl.u32(7, 0)], "EOPNOTSUPP", 7,
     "arp_interval is not provided by this build"),
    ("arp_ip_target", [nl.attr(8, [])], "EOPNOTSUPP", 8, "arp_ip_target"),
    ("arp_validate", [nl.u32(9, 0)], "EOPNOTSUPP", 9, "arp_validate"),
    ("arp_all_targets", [nl.u32(10, 0)], "EOPNOTSUPP", 10, "arp_all"),
    ("lp_interval", [nl.u32(19, 1)], "EOPNOTSUPP", 19, "lp_interval"),
    ("packets_per_slave", [nl.u32(20, 1)], "EOPNOTSUPP", 20, "packets_per"),
    ("ad_info", [nl.attr(23, [])], "EOPNOTSUPP", 23, "ad_info"),
    ("tlb_dynamic_lb", [nl.u8(27, 1)], "EOPNOTSUPP", 27, "tlb_dynamic_lb"),
    ("arp_missed_max", [nl.u8(30, 2)], "EOPNOTSUPP", 30, "arp_missed_max"),
    ("ns_ip6_target", [nl.attr(31, [])], "EOPNOTSUPP", 31, "ns_ip6_target"),
    ("broadcast_neighbor", [nl.u8(33, 1)], "EOPNOTSUPP", 33, "broadcast_n"),
    ("attribute 40", [nl.u8(40, 1)], "EOPNOTSUPP", 40,
     "bond attribute 40 is unknown"),
    ("miimon of two bytes", [nl.u16(3, 100)], "ERANGE", 3, ""),
]

# the same on a live bond: state, options, ...
AB_PORTS, AB_UP, AD_UP = "ab-ports", "ab-up", "ad-up"
CHANGE = [
    ("mode with ports", AB_PORTS, [mode(AD)], "ENOTEMPTY", 1,
     "mode 802.3ad is not possible while ports are attached"),
    ("the mode it has, with ports", AB_PORTS, [mode(AB)], "0", None, ""),
    ("fail_over_mac with ports", AB_PORTS, [nl.u8(13, 1)], "ENOTEMPTY", 13,
     "fail_over_mac active"),
    ("mode while up", AB_UP, [mode(AD)], "EBUSY", 1,
     "mode 802.3ad is not possible while the bond is up"),
    ("lacp_rate while up", AD_UP, [nl.u8(21, 1)], "EBUSY", 21, "lacp_rate"),
    ("lacp_active while up", AD_UP, [nl.u8(29, 0)], "EBUSY", 29, "active off"),
    ("ad_select while up", AD_UP, [nl.u8(22, 2)], "EBUSY", 22, "select count"),
    ("coupled_control while up", AD_UP, [nl.u8(32, 1)], "EBUSY", 32,
     "coupled_control on"),
    ("ad_user_port_key while up", AD_UP, [nl.u16(25, 9)], "EBUSY", 25,
     "ad_user_port_key 9"),
    ("ad_actor_sys_prio while up", AD_UP, [nl.u16(24, 9)], "0", None, ""),
    ("lacp_strict while up", AD_UP, [nl.u8(34, 0)], "0", None, ""),
    ("mlag_id while up", AD_UP, [ext(nl.u32(1, 9))], "0", None, ""),
    ("hash_buckets while up", AD_UP, [ext(nl.u32(3, 4096))], "0", None, ""),
    ("mode away from a leg", AD_UP, [mode(AB)], "EBUSY", 1, ""),
]

PORT = [
    ("prio", [nl.u32(9, 0xfffffffb)], "0", None, ""),
    ("actor_port_prio in active-backup", [nl.u16(10, 5)], "EACCES", 10,
     "actor_port_prio 5 is not possible in mode active-backup"),
    ("queue_id", [nl.u16(5, 1)], "EOPNOTSUPP", 5, "port attribute 5"),
    ("state", [nl.u8(1, 1)], "EOPNOTSUPP", 1, "port attribute 1"),
]


class Bench(Links):
    def __init__(self):
        super().__init__()
        self.tap = Tap()

    def link(self, name, info, create):
        flags = nl.NLM_F_CREATE | nl.NLM_F_EXCL if create else 0
        return self.request(RTM_NEWLINK, name,
                            [nl.attr(IFLA_LINKINFO, info)], flags)[1]

    def result(self, what, ack, want, bad, words, also=""):
        ok = ack.name == want and words in ack.text and \
            (bad is None or ack.bad == bad) and len(ack.text) < 80
        self.tap.result(what, also if ok else
                        f"{ack}, not {want} '{words}' at {bad}")

    def create(self, what, options, *want):
        info = [nl.attr(KIND, "mlagbond")]
        if options:
            info.append(nl.attr(DATA, options))
        ack = self.link("t0", info, True)
        there = self.get("t0") is not None
        also = "" if there == (ack.err == 0) else f"t0 exists: {there}"
        self.result(f"create: {what}", ack, *want, also)
        if there:
            self.delete("t0")

    def change(self, what, name, options, *want):
        info = [nl.attr(KIND, "mlagbond"), nl.attr(DATA, options)]
        before = self.info(name)
        ack = self.link(name, info, False)
        changed = ack.err and self.info(name) != before
        self.result(f"change: {what}", ack, *want,
                    "it changed something" if changed else "")

    def port(self, what, name, options, *want):
        info = [nl.attr(SLAVE_KIND, "mlagbond"), nl.attr(SLAVE_DATA, options)]
        self.result(f"port: {what}", self.link(name, info, False), *want)


def main():
    nl.unshare_to(sys.argv[1])
    ip("link", "add", "p0", "type", "dummy")
    for name, args in ((AB_PORTS, []), (AB_UP, []), (AD_UP, ["mode", "4"])):
        ip("link", "add", name, "type", "mlagbond", *args)
    ip("link", "set", "p0", "master", AB_PORTS)
    ip("link", "set", AB_UP, "up")
    ip("link", "set", AD_UP, "up")
    bench = Bench()
    for row in CREATE:
        bench.create(*row)
    for row in CHANGE:
        bench.change(*row)
    for row in PORT:
        bench.port(row[0], "p0", *row[1:])
    return bench.tap.end()


if __name__ == "__main__":
    sys.exit(main())
