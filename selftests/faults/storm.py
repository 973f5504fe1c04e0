# SPDX-License-Identifier: GPL-2.0-only
"""Scenario 50: faults as they fall. A seed says what happens when, to a pair with
a second path; FAULTS_STORM_S seconds of it (60), for each of FAULTS_SEEDS (1 2
3). Frames may be lost while it lasts; none may come twice or back, no client may
see another partner, and in the end all is as before.

One thing is left out: a chassis dies only while the other has its id.
"""
import os
import random
import time

import tc
from lab import CHASSIS, PEER_LINKS, WIRES
from scenarios import ALL, ANY, scenario

SECONDS = int(os.environ.get("FAULTS_STORM_S", 60))
SEEDS = os.environ.get("FAULTS_SEEDS", "1 2 3").split()
LONGEST_S = 3           # between two faults
LEG_CABLES = [wire for wire in WIRES if wire.split(".")[1] != "e0"]


class Storm:
    """What can happen; all of it can be undone by Lab.heal()."""

    def __init__(self, lab, seed):
        self.lab = lab
        self.dice = random.Random(seed)
        self.kinds = ([self.leg_cable] * 8 + [self.peer_link] * 3 +
                      [self.power] * 2 + [self.maintenance] * 2 +
                      [self.deaf_leg] * 2 + [self.control] * 2)

    def alive(self):
        return [c for c in self.lab.chassis.values() if c.alive]

    def both_connected(self):
        alive = self.alive()
        return len(alive) == 2 and all(c.state() == "connected"
                                       for c in alive)

    def toggle(self, cable):
        if cable in self.lab.cut_off:
            self.lab.restore(cable)
        else:
            self.lab.cut(cable)

    def leg_cable(self):
        self.toggle(self.dice.choice(LEG_CABLES))

    def peer_link(self):
        # its far end is that of B
        if self.lab.chassis["B"].alive:
            self.toggle(self.dice.choice(PEER_LINKS))

    def power(self):
        name = self.dice.choice(list(CHASSIS))
        if not self.lab.chassis[name].alive:
            self.lab.boot(name)
        elif self.both_connected():
            self.lab.kill(name)

    def maintenance(self):
        chassis = self.dice.choice(list(self.lab.chassis.values()))
        if chassis.alive:
            chassis.set(maintenance=1 - chassis.domain()["maintenance"])

    def deaf_leg(self):
        cable = self.dice.choice(LEG_CABLES)
        chassis = self.dice.choice([WIRES[cable][0], None])
        if self.lab.impaired:
            self.lab.mend()
        elif not chassis or self.lab.chassis[chassis].alive:
            self.lab.deaf(cable, chassis)

    def control(self):
        if self.lab.impaired:
            self.lab.mend()
        elif self.dice.random() < 0.5 and len(self.alive()) == 2:
            self.lab.impair_control(loss=20, delay_ms=20, jitter_ms=20, dup=10)
        elif len(self.alive()) == 2:
            self.lab.peer_links_deaf(tc.ICCP_ALL, *self.dice.choice(
                (("A",), ("B",), ("A", "B"))))

    def rage(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.dice.choice(self.kinds)()
            self.lab.run(self.dice.random() ** 3 * LONGEST_S)
            if self.both_connected():
                self.lab.reach_again()


def enter(seed):
    def storm(lab):
        with lab.second_path():
            Storm(lab, seed).rage(SECONDS)
    storm.__doc__ = f"Faults as they fall, {SECONDS} s, seed {seed}."
    storm.__name__ = f"storm_{seed}"
    scenario("50", rate=20, gap=None, flood=None, back=None, back_flood=None,
             hosts=ANY, left=ANY)(storm)


for one in SEEDS:
    enter(one)
STORMS = [name for name in ALL if name.startswith("storm-")]
