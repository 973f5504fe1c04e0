#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Ports join a loaded LACP aggregator, ours on one side, ours or bonding on the
other: no frame is lost in either direction, and with marker_flush none is out of
order, also where the port that flows leave is much slower than the one they
go to. Topology: mon.py; bb is the bond of ns B. Prints KTAP.

    lacp_join.py A B
"""
import errno
import random
import socket
import struct
import sys
import time

from mon import RTM_NEWLINK, check, main, nl
from mlagbond import IFLA_MASTER

FLOWS = 12
IFF_UP = 1
SLOW_MS = 20
SO_SNDBUFFORCE, SO_RCVBUFFORCE = 32, 33
# Marker PDUs: the first byte after the Ethernet header is 2
MARKERS = "bytecode '4,48 0 0 14,21 0 1 2,6 0 0 262144,6 0 0 0'"


class Load:
    """Datagrams with a number, of some flows, one way."""

    def __init__(self, w, src, dst, addr):
        nl.unshare_to(w.ns[dst])
        self.sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sink.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24)
        self.sink.bind((addr, 9))
        self.sink.setblocking(False)
        nl.unshare_to(w.ns[src])
        self.flows = []
        for _ in range(FLOWS):
            sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            sock.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, 1 << 24)
            sock.connect((addr, 9))
            self.flows.append(sock)
        nl.unshare_to(w.ns["A"])
        self.sent = 0
        self.last = [0] * FLOWS
        self.got = set()
        self.late = 0

    def send(self):
        self.sent += 1
        for i, sock in enumerate(self.flows):
            sock.send(struct.pack("=II", i, self.sent))

    def take(self):
        try:
            while True:
                flow, number = struct.unpack("=II", self.sink.recv(64))
                check((flow, number) not in self.got, "a frame came twice")
                self.got.add((flow, number))
                self.late += number < self.last[flow]
                self.last[flow] = max(self.last[flow], number)
        except OSError as fault:
            check(fault.errno == errno.EAGAIN, f"{fault}")

    def lost(self):
        return self.sent * FLOWS - len(self.got)


class Traffic:
    def __init__(self, w):
        self.w = w
        self.there = Load(w, "A", "B", "10.0.0.2")
        self.back = Load(w, "B", "A", "10.0.0.1")

    def flow(self, seconds, until=lambda: False):
        """Both ways, until the condition holds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not until():
            self.there.send()
            self.back.send()
            time.sleep(0.002)
            self.there.take()
            self.back.take()

    def end(self):
        time.sleep(0.3)
        self.there.take()
        self.back.take()
        for sock in (*self.there.flows, *self.back.flows, self.there.sink,
                     self.back.sink):
            sock.close()


def agreed(w, port):
    """By what the partner says: bonding sends before it has one."""
    return w.slave(port).get(8, b"")[:1] == b"\x3f"


def build(w, kind, ports, options=""):
    """All ports attached, only the first with link."""
    w.cables(ports)
    far = {"bond": "miimon 100", "mlagbond": ""}[kind]
    w.bond("B", "bb", kind, f"mode 802.3ad lacp_rate fast {far} "
           "xmit_hash_policy layer3+4", [f"w{i}" for i in range(ports)],
           "10.0.0.2/24")
    w.bond("A", "b0", "mlagbond", "mode 802.3ad lacp_rate fast "
           f"xmit_hash_policy layer3+4 {options}", w.ports, "10.0.0.1/24")
    w.ip("A", *[f"link set {p} down" for p in w.ports[1:]])
    w.wait(lambda: agreed(w, "a0"), 15, "LACP")
    check(w.ping("10.0.0.2"), "no answer")


def set_master(w, port, index):
    w.a.request(RTM_NEWLINK, port, [nl.u32(IFLA_MASTER, index)])


def set_link(w, port, up):
    w.a.rtnl.talk(RTM_NEWLINK, 0, struct.pack(
        "=BxHiII", 0, 0, 0, IFF_UP if up else 0, IFF_UP) +
        nl.attr(3, port))


def sent(w, port):
    """Frames by its device; IFLA_STATS64."""
    return struct.unpack_from("=QQ", w.attr(port, 23))[1]


def carried(w, port):
    """Frames that a port has received and sent."""
    return struct.unpack_from("=QQ", w.attr(port, 23))


