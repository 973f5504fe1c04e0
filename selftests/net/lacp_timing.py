#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""LACP in time: a partner played on a socket, and bonding as one. How soon a
LACPDU is answered, when a partner that has fallen silent is given up, what a
fault of one direction does, and what LACPDUs that nobody may send do not do.
In virtual time, where a millisecond is one. Topology: mon.py. Prints KTAP.

    lacp_timing.py A B
"""
import json
import select
import socket
import struct
import subprocess
import sys
import time

from mon import ETH_P_ALL, check, main, nl

GROUP = bytes.fromhex("0180c2000002")
ACTIVITY, FAST, AGG, SYNC, COLL, DIST = 1, 2, 4, 8, 16, 32
UP = ACTIVITY | FAST | AGG | SYNC | COLL | DIST
SYSTEM = b"\2\0\0\0\0\x77"


class Info:
    """One side of a LACPDU."""

    def __init__(self, data=bytes(20)):
        (self.prio, self.system, self.key, self.port_prio, self.port,
         self.state) = struct.unpack("!2xH6sHHHB3x", data)

    def bytes(self, kind):
        return struct.pack("!BBH6sHHHB3x", kind, 20, self.prio, self.system,
                           self.key, self.port_prio, self.port, self.state)


class Partner:
    """Speaks LACP at the far end of a port, as often as it is told to."""

    def __init__(self, w, end, state=UP):
        nl.unshare_to(w.ns["B"])
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self.sock.bind((end, ETH_P_ALL))
        nl.unshare_to(w.ns["A"])
        self.mac = self.sock.getsockname()[4]
        self.me, self.they = Info(), Info()
        self.me.system, self.me.key, self.me.port = SYSTEM, 15, 1
        self.me.prio = self.me.port_prio = 255
        self.me.state = state
        self.heard = []     # when they sent LACPDUs
        self.data = 0.0     # when they sent a frame that was none
        self.said = 0.0

    def pdu(self):
        return (b"\1\1" + self.me.bytes(1) + self.they.bytes(2) + b"\3\x10" +
                bytes(14 + 52))

    def say(self, pdu=None, dst=GROUP, src=None):
        self.sock.send(dst + (src or self.mac) + b"\x88\x09" +
                       (pdu or self.pdu()))
        self.said = time.monotonic()

    def hear(self, seconds):
        """Until a LACPDU comes; True if one has."""
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            if left < 0 or not select.select([self.sock], [], [], left)[0]:
                return False
            frame, addr = self.sock.recvfrom(2048)
            if addr[2] == socket.PACKET_OUTGOING:
                continue
            if frame[12:16] != b"\x88\x09\1\1":
                self.data = time.monotonic()
                continue
            self.they = Info(frame[16:36])
            self.heard.append(time.monotonic())
            return True

    def talk(self, seconds, until=lambda: False):
        """Answers, and repeats itself each second."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not until():
            if self.hear(min(end, self.said + 1) - time.monotonic()):
                self.say()
            elif time.monotonic() >= self.said + 1:
                self.say()


def alone(w, options):
    """Our bond with one port, and a partner there."""
    w.cables(1)
    w.ip("B", "link set w0 up")
    w.bond("A", "b0", "mlagbond", f"mode 802.3ad {options}", w.ports,
           "10.0.0.1/24")
    p = Partner(w, "w0")
    p.talk(10, lambda: w.sends("a0"))
    check(w.sends("a0"), "LACP")
    return p


def answer_within_a_millisecond(w):
    """Every event that calls for a LACPDU, below the rate limit."""
    p = alone(w, "lacp_rate slow")
    worst = 0
    for n in range(20):
        p.talk(2)
        p.me.state ^= SYNC
        p.say()
        check(p.hear(0.9), "no answer")
        took = (p.heard[-1] - p.said) * 1000
        worst = max(worst, took)
        check(took <= 1, f"{n}: answer after {took:.3f} ms")
    print(f"# answered after {worst:.3f} ms at most")


def never_more_than_three_a_second(w):
    p = alone(w, "lacp_rate fast")
    p.heard = []
    end = time.monotonic() + 20
    while time.monotonic() < end:
        p.me.state ^= SYNC
        p.say()
        p.hear(0.01)
    check(len(p.heard) > 40, f"{len(p.heard)} LACPDUs in 20 s")
    for first, fourth in zip(p.heard, p.heard[3:]):
        check(fourth - first > 0.998, f"four in {fourth - first:.3f} s")


