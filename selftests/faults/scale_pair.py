# SPDX-License-Identifier: GPL-2.0-only
"""A pair with many legs, for measurements: two chassis, one namespace with the
clients of the first few legs, dummies behind the others. All of it by netlink, as
a process for each device would take longer than the device.

   C  c1: a1 b1 ...    a1 == l1 [A br0] l1 == b1       and o0 of A == e0 of C
"""
import os
import socket
import struct

from link import IFLA_ADDRESS, Devices, Refused, mac, nl
from chassis import Family
from mlagbond import DATA, IFLA_LINKINFO, IFLA_MASTER, KIND, encode
from netns import Netns

LEG = {"mode": 4, "lacp_rate": 1}
AF_BRIDGE, RTM_SETLINK = 7, 19
IFLA_AF_SPEC, IFLA_BRIDGE_FLAGS, IFLA_BRIDGE_VLAN_INFO = 26, 0, 2
RANGE_BEGIN, RANGE_END, FLAG_SELF = 8, 16, 2
IFLA_BR_VLAN_FILTERING, IFLA_BR_FORWARD_DELAY, IFLA_BR_AGEING = 7, 1, 4
IFLA_BR_MCAST_SNOOPING = 23
ADDRESSES = b"\x02\xee"         # they begin so
TALK = b"\x88\xb6" + bytes(46)


class Side:
    """One chassis of as many domains as there are bridges."""

    def __init__(self, name, low, priority):
        self.name, self.low, self.priority = name, low, priority
        self.netns = Netns(f"scale-{name}")
        self.netns.quiet()
        self.devices = Devices(self.netns)
        self.family = Family(self.netns)

    def bridge(self, name, filtering):
        bridge = mac(f"02:00:00:{int(name[2:]):02x}:{self.low:02x}:00")
        data = [nl.u32(IFLA_BR_FORWARD_DELAY, 0),
                nl.u32(IFLA_BR_AGEING, 100000 * 36),
                nl.u8(IFLA_BR_VLAN_FILTERING, filtering),
                nl.u8(IFLA_BR_MCAST_SNOOPING, 0)]
        self.devices.make(name, "bridge", data,
                          [nl.attr(IFLA_ADDRESS, bridge)], True)

    def vlans(self, dev, first, last):
        """All from @first to @last, in one request."""
        dev_index = self.devices.index(dev)
        spec = [nl.attr(IFLA_BRIDGE_VLAN_INFO,
                        struct.pack("=HH", flag, vid))
                for flag, vid in ((RANGE_BEGIN, first), (RANGE_END, last))]
        if dev.startswith("br"):
            spec.insert(0, nl.u16(IFLA_BRIDGE_FLAGS, FLAG_SELF))
        self.devices.talk(RTM_SETLINK, struct.pack(
            "=BxHiII", AF_BRIDGE, 0, dev_index, 0, 0) +
            nl.attr(IFLA_AF_SPEC, spec))

    def leg(self, mlag_id, bridge, port):
        """@port is made, unless there is one of that name."""
        dev, name = self.devices, f"leg{mlag_id}"
        info = [nl.attr(KIND, "mlagbond"),
                nl.attr(DATA, encode({**LEG, "mlag_id": mlag_id}))]
        dev.change(name, [nl.attr(IFLA_LINKINFO, info)],
                   flags=nl.NLM_F_CREATE | nl.NLM_F_EXCL)
        bond = nl.u32(IFLA_MASTER, dev.index(name))
        if port:
            dev.change(port, [bond])
        else:
            dev.make(f"d{mlag_id}", "dummy", attrs=[bond])
        dev.change(name, [nl.u32(IFLA_MASTER, bridge)], up=True)

    def join(self, bridge, peer_port):
        self.family.ask("domain-new", {
            "bridge-name": bridge, "peer-port-name": peer_port,
            "priority": self.priority, "hello": 100})

    def leave(self, bridge):
        self.family.ask("domain-del", {"bridge-name": bridge})

    def domain(self, bridge="br0"):
        return self.family.ask("domain-get", {"bridge-name": bridge})[0]

    def counters(self, bridge="br0"):
        return {c["name"]: c["value"]
                for c in self.domain(bridge)["counter"]}

    def table(self, bridge="br0"):
        fdb = self.domain(bridge)["fdb"]
        return fdb["entries"], fdb["digest"]

    def legs(self, bridge="br0"):
        return self.family.ask("leg-get", {"bridge-name": bridge}, True)

    def findings(self, bridge="br0"):
        return self.family.ask("finding-get", {"bridge-name": bridge}, True)

    def close(self):
        self.devices.close()
        self.family.close()
        self.netns.delete()


