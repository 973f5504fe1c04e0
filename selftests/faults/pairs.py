# SPDX-License-Identifier: GPL-2.0-only
"""Two pairs of chassis back to back: the leg of each that leads to the other has
four links, two at each chassis.

     h1        h4             h1, h4: clients of two links each, bond0
    /  \\      /  \\            oA oB oC oD: orphan hosts, e0
   A ══ B    C ══ D           leg30: l30, l31
   │╲  ╱│    │╲  ╱│
   └─┼─┼┼────┘ │  │           A.l30 C.l30   A.l31 D.l30
     └─┴┴──────┴──┘           B.l30 C.l31   B.l31 D.l31
"""
from chassis import HEARTBEAT, PEER_LINKS, Chassis
from client import Client
from lab import CABLES, Lab, Orphan, check
from link import IFLA_ADDRESS, IFLA_GROUP, Devices, mac, nl
from meter import Meter
from netns import Netns
from scenarios import ALL, DRAIN, scenario

PAIRS = ("A", "B"), ("C", "D")
CHASSIS = {name: (mac(f"02:00:00:00:0{name.lower()}:00"), 100 + 10 * at)
           for pair in PAIRS for at, name in enumerate(pair)}
LEGS = {10: ("l10",), 30: ("l30", "l31")}
MLAG_ID = {"h1": 10, "h4": 10}
OF = {"h1": "AB", "h4": "CD"}
HOST_MAC = {name: mac(f"02:00:00:00:02:{low}") for name, low in
            (("h1", "10"), ("h4", "21"), ("oA", "32"), ("oB", "43"),
             ("oC", "54"), ("oD", "65"))}
WIRES = {"h1.c0": ("A", "l10"), "h1.c1": ("B", "l10"),
         "h4.c0": ("C", "l10"), "h4.c1": ("D", "l10"),
         **{f"o{name}.e0": (name, "o0") for name in CHASSIS}}
TRUNK = (("A.l30", "C.l30"), ("A.l31", "D.l30"), ("B.l30", "C.l31"),
         ("B.l31", "D.l31"))
SECOND = 1000


def mesh():
    streams = [f"{a}>{b}" for a in HOST_MAC for b in HOST_MAC if a != b]
    return streams + [f"{a}>{kind}" for a in HOST_MAC for kind in "*+?"]


class Pairs(Lab):
    """The laboratory of two pairs; A and C lead theirs."""

    def build(self):
        self.parking = Netns("faults-park")
        self.parking.quiet()
        self.park = Devices(self.parking)
        self.clients = {n: Client(n, HOST_MAC[n]) for n in MLAG_ID}
        self.hosts = {**self.clients, **{
            f"o{n}": Orphan(f"o{n}", HOST_MAC[f"o{n}"]) for n in CHASSIS}}
        self.chassis = {n: Chassis(n, *what, self.park, LEGS)
                        for n, what in CHASSIS.items()}
        self.wire()
        for chassis in self.chassis.values():
            chassis.build()
        for chassis in self.chassis.values():
            chassis.join()

    def wire(self):
        group = [nl.u32(IFLA_GROUP, CABLES)]
        between = [(f"{a}.{link}", f"{b}.{link}") for a, b in PAIRS
                   for link in (*PEER_LINKS, HEARTBEAT)]
        for near, far in (*between, *TRUNK):
            self.park.cable(near, self.park, far, group, group)
        for wire, (chassis, port) in WIRES.items():
            host, end = wire.split(".")
            attrs = [nl.attr(IFLA_ADDRESS, self.hosts[host].mac)] \
                if end == "e0" else []
            self.park.cable(f"{chassis}.{port}", self.hosts[host].devices, end,
                            group, attrs)
            self.hosts[host].devices.up(end)
        for client in self.clients.values():
            client.up(["c0", "c1"])

    def start(self, rate, streams=None):
        hosts = {n: (h.netns, h.dev) for n, h in self.hosts.items()}
        self.meter = Meter(hosts, streams or mesh(), rate)

    @staticmethod
    def behind(name):
        return (f"o{name}",)

    def leg_up(self, name, mlag_id, ports, seconds=30):
        """It distributes, over so many ports."""
        def leg():
            found = self.chassis[name].leg(mlag_id)
            return found.get("state"), found.get("ports")
        self.wait(lambda: leg() == ("up", ports), seconds, lambda:
                  f"leg {mlag_id} of {name} is {leg()}")

    def ready(self, seconds=30):
        for name in CHASSIS:
            self.state_is(name, "connected", seconds)
        for name in CHASSIS:
            self.leg_up(name, 10, 1, seconds)
            self.leg_up(name, 30, 2, seconds)
        for host in self.clients:
            self.active_is(host, 2, seconds)

    def agree(self, seconds):
        def digests(pair):
            return [self.chassis[name].digest() for name in pair]
        return max(self.wait(lambda p=pair: len(set(digests(p))) == 1, seconds,
                             lambda p=pair: f"tables of {p} differ: "
                             f"{digests(p)}") for pair in PAIRS)


def entry(**what):
    def enter(function):
        function = scenario("46", **what)(function)
        function.lab = Pairs
        return function
    return enter


def other(name):
    return next(b for pair in PAIRS for b in pair if name in pair and b != name)


def dies(lab, name):
    """The power of one chassis goes; its pair and the other one go on."""
    client = next(host for host, pair in OF.items() if name in pair)
    lab.kill(name)
    lab.state_is(other(name), "alone")
    lab.active_is(client, 1)
    lab.leg_up(other(name), 30, 2, 0)
    for far in next(pair for pair in PAIRS if name not in pair):
        lab.leg_up(far, 30, 1, 5)
        check(lab.chassis[far].state() == "connected", f"{far} is concerned")
    lab.run(0.5)
    lab.mark(f"{name} boots")
    lab.boot(name)
    lab.ready()
    lab.reach_again()
    lab.run(0.3)


@entry(gap=SECOND, flood=SECOND, left={"h1": 1, "h4": 1})
def pairs_primaries_die(lab):
    """Two pairs back to back: the primary of each loses its power and boots."""
    dies(lab, "A")
    lab.mark("second")
    dies(lab, "C")


@entry(flood=DRAIN, left={"h1": 1, "h4": 1})
def pairs_primaries_maintained(lab):
    """Two pairs back to back: the primary of each is maintained and boots."""
    for name in "AC":
        lab.chassis[name].set(maintenance=1)
        lab.active_is(next(h for h, p in OF.items() if name in p), 1)
        lab.run(0.5)
        dies(lab, name)


@entry(gap=SECOND, flood=SECOND)
def pairs_trunk_fails(lab):
    """Two pairs back to back: three of the four links between them fail."""
    for near, _ in TRUNK[:3]:
        name, port = near.split(".")
        lab.chassis[name].devices.down(port)
        lab.run(0.5)
    lab.leg_up("B", 30, 1)
    lab.leg_up("D", 30, 1)
    for near, _ in TRUNK[:3]:
        name, port = near.split(".")
        lab.chassis[name].devices.up(port)
    lab.run(0.5)


PAIR_SCENARIOS = [name for name, scene in ALL.items()
                  if getattr(scene, "lab", Lab) is Pairs]
