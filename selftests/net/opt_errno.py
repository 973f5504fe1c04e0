#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Requests of kind mlagbond that the plug-in cannot make: each row says which
errno, which attribute and which words the refusal must have. Prints KTAP.

Runs in its own namespace; needs root and the module.
"""
import os
import socket
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


def targets(number, *addrs):
    return nl.attr(number, [nl.attr(i, packed(a))
                            for i, a in enumerate(addrs)])


def packed(addr):
    family = socket.AF_INET6 if ":" in addr else socket.AF_INET
    return socket.inet_pton(family, addr)


# what, options, errno, attribute pointed at, words
CREATE = [
    ("no option at all", [], "0", None, ""),
    ("mode 7", [mode(7)], "EINVAL", 1,
     "mode 7 is none of balance-rr"),
    ("mode 255", [mode(255)], "EINVAL", 1, "mode 255"),
    ("use_carrier 0", [nl.u8(6, 0)], "EINVAL", 6, "use_carrier 0"),
    ("primary_reselect 3", [nl.u8(12, 3)], "EINVAL", 12, "reselect 3"),
    ("fail_over_mac 3", [nl.u8(13, 3)], "EINVAL", 13, "fail_over_mac 3"),
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
    ("ad_select 3", [mode(AD), nl.u8(22, 3)], "0", None, ""),
    ("ad_select 4", [mode(AD), nl.u8(22, 4)], "EINVAL", 22,
     "ad_select 4 is none of stable, bandwidth, count"),
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
    ("lp_interval 0", [nl.u32(19, 0)], "EINVAL", 19,
     "lp_interval 0 is not within 1 to 2147483647"),
    ("packets_per_slave in active-backup", [nl.u32(20, 1)], "EACCES", 20,
     "packets_per_slave 1 is not possible in mode active-backup"),
    ("packets_per_slave 65536", [mode(0), nl.u32(20, 65536)], "EINVAL", 20,
     "packets_per_slave 65536 is not within 0 to 65535"),
    ("ad_info", [nl.attr(23, [])], "EOPNOTSUPP", 23, "ad_info"),
    ("tlb_dynamic_lb in balance-rr", [mode(0), nl.u8(27, 1)], "EACCES", 27,
     "tlb_dynamic_lb 1 is not possible in mode balance-rr"),
    ("tlb_dynamic_lb 2", [mode(5), nl.u8(27, 2)], "EINVAL", 27,
     "tlb_dynamic_lb 2 is not within 0 to 1"),
    ("primary in broadcast", [mode(3), nl.u32(11, 1)], "EACCES", 11,
     "primary 1 is not possible in mode broadcast"),
    ("active_slave in balance-xor", [mode(2), nl.u32(2, 0)], "EACCES", 2,
     "active_slave"),
    ("arp_interval 2^31", [nl.u32(7, 1 << 31)], "EINVAL", 7,
     "arp_interval 2147483648 is not within 0 to 2147483647"),
    ("arp_validate 7", [nl.u32(9, 7)], "EINVAL", 9,
     "arp_validate 7 is none of none, active, backup, all, filter"),
    ("arp_all_targets 2", [nl.u32(10, 2)], "EINVAL", 10,
     "arp_all_targets 2 is none of any, all"),
    ("arp_missed_max 0", [nl.u8(30, 0)], "EINVAL", 30,
     "arp_missed_max 0 is not within 1 to 255"),
    ("no targets", [nl.attr(8, []), nl.attr(31, [])], "0", None, ""),
    ("arp_ip_target 0.0.0.0", [targets(8, "0.0.0.0")], "EINVAL", 8,
     "arp_ip_target 0.0.0.0 is no address of a host"),
    ("arp_ip_target 0.1.2.3", [targets(8, "0.1.2.3")], "EINVAL", 8,
     "0.1.2.3"),
    ("arp_ip_target 127.0.0.1", [targets(8, "127.0.0.1")], "EINVAL", 8,
     "127.0.0.1"),
    ("arp_ip_target 224.0.0.1", [targets(8, "224.0.0.1")], "EINVAL", 8,
     "224.0.0.1"),
    ("arp_ip_target 255.255.255.255", [targets(8, "255.255.255.255")],
     "EINVAL", 8, "255.255.255.255"),
    ("arp_ip_target twice", [targets(8, "10.0.0.1", "10.0.0.2", "10.0.0.1")],
     "EINVAL", 8, "arp_ip_target 10.0.0.1 is named twice"),
    ("16 targets", [targets(8, *[f"10.0.0.{i}" for i in range(1, 17)])], "0",
     None, ""),
    ("17 targets", [targets(8, *[f"10.0.0.{i}" for i in range(1, 18)])],
     "EINVAL", 8, "arp_ip_target 10.0.0.17 is one more than 16"),
    ("arp_ip_target of 16 bytes", [targets(8, "fd00::1")], "EINVAL", 8,
     "arp_ip_target: address of 16 bytes instead of 4"),
    ("ns_ip6_target of 4 bytes", [targets(31, "10.0.0.1")], "EINVAL", 31,
     "ns_ip6_target: address of 4 bytes instead of 16"),
    ("ns_ip6_target ::", [targets(31, "::")], "EINVAL", 31,
     "ns_ip6_target :: is no address of a host"),
    ("ns_ip6_target ::1", [targets(31, "::1")], "EINVAL", 31, "::1"),
    ("ns_ip6_target ff02::1", [targets(31, "ff02::1")], "EINVAL", 31,
     "ff02::1"),
    ("ns_ip6_target fe80::1", [targets(31, "fe80::1")], "0", None, ""),
    ("ns_ip6_target twice", [targets(31, "fd00::1", "fd00::1")], "EINVAL",
     31, "ns_ip6_target fd00::1 is named twice"),
    ("17 IPv6 targets", [targets(31, *[f"fd00::{i}" for i in range(1, 18)])],
     "EINVAL", 31, "ns_ip6_target fd00::17 is one more than 16"),
    ("lacp_fallback on a leg",
     [mode(AD), ext(nl.u32(1, 7) + nl.u8(6, 1))], "0", None, ""),
    ("marker_flush on a leg",
     [mode(AD), ext(nl.u32(1, 7) + nl.u8(8, 1))], "EACCES", 8,
     "marker_flush on is not possible while mlag_id is 7"),
    ("arp_interval on a leg",
     [mode(AD), nl.u32(7, 100), ext(nl.u32(1, 7))], "EACCES", 7,
     "arp_interval 100 is not possible while mlag_id is 7"),
    ("arp_interval with miimon", [nl.u32(7, 100), nl.u32(3, 100)], "0", None,
     ""),
    ("arp_interval in 802.3ad", [mode(AD), nl.u32(7, 100)], "0", None, ""),
    ("broadcast_neighbor in active-backup", [nl.u8(33, 1)], "EACCES", 33,
     "broadcast_neighbor on"),
    ("broadcast_neighbor 2", [mode(AD), nl.u8(33, 2)], "EINVAL", 33,
     "broadcast_neighbor 2 is none of off, on"),
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
    ("lacp_rate while up", AD_UP, [nl.u8(21, 1)], "0", None, ""),
    ("lacp_active while up", AD_UP, [nl.u8(29, 0)], "0", None, ""),
    ("ad_select while up", AD_UP, [nl.u8(22, 2)], "0", None, ""),
    ("coupled_control while up", AD_UP, [nl.u8(32, 1)], "0", None, ""),
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
    ("queue_id", [nl.u16(5, 16)], "0", None, ""),
    ("queue_id it has", [nl.u16(5, 16)], "0", None, ""),
    ("queue_id 17", [nl.u16(5, 17)], "EPERM", 5,
     "queue_id 17 is above the 16 queues of the bond"),
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
        """Rows that name no mode are for active-backup."""
        info = [nl.attr(KIND, "mlagbond")]
        if options and not any(o[2:4] == mode(0)[2:4] for o in options):
            options = [mode(AB)] + options
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
    for name, args in ((AB_PORTS, ["mode", "1"]), (AB_UP, ["mode", "1"]),
                       (AD_UP, ["mode", "4"])):
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