class Pair:
    def __init__(self, legs, clients, vlans, domains):
        self.nlegs, self.nclients, self.nvlans = legs, clients, vlans
        self.bridges = [f"br{n}" for n in range(domains)]
        self.a = Side("A", 0xa, 100)
        self.b = Side("B", 0xb, 110)
        self.sides = (self.a, self.b)
        self.hosts = Netns("scale-C")
        self.hosts.quiet()
        self.outside = Devices(self.hosts)
        self.voices = {}

    def build(self):
        for n, bridge in enumerate(self.bridges):
            for side in self.sides:
                side.bridge(bridge, bool(self.nvlans) and not n)
            self.a.devices.cable(f"p{n}", self.b.devices, f"p{n}")
            for side in self.sides:
                side.devices.up(f"p{n}")
                side.devices.master(f"p{n}", bridge)
        if self.nvlans:
            for side in self.sides:
                side.vlans("br0", 2, self.nvlans)
                side.vlans("p0", 2, self.nvlans)
        self.a.devices.cable("o0", self.outside, "e0")
        self.a.devices.up("o0")
        self.a.devices.master("o0", "br0")
        self.outside.up("e0")
        for side in self.sides:
            self.build_legs(side)
        for mlag_id in range(1, self.nclients + 1):
            self.outside.bond(f"c{mlag_id}", "mlagbond", LEG,
                              (f"a{mlag_id}", f"b{mlag_id}"))

    def build_legs(self, side):
        """Those of br0; one each of the other bridges, mlag-ids beyond."""
        br0 = side.devices.index("br0")
        for mlag_id in range(1, self.nlegs + 1):
            port = None
            if mlag_id <= self.nclients:
                port = f"l{mlag_id}"
                side.devices.cable(port, self.outside,
                                   f"{side.name.lower()}{mlag_id}")
            side.leg(mlag_id, br0, port)
            # a trunk with all VLANs now and then
            if self.nvlans and mlag_id % 100 == 1:
                side.vlans(f"leg{mlag_id}", 2, self.nvlans)
        for n, bridge in enumerate(self.bridges[1:]):
            side.leg(self.nlegs + 1 + n, side.devices.index(bridge), None)

    def join(self):
        for n, bridge in enumerate(self.bridges):
            for side in self.sides:
                side.join(bridge, f"p{n}")

    def voice(self, dev):
        if dev not in self.voices:
            with self.hosts:
                sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
                sock.bind((dev, 0))
            self.voices[dev] = sock
        return self.voices[dev]

    def talk(self, dev, first, count):
        """One frame to chassis A itself from each of @count addresses."""
        send = self.voice(dev).send
        head = mac("02:00:00:00:0a:00") + ADDRESSES
        for n in range(first, first + count):
            send(head + n.to_bytes(4, "big") + TALK)

    def mute(self):
        for sock in self.voices.values():
            sock.close()
        self.voices = {}

    def cut(self, on):
        for dev in ("p0",):
            self.b.devices.change(dev, up=not on)

    def flap(self, mlag_id, on):
        """The client's end of a leg of A."""
        self.outside.change(f"a{mlag_id}", up=on)

    def remove_domains(self):
        for bridge in self.bridges:
            for side in self.sides:
                try:
                    side.leave(bridge)
                except Refused:
                    pass

    def close(self):
        self.mute()
        self.outside.close()
        self.hosts.delete()
        for side in self.sides:
            side.close()
