#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Speed and duplex that ethtool shows of a bond: what follows from those of its
ports, beside in-tree bonding's. Ports are taps, whose speed can be set. Prints
KTAP.

    ethtool_speed.py A B

  ns A   mlagbond ours { o0 o1 } === { t0 t1 } theirs bond
"""
import sys
import time

import nl
from mon import SLAVE_DATA, UP, check, main
from mlagbond import IFLA_MASTER, RTM_NEWLINK
from tapdev import FULL, HALF, NO_SPEED, UNKNOWN, Cables, TapDevice, settings

KINDS = (("bond", "theirs", "t"), ("mlagbond", "ours", "o"))
RR, AB, XOR, BROADCAST, AD, TLB, ALB = range(7)
NAMES = ("balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad",
         "balance-tlb", "balance-alb")
NOTHING = (NO_SPEED, UNKNOWN)

# ports; where each sends its share, where each sends all, where one sends
CASES = (
    ("two alike", ((1000, FULL), (1000, FULL)),
     (2000, FULL), (1000, FULL), (1000, FULL)),
    ("mixed speeds", ((1000, FULL), (100, FULL)),
     (1100, FULL), (100, FULL), (1000, FULL)),
    ("mixed speeds, the other way", ((100, FULL), (100000, FULL)),
     (100100, FULL), (100, FULL), (100, FULL)),
    ("half duplex", ((100, HALF), (100, HALF)),
     (200, HALF), (100, HALF), (100, HALF)),
    ("half duplex first", ((100, HALF), (1000, FULL)),
     (1100, HALF), (100, HALF), (100, HALF)),
    ("half duplex second", ((1000, FULL), (100, HALF)),
     (1100, FULL), (100, FULL), (1000, FULL)),
    ("first unknown", (NOTHING, (100, HALF)),
     (100, HALF), (100, HALF), NOTHING),
    ("second unknown", ((100, FULL), NOTHING),
     (100, FULL), (100, FULL), (100, FULL)),
    ("both unknown", (NOTHING, NOTHING), NOTHING, NOTHING, NOTHING),
    ("no speed at all", ((0, FULL), (100, HALF)),
     (100, HALF), (100, HALF), NOTHING),
    ("speed without duplex", ((1000, UNKNOWN), (100, FULL)),
     (100, FULL), (100, FULL), NOTHING),
    ("duplex without speed", ((NO_SPEED, HALF), (100, FULL)),
     (100, FULL), (100, FULL), NOTHING),
)


class Pair:
    """A bond of each kind, with a tap for each end of each cable."""

    def __init__(self, w, mode, ports=2, **options):
        self.w, self.mode, self.cables = w, mode, None
        self.taps = {name: [TapDevice(f"{letter}{i}") for i in range(ports)]
                     for _, name, letter in KINDS}
        for kind, name, _ in KINDS:
            ack = w.a.add(name, {"mode": mode, "miimon": 50, **options}, kind)
            check(not ack.err, f"{name}: {ack}")
            self.flags(name, 1)
        if mode == AD:
            self.cables = Cables(zip(*self.taps.values()))

    def flags(self, name, up):
        self.w.ip("A", f"link set {name} {'up' if up else 'down'}")

    def master(self, tap, index):
        ack = self.w.a.request(RTM_NEWLINK, tap.name,
                               [nl.u32(IFLA_MASTER, index)])[1]
        check(not ack.err, f"master of {tap.name}: {ack}")

    def attach(self, *ports):
        """Taps of these speeds; whoever is a port already is one anew."""
        for name, taps in self.taps.items():
            index = self.w.index(self.w.a, name)
            for tap, port in zip(taps, ports):
                if self.w.a.info(tap.name, SLAVE_DATA):
                    self.master(tap, 0)
                tap.speed(*port)
                self.master(tap, index)
            self.w.becomes(UP, *[tap.name for tap in taps])

    def change(self, *ports):
        """Other speeds, and nobody is told."""
        for taps in self.taps.values():
            for tap, port in zip(taps, ports):
                tap.speed(*port)

    def shows(self, name, want, what):
        """At once, but that LACP takes its time to agree."""
        end = time.monotonic() + (20 if self.mode == AD else 1)
        while settings(name) != want and time.monotonic() < end:
            time.sleep(0.05)
        check(settings(name) == want, f"{NAMES[self.mode]}, {what}: {name} "
              f"{settings(name)}, not {want}")

    def both_show(self, want, what):
        for name in self.taps:
            self.shows(name, want, what)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.cables:
            self.cables.close()
        for name, taps in self.taps.items():
            for tap in taps:
                tap.close()
            self.w.a.delete(name)


def in_mode(mode, column):
    def test(w):
        with Pair(w, mode) as pair:
            pair.both_show(NOTHING, "no port")
            for what, ports, *want in CASES:
                pair.attach(*ports)
                pair.both_show(want[column], what)
    test.__name__ = NAMES[mode]
    return test


def lacp(w):
    """Of the aggregator that carries the traffic."""
    with Pair(w, AD, lacp_rate=1, ad_select=1) as pair:
        pair.attach((1000, FULL), (1000, FULL))
        pair.both_show((2000, FULL), "two alike")
        pair.attach((100, FULL), (1000, FULL))
        pair.both_show((1000, FULL), "mixed speeds")
        pair.attach((100, HALF), (1000, FULL))
        pair.both_show((1000, FULL), "half duplex")
        pair.attach(NOTHING, NOTHING)
        pair.both_show(NOTHING, "both unknown")


def read_anew(w):
    """Devices are asked, whether or not they told of a change. In-tree bonding
    does so since 6.8."""
    for mode, before, after in ((RR, 2000, 2600), (BROADCAST, 1000, 100),
                                (AB, 1000, 2500), (AD, 2000, 5000)):
        options = {"lacp_rate": 1} if mode == AD else {}
        with Pair(w, mode, **options) as pair:
            pair.attach((1000, FULL), (1000, FULL))
            pair.both_show((before, FULL), "before the change")
            pair.change((2500, FULL), (2500 if mode == AD else 100, FULL))
            check(settings("ours") == (after, FULL), f"{NAMES[mode]}: "
                  f"{settings('ours')}, not {after}")
            theirs = settings("theirs")
            check(theirs in ((before, FULL), (after, FULL)),
                  f"{NAMES[mode]}: theirs {theirs}")


if __name__ == "__main__":
    sys.exit(main((*[in_mode(mode, 0) for mode in (RR, XOR, TLB, ALB)],
                   in_mode(BROADCAST, 1), in_mode(AB, 2), lacp, read_anew)))
