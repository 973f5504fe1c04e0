#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What runs in a machine of its own: a chassis, or all the hosts around a pair.
Does what is asked for by a serial line.

    agent.py chassis NAME TTY
    agent.py hosts TTY
"""
import glob
import json
import os
import subprocess
import sys
import time

import remote
from chassis import HEARTBEAT, Chassis
from client import Client
from lab import CHASSIS, HOST_MAC, Orphan
from link import IFLA_ADDRESS, IFLA_IFNAME, Devices, nl
from meter import Meter
from netns import Here

LEGS = {10: ("l10",)}
# keeps a CPU for itself, above all that is not an interrupt
HOG = """
import os, sys, time
os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(99))
end = time.monotonic() + float(sys.argv[1])
while time.monotonic() < end:
    pass
"""
# machines that are emulated beside others are late
DEAD_MS = 1500
SETTLE_MS = 2000


class Nics:
    """Those of this machine."""

    def __init__(self):
        self.devices = Devices(Here())

    def name(self, names):
        """@names: address: name to be called by."""
        for path in glob.glob("/sys/class/net/*/address"):
            dev = path.split("/")[-2]
            with open(path, encoding="ascii") as file:
                name = names.pop(file.read().strip(), dev)
            if name != dev:
                self.devices.change(None, [nl.attr(IFLA_IFNAME, name)],
                                    index=self.devices.index(dev))
        if names:
            raise LookupError(f"no NIC with {names}")


class Machine(Chassis):
    """A chassis that is a machine."""

    def __init__(self, name):
        super().__init__(name, *CHASSIS[name], None, LEGS)
        self.domain_options = {"heartbeat": 1, "heartbeat-name": HEARTBEAT,
                               "dead": DEAD_MS}
        self.folder = os.environ["MLAGBOND_KO"]

    def build(self):
        self.begin(Here())
        self.assemble()

    def carried(self, *ports):
        return sum(sum(self.devices.carried(port)) for port in ports)

    def unload(self):
        subprocess.run(("rmmod", "mlag_iccp"), check=True)

    def load(self, build):
        """The companion of another build; the domain is to be added anew."""
        subprocess.run(("insmod", f"{self.folder}{build}/mlag_iccp.ko"),
                       check=True)
        self.meet_family()

    def tool(self, *words):
        """What mlagctl says."""
        done = subprocess.run(("mlagctl", *words), stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)
        return done.stdout

    def monitor(self):
        return json.loads(self.tool("-j", "monitor", "br0"))

    @staticmethod
    def hog(seconds):
        """Every CPU has something more important to do."""
        for _ in range(os.cpu_count()):
            subprocess.Popen((sys.executable, "-c", HOG, str(seconds)))

    @staticmethod
    def cpu_time():
        """Ticks that all CPUs had, and those of them that nobody wanted."""
        with open("/proc/stat", encoding="ascii") as file:
            ticks = [int(word) for word in file.readline().split()[1:9]]
        return sum(ticks), ticks[3] + ticks[4]

    @staticmethod
    def reboot():
        """As an operator does; the kernel tells who must know."""
        subprocess.Popen(("setsid", "busybox", "reboot", "-f"))


class Hosts:
    """A client with a cable to each chassis, and an orphan host on each."""

    def __init__(self):
        self.here = Devices(Here())
        self.client = Client("h1", HOST_MAC["h1"])
        self.orphans = {n: Orphan(n, HOST_MAC[n]) for n in ("oA", "oB")}
        self.meter = None

    def wire(self):
        for port in "c0", "c1":
            self.here.move(port, self.client.devices, port)
        self.client.up(("c0", "c1"))
        for name, orphan in self.orphans.items():
            self.here.move(name, orphan.devices, orphan.dev)
            orphan.devices.change(orphan.dev, [nl.attr(IFLA_ADDRESS,
                                                       orphan.mac)])
            orphan.devices.up(orphan.dev)
        for host in self.client, *self.orphans.values():
            self.hear_all(host)

    @staticmethod
    def hear_all(host):
        """What is flooded, too: these NICs filter."""
        subprocess.run(("ip", "-n", host.netns.name, "link", "set", host.dev,
                        "promisc", "on"), check=True)

    def start(self, rate, streams):
        hosts = {"h1": (self.client.netns, self.client.dev)}
        hosts.update({n: (o.netns, o.dev) for n, o in self.orphans.items()})
        self.meter = Meter(hosts, streams, rate, SETTLE_MS)

    def stop(self):
        rows = self.meter.end()
        self.meter = None
        return rows

    # of the meter and of the client

    def mark(self, phase):
        self.meter.mark(phase)

    def down(self, host):
        self.meter.down(host)

    def up(self, host):
        self.meter.up(host)

    def active(self):
        return self.client.active()

    def partner(self):
        return self.client.partner()

    def heard(self):
        return self.client.heard()

    @staticmethod
    def clock():
        return time.monotonic()


def main(kind, *words):
    nics = Nics()
    if kind == "chassis":
        objects = {"nics": nics, "chassis": Machine(words[0])}
    else:
        objects = {"nics": nics, "hosts": Hosts()}
    remote.serve(words[-1], objects)


if __name__ == "__main__":
    main(*sys.argv[1:])
