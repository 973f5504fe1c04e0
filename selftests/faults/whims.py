# SPDX-License-Identifier: GPL-2.0-only
"""What an operator may do to bridges, ports and bonds of a pair, as a seed says,
under traffic: WHIMS_S seconds (40) for each of WHIMS_SEEDS (1 2). Frames may be
lost; none may come twice or back, no client may see another partner, and when all
is undone all is as before.
"""
import os
import random
import time

from bridges import join_ports
from chassis import LEG, PEER_LINKS, PEER_PORT
from lab import LEGS
from scenarios import ALL, ANY, scenario

SECONDS = int(os.environ.get("WHIMS_S", 40))
SEEDS = os.environ.get("WHIMS_SEEDS", "1 2").split()
LONGEST_S = 2           # between two whims


class Whims:
    """Each thing is done, and undone when its turn comes again."""

    def __init__(self, lab, seed):
        self.lab = lab
        self.dice = random.Random(seed)
        self.undo = {}
        self.kinds = [self.leg_leaves, self.leg_goes, self.leg_id,
                      self.peer_port_leaves, self.peer_port_goes,
                      self.filtering, self.flush, self.link, self.bridge]

    def turn(self, chassis, what, undo):
        """True if it is to be done now."""
        key = chassis.name, what
        if key in self.undo:
            self.undo.pop(key)()
            return False
        # one thing at a time for each device
        if (chassis.name, "bridge") in self.undo or any(
                name == chassis.name and thing.split()[0] == what.split()[0]
                for name, thing in self.undo):
            return False
        self.undo[key] = undo
        return True

    def leg(self):
        mlag_id = self.dice.choice(list(LEGS))
        return f"leg{mlag_id}", mlag_id

    def leg_leaves(self, chassis):
        leg, _ = self.leg()
        if self.turn(chassis, f"{leg} out",
                     lambda: chassis.devices.master(leg, "br0")):
            chassis.devices.master(leg, None)

    def leg_goes(self, chassis):
        leg, mlag_id = self.leg()

        def again():
            chassis.bond(leg, {**LEG, "mlag_id": mlag_id}, LEGS[mlag_id])
            chassis.devices.up(*LEGS[mlag_id])
        if self.turn(chassis, f"{leg} gone", again):
            chassis.devices.remove(leg)

    def leg_id(self, chassis):
        leg, mlag_id = self.leg()
        if self.turn(chassis, f"{leg} id", lambda: chassis.devices.set(
                leg, {"mlag_id": mlag_id})):
            chassis.devices.set(leg, {"mlag_id": mlag_id + 1})

    def peer_port_leaves(self, chassis):
        if self.turn(chassis, "peer0 out",
                     lambda: chassis.devices.master("peer0", "br0")):
            chassis.devices.master("peer0", None)

    def peer_port_goes(self, chassis):
        def again():
            chassis.bond("peer0", PEER_PORT, PEER_LINKS)
            chassis.devices.up(*PEER_LINKS)
        if self.turn(chassis, "peer0 gone", again):
            chassis.devices.remove("peer0")

    def filtering(self, chassis):
        if self.turn(chassis, "filtering", lambda: chassis.devices.bridge_set(
                "br0", "vlan_filtering", 0)):
            chassis.devices.bridge_set("br0", "vlan_filtering", 1)

    def flush(self, chassis):
        if (chassis.name, "bridge") not in self.undo:
            chassis.devices.bridge_set("br0", "fdb_flush", 0)

    def link(self, chassis):
        wire = self.dice.choice(("h1.c0", "h1.c1", "h3.c0", "h3.c2"))
        if self.turn(chassis, wire, lambda: self.lab.restore(wire)):
            self.lab.cut(wire)

    def may_lose_bridge(self, chassis):
        """Alone of the two, with nothing else of it changed, and while the
        other one has the pair's id."""
        return not any(name == chassis.name or what == "bridge"
                       for name, what in self.undo) and \
            all(c.state() == "connected" for c in self.lab.chassis.values())

    def bridge(self, chassis):
        host = f"m{chassis.name}"

        def again():
            join_ports(chassis)
            chassis.join()
            self.lab.meter.up(host)
        if ((chassis.name, "bridge") in self.undo or
                self.may_lose_bridge(chassis)) and \
                self.turn(chassis, "bridge", again):
            self.lab.meter.down(host)
            chassis.devices.remove("br0")

    def rage(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            chassis = self.dice.choice(list(self.lab.chassis.values()))
            self.dice.choice(self.kinds)(chassis)
            self.lab.run(self.dice.random() ** 3 * LONGEST_S)
        while self.undo:
            self.undo.popitem()[1]()


def enter(seed):
    def whims(lab):
        Whims(lab, seed).rage(SECONDS)
    whims.__doc__ = f"Whims of an operator, {SECONDS} s, seed {seed}."
    whims.__name__ = f"whims_{seed}"
    scenario("50", rate=20, gap=None, flood=None, back=None, back_flood=None,
             hosts=ANY, left=ANY)(whims)


for one in SEEDS:
    enter(one)
WHIMS = [name for name in ALL if name.startswith("whims-")]
