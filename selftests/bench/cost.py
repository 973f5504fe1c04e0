#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What a frame costs in a bond, over the bare device, ours beside in-tree's.

Runs in the guest. Each case measures the bare device, a device above it that
does nothing (the floor), our bond and bonding's in turns, BENCH_ROUNDS times BENCH_PACKETS packets in SLICES, and keeps the
best slice of each: short ones, because what disturbs them comes in bursts.
Rows of CSV leave behind "csv:"; what cannot be measured ends the run.
BENCH_ONLY=WORD... measures the modes with these words in their names alone,
BENCH_PORTS=N... with these numbers of ports.
"""
import os
import statistics
import sys

import pktgen
import topo
from pktgen import Unmeasured

ROUNDS = int(os.environ.get("BENCH_ROUNDS") or 12)
PACKETS = int(os.environ.get("BENCH_PACKETS") or 200000)
SLICES = 16
ONLY = (os.environ.get("BENCH_ONLY") or "").split()
WARM_UP = 20000
STRAY = 200         # LACPDUs, learning packets and the like in one round

POLICIES = ("layer2", "layer2+3", "layer3+4", "encap2+3", "encap3+4",
            "vlan+srcmac")
QUIET = "lp_interval 3600"
# name of the case, options, has a hash, ports are used in turn or by flow
MODES = (
    ("balance-rr", "mode balance-rr", False, True),
    ("active-backup", "mode active-backup", False, False),
    ("balance-xor", "mode balance-xor", True, True),
    ("broadcast", "mode broadcast", False, True),
    ("802.3ad", "mode 802.3ad lacp_rate slow", True, True),
    ("balance-tlb", f"mode balance-tlb {QUIET}", False, False),
    ("balance-tlb static", f"mode balance-tlb tlb_dynamic_lb 0 {QUIET}",
     True, True),
    ("balance-alb", f"mode balance-alb {QUIET}", False, False),
    ("balance-alb static", f"mode balance-alb tlb_dynamic_lb 0 {QUIET}",
     True, True),
)
COUNTS = tuple(map(int, (os.environ.get("BENCH_PORTS") or "2 8 64").split()))
COLUMNS = ("path", "mode", "hash", "ports", "device", "bare_ns", "floor_ns",
           "ours_ns", "bonding_ns", "ours_over", "bonding_over", "ratio",
           "bare_spread", "floor_spread", "ours_spread", "bonding_spread")


class Sent:
    """Every packet left by a port, and by all of them where they share."""

    def __init__(self, bond, copies, share):
        self.bond = bond
        self.copies = copies
        self.share = share
        self.before = None

    def mark(self):
        self.before = self.bond.sent()

    def check(self, packets):
        sent = [now - was for now, was in zip(self.bond.sent(), self.before)]
        want = packets * self.copies
        if not want <= sum(sent) <= want + STRAY:
            raise Unmeasured(f"{self.bond.name}: {packets} packets, "
                             f"ports sent {sent}")
        if self.share and min(sent) < want // len(sent) // 4:
            raise Unmeasured(f"{self.bond.name}: ports do not share: {sent}")


class Received:
    """Every packet came up to the bond."""

    def __init__(self, bond):
        self.bond = bond
        self.before = 0

    def mark(self):
        self.before = topo.otherhost(self.bond.name)

    def check(self, packets):
        came = topo.otherhost(self.bond.name) - self.before
        if not packets <= came <= packets + STRAY:
            raise Unmeasured(f"{self.bond.name}: {packets} packets, "
                             f"{came} came up")


class Noise(Exception):
    """What was measured says nothing, here and now."""


MISSING = []


def plausible(times):
    """A bond costs more than its port; noise may have hidden that."""
    bare, *_, ours, bonding = (min(t) for t in times)
    return min(ours, bonding) > bare


def rounds(runs, checks, packets):
    """Times of each of RUNS. A round does them in turns, a slice at a time."""
    times = [[] for _ in runs]
    gen = pktgen.Generator(runs * SLICES)
    gen.run(max(WARM_UP // SLICES, 1))
    for nr in range(ROUNDS * 3):
        for check in checks:
            check.mark()
        for i, time in enumerate(gen.run(packets // SLICES)):
            times[i % len(runs)].append(time)
        for check in checks:
            check.check(packets // SLICES * SLICES)
        if nr + 1 >= ROUNDS and plausible(times):
            gen.close()
            return times
    gen.close()
    best = ", ".join(f"{min(t):.0f}" for t in times)
    raise Noise(f"a bond is not dearer than its port: {best} ns")


def spread(times):
    """Percent between the best and the middle one."""
    return 100 * (statistics.median(times) / min(times) - 1)


def row(case, times):
    bare, floor, ours, bonding = (min(t) for t in times)
    over = (ours - bare, bonding - bare)
    values = [f"{v:.1f}" for v in (bare, floor, ours, bonding, *over)]
    values.append(f"{over[0] / over[1]:.3f}")
    values += [f"{spread(t):.1f}" for t in times]
    print("csv:" + ",".join([*map(str, case), *values]), flush=True)


def row_of(case, runs, checks, packets):
    """A case that noise hides is left out, and named."""
    try:
        row(case, rounds(runs, checks, packets))
    except Noise as why:
        MISSING.append(case)
        print(f"# not measured: {' '.join(map(str, case))}: {why}", flush=True)


def measure_transmit(case, floor, bonds, copies, share):
    runs = [(dev, "start_xmit") for dev in
            ("x0", floor.name, *(bond.name for bond in bonds))]
    checks = [Sent(floor, 1, False)]
    checks += [Sent(bond, copies, share) for bond in bonds]
    packets = max(PACKETS * 2 // max(copies, 2), 1000)
    row_of(case, runs, checks, packets)


def measure_receive(case, stacked):
    runs = [(dev, "netif_receive") for dev in
            ("x0", *(above.receiver() for above in stacked))]
    row_of(case, runs, [Received(above) for above in stacked], PACKETS)


def measure(mode, options, hashed, share, ports):
    device = "veth" if mode == "802.3ad" else "dummy"
    floor, bonds = topo.build(options, ports, device == "veth")
    copies = ports if mode == "broadcast" else 1
    for policy in POLICIES if hashed else ("",):
        for bond in bonds:
            if policy:
                bond.set("xmit_hash_policy", policy)
            if bond.partner:
                bond.partner.remind()
        by_flow = not hashed or policy in ("layer3+4", "encap3+4")
        measure_transmit(("tx", mode, policy, ports, device), floor, bonds,
                         copies, share and by_flow)
    measure_receive(("rx", mode, "", ports, device), [floor, *bonds])
    for bond in bonds:
        if not bond.works():
            raise Unmeasured(f"{bond.name} fell apart: {bond.port_data()}")


def main():
    print("csv:" + ",".join(COLUMNS), flush=True)
    for ports in COUNTS:
        for mode, *rest in MODES:
            if ONLY and not any(word in mode for word in ONLY):
                continue
            measure(mode, *rest, ports)
    topo.clean()
    if MISSING:
        sys.exit(f"not measured: {len(MISSING)} cases, see above")


if __name__ == "__main__":
    try:
        main()
    except Unmeasured as why:
        sys.exit(f"not measured: {why}")