def join_all(w, traffic):
    for port in w.ports[1:]:
        traffic.flow(0.1)
        before = carried(w, port)
        set_link(w, port, True)
        traffic.flow(10, lambda p=port: agreed(w, p))
        check(w.sends(port), f"{port} does not join")
        traffic.flow(0.5)
        check(all(now > then + 100 for now, then in
                  zip(carried(w, port), before)), f"{port} carries nothing")


def check_whole(w, traffic, what):
    traffic.end()
    check(not traffic.there.lost(), f"{what}: {traffic.there.lost()} of "
          f"{traffic.there.sent * FLOWS} to the partner are lost")
    check(not traffic.back.lost(), f"{what}: {traffic.back.lost()} of "
          f"{traffic.back.sent * FLOWS} from the partner are lost")


def nothing_is_lost(w):
    for kind in "mlagbond", "bond":
        build(w, kind, 3)
        traffic = Traffic(w)
        join_all(w, traffic)
        check_whole(w, traffic, kind)
        print(f"# {kind}: {traffic.there.sent * FLOWS} frames each way, out of "
              f"order {traffic.there.late} and {traffic.back.late}")
        w.clear()


def slow_first_port(w):
    w.tc("A", f"qdisc add dev a0 root netem delay {SLOW_MS}ms limit 100000")


def without_flush_there_is_disorder(w):
    build(w, "bond", 2)
    slow_first_port(w)
    traffic = Traffic(w)
    join_all(w, traffic)
    check_whole(w, traffic, "no flush")
    check(traffic.there.late, "this test proves nothing")
    check(not w.counter("a0", "marker_tx"), "a Marker without marker_flush")


def flush_keeps_order(w):
    for kind in "mlagbond", "bond":
        build(w, kind, 3, "marker_flush on")
        slow_first_port(w)
        traffic = Traffic(w)
        join_all(w, traffic)
        check_whole(w, traffic, kind)
        check(not traffic.there.late, f"{kind}: {traffic.there.late} frames "
              "out of order")
        check(w.counter("a0", "marker_tx") >= 2, f"{kind}: not asked")
        check(w.counter("a0", "marker_resp_rx") ==
              w.counter("a0", "marker_tx"), f"{kind}: without answer")
        check(not w.counter("b0", "drop_held"), f"{kind}: drops")
        w.clear()


def flush_is_switched_on_under_load(w):
    build(w, "bond", 2)
    slow_first_port(w)
    traffic = Traffic(w)
    traffic.flow(0.1)
    w.set("marker_flush on")
    join_all(w, traffic)
    w.set("marker_flush off")
    traffic.flow(0.2)
    check_whole(w, traffic, "switched on")
    check(not traffic.there.late, f"{traffic.there.late} out of order")


def markers_lost(w, end):
    w.tc("B", f"qdisc add dev {end} clsact", f"filter add dev {end} ingress "
         f"protocol all bpf {MARKERS} action drop")


def during_a_flush(w):
    """a1 has joined, a0 is asked and will get no answer."""
    build(w, "bond", 2, "marker_flush on")
    markers_lost(w, "w0")
    traffic = Traffic(w)
    traffic.flow(0.1)
    set_link(w, "a1", True)
    traffic.flow(10, lambda: w.sends("a1"))
    return traffic


def silent_partner_costs_a_tenth_of_a_second(w):
    """And after three times it is asked no more."""
    build(w, "bond", 2, "marker_flush on")
    markers_lost(w, "w0")
    traffic = Traffic(w)
    for n in 1, 2, 3, 3:
        set_link(w, "a1", True)
        traffic.flow(10, lambda: w.sends("a1"))
        traffic.flow(0.4)
        check(w.counter("a0", "marker_lost") == n,
              f"{w.counter('a0', 'marker_lost')} Markers lost, not {n}")
        if n == 1:
            check_whole(w, traffic, "no answer")
            check(not traffic.there.late, f"{traffic.there.late} late")
            traffic = Traffic(w)
        set_link(w, "a1", False)
        traffic.flow(0.5)
    check(sent(w, "a1"), "a1 carries nothing")


def too_much_is_not_held(w):
    """Order is given up rather than frames."""
    traffic = during_a_flush(w)
    for _ in range(40):
        for _ in range(60):
            traffic.there.send()
            traffic.there.take()
        time.sleep(0.001)
    check_whole(w, traffic, "burst")
    check(not w.counter("b0", "drop_held"), "frames were dropped")
    check(not w.counter("a0", "marker_lost"), "waited to the end")


