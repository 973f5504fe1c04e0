#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""ARP monitor: paths that are cut with their carrier on, what counts as a sign
of life, tagged targets, hostile answers. Topology: mon.py. Prints KTAP.

    mon_arp.py A B
"""
import random
import socket
import struct
import sys
import time

from mon import (DOWN, IFLA_PROMISCUITY, ONE_TAG, PROTOS, TWO_TAGS, UP, check,
                 main, nl)

AB = "mode active-backup miimon 0"
# two missed at 100 ms: 200 ms from the last answer; the rest is for looking
ASK = "arp_interval 100 arp_ip_target 10.0.0.2"
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
        check(w.ping("10.0.0.2"), f"{value}: no traffic on a1")


def active_backup_as_bonding(w):
    for kind in "bond", "mlagbond":
        w.on_switch(kind, 2, f"{AB} {ASK} arp_validate all primary a0")
        w.wait(lambda: w.active() == "a0", 5, f"{kind}: a0 is not active")
        time.sleep(0.5)
        w.cut(0)
        took = w.fails_over("a1", 2000)
        w.mend(0)
        back = w.wait(lambda: w.active() == "a0", 5,
                      f"{kind}: does not return to the primary")
        print(f"# {kind}: fail-over after {took:.0f} ms, back after "
              f"{back:.0f} ms")
        w.clear()


def fail_over_with_2_8_and_64_ports(w):
    for n in 2, 8, 64:
        w.on_switch("mlagbond", n, f"{AB} {ASK} arp_validate all")
        w.steady(0.5, UP, *w.ports)
        w.cut(*range(n - 1))
        took = w.fails_over(f"a{n - 1}", BOUND)
        print(f"# {n} ports, all but one cut: {took:.0f} ms")
        w.clear()


def verdict_after_arp_missed_max(w):
    w.on_switch("mlagbond", 2, f"{AB} {ASK} arp_validate all")
    for missed in 1, 2, 5:
        w.set(f"arp_missed_max {missed} active_slave a0")
        w.steady(missed * 0.1 + 0.2, UP, "a0", "a1")
        w.cut(0)
        took = w.fails_over("a1", missed * 100 + 40)
        print(f"# arp_missed_max {missed}: {took:.0f} ms")
        # the last answer was there half an interval ago at most, or a whole
        check(took > missed * 100 - 105, f"{missed}: after {took:.0f} ms")
        w.mend(0)
        w.becomes(UP, "a0")


def all_or_any_with_one_dead_target(w):
    w.on_switch("mlagbond", 2, f"{AB} arp_interval 100 arp_validate all "
                "arp_ip_target 10.0.0.2,10.0.0.3 arp_all_targets any")
    w.steady(0.4, UP, "a0", "a1")
    w.addr("del", "B", "br0", "10.0.0.3/24")
    w.steady(0.5, UP, "a0", "a1")
    w.set("arp_all_targets all")
    w.becomes(DOWN, "a0", "a1")
    w.wait(lambda: not w.carrier(), 1, "carrier with all silent")
    w.addr("add", "B", "br0", "10.0.0.3/24")
    w.becomes(UP, "a0", "a1")
    w.wait(w.carrier, 1, "no carrier again")


def own_frames_are_no_sign_of_life(w):
    w.on_switch("mlagbond", 3, f"{AB} {ASK} arp_validate none")
    w.steady(0.3, UP, "a0", "a1", "a2")
    w.inside("B", "sysctl", "-qw", "net.ipv6.conf.br0.disable_ipv6=1")
    w.addr("del", "B", "br0", "10.0.0.3/24", "10.0.0.2/24")
    w.becomes(DOWN, "a0", "a1", "a2")
    w.addr("add", "B", "br0", "10.0.0.2/24")
    w.becomes(UP, "a0", "a1", "a2")


def flood(w):
    """A function that sends to addresses nobody has learned."""
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    sock.bind(("b0", 0))
    src = w.attr("b0", 1)[:6]
    number = 0

    def send(count):
        nonlocal number
        for _ in range(count):
            number += 1
            tail = number.to_bytes(4, "big")
            ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20, 0, 0, 64, 17, 0,
                             b"\x0a\0\0\x01", b"\x0a\1" + tail[2:])
            sock.send(b"\2\xff" + tail + src + b"\x08\0" + ip)
    return send


def own_frames_where_each_port_has_its_address(w):
    w.on_switch("mlagbond", 3, f"mode balance-tlb miimon 0 {ASK}")
    w.steady(0.3, UP, "a0", "a1", "a2")
    w.inside("B", "sysctl", "-qw", "net.ipv6.conf.br0.disable_ipv6=1")
    w.addr("del", "B", "br0", "10.0.0.3/24", "10.0.0.2/24")
    send = flood(w)

    def silent():
        send(32)
        return all(w.link(p) == DOWN for p in w.ports)

    took = w.wait(silent, 3, "own frames keep a port alive")
    print(f"# all silent after {took:.0f} ms")


def ports_that_came_with_equal_addresses(w):
    for mode in AB, "mode balance-xor", "mode balance-tlb":
        w.on_switch("mlagbond", 3, f"{mode} {ASK} arp_validate all", True)
        w.steady(0.6, UP, *w.ports)
        if mode == AB:
            w.cut(0)
            w.fails_over("a1", BOUND)
        w.clear()


def shown_alike_everywhere(w):
    w.on_switch("mlagbond", 2, f"{AB} {ASK} arp_validate all")
    w.steady(0.3, UP, "a0", "a1")
    w.cut(0)
    w.becomes(DOWN, "a0")
    for port, state in ("a0", "down"), ("a1", "up"):
        check(w.says(f"/sys/class/net/{port}/bonding_slave/mii_status",
                     state), f"sysfs: {port} is not {state}")
    check(w.says("/proc/net/mlagbond/b0", "MII Status: down"),
          "procfs: nobody is down")


def answers_that_all_come_by_one_port(w):
    for mode in "balance-rr", "balance-xor", "broadcast":
        w.on_lag(f"mode {mode} miimon 100 {ASK} arp_validate all")
        w.becomes(UP, "a0", "a1")
        w.steady(0.8, UP, "a0", "a1")
        # a real device would have to be told
        for port in w.ports:
            own = {f"02:a5:00:00:0a:0{i}" for i in (0, 1)}
            check(own <= w.filters(port),
                  f"{mode}: {port} takes {w.filters(port)}")
        w.lose("w1", "arp")
        w.becomes(DOWN, "a1")
        w.steady(0.3, UP, "a0")
        w.ip("A", "link set a1 nomaster")
        check(w.filters("a0") & own == {"02:a5:00:00:0a:00"} and
              not w.filters("a1") & own, f"{mode}: filters stay")
        w.clear()


def no_targets_no_objection(w):
    w.on_switch("mlagbond", 2, f"{AB} arp_interval 50 arp_validate all")
    w.cut(0, 1)
    w.steady(0.4, UP, "a0", "a1")
    check(w.counter("a0", "probe_tx") == 0, "asks nobody")
    w.set("arp_ip_target 10.0.0.2")
    w.becomes(DOWN, "a0", "a1")
    w.set('arp_ip_target ""')
    w.becomes(UP, "a0", "a1")


def on_and_off_on_a_live_bond(w):
    w.on_switch("mlagbond", 2, "mode active-backup miimon 100")
    w.set(f"{ASK} arp_validate all")
    w.steady(0.5, UP, "a0", "a1")
    w.cut(0)
    w.becomes(DOWN, "a0")
    w.set("arp_interval 50")
    w.steady(0.3, DOWN, "a0")
    w.set("arp_interval 0")
    w.becomes(UP, "a0")
    sent = w.counter("a0", "probe_tx")
    w.steady(0.3, UP, "a0")
    check(w.counter("a0", "probe_tx") == sent, "asks when off")
    w.set("arp_interval 100")
    w.becomes(DOWN, "a0")
    w.ip("A", "link set b0 down")
    w.becomes(UP, "a0")
    w.ip("A", "link set b0 up", "link set a0 nomaster")
    check(w.attr("a0", IFLA_PROMISCUITY) == b"\0" * 4, "promiscuous")
    w.ip("A", "link set a0 down", "link set a0 master b0")
    w.becomes(DOWN, "a0")


def tagged(w, tags):
    """A target at the end of these tags."""
    w.on_switch("mlagbond", 2, f"{AB} arp_validate all")
    ours = w.vlans("A", "b0", tags, "10.0.9.1/24")
    w.vlans("B", "br0", tags, "10.0.9.2/24")
    w.set("arp_interval 100 arp_ip_target 10.0.9.2")
    w.steady(0.6, UP, "a0", "a1")
    w.cut(0)
    w.fails_over("a1", BOUND)
    w.mend(0)
    w.becomes(UP, "a0")
    w.ip("A", f"addr del 10.0.9.1/24 dev {ours}", f"link set {ours} down")
    w.becomes(DOWN, "a0", "a1")


def target_behind_a_vlan(w):
    tagged(w, ONE_TAG)


def target_behind_two_vlans(w):
    tagged(w, TWO_TAGS)


def tagged_answers_by_one_port(w, tags):
    """All ports alike: what a1 asked is answered by a0, in the VLAN."""
    w.vlans("A", "b0", tags, "10.0.9.1/24")
    w.vlans("B", "bb", tags, "10.0.9.2/24")
    w.set("arp_interval 100 arp_ip_target 10.0.9.2")
    w.steady(0.8, UP, "a0", "a1")
    # tagged frames alone, so that LACP goes on
    w.lose("w1", PROTOS[tags[0][0]])
    w.becomes(DOWN, "a1")
    check(not w.sends("a1"), "a silent port sends")
    w.steady(0.4, UP, "a0")
    w.find("w1")
    w.becomes(UP, "a1")
    w.steady(0.4, UP, "a0", "a1")


def tagged_where_all_answers_come_by_one_port(w):
    for tags in ONE_TAG, TWO_TAGS:
        w.on_lag("mode balance-xor miimon 100 arp_validate all")
        tagged_answers_by_one_port(w, tags)
        w.clear()


def tagged_where_a_lacp_partner_answers_by_one_port(w):
    for tags in ONE_TAG, TWO_TAGS:
        w.on_lacp("arp_validate all")
        tagged_answers_by_one_port(w, tags)
        w.clear()


def vrf(w, dev, *ours):
    """The way by DEV is in the tables of a VRF; the main ones mislead."""
    w.ip("A", "link add red type vrf table 10", "link set red up",
         f"link set {dev} master red",
         "link add up0 type dummy", "link set up0 up",
         "addr add 192.0.2.1/24 dev up0",
         "addr add 2001:db8::1/64 dev up0 nodad",
         "route add default via 192.0.2.2",
         "route add default via 2001:db8::2",
         # a device that enters a VRF loses its IPv6 addresses
         *[f"addr replace {a} dev {dev}" + (" nodad" if ":" in a else "")
           for a in ours])


def target_in_the_vrf_of_the_bond(w):
    w.on_switch("mlagbond", 2, f"{AB} arp_validate all")
    vrf(w, "b0", "10.0.0.1/24", "fd00::1/64")
    w.set("arp_interval 100 arp_ip_target 10.0.0.2 ns_ip6_target fd00::2 "
          "arp_all_targets all")
    w.steady(0.6, UP, "a0", "a1")
    w.cut(0)
    w.fails_over("a1", BOUND)


def target_in_the_vrf_of_a_vlan(w):
    w.on_switch("mlagbond", 2, f"{AB} arp_validate all")
    ours = w.vlans("A", "b0", ONE_TAG, "10.0.7.1/24")
    theirs = w.vlans("B", "br0", ONE_TAG, "10.0.7.2/24")
    vrf(w, ours, "10.0.7.1/24", "fd07::1/64")
    w.addr("add", "B", theirs, "fd07::2/64")
    w.set("arp_interval 100 arp_ip_target 10.0.7.2 ns_ip6_target fd07::2 "
          "arp_all_targets all")
    w.steady(0.6, UP, "a0", "a1")
    w.cut(0)
    w.fails_over("a1", BOUND)
    # out of the VRF, the main tables lead elsewhere: nobody is asked
    w.ip("A", f"link set {ours} nomaster", f"addr flush dev {ours}")
    w.becomes(DOWN, "a1")


def arp(op, sip, tha, tip, size=28):
    body = bytes.fromhex("00010800060400") + bytes([op])
    body += bytes.fromhex("020000000bbb") + socket.inet_aton(sip)
    return (body + tha + socket.inet_aton(tip))[:size]


def hostile_frames_revive_nobody(w):
    w.on_switch("mlagbond", 2, f"{AB} {ASK} arp_validate all")
    w.steady(0.3, UP, "a0")
    w.cut(0, 1)
    w.becomes(DOWN, "a0", "a1")
    own = [bytes.fromhex(f"02a500000a0{i}") for i in (0, 1)]
    socks = w.far_ends()

    def send(port, dst, proto, body):
        socks[port].send(dst + bytes.fromhex("020000000bbb") +
                         proto.to_bytes(2, "big") + body)

    random.seed(1)
    for i in 0, 1:
        # from nobody who was asked, to somebody else, to the other port
        send(i, own[i], 0x806, arp(2, "10.0.0.9", own[i], "0.0.0.0"))
        send(i, own[i], 0x806, arp(2, "10.0.0.2", b"\2abcde", "10.0.0.1"))
        send(i, own[i], 0x806, arp(2, "10.0.0.2", own[1 - i], "0.0.0.0"))
        for size in range(1, 28):
            send(i, own[i], 0x806, arp(2, "10.0.0.2", own[i], "0.0.0.0",
                                       size))
        for proto in 0x806, 0x86dd, 0x8100, 0x88a8:
            for _ in range(100):
                send(i, own[i], proto,
                     random.randbytes(random.randrange(1, 120)))
    w.steady(0.3, DOWN, "a0", "a1")
    for port in "a0", "a1":
        check(w.counter(port, "probe_ignored") == 2,
              f"ignored at {port}: {w.counter(port, 'probe_ignored')}")
    # and one that is as it should be
    send(0, own[0], 0x806, arp(2, "10.0.0.2", own[0], "0.0.0.0"))
    w.becomes(UP, "a0")


def behind(tags, proto, body):
    """EtherType and what follows, with these tags, outermost first."""
    for kind, tci in reversed(tags):
        body = struct.pack("!HH", tci, proto) + body
        proto = kind
    return proto.to_bytes(2, "big") + body


def only_in(w, tags, right, wrong):
    """Nobody has the target; which answers, written by hand, are believed?"""
    w.on_switch("mlagbond", 2, f"{AB} arp_validate all")
    w.vlans("A", "b0", tags, "10.0.9.1/24")
    w.set("arp_interval 100 arp_ip_target 10.0.9.2")
    w.becomes(DOWN, "a0", "a1")
    own = bytes.fromhex("02a500000a00")
    sock = w.far_ends()[0]

    def answer(in_tags):
        body = arp(2, "10.0.9.2", own, "0.0.0.0")
        sock.send(own + bytes.fromhex("020000000bbb") +
                  behind(in_tags, 0x806, body))

    before = w.counter("a0", "probe_ignored"), w.failures("a0")
    for in_tags in wrong:
        answer(in_tags)
    w.steady(0.1, DOWN, "a0")
    after = w.counter("a0", "probe_ignored"), w.failures("a0")
    check(after == (before[0] + len(wrong), before[1]),
          f"ignored, failures: {after}, before {len(wrong)} answers {before}")
    for in_tags in right:
        answer(in_tags)
        w.becomes(UP, "a0")
        w.becomes(DOWN, "a0")
    w.clear()


def answers_in_another_vlan_are_none(w):
    """Tags as TCI: a priority, 7 << 13, is nothing to the VLAN."""
    prio = (0x8100, 7 << 13)
    ten, service = (0x8100, 10), (0x88a8, 100)
    only_in(w, (), [(), (prio,), (prio, prio)],
            [(ten,), (service,), (prio, ten), (service, ten)])
    only_in(w, (ten,), [(ten,), ((0x8100, 10 | 7 << 13),), (prio, ten)],
            [(), (prio,), ((0x8100, 11),), ((0x88a8, 10),), (ten, ten),
             (service, ten)])
    only_in(w, (service, ten), [(service, ten), (prio, service, ten)],
            [(), (ten,), (service,), (ten, service), (service, (0x8100, 11)),
             ((0x88a8, 101), ten), (service, ten, ten)])


def lacp_port_by_its_own_answers(w):
    """The partner answers by one port whatever was asked on the other."""
    w.on_lacp(f"{ASK} arp_validate all")
    w.becomes(UP, "a0", "a1")
    w.steady(1, UP, "a0", "a1")
    # what a1 asks is lost; LACP notices nothing
    w.lose("w1", "arp")
    took = w.wait(lambda: w.link("a1") == DOWN, 2, "a1 is not missed")
    check(took <= BOUND, f"verdict after {took:.0f} ms")
    check(not w.sends("a1"), "a silent port sends")
    w.steady(0.5, UP, "a0")
    check(w.ping("10.0.0.2"), "no traffic by a0")
    w.find("w1")
    w.becomes(UP, "a1")
    w.wait(lambda: w.sends("a1"), 1, "a1 does not send again")


def lacp_target_gone(w):
    w.on_lacp(f"{ASK} arp_validate all")
    w.becomes(UP, "a0", "a1")
    w.addr("del", "B", "bb", "10.0.0.2/24")
    w.becomes(DOWN, "a0", "a1")
    w.wait(lambda: not w.carrier(), 1, "carrier with all silent")
    w.addr("add", "B", "bb", "10.0.0.2/24")
    w.becomes(UP, "a0", "a1")
    w.wait(w.carrier, 1, "no carrier again")
    w.wait(lambda: w.ping("10.0.0.2"), 5, "no traffic")


if __name__ == "__main__":
    sys.exit(main((
        each_arp_validate,
        active_backup_as_bonding,
        fail_over_with_2_8_and_64_ports,
        verdict_after_arp_missed_max,
        all_or_any_with_one_dead_target,
        own_frames_are_no_sign_of_life,
        own_frames_where_each_port_has_its_address,
        ports_that_came_with_equal_addresses,
        shown_alike_everywhere,
        answers_that_all_come_by_one_port,
        no_targets_no_objection,
        on_and_off_on_a_live_bond,
        target_behind_a_vlan,
        target_behind_two_vlans,
        tagged_where_all_answers_come_by_one_port,
        tagged_where_a_lacp_partner_answers_by_one_port,
        target_in_the_vrf_of_the_bond,
        target_in_the_vrf_of_a_vlan,
        hostile_frames_revive_nobody,
        answers_in_another_vlan_are_none,
        lacp_port_by_its_own_answers,
        lacp_target_gone,
    )))
