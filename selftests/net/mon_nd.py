#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""ND monitor: IPv6 targets, alone and beside IPv4 ones. Topology: mon.py.
Prints KTAP.

    mon_nd.py A B
"""
import socket
import sys
import time

from mon import DOWN, TWO_TAGS, UP, check, main

AB = "mode active-backup miimon 0"
ASK = "arp_interval 100 ns_ip6_target fd00::2"
BOUND = 240
VALIDATE = ("none", "active", "backup", "all", "filter", "filter_active",
            "filter_backup")


def each_arp_validate(w):
    w.on_switch("mlagbond", 2, f"{AB} {ASK}")
    for value in VALIDATE:
        w.set(f"arp_validate {value} active_slave a0")
        w.steady(0.5, UP, "a0", "a1")
        w.cut(0)
        w.fails_over("a1", BOUND)
        w.mend(0)
        w.becomes(UP, "a0")


def fail_over_with_2_and_8_ports(w):
    for n in 2, 8:
        w.on_switch("mlagbond", n, f"{AB} {ASK} arp_validate all")
        w.steady(0.5, UP, *w.ports)
        w.cut(*range(n - 1))
        took = w.fails_over(f"a{n - 1}", BOUND)
        print(f"# {n} ports, all but one cut: {took:.0f} ms")
        w.clear()


def all_or_any_with_one_dead_target(w):
    w.on_switch("mlagbond", 2, f"{AB} arp_interval 100 arp_validate all "
                "ns_ip6_target fd00::2,fd00::3 arp_all_targets any")
    w.steady(0.4, UP, "a0", "a1")
    w.addr("del", "B", "br0", "fd00::3/64")
    w.steady(0.5, UP, "a0", "a1")
    w.set("arp_all_targets all")
    w.becomes(DOWN, "a0", "a1")
    w.addr("add", "B", "br0", "fd00::3/64")
    w.becomes(UP, "a0", "a1")


def both_families_are_one_list(w):
    w.on_switch("mlagbond", 2, f"{AB} {ASK} arp_ip_target 10.0.0.2 "
                "arp_validate all arp_all_targets all")
    w.steady(0.4, UP, "a0", "a1")
    w.addr("del", "B", "br0", "10.0.0.3/24", "10.0.0.2/24")
    w.becomes(DOWN, "a0", "a1")
    w.set("arp_all_targets any")
    w.becomes(UP, "a0", "a1")
    w.addr("del", "B", "br0", "fd00::2/64")
    w.becomes(DOWN, "a0", "a1")
    w.addr("add", "B", "br0", "10.0.0.2/24")
    w.becomes(UP, "a0", "a1")


def asked(socks, seconds):
    """What each port asks for, ARP and ND."""
    end = time.monotonic() + seconds
    seen = [set() for _ in socks]
    while time.monotonic() < end:
        time.sleep(0.02)
        for sock, found in zip(socks, seen):
            while True:
                try:
                    frame, whence = sock.recvfrom(256)
                except BlockingIOError:
                    break
                if whence[2] == socket.PACKET_OUTGOING:
                    continue
                if frame[12:14] == b"\x08\x06" and frame[21] == 1:
                    found.add(socket.inet_ntop(socket.AF_INET, frame[38:42]))
                if frame[12:14] == b"\x86\xdd" and frame[54] == 135:
                    found.add(socket.inet_ntop(socket.AF_INET6, frame[62:78]))
    return seen


def sixteen_each(w, dev):
    """Targets on this device of B, all asked by both ports."""
    ip4 = [f"10.0.0.{20 + i}" for i in range(16)]
    ip6 = [f"fd00::{20 + i}" for i in range(16)]
    w.addr("add", "B", dev, *[f"{a}/24" for a in ip4],
           *[f"{a}/64" for a in ip6])
    w.set(f"arp_interval 100 arp_ip_target {','.join(ip4)} "
          f"ns_ip6_target {','.join(ip6)} arp_all_targets all")
    w.steady(0.4, UP, "a0", "a1")
    for port, found in zip(w.ports, asked(w.far_ends(), 0.3)):
        check(found >= {*ip4, *ip6}, f"{port} asks for {sorted(found)}")
    for dead in f"{ip4[15]}/24", f"{ip6[15]}/64", f"{ip4[0]}/24":
        w.addr("del", "B", dev, dead)
        w.becomes(DOWN, "a0", "a1")
        w.set("arp_all_targets any")
        w.becomes(UP, "a0", "a1")
        w.steady(0.4, UP, "a0", "a1")
        w.addr("add", "B", dev, dead)
        w.set("arp_all_targets all")
        w.steady(0.4, UP, "a0", "a1")


def sixteen_targets_of_each_family(w):
    w.on_switch("mlagbond", 2, f"{AB} arp_validate all")
    sixteen_each(w, "br0")


def sixteen_targets_that_answer_by_one_port(w):
    w.on_lag("mode balance-xor miimon 100 arp_validate all")
    sixteen_each(w, "bb")


def link_local_target(w):
    w.on_switch("mlagbond", 2, f"{AB} arp_validate all")
    w.addr("add", "B", "br0", "fe80::b/64")
    w.set("arp_interval 100 ns_ip6_target fe80::b")
    w.steady(0.5, UP, "a0", "a1")
    w.cut(1)
    w.becomes(DOWN, "a1")


def target_behind_two_vlans(w):
    w.on_switch("mlagbond", 2, f"{AB} arp_validate all")
    w.vlans("A", "b0", TWO_TAGS, "fd09::1/64")
    w.vlans("B", "br0", TWO_TAGS, "fd09::2/64")
    w.set("arp_interval 100 ns_ip6_target fd09::2")
    w.steady(0.6, UP, "a0", "a1")
    w.cut(0)
    w.fails_over("a1", BOUND)


def lacp_port_by_its_own_answers(w):
    w.on_lacp(f"{ASK} arp_validate all")
    w.becomes(UP, "a0", "a1")
    w.steady(1, UP, "a0", "a1")
    w.lose("w1", "ipv6")
    took = w.wait(lambda: w.link("a1") == DOWN, 2, "a1 is not missed")
    print(f"# verdict after {took:.0f} ms")
    w.steady(0.5, UP, "a0")
    w.find("w1")
    w.becomes(UP, "a1")


if __name__ == "__main__":
    sys.exit(main((
        each_arp_validate,
        fail_over_with_2_and_8_ports,
        all_or_any_with_one_dead_target,
        both_families_are_one_list,
        sixteen_targets_of_each_family,
        sixteen_targets_that_answer_by_one_port,
        link_local_target,
        target_behind_two_vlans,
        lacp_port_by_its_own_answers,
    )))
