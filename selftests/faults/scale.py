#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A pair at the size it is made for, and for as long as it will run: what takes
how long, and whether all memory comes back. Prints KTAP.

Sizes from the environment: SCALE_LEGS, SCALE_CLIENTS (legs with an LACP client),
SCALE_VLANS, SCALE_ADDRESSES, SCALE_DOMAINS, SCALE_SESSIONS and SCALE_FLAPS
(repeated so often), SCALE_KB (what may stay of memory).
"""
import gc
import os
import subprocess
import sys
import time
import traceback

from scale_pair import ADDRESSES, Pair
from mlagbond import Tap

MEMORY = ("SUnreclaim", "VmallocUsed", "Percpu", "KernelStack", "PageTables")


def size(name, default):
    return int(os.environ.get(f"SCALE_{name}", default))


LEGS = size("LEGS", 100)
CLIENTS = size("CLIENTS", 4)
VLANS = size("VLANS", 400)
COUNT = size("ADDRESSES", 4000)
DOMAINS = size("DOMAINS", 3)
SESSIONS = size("SESSIONS", 20)
FLAPS = size("FLAPS", 100)
MAY_STAY_KB = size("KB", 4096)


class Failed(Exception):
    pass


def check(good, what):
    if not good:
        raise Failed(what)


def meminfo():
    """kB that the kernel has allocated for itself."""
    with open("/proc/meminfo", encoding="ascii") as file:
        rows = dict(line.split()[:2] for line in file)
    return sum(int(rows.get(name + ":", 0)) for name in MEMORY)


def memory():
    """After what is freed in a moment was freed."""
    gc.collect()
    last = meminfo()
    for _ in range(30):
        time.sleep(0.2)
        now = meminfo()
        if now >= last:
            break
        last = now
    return last


def wait(cond, seconds, what):
    """s until it holds."""
    start = time.monotonic()
    while not cond():
        check(time.monotonic() - start < seconds,
              what() if callable(what) else what)
        time.sleep(0.01)
    return time.monotonic() - start


class Scale:
    def __init__(self):
        self.pair = None
        self.tap = Tap()
        self.told = 0           # addresses that spoke
        self.before = 0

    def note(self, text):
        print(f"# {text}", flush=True)

    def states(self):
        return [side.domain(bridge)["state"] for side in self.pair.sides
                for bridge in self.pair.bridges]

    def connected(self):
        return set(self.states()) == {"connected"}

    def leg_states(self):
        return [[leg["state"] for leg in side.legs()]
                for side in self.pair.sides]

    def clients_up(self):
        return all(states.count("up") == CLIENTS
                   for states in self.leg_states())

    def known(self):
        return all(len(legs) == LEGS and
                   all(leg["peer-state"] != "absent" for leg in legs)
                   for legs in (side.legs() for side in self.pair.sides))

    def tables(self):
        return [side.table() for side in self.pair.sides]

    def in_sync(self):
        """Equal, with all that were told of and both chassis themselves."""
        one, two = self.tables()
        return one == two and one[0] >= self.told + 2

    def installed(self):
        return all(side.domain()["fdb"]["pending"] == 0
                   for side in self.pair.sides)

    def count(self, name):
        return [side.counters()[name] for side in self.pair.sides]

    # --- cases

    def warms_up(self):
        """Caches of the kernel are as large as they will be."""
        self.pair = Pair(LEGS, CLIENTS, VLANS, DOMAINS)
        self.pair.build()
        self.pair.join()
        wait(self.connected, 60, lambda: f"{self.states()}")
        self.pair.remove_domains()
        self.pair.close()
        self.pair = None
        time.sleep(5)

    def builds(self):
        self.before = memory()
        start = time.monotonic()
        self.pair = Pair(LEGS, CLIENTS, VLANS, DOMAINS)
        self.pair.build()
        self.note(f"built in {time.monotonic() - start:.2f} s, "
                  f"{memory() - self.before} kB")

    def connects(self):
        used, start = memory(), time.monotonic()
        self.pair.join()
        self.note(f"{2 * DOMAINS} domains begun in "
                  f"{time.monotonic() - start:.2f} s")
        longest, asked = 0, 0
        while not (self.connected() and self.known()):
            check(time.monotonic() - start < 60, f"{self.states()}")
            asked = time.monotonic()
            self.pair.a.devices.index("br0")
            longest = max(longest, time.monotonic() - asked)
            time.sleep(0.005)
        self.note(f"connected, {LEGS} legs known on both sides after "
                  f"{time.monotonic() - start:.2f} s; a request of rtnetlink "
                  f"waited {longest * 1000:.1f} ms at most")
        took = wait(self.clients_up, 30, lambda: f"legs {self.leg_states()}")
        self.note(f"{CLIENTS} clients after {took:.2f} s more, domains take "
                  f"{memory() - used} kB, a leg was looked at "
                  f"{max(self.count('leg_runs')) / LEGS:.0f} times")
        check(self.count("late") == [0, 0], "late")

    def addresses_come(self):
        used, start = memory(), time.monotonic()
        share = COUNT // 2
        self.pair.talk("e0", 0, share)
        self.told = share
        for n in range(CLIENTS):
            self.pair.talk(f"a{n + 1}", self.told, share // CLIENTS)
            self.told += share // CLIENTS
        spoke = time.monotonic() - start
        took = wait(lambda: self.in_sync() and self.installed(), 60,
                    lambda: f"{self.told} told, {self.tables()}")
        self.note(f"{self.told} addresses in {spoke:.2f} s, equal after "
                  f"{took:.2f} s more, {self.tables()[0][0]} entries, "
                  f"{memory() - used} kB; found a table full "
                  f"{self.count('fdb_full')} times")
        check(self.connected() and self.count("late") == [0, 0],
              "no more connected, or late")

    def idles(self):
        time.sleep(2)
        runs, hellos = self.count("leg_runs"), self.count("rx_hello")
        time.sleep(5)
        check(min(now - was for now, was in
                  zip(self.count("rx_hello"), hellos)) > 40, "no hellos")
        check(self.count("leg_runs") == runs, "legs are looked at for nothing")

    def comes_back(self):
        lost = self.count("sessions_lost")
        self.pair.cut(True)
        wait(lambda: not self.connected(), 5, "still connected")
        self.pair.cut(False)
        start = time.monotonic()
        wait(self.connected, 10, lambda: f"{self.states()}")
        met = time.monotonic() - start
        wait(lambda: self.in_sync() and self.installed(), 30,
             lambda: f"{self.told} told, {self.tables()}")
        took = time.monotonic() - start
        self.note(f"a session with all of it: connected after {met:.2f} s, "
                  f"equal after {took:.2f} s "
                  f"({self.tables()[0][0] / max(took, 0.01):.0f} entries/s)")
        check([now - was for now, was in zip(
            self.count("sessions_lost"), lost)] == [1, 1],
            "a session was lost")
        check(self.count("late") == [0, 0], "late")

    def sessions_repeat(self):
        self.repeat_sessions(max(SESSIONS // 10, 3))
        used, start = memory(), time.monotonic()
        table = self.tables()[0][0]
        self.repeat_sessions(SESSIONS)
        stays = memory() - used
        self.note(f"{SESSIONS} sessions in {time.monotonic() - start:.1f} s, "
                  f"{stays} kB stay")
        check(self.tables()[0][0] == table, f"{table} entries, now "
              f"{self.tables()[0][0]}")
        check(stays < MAY_STAY_KB, f"{stays} kB stay")

    def repeat_sessions(self, count):
        for _ in range(count):
            self.pair.cut(True)
            wait(lambda: self.pair.a.domain()["state"] != "connected", 5,
                 "still connected")
            self.pair.cut(False)
            wait(lambda: self.connected() and self.in_sync(), 30,
                 lambda: f"{self.states()} {self.tables()}")

    def legs_flap(self):
        self.repeat_flaps(max(FLAPS // 10, 20))
        used, start = memory(), time.monotonic()
        self.repeat_flaps(FLAPS)
        wait(self.clients_up, 30, lambda: f"legs {self.leg_states()}")
        wait(self.in_sync, 10, lambda: f"{self.tables()}")
        stays = memory() - used
        self.note(f"{FLAPS} flaps in {time.monotonic() - start:.1f} s, "
                  f"{stays} kB stay")
        check(stays < MAY_STAY_KB, f"{stays} kB stay")

    def repeat_flaps(self, count):
        for n in range(count):
            leg = n % CLIENTS + 1
            self.pair.flap(leg, False)
            time.sleep(0.003 * (n % 7))
            self.pair.flap(leg, True)
            time.sleep(0.005 * (n % 41))

    def tool_tells_all(self):
        for words, wanted in ((("bond", "show"), LEGS),
                              (("monitor",), 2),
                              (("diagnose",), 1),
                              (("fdb", "show", "br0"), self.told)):
            start = time.monotonic()
            done = subprocess.run(
                ("mlagctl", "-n", "scale-A", *words), check=False,
                capture_output=True, text=True)
            lines = done.stdout.count("\n")
            self.note(f"mlagctl {' '.join(words)}: {lines} lines in "
                      f"{time.monotonic() - start:.2f} s")
            check(done.returncode in (0, 1) and lines >= wanted,
                  f"mlagctl {words}: {lines} lines {done.stderr}")

    def goes_again(self):
        start = time.monotonic()
        self.pair.remove_domains()
        self.note(f"domains gone in {time.monotonic() - start:.2f} s")
        own = ADDRESSES.hex(":")
        with self.pair.b.netns:
            table = subprocess.run(("bridge", "fdb", "show", "br", "br0"),
                                   check=True, capture_output=True, text=True)
        check(own not in table.stdout, "B kept addresses")

    def ends(self):
        start = time.monotonic()
        self.pair.close()
        self.pair = None
        stays = wait_below(self.before + MAY_STAY_KB) - self.before
        self.note(f"all gone in {time.monotonic() - start:.2f} s, "
                  f"{stays} kB stay")
        check(stays < MAY_STAY_KB, f"{stays} kB stay")

    def run(self):
        for case in (self.warms_up, self.builds, self.connects,
                     self.addresses_come, self.idles, self.comes_back,
                     self.tool_tells_all, self.sessions_repeat,
                     self.legs_flap, self.goes_again, self.ends):
            try:
                case()
                wrong = ""
            except Failed as fault:
                wrong = str(fault)[:400]
            except Exception:       # pylint: disable=broad-except
                wrong = traceback.format_exc()
            self.tap.result(case.__name__.replace("_", " "), wrong)
        if self.pair:
            self.pair.close()
        return self.tap.end()


def wait_below(limit):
    """Namespaces go in the background."""
    for _ in range(100):
        if meminfo() < limit:
            break
        time.sleep(0.2)
    return memory()


sys.exit(Scale().run())