def bond_goes_down_meanwhile(w):
    """What is held then goes, and nothing is left behind."""
    traffic = during_a_flush(w)
    traffic.there.send()
    set_link(w, "b0", False)
    check(w.counter("b0", "drop_held"), "nothing was held")
    set_link(w, "b0", True)
    w.wait(lambda: w.sends("a0") and w.sends("a1"), 15, "LACP does not return")
    traffic.end()
    check(w.ping("10.0.0.2"), "no traffic after that")


def port_is_taken_away_meanwhile(w):
    """The port that is asked, and the one that flows go to."""
    for port in "a0", "a1":
        traffic = during_a_flush(w)
        traffic.there.send()
        set_master(w, port, 0)
        traffic.flow(0.3)
        traffic.end()
        check(w.ping("10.0.0.2"), f"no traffic without {port}")
        check(not w.counter("b0", "drop_held"), "drops")
        w.clear()


def options_change_under_load(w):
    """LACP's that may be set while the bond is up: no frame is lost."""
    build(w, "bond", 2)
    set_link(w, "a1", True)
    w.wait(lambda: agreed(w, "a1"), 15, "a1 does not join")
    flaps = [w.counter(p, "flaps") for p in w.ports]
    traffic = Traffic(w)
    for word, values in (("min_links", (2, 0)), ("lacp_strict", (0, 1)),
                         ("lacp_fallback", (1, 0)), ("marker_flush", (1, 0)),
                         ("lacp_fallback_delay", (0, 5000)),
                         ("lacp_rate", (1, 0)), ("lacp_active", (0, 1)),
                         ("coupled_control", (1, 0)), ("ad_select", (2, 0))):
        for value in values:
            w.a.set("b0", {word: value})
            check(w.a.get("b0")[word] == value, f"{word} is not {value}")
            traffic.flow(1.2)
            check(w.sends("a0") and w.sends("a1"), f"{word} {value}: stopped")
    check_whole(w, traffic, "options")
    check([w.counter(p, "flaps") for p in w.ports] == flaps, "flaps")


def shake(w, rng, bond):
    """One thing that changes who sends what."""
    port = rng.choice(w.ports[1:])
    what = rng.randrange(8)
    if what < 3:
        set_link(w, port, rng.randrange(2))
    elif what < 5:
        set_link(w, port, False)
        set_master(w, port, rng.choice((0, bond)))
        set_link(w, port, True)
    elif what == 5:
        set_link(w, "a0", False)
        set_link(w, "a0", True)
    elif what == 6:
        w.a.set("b0", {"marker_flush": rng.randrange(2)})
    elif not rng.randrange(8):
        set_link(w, "b0", False)
        set_link(w, "b0", True)


def shaken(w):
    """Flushes begin, end, and are cut at any time; then all is as before."""
    build(w, "mlagbond", 4, "marker_flush on rebalance_interval 100")
    w.ip("A", *[f"link set {p} up" for p in w.ports])
    w.tc("A", "qdisc add dev a0 root netem delay 5ms limit 100000")
    bond = w.index(w.a, "b0")
    rng = random.Random(4)
    traffic = Traffic(w)
    for n in range(200):
        shake(w, rng, bond)
        traffic.flow(rng.choice((0.0, 0.003, 0.02, 0.2)))
        if not n % 20:
            traffic.end()
            traffic = Traffic(w)
    traffic.end()
    w.a.set("b0", {"marker_flush": 1})
    for port in w.ports[1:]:
        set_link(w, port, False)
        set_master(w, port, bond)
        set_link(w, port, True)
    w.wait(lambda: all(agreed(w, p) for p in w.ports), 20, "LACP")
    time.sleep(1)
    traffic = Traffic(w)
    traffic.flow(1)
    check_whole(w, traffic, "afterwards")


sys.exit(main([nothing_is_lost, without_flush_there_is_disorder,
               flush_keeps_order, flush_is_switched_on_under_load,
               silent_partner_costs_a_tenth_of_a_second, too_much_is_not_held,
               bond_goes_down_meanwhile, port_is_taken_away_meanwhile,
               options_change_under_load, shaken]))