def periods(w):
    """A second or 30, a little less, and not always the same."""
    for state, period, count in (UP, 1, 30), (UP & ~FAST, 30, 12):
        p = alone(w, "lacp_rate slow")
        p.me.state = state
        p.talk(35)
        p.say()
        p.hear(2)
        seen = []
        for _ in range(count):
            start = time.monotonic()
            check(p.hear(31), "silence")
            seen.append((p.heard[-1] - start) * 1000)
            p.said = time.monotonic()
            if state & FAST or len(seen) % 2:
                p.say()
        seen = seen[1:]
        print(f"# period {period} s: {min(seen):.0f} to {max(seen):.0f} ms")
        check(max(seen) <= period * 1000 + 1, "late")
        check(min(seen) >= period * 1000 * 31 / 32 - 1, "early")
        check(max(seen) - min(seen) > period * 5, "in step")
        w.clear()


def send_until_it_ends(w, p, seconds):
    """Data each millisecond; when the last one left by the port."""
    nl.unshare_to(w.ns["A"])
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    sock.bind(("b0", 0))
    frame = b"\2\0\0\0\0\x55" + b"\2\0\0\0\0\x66" + b"\x88\xb5" + bytes(46)
    end = time.monotonic() + seconds
    while time.monotonic() < end and time.monotonic() - p.data < 0.5:
        try:
            sock.send(frame)
        except OSError:     # the bond has lost its carrier
            pass
        p.hear(0.001)
    sock.close()
    return p.data


def given_up_in_time(w):
    """The link stays: traffic leaves the port when its time is over, exactly."""
    for rate, seconds in ("fast", 3), ("slow", 90):
        p = alone(w, f"lacp_rate {rate}")
        p.talk(3)
        p.say()
        p.data = said = p.said
        took = send_until_it_ends(w, p, seconds + 2) - said
        print(f"# {rate}: the last frame {took * 1000:.0f} ms after the last "
              "LACPDU")
        check(seconds - 0.003 <= took <= seconds + 0.001,
              f"{rate}: {took:.4f} s")
        check(not w.carrier(), f"{rate}: carrier without a partner")
        w.clear()


def lacp_lost(w, end):
    w.tc("A", f"qdisc add dev {end} clsact", f"filter add dev {end} ingress "
         "protocol 0x8809 matchall action drop")


def one_way_fault(w):
    """Their LACPDUs no longer come; ours do, and say so. One flap, not two."""
    for kind in "mlagbond", "bond":
        w.cables(2)
        far = "miimon 100" if kind == "bond" else ""
        w.bond("B", "bb", kind, f"mode 802.3ad lacp_rate fast {far}",
               ("w0", "w1"), "10.0.0.2/24")
        w.bond("A", "b0", "mlagbond", "mode 802.3ad lacp_rate fast",
               w.ports, "10.0.0.1/24")
        w.wait(lambda: all(w.slave(p).get(8, b"")[:1] == b"\x3f"
                           for p in w.ports), 20, "LACP")
        time.sleep(3)
        flaps = [w.counter(p, "flaps") for p in w.ports]
        lacp_lost(w, "a0")
        took = w.wait(lambda: not w.sends("a0"), 4, f"{kind}: not noticed")
        check(1900 <= took <= 3010, f"{kind}: noticed after {took:.0f} ms")
        time.sleep(0.15)
        check(w.ping("10.0.0.2"), f"{kind}: the other port carries nothing")
        time.sleep(60)
        w.tc("A", "qdisc del dev a0 clsact")
        w.wait(lambda: w.sends("a0"), 10, f"{kind}: does not come back")
        time.sleep(20)
        now = [w.counter(p, "flaps") for p in w.ports]
        check(now == [flaps[0] + 1, flaps[1]], f"{kind}: flaps {now}, "
              f"before {flaps}")
        w.clear()


