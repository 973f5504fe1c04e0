# SPDX-License-Identifier: GPL-2.0-only
"""The laboratory: a pair of chassis, three clients, two orphan hosts, and what
can be done to them.

        oA                                 oB        orphan hosts, e0
        o0                                 o0
   +----------+      peer0: p0 p1     +----------+
   |  A  br0  | ===================== |  B  br0  |   hb0: a cable besides
   +----------+                       +----------+
    l10 l20 l30 l31                    l10 l20 l30 l31
     c0  c0  c0 c1                      c1  c1  c2 c3
     h1  h2  h3                         h1  h2  h3   clients, bond0

A cable to a host is called by the host's end, as in h1.c0; those between the
chassis p0, p1, hb0. Cables outlive a chassis: its ends are parked while it is
dead, and its neighbours see nothing but the loss of carrier.
"""
import contextlib
import os
import subprocess
import time

import tc
from chassis import HEARTBEAT, PEER_LINKS, Chassis
from client import Client
from link import IFLA_ADDRESS, Devices, mac, nl
from link import IFLA_GROUP
from meter import Meter
from netns import Netns

CABLES = 10             # the device group of what a dying chassis loses
LEGS = {10: ("l10",), 20: ("l20",), 30: ("l30", "l31")}
MLAG_ID = {"h1": 10, "h2": 20, "h3": 30}
CHASSIS = {"A": (mac("02:00:00:00:0a:00"), 100),
           "B": (mac("02:00:00:00:0b:00"), 110)}
# by which each client reaches some hosts through A and the others through B
HOST_MAC = {name: mac(f"02:00:00:00:01:{low}") for name, low in
            (("h1", "10"), ("h2", "21"), ("h3", "32"), ("oA", "43"),
             ("oB", "54"))}
HOSTS = tuple(HOST_MAC)
MANAGEMENT = {"A": "mA", "B": "mB"}
WIRES = {"h1.c0": ("A", "l10"), "h1.c1": ("B", "l10"),
         "h2.c0": ("A", "l20"), "h2.c1": ("B", "l20"),
         "h3.c0": ("A", "l30"), "h3.c1": ("A", "l31"),
         "h3.c2": ("B", "l30"), "h3.c3": ("B", "l31"),
         "oA.e0": ("A", "o0"), "oB.e0": ("B", "o0")}


class Failed(Exception):
    pass


def check(good, what):
    if not good:
        raise Failed(what)


class Orphan:
    def __init__(self, name, address):
        self.name, self.mac, self.dev = name, address, "e0"
        self.netns = Netns(f"faults-{name}")
        self.netns.quiet()
        self.devices = Devices(self.netns)

    def close(self):
        self.devices.close()
        self.netns.delete()


def mesh():
    """Unicast between all hosts, from each what a bridge floods, and between
    the bridges themselves."""
    streams = [f"{a}>{b}" for a in HOSTS for b in HOSTS if a != b]
    streams += [f"{a}>{kind}" for a in HOSTS for kind in "*+?"]
    return streams + ["mA>mB", "mB>mA"]


