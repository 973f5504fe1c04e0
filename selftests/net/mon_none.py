#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""bonding's defaults: neither poll nor events, so a port has link as long as
it is set up, or as ARP alone says. The same commands for bonding and for
mlagbond. Topology: mon.py. Prints KTAP.

    mon_none.py A B
"""
import sys

from mon import DOWN, MODES, TARGETS, UP, check, main

# where it would be switched on by itself
POLLED = ("802.3ad", "balance-tlb", "balance-alb")
ASK = "arp_interval 100 arp_ip_target 10.0.0.2"


def dark(w, kind, options):
    """Ports whose far ends come up later."""
    w.cables(2)
    w.ip("B", "link add br0 type bridge", "link set br0 up",
         *[f"link set w{i} master br0" for i in range(2)])
    w.addr("add", "B", "br0", *TARGETS)
    w.bond("A", "b0", kind, options, w.ports, "10.0.0.1/24", "fd00::1/64")


def light(w):
    w.ip("B", *[f"link set w{i} up" for i in range(2)])


def carries(w, kind, mode):
    # bonding has read no speed and never finds a partner there
    if (kind, mode) != ("bond", "802.3ad"):
        w.wait(lambda: w.ping("10.0.0.2"), 5, f"{kind} {mode}: no traffic")


def life(w, kind, mode):
    """What a port goes through; its states."""
    poll = " miimon 0" if mode in POLLED else ""
    dark(w, kind, f"mode {mode}{poll}")
    seen = [(w.link("a0"), w.link("a1"))]
    light(w)
    carries(w, kind, mode)
    w.ip("A", "link set a0 down")
    seen.append((w.link("a0"), w.link("a1")))
    w.ip("A", "link set a0 up")
    seen.append((w.link("a0"), w.link("a1")))
    w.ip("A", "link set a1 down")
    carries(w, kind, mode)
    w.clear()
    return seen


def carrier_later_and_set_down_and_up(w):
    for mode in MODES:
        both = [life(w, kind, mode) for kind in ("bond", "mlagbond")]
        # bonding does not even mind a port that was set down
        check(both[0] == [(UP, UP)] * 3, f"bonding, {mode}: {both[0]}")
        check(both[1] == [(UP, UP), (DOWN, UP), (UP, UP)],
              f"{mode}: {both[1]}")


def answers(w, kind, mode, poll):
    """ARP alone decides, and does not mind when the carrier came."""
    dark(w, kind, f"mode {mode}{poll} {ASK}")
    light(w)
    w.becomes(UP, "a0", "a1", seconds=5)
    w.wait(lambda: w.ping("10.0.0.2"), 5, f"{kind} {mode}: no traffic")
    w.ip("A", "link set a0 down", "link set a0 up")
    w.becomes(UP, "a0", seconds=5)
    w.cut(0)
    w.becomes(DOWN, "a0", seconds=5)
    w.mend(0)
    w.becomes(UP, "a0", seconds=5)
    w.wait(lambda: w.ping("10.0.0.2"), 5, f"{kind} {mode}: none again")
    w.clear()


def arp_alone(w):
    for mode in MODES:
        if mode in POLLED:
            answers(w, "mlagbond", mode, " miimon 0")
            continue
        for kind in "bond", "mlagbond":
            answers(w, kind, mode, "")


def watched_no_longer_and_again(w):
    """A port that is down for its carrier may have link once nobody looks."""
    dark(w, "mlagbond", "mode active-backup miimon 50")
    check((w.link("a0"), w.link("a1")) == (DOWN, DOWN), "link while dark")
    w.set("miimon 0")
    w.becomes(UP, "a0", "a1")
    w.set("carrier_events on")
    w.becomes(DOWN, "a0", "a1")
    w.set("carrier_events off")
    w.becomes(UP, "a0", "a1")


if __name__ == "__main__":
    sys.exit(main((
        carrier_later_and_set_down_and_up,
        arp_alone,
        watched_no_longer_and_again,
    )))
