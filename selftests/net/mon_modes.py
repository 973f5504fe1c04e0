#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""ARP and ND monitor in every mode, with miimon and without, validated or not:
a port whose path dies is taken out and comes back, and where ports are alike
none is given up because the switch answers by another. Topology: mon.py.
Prints KTAP.

    mon_modes.py A B
"""
import itertools
import sys

from mon import DOWN, UP, check, main

# missed_max 2; the rest is for looking
BOUND = 240
TARGETS = {
    "arp": 'arp_ip_target 10.0.0.2 ns_ip6_target ""',
    "ipv6": 'arp_ip_target "" ns_ip6_target fd00::2',
}
RUNS = tuple(itertools.product(TARGETS, (0, 100), ("none", "all")))


def one_dies(w, mode, port, lose, find):
    other = w.ports[1 - w.ports.index(port)]
    w.steady(0.35, UP, *w.ports)
    lose()
    took = w.wait(lambda: w.link(port) == DOWN, 2,
                  f"{mode}: {port} is not missed")
    check(took <= BOUND, f"{mode}: verdict after {took:.0f} ms")
    w.steady(0.25, UP, other)
    check(w.sends(other) and not w.sends(port), f"{mode}: sends by {port}")
    find()
    w.becomes(UP, port)


def options(proto, miimon, validate):
    return (f"miimon {miimon} arp_interval 100 {TARGETS[proto]} "
            f"arp_validate {validate}")


def with_one_active(w):
    """Each port hears its own answers; the one that works is taken out."""
    for mode in "active-backup", "balance-tlb", "balance-alb":
        w.on_switch("mlagbond", 2, f"mode {mode}")
        for run in RUNS:
            w.set(options(*run))
            port = w.active()
            i = w.ports.index(port)
            one_dies(w, f"{mode} {run}", port, lambda: w.cut(i),
                     lambda: w.mend(i))
            check(w.active() != port, f"{mode} {run}: {port} is active")
        w.clear()


def all_answers_by_one_port(w):
    """All ports alike, and the switch answers by the first alone."""
    for mode in "balance-rr", "balance-xor", "broadcast", "802.3ad":
        if mode == "802.3ad":
            w.on_lacp("")
        else:
            w.on_lag(f"mode {mode}")
        for run in RUNS:
            w.set(options(*run))
            one_dies(w, f"{mode} {run}", "a1", lambda: w.lose("w1", run[0]),
                     lambda: w.find("w1"))
        w.clear()


if __name__ == "__main__":
    sys.exit(main((
        with_one_active,
        all_answers_by_one_port,
    )))
