#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What may happen to a pair of machines, and what their hosts may notice of it.
Scenarios are as those of scenarios.py, and so is what is printed; machines.sh
runs this.

    machines.py [--list] [--rows] all|quick|NAME|NUMBER...

Time has noise here: emulated machines share the processors of one with whatever
else it does. So gaps have NOISE_MS more than their bounds. What is doubled, what
the client's LACP does, and that nothing is lost where nothing may be, is exact.
"""
import signal
import sys

import scene
import verdict
from driver import Driver, run
from lab import MLAG_ID, check
from place import Place

RATE = 50
QUICK, ALL = [], {}
NOTICE, DRAIN = 5, scene.DRAIN
ISOLATED = {"h1": 190}          # until the client has seen SYNC taken back
ONE = {"h1": 1}
LEFT = """\
Orphan hosts of a chassis whose companion is not loaded do not reach clients: to
the other chassis it is gone, so that what comes from the peer-port is
blocked.""".replace("\n", " ")
NO_COMPANION = "o[AB]>.*>h"
verdict.NOISE_MS = 3000


enter = scene.into(ALL, QUICK)


def scenario(number, **options):
    return enter(number, rate=RATE, **options)


def ups(lab, name):
    return lab.chassis[name].leg(MLAG_ID["h1"])["ups"]


# --- cables

@scenario("1, 2", gap=NOTICE, flood=DRAIN, left=ONE)
def leg_cut(lab):
    """A leg loses its cable and gets it back."""
    lab.cut("h1.c0")
    lab.active_is("h1", 1)
    lab.leg_is("A", "h1", "down")
    lab.run(0.5)


@scenario("7", gap=NOTICE, flood=NOTICE)
def peer_link_cut(lab):
    """One of two links between the chassis goes: no event of the pair."""
    before = [c.counters()["sessions"] for c in lab.chassis.values()]
    lab.cut("p0")
    lab.run(1)
    lab.restore("p0")
    lab.run(0.5)
    lab.cut("p1")
    lab.run(1)
    now = [c.counters()["sessions"] for c in lab.chassis.values()]
    check(now == before, f"sessions {now}, before {before}")


@scenario("8, 9", hosts=ISOLATED, left=ONE, apart="oA>oB|oB>|>oB")
def peer_port_cut(lab):
    """The peer-port is cut, the second path works: the secondary isolates."""
    check(lab.primary() == "A", "B has the role: no row for that")
    lab.cut("p0", "p1")
    lab.posture_is("B", "isolated")
    lab.posture_is("A", "alone")
    lab.active_is("h1", 1)
    lab.leg_is("A", "h1", "up", 0)
    lab.run(1)
    lab.posture_is("B", "isolated", 0)


# --- power

def dies(lab, name):
    other = lab.other(name)
    before = ups(lab, other)
    lab.kill(name)
    lab.state_is(other, "alone")
    lab.active_is("h1", 1)
    lab.run(1)
    check(ups(lab, other) == before, "the survivor's leg did not stay up")


@scenario("11, 18", quick=True, gap=NOTICE, flood=DRAIN, left=ONE)
def primary_dies(lab):
    """The primary loses its power, boots, and joins again."""
    dies(lab, lab.primary())


@scenario("13, 18", gap=NOTICE, flood=DRAIN, left=ONE)
def secondary_dies(lab):
    """The secondary loses its power, boots, and joins again."""
    dies(lab, lab.other(lab.primary()))


def reboots(lab, name):
    other = lab.other(name)
    before = ups(lab, other)
    lab.reboot(name)
    lab.state_is(other, "alone")
    lab.active_is("h1", 1)
    lab.run(1)
    check(ups(lab, other) == before, "the survivor's leg did not stay up")


@scenario("16, 18", quick=True, flood=DRAIN, left=ONE)
def primary_reboots(lab):
    """The primary is rebooted, and joins again."""
    reboots(lab, lab.primary())


@scenario("17, 18", flood=DRAIN, left=ONE)
def secondary_reboots(lab):
    """The secondary is rebooted, and joins again."""
    reboots(lab, lab.other(lab.primary()))


# --- no time

HOGGED_S = 4            # more than twice what makes a peer dead


@scenario("25", gap=NOTICE, flood=NOTICE)
def primary_has_no_time(lab):
    """Every CPU of the primary is taken by a task of the highest priority."""
    name = lab.primary()
    before = [c.counters()["sessions"] for c in lab.chassis.values()]
    lab.chassis[name].hog(HOGGED_S)
    lab.run(1)
    begun = lab.chassis[name].cpu_time()
    lab.run(HOGGED_S - 2)
    spent, idle = (b - a for a, b in zip(begun, lab.chassis[name].cpu_time()))
    check(idle * 5 < spent, f"nothing to do in {idle} ticks of {spent}")
    lab.run(2)
    now = [c.counters()["sessions"] for c in lab.chassis.values()]
    check(now == before, f"sessions {now}, before {before}")
    for chassis in "AB":
        lab.posture_is(chassis, "paired", 0)


# --- versions: -next writes version 2 and reads 1, -only reads 2 alone

def speaks(lab, name, version):
    """The peer of this chassis has that version."""
    lab.state_is(name, "connected", lab.READY_S)
    found = lab.chassis[name].monitor()[0]["peer_version"]
    check(found == version, f"{name} hears version {found}, not {version}")


@scenario("43", quick=True, gap=NOTICE, flood=DRAIN, left={"h1": 3},
          apart=NO_COMPANION, known=LEFT)
def newer_beside(lab):
    """A chassis of the next version beside one of this: a leg goes and comes."""
    new = lab.other(lab.primary())
    old = lab.other(new)
    lab.replace(new, "-next")
    lab.ready()
    speaks(lab, old, 2)
    speaks(lab, new, 1)
    before = lab.chassis[old].counters()["rx_unknown_tlv"]
    lab.mark("cut")
    lab.cut("h1.c0")
    lab.active_is("h1", 1)
    lab.restore("h1.c0")
    lab.ready()
    after = lab.chassis[old].counters()["rx_unknown_tlv"]
    check(after > before, "no unknown TLV was counted")
    check(not lab.chassis[new].counters()["rx_unknown_tlv"],
          "the new one does not know what it hears")


@scenario("43", flood=DRAIN, left={"h1": 4}, apart=NO_COMPANION, known=LEFT)
def upgrade(lab):
    """Both chassis get the next version, one after the other, and lose it."""
    first = lab.primary()
    for name in first, lab.other(first):
        lab.replace(name, "-next")
        lab.ready()
    for name in first, lab.other(first):
        speaks(lab, name, 2)


@scenario("43", flood=DRAIN, left={"h1": None}, apart=NO_COMPANION)
def newer_alone(lab):
    """A chassis that reads the next version alone: refused, and it is said."""
    new = lab.other(lab.primary())
    old = lab.other(new)
    lab.replace(new, "-only")
    lab.posture_is(old, "alone")
    for name in new, old:
        lab.wait(lambda n=name: lab.chassis[n].monitor()[0].get("refused") ==
                 "version", 20, lambda n=name: f"{n} does not say why: "
                 f"{lab.chassis[n].monitor()[0]}")
        lab.says(name, "speaks another version", "diagnose", "br0")
    lab.run(1)
    lab.leg_is(old, "h1", "up", 0)
    lab.leg_is(new, "h1", "down", 0)
    lab.chassis[new].set(reload_delay=1)
    lab.posture_is(new, "alone")
    lab.run(5)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    return run(Driver(Place), ALL, {"all": list(ALL), "quick": QUICK})


if __name__ == "__main__":
    sys.exit(main())
