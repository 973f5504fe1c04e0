#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What is announced after a fail-over, ours and in-tree bonding's by the same
commands: num_grat_arp (num_unsol_na is the same), resend_igmp, peer_notify_delay.
Exact counts and gaps in milliseconds, which only virtual time has. Prints KTAP.

    announce.py A B

  ns A  b0.5 ── b0 ─┬─ a0 === w0      ns B
                    └─ a1 === w1
"""
import re
import socket
import sys
import time

import announced
from mon import UP, World, check

KINDS = ("bond", "mlagbond")
SENT = [(kind, vlan) for vlan in (0, 5)
        for kind in (announced.ARP, announced.NA, announced.IGMP)]
GROUP = "239.1.2.3"


class Cabled(World):
    """The cables stay: making and cutting them would take longest."""

    def __init__(self, a, b):
        super().__init__(a, b)
        self.cables(2)
        self.ip("B", "link set w0 up", "link set w1 up")

    def clear(self):
        self.a.delete("b0")


def setup(w, kind, **options):
    ack = w.a.set("b0", options, kind)
    check(not ack.err, f"{kind}: {options}: {ack}")


def make_active(w, kind, port):
    setup(w, kind, active_slave=w.index(w.a, port))
    check(w.active() == port, f"{kind}: {port} is not active")


def build(w, kind, options):
    """b0 and a VLAN above it, members of a group, nothing more to say."""
    w.ip("A", f"link add b0 type {kind} {options}", "link set a0 master b0",
         "link set a1 master b0", "link set b0 up",
         "link add link b0 name b0.5 type vlan id 5", "link set b0.5 up",
         *[f"addr add {addr} dev {dev}" for dev, addr in (
             ("b0", "10.0.0.1/24"), ("b0", "fd00::1/64 nodad"),
             ("b0.5", "10.5.0.1/24"), ("b0.5", "fd00::1/64 nodad"))])
    w.becomes(UP, *w.ports)
    w.wait(w.carrier, 3, "no carrier")
    make_active(w, kind, "a0")
    w.members = []      # who closes it leaves
    for addr in "10.0.0.1", "10.5.0.1":
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                        socket.inet_aton(GROUP) + socket.inet_aton(addr))
        w.members.append(sock)
    with announced.Ear(w.ns["B"], "w0") as ear:
        ear.hear(5)
        check(not ear.hear(2), "it does not fall silent")


def fail_over(w, kind, seconds):
    """(ms, kind, VLAN) of what the other port sends then."""
    other = "1" if w.active() == "a0" else "0"
    with announced.Ear(w.ns["B"], "w" + other) as ear:
        make_active(w, kind, "a" + other)
        return ear.hear(seconds)


def count(heard, what, vlan):
    return sum((k, v) == (what, vlan) for _, k, v in heard)


def counts_are(heard, peers, igmp, name):
    for what, vlan in SENT:
        want = igmp if what == announced.IGMP else peers
        got = count(heard, what, vlan)
        check(got == want, f"{name}: {got} {what} in VLAN {vlan}, not {want}")


def gaps_are(heard, what, want, polls, name):
    """
    A timer is a tick of 10 ms late. bonding counts polls, and its first one
    after the fail-over comes when it would have come without.
    """
    limit = want + 10 * max(polls, 1) + 15
    for vlan in 0, 5:
        times = [ms for ms, k, v in heard if (k, v) == (what, vlan)]
        gaps = [round(b - a) for a, b in zip(times, times[1:])]
        print(f"# {name}: {what} in VLAN {vlan}: {gaps} ms")
        check(gaps and max(gaps) <= limit and
              min(gaps[polls > 0:]) >= want * 0.95,
              f"{name}: {what} {gaps} ms apart, not {want}")


def numbers(w, mode, peers):
    """None, and several; the defaults are not what is asked for."""
    for kind in KINDS:
        build(w, kind, f"mode {mode} miimon 50")
        setup(w, kind, num_grat_arp=0, resend_igmp=0)
        counts_are(fail_over(w, kind, 3), 0, 0, f"{kind}, none")
        setup(w, kind, num_grat_arp=7, resend_igmp=4)
        heard = fail_over(w, kind, 5)
        counts_are(heard, peers and 7, 4, f"{kind}, 7 and 4")
        gaps_are(heard, announced.IGMP, 200, 0, f"{kind} {mode}")
        w.clear()


def active_backup(w):
    numbers(w, "active-backup", True)


def balance_tlb(w):
    numbers(w, "balance-tlb", False)


def balance_alb(w):
    numbers(w, "balance-alb", False)


# miimon, peer_notify_delay, what it reads, ms from one to the next
DELAYS = ((100, 0, 0, 100), (100, 250, 200, 200), (100, 500, 500, 500),
          (30, 100, 90, 90), (30, 0, 0, 30))


def peer_notify_delay(w):
    for kind in KINDS:
        build(w, kind, "mode active-backup miimon 100 num_grat_arp 4")
        for miimon, delay, reads, gap in DELAYS:
            name = f"{kind}, miimon {miimon}, delay {delay}"
            setup(w, kind, peer_notify_delay=0)
            setup(w, kind, miimon=miimon)
            setup(w, kind, peer_notify_delay=delay)
            got = w.a.get("b0")["peer_notify_delay"]
            check(got == reads, f"{name} reads {got}")
            heard = fail_over(w, kind, 4)
            counts_are(heard, 4, 1, name)
            polls = gap // miimon if kind == "bond" else 0
            gaps_are(heard, announced.ARP, gap, polls, name)
            gaps_are(heard, announced.NA, gap, polls, name)
        w.clear()


def without_miimon(w):
    """Nothing polls, and the default of miimon is the distance."""
    build(w, "mlagbond", "mode active-backup miimon 0 num_grat_arp 4")
    heard = fail_over(w, "mlagbond", 2)
    counts_are(heard, 4, 1, "miimon 0")
    gaps_are(heard, announced.ARP, 100, 0, "miimon 0")


def burst_starts_anew(w):
    """A second fail-over ends the announcements of the first."""
    build(w, "mlagbond", "mode active-backup miimon 100 num_grat_arp 4 "
          "peer_notify_delay 500 resend_igmp 1")
    fail_over(w, "mlagbond", 0.7)
    counts_are(fail_over(w, "mlagbond", 4), 4, 1, "second")


def switches():
    """Context switches since boot."""
    with open("/proc/stat", encoding="ascii") as text:
        return int(re.search(r"^ctxt (\d+)$", text.read(), re.M)[1])


def rests_without_carrier(w):
    """A burst that cannot go on waits for the carrier, not for the clock."""
    build(w, "mlagbond", "mode active-backup miimon 0 num_grat_arp 100")
    fail_over(w, "mlagbond", 0.3)
    w.ip("B", "link set w0 down", "link set w1 down")
    w.wait(lambda: not w.carrier(), 3, "carrier without ports")
    time.sleep(1)
    before = switches()
    time.sleep(10)
    busy = switches() - before
    print(f"# {busy} context switches in 10 s")
    check(busy < 700, f"{busy} context switches in 10 s")
    w.ip("B", "link set w1 up")
    with announced.Ear(w.ns["B"], "w1") as ear:
        heard = ear.hear(3)
    check(count(heard, announced.ARP, 0) > 1, "announces nothing when carrier is back")
    w.ip("B", "link set w0 up")


if __name__ == "__main__":
    sys.exit(Cabled(*sys.argv[1:3]).run((
        active_backup,
        balance_tlb,
        balance_alb,
        peer_notify_delay,
        without_miimon,
        burst_starts_anew,
        rests_without_carrier,
    )))
