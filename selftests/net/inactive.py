#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A port that has a carrier and is not used: its updelay runs, the ARP monitor
holds it down, another one is active, or it is in no aggregate. What is sent
there, and who hears what comes in: sockets bound to the port, to the bond and
to nothing. In-tree bonding's and ours in turn; where they differ is in OURS.
Topology: mon.py. Prints KTAP.

    inactive.py A B
"""
import socket
import sys
import time

from mon import BACK, DOWN, UP, check, main, nl

KINDS = ("bond", "mlagbond")
EQUAL = ("balance-rr", "balance-xor", "broadcast")
PRIMARY = ("active-backup", "balance-tlb", "balance-alb")
PROBES = "miimon 0 arp_interval 100 arp_ip_target 10.0.0.2 arp_validate all"
FRAMES = 32
LLDP, TEST = 0x88cc, 0x88b5
EVERYBODY, STATIONS = b"\xff" * 6, bytes.fromhex("0180c200000e")
EARS = ("a1", "b0", "")
# who hears it with us, where bonding takes it for the bond's: the port has
# another address
OURS = {("balance-alb", "bond"): ("a1",)}


def listen(proto, name):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                         socket.htons(proto))
    if name:
        sock.bind((name, proto))
    sock.setblocking(False)
    return sock


def count(sock, proto):
    """Frames of a test that came in; the others are thrown away."""
    found = 0
    try:
        while True:
            frame, addr = sock.recvfrom(2048)
            found += addr[2] != socket.PACKET_OUTGOING and \
                frame[12:14] == proto.to_bytes(2, "big")
    except BlockingIOError:
        return found


def whole(dst, proto, src=b"\2\0\0\0\0\x77"):
    return dst + src + proto.to_bytes(2, "big") + bytes(46)


def heard(w, end):
    """Who hears one frame of each sort that comes in by a1."""
    frames = {"lldp": (STATIONS, LLDP), "all": (EVERYBODY, TEST),
              "bond": (w.attr("b0", 1), TEST), "port": (w.attr("a1", 1), TEST)}
    result = {}
    for what, (dst, proto) in frames.items():
        socks = {ear: listen(proto, ear) for ear in EARS}
        end.send(whole(dst, proto))
        time.sleep(0.02)
        for ear, sock in socks.items():
            result.setdefault(what, []).extend(
                [ear] * count(sock, proto))
            sock.close()
    return result


def sent(w, ends):
    """Which of the ports sends, and how many frames in all."""
    for end in ends:
        count(end, TEST)
    sock = listen(0, "b0")
    for n in range(FRAMES):
        sock.send(whole(b"\2\0\0\0\1" + bytes([n]), TEST, w.attr("b0", 1)))
    sock.close()
    time.sleep(0.02)
    got = [count(end, TEST) for end in ends]
    return [bool(n) for n in got], sum(got)


def look(w, state):
    """What there is to see; the port is in the state all the while."""
    ends = w.far_ends()
    check(w.link("a1") == state, f"a1 is {w.link('a1')}, not {state}")
    result = heard(w, ends[1]), sent(w, ends)
    check(w.link("a1") == state, f"a1 became {w.link('a1')}")
    for end in ends:
        end.close()
    return result


def same_ears(mode, theirs, ours):
    for what, ears in theirs.items():
        want = list(OURS.get((mode, what), ears))
        check("a1" in ears, f"bonding {mode}: {what} is lost")
        check(ours[what] == want, f"{mode}: {what} is heard by {ours[what]}, "
              f"not {want}; bonding: {ears}")


def compare(w, mode, *steps):
    """Both, after each step; a1 sends nothing, nor do frames get lost."""
    seen = {}
    for kind in KINDS:
        seen[kind] = []
        for step, state in steps:
            step(w, kind, mode)
            ears, did = look(w, state)
            check(did == ([True, False], FRAMES), f"{kind} {mode}, "
                  f"{step.__name__}: who sent, how many: {did}")
            seen[kind].append(ears)
        w.clear()
    for theirs, ours in zip(*seen.values()):
        same_ears(mode, theirs, ours)


def direct(w, kind, mode):
    w.cables(2)
    w.ip("B", "link set w0 up", "link set w1 up")
    w.bond("A", "b0", kind, f"mode {mode} miimon 50", w.ports, "10.0.0.1/24")
    w.becomes(UP, *w.ports)
    if mode in PRIMARY:
        w.set("active_slave a0", kind)


def aggregate(w, kind, mode):
    w.cables(2)
    w.bond("B", "bb", "bond", "mode 802.3ad miimon 50 lacp_rate fast",
           ("w0", "w1"))
    w.bond("A", "b0", kind, f"mode {mode} miimon 50 lacp_rate fast", w.ports,
           "10.0.0.1/24")
    w.wait(lambda: all(w.sends(p) for p in w.ports), 30, f"{kind}: LACP")


def link_returns(w, kind, _):
    w.ip("B", "link set w1 down")
    w.becomes(DOWN, "a1")
    w.set("updelay 60000", kind)
    w.ip("B", "link set w1 up")
    w.becomes(BACK, "a1")


def and_link_returns(w, kind, mode):
    (aggregate if mode == "802.3ad" else direct)(w, kind, mode)
    link_returns(w, kind, mode)


def probes_unanswered(w, kind, mode):
    w.on_switch(kind, 2, f"mode {mode} {PROBES}")
    w.becomes(UP, *w.ports, seconds=5)
    if mode in PRIMARY:
        w.set("active_slave a0", kind)
    w.cut(1)
    w.becomes(DOWN, "a1", seconds=5)


def without_partner(w, kind, mode):
    aggregate(w, kind, mode)
    w.master("w1", 0)
    w.ip("B", "link set w1 up")
    w.wait(lambda: not w.sends("a1"), 20, f"{kind}: a1 still sends")
    w.becomes(UP, "a1")


def no_favourite(w):
    for mode in EQUAL:
        compare(w, mode, (and_link_returns, BACK))


def held_down_by_the_arp_monitor(w):
    for mode in (*EQUAL, "active-backup"):
        compare(w, mode, (probes_unanswered, DOWN))


def another_one_is_active(w):
    for mode in PRIMARY:
        compare(w, mode, (direct, UP), (link_returns, BACK))


def in_no_aggregate(w):
    compare(w, "802.3ad", (without_partner, UP))
    compare(w, "802.3ad", (and_link_returns, BACK))


sys.exit(main((no_favourite, held_down_by_the_arp_monitor,
               another_one_is_active, in_no_aggregate)))
