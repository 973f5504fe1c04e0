# SPDX-License-Identifier: GPL-2.0-only
"""One chassis of the pair: a bridge with legs, a peer-port of two links, and its
domain. It can be built, lose its power at one instant, and be asked."""
import copy
import os
import time

from link import Devices, Refused, nl
from netns import Netns
import ynl              # where link looks for modules

SPEC = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                    "../../Documentation/netlink/specs/mlag_iccp.yaml")
PEER_LINKS = ("p0", "p1")
HEARTBEAT = "hb0"
LEG = {"mode": 4, "lacp_rate": 1}
PEER_PORT = {"mode": 1}


class Family:
    """The family of the companion. Its specification is read once; number and
    socket are those of now and here."""

    read = None

    def __init__(self, netns):
        with netns:
            if not Family.read:
                Family.read = ynl.Family(SPEC)
            self.family = copy.copy(Family.read)
            self.family.sock = nl.Socket(ynl.NETLINK_GENERIC)
            self.family.resolve()
        self.enums = {d["name"]: d["entries"]
                      for d in self.family.spec["definitions"]
                      if d["type"] == "enum"}

    def close(self):
        self.family.sock.sock.close()

    def ask(self, op, values=None, dump=False):
        """Decoded answers, enumerators by name."""
        answers, ack = self.family.request(op, values, dump)
        if ack.err:
            raise Refused(f"{op} {values}: {ack}")
        attr_set = self.family.ops[op]["attribute-set"]
        for answer in answers:
            for attr in self.family.sets[attr_set]:
                if attr.get("enum") in self.enums and attr["name"] in answer:
                    answer[attr["name"]] = self.word(
                        attr["enum"], answer[attr["name"]])
        return answers

    def word(self, enum, value):
        entry = self.enums[enum][value]
        return entry["name"] if isinstance(entry, dict) else entry

    def value(self, enum, word):
        return [self.word(enum, at)
                for at in range(len(self.enums[enum]))].index(word)


class Chassis:
    """@legs: mlag-id: ports. What it is built of outlives it: its cables are
    in the devices @park while it is dead."""

    def __init__(self, name, address, priority, park, legs):
        self.name, self.mac, self.priority = name, address, priority
        self.park, self.legs = park, legs
        self.netns = self.devices = self.family = None
        self.bridge_options = {}
        self.domain_options = {}
        self.bridge, self.peer_port = "br0", "peer0"

    @property
    def alive(self):
        return self.netns is not None

    def cables(self):
        """Peer links first: a dying chassis loses its voice before its legs."""
        return [*PEER_LINKS, HEARTBEAT,
                *(port for ports in self.legs.values() for port in ports),
                "o0"]

    # --- power

    def build(self):
        """All but the domain, from nothing."""
        self.begin(Netns(f"faults-{self.name}"))
        for port in self.cables():
            self.park.move(f"{self.name}.{port}", self.devices, port)
        self.assemble()

    def begin(self, netns):
        """It has power."""
        self.netns = netns
        netns.quiet()
        self.devices = Devices(netns)
        self.family = Family(netns)

    def assemble(self):
        """Its ports are there."""
        dev = self.devices
        self.bridge, self.peer_port = "br0", "peer0"
        self.new_bridge()
        self.bond("peer0", PEER_PORT, PEER_LINKS)
        for mlag_id, ports in self.legs.items():
            self.bond(f"leg{mlag_id}", {**LEG, "mlag_id": mlag_id}, ports)
        dev.master("o0", self.bridge)
        dev.up(*self.cables())

    def new_bridge(self):
        self.devices.bridge(self.bridge, self.mac, forward_delay=0,
                            **self.bridge_options)

    def bond(self, name, options, ports):
        self.devices.bond(name, "mlagbond", options, ports)
        self.devices.master(name, self.bridge)

    def boot(self):
        self.build()
        self.join()

    def die(self, group):
        """All cables at one instant, so that it cannot say goodbye; then it is
        gone. The cables are in @group."""
        self.devices.group_down(group)
        for port in self.cables():
            self.devices.move(port, self.park, f"{self.name}.{port}")
        self.devices.close()
        self.family.close()
        self.netns.delete()
        self.netns = self.devices = self.family = None

    # --- the domain

    def join(self):
        self.family.ask("domain-new", {
            "bridge-name": self.bridge, "peer-port-name": self.peer_port,
            "priority": self.priority, **self.domain_options})

    def set(self, **options):
        """Options of the domain, with _ for -; a word is an enumerator."""
        values = {"bridge-name": self.bridge}
        for name, value in options.items():
            name = name.replace("_", "-")
            if isinstance(value, str) and not name.endswith("-name"):
                value = self.family.value(name, value)
            values[name] = value
        self.family.ask("domain-set", values)

    def leave(self):
        self.family.ask("domain-del", {"bridge-name": self.bridge})

    def joined(self):
        return bool(self.family.ask("domain-get", dump=True))

    def meet_family(self):
        """The module is another one."""
        self.family.close()
        self.family = Family(self.netns)

    # --- looking

    def domain(self):
        return self.family.ask("domain-get", {"bridge-name": self.bridge})[0]

    def state(self):
        return self.domain()["state"]

    def counters(self):
        return {c["name"]: c["value"] for c in self.domain()["counter"]}

    def digest(self):
        fdb = self.domain()["fdb"]
        return fdb["entries"], fdb["digest"]

    def leg(self, mlag_id):
        for leg in self.family.ask("leg-get", {"bridge-name": self.bridge},
                                   True):
            if leg["mlag-id"] == mlag_id:
                return leg
        return {}

    def fdb(self, address):
        """The entry of an address, {} without one."""
        for entry in self.family.ask("fdb-get", {"bridge-name": self.bridge},
                                     True):
            if entry["mac"] == address:
                return entry
        return {}

    def events(self):
        return self.family.ask("event-get", {"bridge-name": self.bridge}, True)

    def story(self, count):
        """The last events, a line each, by seconds before now."""
        events = self.events()
        return [f"{time.monotonic() - e['time'] / 1e9:7.2f} s ago: {e['kind']} "
                f"{e.get('leg-name', '')} {e.get('value', '')} "
                f"{e.get('reason', '')}" for e in events[-count:]]