class Lab:
    QUIET_S = 1             # until both tables are the same
    POLL_S = 0.01
    READY_S = 30

    def __init__(self):
        self.meter = None
        self.impaired = set()
        self.cut_off = set()
        self.silent = []
        self.crossings = 0
        self.build()

    def build(self):
        self.parking = Netns("faults-park")
        self.parking.quiet()
        self.park = Devices(self.parking)
        self.hosts = {n: Client(n, HOST_MAC[n]) for n in MLAG_ID}
        self.hosts.update({n: Orphan(n, HOST_MAC[n]) for n in ("oA", "oB")})
        self.clients = {n: self.hosts[n] for n in MLAG_ID}
        self.chassis = {n: Chassis(n, *what, self.park, LEGS)
                        for n, what in CHASSIS.items()}
        self.wire()
        for name in CHASSIS:
            self.chassis[name].build()
        for name in CHASSIS:
            self.chassis[name].join()

    def wire(self):
        group = [nl.u32(IFLA_GROUP, CABLES)]
        for link in (*PEER_LINKS, HEARTBEAT):
            self.park.cable(f"A.{link}", self.park, f"B.{link}", group, group)
        for wire, (chassis, port) in WIRES.items():
            host, end = wire.split(".")
            attrs = [nl.attr(IFLA_ADDRESS, self.hosts[host].mac)] \
                if end == "e0" else []
            self.park.cable(f"{chassis}.{port}", self.hosts[host].devices, end,
                            group, attrs)
            self.hosts[host].devices.up(end)
        for name, client in self.clients.items():
            client.up([w.split(".")[1] for w in WIRES
                       if w.startswith(name + ".")])

    def close(self):
        if self.meter:
            self.meter.close()
        for chassis in self.chassis.values():
            if chassis.alive:
                chassis.die(CABLES)
        for host in self.hosts.values():
            host.close()
        self.park.close()
        self.parking.delete()

    # --- waiting

    def run(self, seconds):
        time.sleep(seconds)

    def wait(self, cond, seconds, what):
        """ms until it holds; @what is told, or asked, if it does not."""
        start = time.monotonic()
        while not cond():
            check(time.monotonic() - start < seconds,
                  what() if callable(what) else what)
            time.sleep(self.POLL_S)
        return (time.monotonic() - start) * 1000

    def state_is(self, name, state, seconds=10):
        chassis = self.chassis[name]
        return self.wait(lambda: chassis.state() == state, seconds,
                         lambda: f"{name} is {chassis.state()}, not {state}")

    def posture_is(self, name, posture, seconds=10):
        """How it carries on, whomever it hears."""
        chassis = self.chassis[name]
        return self.wait(lambda: chassis.domain()["posture"] == posture,
                         seconds, lambda: f"{name} is "
                         f"{chassis.domain()['posture']}, not {posture}")

    def leg_is(self, name, host, state, seconds=20):
        def leg():
            return self.chassis[name].leg(MLAG_ID[host])
        return self.wait(lambda: leg().get("state") == state, seconds, lambda:
                         f"leg of {name} to {host} is {leg().get('state')} "
                         f"({leg().get('hold-reason')}), not {state}")

    def active_is(self, host, ports, seconds=10):
        client = self.clients[host]
        return self.wait(lambda: client.active() == ports, seconds, lambda:
                         f"{host} has {client.active()} active ports, "
                         f"not {ports}")

    def ready(self, seconds=None):
        """Both joined, all legs up, all clients on all their ports."""
        seconds = seconds or self.READY_S
        for name in CHASSIS:
            self.state_is(name, "connected", seconds)
        for host, client in self.clients.items():
            self.active_is(host, len(client.ports), seconds)
            for name in CHASSIS:
                self.leg_is(name, host, "up", seconds)

    def agree(self, seconds):
        """Both tables are the same."""
        def digests():
            return [c.digest() for c in self.chassis.values()]
        return self.wait(lambda: len(set(digests())) == 1, seconds,
                         lambda: f"tables differ: {digests()}")

    # --- traffic

    def start(self, rate, streams=None):
        hosts = {n: (h.netns, h.dev) for n, h in self.hosts.items()}
        hosts.update({MANAGEMENT[n]: (self.chassis[n].netns, "br0")
                      for n in CHASSIS})
        self.meter = Meter(hosts, streams or mesh(), rate)

    def stop(self):
        rows = self.meter.end()
        self.meter = None
        return rows

    def mark(self, phase):
        if self.meter:
            self.meter.mark(phase)

    @staticmethod
    def behind(name):
        """Hosts that nobody reaches while a chassis is dead."""
        return MANAGEMENT[name], "o" + name

    # --- faults

    def primary(self):
        return next(n for n, c in self.chassis.items()
                    if c.domain()["role"] == "primary")

    def end_of(self, cable, chassis="B"):
        """Devices and name of the end of a cable that is not tested: its
        host's, or that of a chassis."""
        if "." in cable:
            host, port = cable.split(".")
            return self.hosts[host].devices, port
        return self.chassis[chassis].devices, cable

    def cut(self, *cables):
        """Carrier goes; nobody touched the chassis' own interface, for one
        between the chassis not A's."""
        for cable in cables:
            devices, dev = self.end_of(cable)
            devices.down(dev)
            self.cut_off.add(cable)

    def restore(self, *cables):
        """A chassis without power does it itself, when it boots."""
        for cable in cables:
            devices, dev = self.end_of(cable)
            if devices:
                devices.up(dev)
            self.cut_off.discard(cable)

    def deaf(self, cable, chassis=None, program=tc.ALL):
        """What comes in at one end is lost: the host's, or the chassis'."""
        devices, dev = self.at(cable, chassis)
        tc.drop(devices, dev, program)
        self.impaired.add((cable, chassis))

    def at(self, cable, chassis):
        if chassis and "." in cable:
            return self.chassis[chassis].devices, WIRES[cable][1]
        return self.end_of(cable, chassis)

    def impair_control(self, **how):
        """Control frames on the peer links, both ways; data is left alone."""
        for name in CHASSIS:
            for link in PEER_LINKS:
                tc.impair_control(self.chassis[name].devices, link, **how)
                self.impaired.add((link, name))

    def impair(self, **how):
        """All frames on the peer links, both ways."""
        for name in CHASSIS:
            for link in PEER_LINKS:
                tc.impair(self.chassis[name].devices, link, **how)
                self.impaired.add((link, name))

    def mend(self):
        """All that deaf and impair did."""
        for cable, chassis in self.impaired:
            if not chassis or self.chassis[chassis].alive:
                tc.clear(*self.at(cable, chassis))
        self.impaired.clear()

    def peer_links_deaf(self, program, *sides):
        for name in sides:
            for link in PEER_LINKS:
                self.deaf(link, name, program)

    def hang(self, name):
        """It neither hears nor is heard, and its carrier stays."""
        other = "AB".replace(name, "")
        for link in (*PEER_LINKS, HEARTBEAT):
            self.deaf(link, name)
            self.deaf(link, other)
        for wire, (chassis, _) in WIRES.items():
            if chassis == name:
                self.deaf(wire, name)
                self.deaf(wire)

    def kill(self, name):
        for host in self.behind(name) if self.meter else ():
            self.meter.down(host)
            self.silent.append(host)
        self.chassis[name].die(CABLES)
        self.impaired = {(c, n) for c, n in self.impaired if n != name}

    def boot(self, name):
        self.chassis[name].boot()

    def heal(self):
        """Undo all that was done, until the pair is as before."""
        self.put_right()
        self.ready()
        for chassis in self.chassis.values():
            if chassis.domain()["heartbeat"] != "none":
                chassis.set(heartbeat=0)

    def put_right(self):
        self.mend()
        self.restore(*list(self.cut_off))
        for name, chassis in self.chassis.items():
            if not chassis.alive:
                self.boot(name)
            elif not chassis.joined():
                chassis.join()
            elif chassis.domain()["maintenance"]:
                chassis.set(maintenance=0)

    def reach_again(self):
        """The hosts behind a chassis that was dead speak again."""
        while self.silent:
            self.meter.up(self.silent.pop())

    # --- the second path

    @contextlib.contextmanager
    def second_path(self, **options):
        """Both chassis have one on hb0, alive, and keep it over a boot; the
        pair is as without one afterwards."""
        for chassis in self.chassis.values():
            chassis.domain_options = {
                name.replace("_", "-"): value for name, value in
                {**options, "heartbeat": 1,
                 "heartbeat_name": HEARTBEAT}.items()}
            chassis.set(**chassis.domain_options)
        for name, chassis in self.chassis.items():
            self.wait(lambda c=chassis: c.domain()["heartbeat-state"] ==
                      "alive", 5, f"{name} hears no heartbeat")
        self.run(0.3)
        try:
            yield
        finally:
            for chassis in self.chassis.values():
                chassis.domain_options = {}

    # --- the module

    def unload(self):
        """Both chassis are in this kernel: both lose it."""
        subprocess.run(("rmmod", "mlag_iccp"), check=True)

    def load(self):
        path = os.environ.get("MLAGBOND_KO", "/nowhere") + "/mlag_iccp.ko"
        how = ("insmod", path) if os.path.exists(path) else \
            ("modprobe", "mlag_iccp")
        subprocess.run(how, check=True)
        for chassis in self.chassis.values():
            chassis.meet_family()

    # --- looking

    def complaints(self):
        """Of kernels, that nobody else reads."""
        return []

    def as_new(self):
        """A is the primary when a scenario begins."""
        return self.primary() == "A"

    def crossed(self):
        """Frames that A's ends of the peer links carried since the last
        call."""
        a, before = self.chassis["A"], self.crossings
        self.crossings = sum(sum(
            a.devices.carried(link) if a.alive else
            self.park.carried(f"A.{link}")) for link in PEER_LINKS)
        return self.crossings - before
