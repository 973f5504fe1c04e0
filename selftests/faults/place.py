# SPDX-License-Identifier: GPL-2.0-only
"""The laboratory of machines: each chassis is one, and so is what is around them.

      oA                           oB
       |                            |
   +---o0---+      p0 p1       +---o0---+
   | A  br0 | ================ | B  br0 |   hb0: a cable besides
   +---l10--+                  +--l10---+
        \\ h1.c0          h1.c1 /
         +-------- h1 --------+

Hosts are in one machine, C, so that one clock sees all frames. Cables are
called as in lab.py. Power goes by the end of a process, and whoever was joined
to it loses carrier.
"""
import os

from chassis import HEARTBEAT, PEER_LINKS
from lab import CHASSIS, Lab, check
from machine import Cable, Machine
from remote import Remote

ENDS = {**{name: (("A", name), ("B", name))
           for name in (*PEER_LINKS, HEARTBEAT)},
        "h1.c0": (("A", "l10"), ("C", "c0")),
        "h1.c1": (("B", "l10"), ("C", "c1")),
        "oA.e0": (("A", "o0"), ("C", "oA")),
        "oB.e0": (("B", "o0"), ("C", "oB"))}
HOSTS = ("h1", "oA", "oB")
REBOOT_S = 90


def mesh():
    """As that of lab.py."""
    return [f"{a}>{b}" for a in HOSTS for b in (*HOSTS, *"*+?") if a != b]


class Chassis(Remote):
    """In its machine; the line is a new one after each boot."""

    def __init__(self, machine):
        super().__init__(machine.line, "chassis")
        self.machine, self.build_name = machine, ""

    @property
    def alive(self):
        return self.machine.alive

    def digest(self):
        return tuple(self.line.ask(self.there, "digest", (), {}))


class Client(Remote):
    ports = ("c0", "c1")


class Place(Lab):
    QUIET_S = 5
    POLL_S = 0.1
    READY_S = 120

    def build(self):
        self.cables = {name: Cable() for name in ENDS}
        self.machines = {name: Machine(os.environ["MACHINES_RUN"], name,
                                       self.ports(name)) for name in "ABC"}
        self.chassis, self.passed = {}, {}
        try:
            self.first_boot()
        except BaseException:
            self.close()
            raise

    def ports(self, machine):
        """name: (address, end of the cable)"""
        found = {}
        for at, (cable, ends) in enumerate(ENDS.items()):
            for end, (name, port) in zip(self.cables[cable].ends, ends):
                if name == machine:
                    found[port] = (f"02:00:00:0c:0{'ABC'.index(name)}:"
                                   f"{at:02x}", end)
        return found

    def first_boot(self):
        for machine in self.machines.values():
            machine.power_on()
        for machine in self.machines.values():
            machine.booted()
        self.hosts = self.machines["C"].part("hosts")
        self.hosts.wire()
        self.clients = {"h1": Client(self.machines["C"].line, "hosts")}
        for name in CHASSIS:
            self.chassis[name] = Chassis(self.machines[name])
            self.chassis[name].build()
        self.plug(True, *ENDS)
        for name in CHASSIS:
            self.chassis[name].join()

    def close(self):
        for machine in self.machines.values():
            machine.power_off()

    # --- traffic

    def start(self, rate, streams=None):
        self.hosts.start(rate, streams or mesh())
        self.meter = self.hosts

    @staticmethod
    def behind(name):
        return ("o" + name,)

    def stop(self):
        self.meter = None
        return self.hosts.stop()

    # --- faults

    def plug(self, there, *cables):
        """Both ends have carrier, or none."""
        for cable in cables:
            for name, port in ENDS[cable]:
                self.machines[name].plug(port, there)

    def cut(self, *cables):
        self.plug(False, *cables)
        self.cut_off.update(cables)

    def restore(self, *cables):
        self.plug(True, *cables)
        self.cut_off.difference_update(cables)

    def mend(self):
        """Nothing is impaired here."""

    def cables_of(self, name):
        return [c for c, ends in ENDS.items() if name in dict(ends)]

    def silence(self, name):
        for host in self.behind(name) if self.meter else ():
            self.meter.down(host)
            self.silent.append(host)

    def kill(self, name):
        self.silence(name)
        self.machines[name].power_off()
        self.plug(False, *self.cables_of(name))

    def reboot(self, name):
        """As far as its power: until it is ready is a matter of heal()."""
        machine = self.machines[name]
        self.silence(name)
        self.chassis[name].reboot()
        self.wait(lambda: not machine.alive, REBOOT_S, f"{name} goes on")
        machine.gone()
        self.plug(False, *self.cables_of(name))

    def boot(self, name):
        machine = self.machines[name]
        for cable in self.cables_of(name):
            self.cables[cable].drain()
        machine.power_on()
        machine.booted()
        self.chassis[name] = Chassis(machine)
        self.chassis[name].build()
        self.plug(True, *self.cables_of(name))
        self.chassis[name].join()

    # --- the module

    def replace(self, name, build):
        """The companion of one chassis by another build, as planned work: its
        legs are given over first. It is left to join again."""
        chassis = self.chassis[name]
        chassis.set(maintenance=1)
        self.active_is("h1", 1, self.READY_S)
        self.run(0.5)
        chassis.unload()
        chassis.load(build)
        chassis.build_name = build
        chassis.join()

    def put_right(self):
        """What was replaced is put back, one after the other."""
        super().put_right()
        for name, chassis in self.chassis.items():
            if chassis.build_name:
                self.ready_or_refused()
                self.replace(name, "")
        self.ready()

    def ready_or_refused(self):
        """Joined, unless they do not speak the same language."""
        if len({c.build_name == "-only" for c in self.chassis.values()}) == 1:
            self.ready()

    # --- looking

    def other(self, name):
        return "AB".replace(name, "")

    def heal(self):
        self.put_right()

    def as_new(self):
        """Whoever has the role."""
        return all(machine.alive for machine in self.machines.values())

    def crossed(self):
        """As a chassis saw it that lived all the time."""
        before, self.passed = self.passed, {
            name: (chassis.machine.boots, chassis.carried(*PEER_LINKS))
            for name, chassis in self.chassis.items() if chassis.alive}
        return max((count - before[name][1] for name, (boots, count) in
                    self.passed.items() if before.get(name, (0,))[0] == boots),
                   default=0)

    def complaints(self):
        return [line for machine in self.machines.values()
                for line in machine.complaints()]

    def says(self, name, words, *command):
        """mlagctl of a chassis has these words."""
        text = self.chassis[name].tool(*command)
        check(words in text, f"{' '.join(command)} at {name} has no "
              f"'{words}': {text[:600]}")
