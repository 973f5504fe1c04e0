#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""updelay and downdelay in every mode, the same commands for bonding and for
mlagbond. Topology: mon.py. Prints KTAP.

    mon_delay.py A B
"""
import sys
import time

from mon import BACK, DOWN, FAIL, MODES, UP, check, main

DELAYS = "miimon 100 updelay 2000 downdelay 1000"
# where bonding has the first port wait too, or the only one that is left
FIRST_WAITS = ("balance-rr", "broadcast")
ONLY_WAITS = ("balance-rr", "broadcast", "802.3ad")
# where it never has any port wait
NEVER_WAITS = ("balance-tlb", "balance-alb")


def two(w, kind, options):
    w.cables(2)
    w.ip("B", *[f"link set w{i} up" for i in range(2)])
    w.bond("A", "b0", kind, options, w.ports)


def took(w, state, port, what):
    return w.wait(lambda: w.link(port) == state, 5,
                  f"{what}: {port} is {w.link(port)}, not {state}")


def far(w, state, *ports):
    w.ip("B", *[f"link set w{i} {state}" for i in ports])


def within(ms, low, what):
    """A delay, and a few polls more."""
    check(low <= ms <= low + 700, f"{what} after {ms:.0f} ms, not {low}")


def attached(w, kind, mode):
    """A port that comes to others waits, the first one does not."""
    what = f"{kind} {mode}"
    two(w, kind, f"mode {mode} {DELAYS}")
    start = time.monotonic()
    check(w.link("a1") == BACK, f"{what}: a1 begins as {w.link('a1')}")
    first = took(w, UP, "a0", what)
    took(w, UP, "a1", what)
    ms = (time.monotonic() - start) * 1000
    if kind == "bond" and mode in FIRST_WAITS:
        within(first, 1700, f"{what}: first port")
    else:
        check(first < 320, f"{what}: first port after {first:.0f} ms")
    if kind == "bond" and mode in NEVER_WAITS:
        check(ms < 320, f"{what}: second port after {ms:.0f} ms")
    else:
        within(ms, 1700, f"{what}: second port")
    return first, ms


def lost_and_back(w, kind, mode):
    what = f"{kind} {mode}"
    far(w, "down", 0)
    took(w, FAIL, "a0", what)
    within(took(w, DOWN, "a0", what), 900, f"{what}: down")
    far(w, "up", 0)
    if kind == "mlagbond" or mode not in NEVER_WAITS:
        took(w, BACK, "a0", what)
        within(took(w, UP, "a0", what), 1900, f"{what}: up")
    took(w, UP, "a0", what)
    # blinks: neither delay runs to its end
    far(w, "down", 0)
    took(w, FAIL, "a0", what)
    far(w, "up", 0)
    check(took(w, UP, "a0", what) < 320, f"{what}: a blink costs the updelay")


def nobody_left(w, kind, mode):
    what = f"{kind} {mode}"
    far(w, "down", 0, 1)
    took(w, DOWN, "a0", what)
    took(w, DOWN, "a1", what)
    far(w, "up", 1)
    ms = took(w, UP, "a1", what)
    if kind == "bond" and mode in ONLY_WAITS:
        within(ms, 1900, f"{what}: the only one")
    else:
        check(ms < 320, f"{what}: the only one waits {ms:.0f} ms")


def in_every_mode(w):
    for mode in MODES:
        for kind in "bond", "mlagbond":
            first, second = attached(w, kind, mode)
            print(f"# {kind} {mode}: {first:.0f} and {second:.0f} ms")
            lost_and_back(w, kind, mode)
            nobody_left(w, kind, mode)
            w.clear()


def primary_waits_too(w):
    for kind in "bond", "mlagbond":
        two(w, kind, f"mode active-backup primary a1 {DELAYS}")
        check(w.active() == "a0", f"{kind}: {w.active()} is active")
        ms = w.wait(lambda: w.active() == "a1", 5, f"{kind}: a1 never is")
        within(ms, 1700, f"{kind}: primary")
        w.clear()


if __name__ == "__main__":
    sys.exit(main((
        in_every_mode,
        primary_waits_too,
    )))
