#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Each request that an operator may make, again and again, and each time another
one of the allocations it needs fails: it is refused and nothing has changed, or it
is done in full; and nothing is left behind. Prints KTAP.

Some requests answer that they are done, and the failure was in what they tell
others. If the answer itself was lost the chassis is asked.

    no_memory.py [REQUEST...]   titles of steps, all if none
"""
import errno
import os
import sys
import time

import memory
from chassis import HEARTBEAT, LEG, Chassis
from lab import CHASSIS
from link import IFLA_MASTER, Devices, Refused, nl
from mlagbond import DATA, IFLA_LINKINFO, KIND, Tap, decode, encode
from netns import Netns

ROUNDS = int(os.environ.get("ROUNDS", "7"))
NTH_MAX = 3000
SETTLE_S = 3
BRPORT_LEARNING, BRPORT_BACKUP, SLAVE_DATA = 8, 34, 5
DEVICES = "leg10", "leg20", "new0", "peer0", "p0", "l10", "o0"
NO_ANSWER = object()
KEY = bytes(range(32))
KEEPS = ("priority", "hello", "dead", "reload-delay", "heartbeat",
         "heartbeat-name", "maintenance", "split-action", "peer-port-name",
         "consistency-action", "auth-key-id")


class Bench:
    """One chassis, whose cables lead nowhere, with two legs."""

    def __init__(self):
        self.far = Netns("nomem-far")
        self.park = Devices(self.far)
        self.chassis = Chassis("A", *CHASSIS["A"], self.park,
                               {10: ("l10",), 20: ("l20",)})
        for port in self.chassis.cables():
            self.park.cable(f"A.{port}", self.park, f"f.{port}")
            self.park.up(f"f.{port}")
        self.chassis.build()
        self.dev = self.chassis.devices

    def close(self):
        self.chassis.die(0)
        self.park.close()
        self.far.delete()

    def sockets(self):
        return self.dev.rtnl, self.chassis.family.family.sock

    # --- what an operator sees

    def device(self, name):
        try:
            found = self.dev.look(name)
        except KeyError:
            return None
        info = {n: v for n, v, _ in nl.parse(found.get(IFLA_LINKINFO, b""))}
        port = {n: v for n, v, _ in nl.parse(info.get(SLAVE_DATA, b""))}
        bond = info.get(KIND, b"").rstrip(b"\0") == b"mlagbond"
        return (found.get(IFLA_MASTER), found["flags"] & 1,
                bond and sorted(decode(info[DATA]).items(), key=str),
                port.get(BRPORT_LEARNING), port.get(BRPORT_BACKUP))

    def state(self):
        domains = self.chassis.family.ask("domain-get", dump=True)
        return ([{k: d.get(k) for k in KEEPS} for d in domains],
                {name: self.device(name) for name in DEVICES})

    def stable(self):
        """What it is when the works in the background are done."""
        last, now = None, self.state()
        while last != now:
            time.sleep(0.3)
            last, now = now, self.state()
        return now

    def comes_to(self, states):
        """Which of these it becomes."""
        end = time.monotonic() + SETTLE_S
        while True:
            now = self.state()
            if now in states:
                return now
            if time.monotonic() > end:
                return None
            time.sleep(0.05)


class Step:
    """Something that can be done and undone; is it to be undone when its turn
    comes, and done afterwards?"""

    def __init__(self, title, do, undo, begins=False, ends=False):
        self.title, self.do, self.undo = title, do, undo
        self.begins, self.ends = begins, ends


def steps(bench):
    dev, chassis = bench.dev, bench.chassis

    def master(name, to):
        index = dev.index(to) if to else 0
        return lambda: dev.change(name, [nl.u32(IFLA_MASTER, index)])

    def option(name, **options):
        info = [nl.attr(KIND, "mlagbond"), nl.attr(DATA, encode(options))]
        return lambda: dev.change(name, [nl.attr(IFLA_LINKINFO, info)])

    def domain(**options):
        return lambda: chassis.set(**options)

    def place(name, to):
        return {"do": master(name, to), "undo": master(name, None),
                "begins": True, "ends": True}

    new = encode({**LEG, "mlag_id": 30})
    return (
        Step("a bond", lambda: dev.make("new0", "mlagbond", new),
             lambda: dev.remove("new0")),
        Step("a port in a bond", **place("l10", "leg10")),
        Step("the domain", chassis.join, chassis.leave, ends=True),
        Step("a leg in the domain", **place("leg20", "br0")),
        Step("the peer-port in the bridge", **place("peer0", "br0")),
        Step("another mlag_id", option("leg10", mlag_id=11),
             option("leg10", mlag_id=10)),
        Step("the second path", domain(heartbeat=1, heartbeat_name=HEARTBEAT),
             domain(heartbeat=0)),
        Step("another key", domain(auth_key=KEY),
             domain(auth_key=KEY[::-1]), begins=True),
        Step("maintenance", domain(maintenance=1), domain(maintenance=0)),
    )


class Trial:
    """A step with a failure at one allocation after the other."""

    def __init__(self, bench, step):
        self.bench, self.step = bench, step
        self.met = self.refused = 0
        self.before = bench.stable()
        step.do()
        self.done = bench.stable()
        step.undo()
        if self.done == self.before or not bench.comes_to([self.before]):
            raise AssertionError(f"{step.title}: before and when undone "
                                 f"{differing(bench.state(), self.before)}")

    def attempt(self, nth):
        """(answer, did the failure happen)"""
        rtnl, genl = self.bench.sockets()
        with memory.failing(rtnl, nth) as a, memory.failing(genl, nth) as b:
            try:
                self.step.do()
                answer = None
            except Refused as fault:
                answer = fault
            except OSError as fault:
                if fault.errno not in (errno.ENOBUFS, errno.ENOMEM):
                    raise
                answer = NO_ANSWER
            return answer, a.met or b.met

    def look(self, nth, answer):
        """What is wrong after it, or nothing."""
        states = [self.before, self.done] if answer is NO_ANSWER else \
            [self.before] if answer else [self.done]
        now = self.bench.comes_to(states)
        if now is None:
            return (f"{self.step.title}, allocation {nth}, {answer}: "
                    f"{differing(self.bench.state(), states[-1])}")
        if now == self.done:
            self.step.undo()
            if not self.bench.comes_to([self.before]):
                return f"{self.step.title}, allocation {nth}: not undone"
        else:
            self.refused += 1
        return ""

    def run(self):
        for nth in range(1, NTH_MAX):
            answer, met = self.attempt(nth)
            self.met += met
            wrong = self.look(nth, answer)
            if wrong:
                return wrong
            if not met:
                return answer if answer else ""
        return f"{self.step.title}: no end of allocations"


def differing(found, expected):
    """The parts of a state that are not as expected, both."""
    parts = [*zip(found[0], expected[0]),
             *((found[1][name], expected[1][name]) for name in DEVICES)]
    return [pair for pair in parts if pair[0] != pair[1]] or \
        f"{len(found[0])} domains, not {len(expected[0])}"


def grown(rounds):
    """Caches that had more objects after each round than after the one before."""
    return [f"{name}: {[r.get(name) for r in rounds]}" for name in rounds[-1]
            if all(b.get(name, 0) > a.get(name, 0)
                   for a, b in zip(rounds, rounds[1:]))]


def play(bench, step, tap):
    rounds = []
    if step.begins:
        step.undo()
    for count in range(ROUNDS):
        trial = Trial(bench, step)
        wrong = trial.run()
        if wrong:
            break
        if count:                       # the first one fills what is kept
            rounds.append(memory.objects())
    else:
        more = grown(rounds)
        wrong = f"left behind: {more}" if more else ""
    if not wrong and not trial.refused:
        wrong = "no failure was refused"
    tap.result(f"{step.title}: {trial.met} allocations, "
               f"{trial.refused} refusals", wrong)
    if step.ends:
        step.do()


def main():
    memory.quiet()
    tap, bench = Tap(), Bench()
    for step in steps(bench):
        if step.title in (sys.argv[1:] or [step.title]):
            play(bench, step, tap)
        elif step.ends and not step.begins:
            step.do()
    bench.close()
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