def illegal(p):
    """What is sent, and the counter that shows it."""
    good = p.pdu()

    def changed(at, value):
        return good[:at] + bytes([value]) + good[at + 1:]

    version2 = b"\1\2" + good[2:58]
    return (
        ("short", good[:40], "illegal_length"),
        ("one byte short", good[:-1], "illegal_length"),
        ("only a subtype", b"\1", "illegal_length"),
        ("subtype 0", changed(0, 0), "illegal_subtype"),
        ("version 0", changed(1, 0), "illegal_version"),
        ("actor of another type", changed(2, 9), "illegal_tlv"),
        ("actor of 19 bytes", changed(3, 19), "illegal_tlv"),
        ("partner of 255 bytes", changed(23, 255), "illegal_tlv"),
        ("collector of no bytes", changed(43, 0), "illegal_tlv"),
        ("no terminator", changed(58, 4), "illegal_tlv"),
        ("version 2 without end", version2 + b"\4\x34" + bytes(50),
         "illegal_tlv"),
        ("version 2, TLV of one byte", version2 + b"\4\1" + bytes(50),
         "illegal_tlv"),
        ("system zero", good[:6] + bytes(6) + good[12:], "illegal_system"),
        ("system of a group", changed(6, 3), "illegal_system"),
        ("Marker of type 3", b"\2\1\3\x10" + bytes(106), "illegal_marker"),
        ("Marker of 15 bytes", b"\2\1\1\x0f" + bytes(106), "illegal_tlv"),
    )


def counters(w):
    run = subprocess.run(["mlagctl", "-n", w.ns["A"], "-j", "counters", "b0"],
                         check=True, capture_output=True)
    rows = {row["device"]: row["counters"] for row in json.loads(run.stdout)}
    return rows["a0"]


def gained(w, before):
    now = counters(w)
    return {n: now[n] - before[n] for n in now
            if n.startswith(("illegal_", "loopback")) and now[n] != before[n]}


def illegal_ones_change_nothing(w):
    p = alone(w, "lacp_rate slow")
    p.talk(2)
    start = counters(w)
    for what, pdu, name in illegal(p):
        before = counters(w)
        p.say(pdu)
        got = gained(w, before)
        check(got == {name: 1, "illegal_rx": 1}, f"{what}: {got}")
        check(w.sends("a0"), f"{what}: the port has stopped")
    for what, src in ("a group", b"\3\0\0\0\0\1"), ("us", p_address(w)):
        before = counters(w)
        p.say(src=src)
        got = gained(w, before)
        check(got == {"illegal_source": 1, "illegal_rx": 1},
              f"from {what}: {got}")
    ours = Info(p.they.bytes(1))
    before = counters(w)
    p.me, kept = ours, p.me
    p.say()
    p.me = kept
    check(gained(w, before) == {"loopback_rx": 1}, "our own LACPDU")
    now = counters(w)
    for name in "partner_changes", "flaps", "sync_lost", "lacpdu_rx":
        check(now[name] - start[name] == (name == "lacpdu_rx"),
              f"{name}: {now[name]}, before {start[name]}")


def p_address(w):
    """That of the port, under which its LACPDUs leave."""
    return w.attr("a0", 1)


def later_versions_are_heard(w):
    """With longer TLVs, further TLVs, and longer than a frame of version 1."""
    p = alone(w, "lacp_rate fast")
    good = p.pdu()
    longer = (b"\1\2" + good[2:58] + b"\4\x06" + bytes(4) + b"\5\xfe" +
              bytes(252) + b"\6\xfe" + bytes(252) + bytes(52))
    fields = (b"\1\3\1\x18" + good[4:22] + bytes(4) + b"\2\x16" +
              good[24:42] + bytes(2) + b"\3\x12" + bytes(16) + bytes(52))
    for what, pdu, unknown in (("further TLVs", longer, 3),
                               ("longer TLVs", fields, 0)):
        before = counters(w)
        p.talk(1)
        end = time.monotonic() + 8
        while time.monotonic() < end:
            p.say(pdu)
            p.hear(0.9)
        now = counters(w)
        check(w.sends("a0"), f"{what}: given up")
        check(now["illegal_rx"] == before["illegal_rx"], f"{what}: illegal")
        check((now["unknown_tlvs"] > before["unknown_tlvs"]) == bool(unknown),
              f"{what}: unknown_tlvs {now['unknown_tlvs']}")
        check(now["flaps"] == before["flaps"], f"{what}: flaps")


sys.exit(main([answer_within_a_millisecond, never_more_than_three_a_second,
               periods, given_up_in_time, one_way_fault,
               illegal_ones_change_nothing, later_versions_are_heard]))
