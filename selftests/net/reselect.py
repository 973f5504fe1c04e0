#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Does a port come back that lost its link? primary_reselect with ports of
different speeds or priorities, in-tree bonding's beside ours, in active-backup
and balance-alb. Ports are taps, whose speed can be set, and dummies, which do
not know theirs. Prints KTAP.

    reselect.py A B
"""
import sys
import time

import nl
from mon import DOWN, UP, check, main
from mlagbond import RTM_NEWLINK
from tapdev import FULL, HALF, TapDevice

KINDS = ("bond", "mlagbond")
MODES = ("active-backup", "balance-alb")
BOTH = [(mode, kind) for mode in MODES for kind in KINDS]
IFLA_CARRIER = 33


class Bond:
    """b0 and its ports, of one kind after the other."""

    def __init__(self, w, kind, reselect, mode="active-backup"):
        self.w, self.kind, self.taps = w, kind, {}
        self.what = f"{kind} {mode} {reselect}"
        w.ports, w.names = [], {}
        w.ip("A", f"link add b0 type {kind} mode {mode} miimon 50 "
             f"primary_reselect {reselect}", "link set b0 up")

    def attach(self, name):
        self.w.ports.append(name)
        self.w.names[self.w.index(self.w.a, name)] = name
        self.w.a.request(RTM_NEWLINK, name, [
            nl.u32(10, self.w.index(self.w.a, "b0"))])
        self.w.becomes(UP, name)

    def tap(self, name, speed, duplex):
        self.taps[name] = TapDevice(name)
        self.taps[name].speed(speed, duplex)
        self.attach(name)

    def dummy(self, name):
        self.w.a.add(name, kind="dummy")
        self.attach(name)

    def set(self, word, name):
        ack = self.w.a.set("b0", {word: self.w.index(self.w.a, name)},
                           self.kind)
        check(not ack.err, f"{self.what}: {word} {name}: {ack}")

    def prio(self, name, number):
        ack = self.w.a.set_port(name, {"prio": number}, self.kind)
        check(not ack.err, f"{self.what}: prio of {name}: {ack}")

    def carrier(self, name, on):
        self.w.a.request(RTM_NEWLINK, name, [nl.u8(IFLA_CARRIER, on)])
        self.w.becomes(UP if on else DOWN, name)

    def active(self, name, what):
        self.w.wait(lambda: self.w.active() == name, 2,
                    f"{self.what}: {what}: {self.w.active()}, not {name}")

    def stays(self, name, what):
        time.sleep(0.2)
        check(self.w.active() == name,
              f"{self.what}: {what}: {self.w.active()}, not {name}")

    def comes_back(self, name, other, comes, what):
        """The primary loses its link, the other one gets to work."""
        self.set("primary", name)
        self.set("active_slave", name)
        self.active(name, "active to begin with")
        self.carrier(name, 0)
        self.set("active_slave", other)
        self.active(other, "active without the primary")
        self.has_link_again(name, other, comes, what)

    def has_link_again(self, name, other, comes, what):
        self.carrier(name, 1)
        if comes:
            self.active(name, what)
        else:
            self.stays(other, what)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for tap in self.taps.values():
            tap.close()
        for name in self.w.ports:
            self.w.a.delete(name)
        self.w.a.delete("b0")


def better(w):
    for mode, kind in BOTH:
        with Bond(w, kind, "better", mode) as b:
            b.tap("slow", 100, FULL)
            b.tap("fast", 1000, FULL)
            b.tap("half", 1000, HALF)
            b.comes_back("fast", "slow", True, "faster")
            b.comes_back("slow", "fast", False, "slower")
            b.comes_back("half", "fast", False, "half duplex")
            b.comes_back("fast", "half", True, "full duplex")
            b.taps["slow"].speed(1000, FULL)
            b.comes_back("slow", "fast", False, "read anew, as fast")
            b.taps["slow"].speed(10000, FULL)
            b.comes_back("slow", "fast", True, "read anew, faster")


def better_than_unknown(w):
    """Ours takes it for the lowest, bonding for the highest."""
    for kind in KINDS:
        with Bond(w, kind, "better") as b:
            b.tap("slow", 100, FULL)
            b.dummy("dumb")
            b.comes_back("slow", "dumb", kind == "mlagbond", "known")
            b.comes_back("dumb", "slow", kind == "bond", "unknown")


def always_and_failure(w):
    """Speeds are of no account."""
    for mode, kind in BOTH:
        for reselect, comes in (("always", True), ("failure", False)):
            with Bond(w, kind, reselect, mode) as b:
                b.tap("slow", 100, FULL)
                b.tap("fast", 1000, FULL)
                b.comes_back("slow", "fast", comes, "slower")
                b.comes_back("fast", "slow", comes, "faster")


def prio(w):
    """Who has most is like a primary; of the others it is who has more."""
    for mode, kind in BOTH:
        for reselect, comes in (("always", True), ("better", False),
                                ("failure", False)):
            with Bond(w, kind, reselect, mode) as b:
                for name, number in (("low", 1), ("high", 3), ("middle", 2)):
                    b.tap(name, 1000, FULL)
                    b.prio(name, number)
                b.set("active_slave", "high")
                b.active("high", "active by hand")
                b.carrier("high", 0)
                b.active("middle", "the best one lost")
                b.has_link_again("high", "middle", comes, "the best one back")


if __name__ == "__main__":
    sys.exit(main((better, better_than_unknown, always_and_failure, prio)))
