# SPDX-License-Identifier: GPL-2.0-only
"""Network devices of one namespace by raw rtnetlink: cables, bridges, bonds,
addresses of a bridge."""
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "../net"))
import nl                                                # noqa: E402
from mlagbond import (DATA, IFLA_LINKINFO, IFLA_MASTER, KIND,  # noqa: E402
                      RTM_DELLINK, RTM_GETLINK, RTM_NEWLINK, Links, encode)

RTM_NEWNEIGH, RTM_DELNEIGH, AF_BRIDGE = 28, 29, 7
IFLA_ADDRESS, IFLA_IFNAME, IFLA_MTU, IFLA_LINK = 1, 3, 4, 5
IFLA_STATS64, IFLA_AF_SPEC, IFLA_GROUP, IFLA_NET_NS_FD = 23, 26, 27, 28
VETH_PEER, VLAN_ID = 1, 1
BRIDGE = {"forward_delay": (1, "I"), "ageing_time": (4, "I"),
          "vlan_filtering": (7, "B"), "group_fwd_mask": (9, "H"),
          "fdb_flush": (21, "")}
RTM_SETLINK, BRIDGE_FLAGS, BRIDGE_VLAN_INFO, FLAG_SELF = 19, 0, 2, 2
VLAN_PVID, VLAN_UNTAGGED, VLAN_FROM, VLAN_TO = 2, 4, 8, 16
NUD_STATIC = 0x40
NTF_MASTER, NDA_LLADDR = 4, 2
IFF_UP = 1


class Refused(Exception):
    pass


def mac(text):
    return bytes.fromhex(text.replace(":", ""))


class Devices(Links):
    """Those of the namespace this is made in. What the kernel refuses raises."""

    def __init__(self, netns):
        self.netns = netns
        with netns:
            super().__init__()

    def close(self):
        self.rtnl.sock.close()

    def talk(self, kind, body, flags=0):
        answers, ack = self.rtnl.talk(kind, flags, body)
        if ack.err:
            raise Refused(f"{self.netns.name}: {ack}")
        return answers

    def change(self, name, attrs=(), up=None, index=0, flags=0):
        """RTM_NEWLINK, of a name or of an index."""
        if name:
            attrs = [nl.attr(IFLA_IFNAME, name), *attrs]
        self.talk(RTM_NEWLINK, struct.pack(
            "=BxHiII", 0, 0, index, IFF_UP if up else 0,
            0 if up is None else IFF_UP) + b"".join(attrs), flags)

    def look(self, name):
        """Attributes of a device; KeyError without it."""
        body = struct.pack("=BxHiII", 0, 0, 0, 0, 0)
        answers, ack = self.rtnl.talk(RTM_GETLINK, 0,
                                      body + nl.attr(IFLA_IFNAME, name))
        if ack.err:
            raise KeyError(name)
        found = {n: v for n, v, _ in nl.parse(answers[0][16:])}
        found["index"], found["flags"] = struct.unpack_from("=iI",
                                                            answers[0], 4)
        return found

    def index(self, name):
        return self.look(name)["index"]

    def address(self, name):
        return self.look(name)[IFLA_ADDRESS]

    def carried(self, name):
        """Frames that came in and went out."""
        return struct.unpack_from("=QQ", self.look(name)[IFLA_STATS64])

    def up(self, *names):
        for name in names:
            self.change(name, up=True)

    def down(self, *names):
        for name in names:
            self.change(name, up=False)

    def make(self, name, kind, data=(), attrs=(), up=None):
        info = [nl.attr(KIND, kind)]
        if data:
            info.append(nl.attr(DATA, list(data)))
        self.change(name, [*attrs, nl.attr(IFLA_LINKINFO, info)], up,
                    flags=nl.NLM_F_CREATE | nl.NLM_F_EXCL)

    def cable(self, name, far, far_name, attrs=(), far_attrs=()):
        """A veth from here to the devices @far."""
        fd = os.open(far.netns.path, os.O_RDONLY | os.O_CLOEXEC)
        peer = struct.pack("=BxHiII", 0, 0, 0, 0, 0) + b"".join([
            nl.attr(IFLA_IFNAME, far_name), nl.u32(IFLA_NET_NS_FD, fd),
            *far_attrs])
        self.make(name, "veth", [nl.attr(VETH_PEER, peer)], attrs)
        os.close(fd)

    def bridge(self, name, address, **options):
        data = [nl.attr(BRIDGE[word][0],
                        struct.pack("=" + BRIDGE[word][1], value))
                for word, value in options.items()]
        self.make(name, "bridge", data, [nl.attr(IFLA_ADDRESS, address)], True)

    def bridge_set(self, name, word, value):
        number, form = BRIDGE[word]
        info = [nl.attr(KIND, "bridge"), nl.attr(DATA, [nl.attr(
            number, struct.pack("=" + form, value) if form else b"")])]
        self.change(name, [nl.attr(IFLA_LINKINFO, info)])

    def vlan_device(self, name, bridge, vid, address):
        self.make(name, "vlan", [nl.u16(VLAN_ID, vid)],
                  [nl.u32(IFLA_LINK, self.index(bridge)),
                   nl.attr(IFLA_ADDRESS, address)], True)

    def vlans(self, verb, port, first, last=None, flags=0, own=False):
        """`bridge vlan add|del dev PORT vid FIRST-LAST`; @own: of the bridge
        PORT itself."""
        info = [nl.attr(BRIDGE_VLAN_INFO, struct.pack("=HH", flags, first))]
        if last and last != first:
            info = [nl.attr(BRIDGE_VLAN_INFO, struct.pack("=HH", flags | end,
                                                          vid))
                    for end, vid in ((VLAN_FROM, first), (VLAN_TO, last))]
        if own:
            info.insert(0, nl.u16(BRIDGE_FLAGS, FLAG_SELF))
        self.talk({"add": RTM_SETLINK, "del": RTM_DELLINK}[verb],
                  struct.pack("=BxHiII", AF_BRIDGE, 0, self.index(port), 0,
                              0) + nl.attr(IFLA_AF_SPEC, info))

    def bond(self, name, kind, options, ports, address=None):
        """Ports come in as they are given; the bond is left up."""
        attrs = [nl.attr(IFLA_ADDRESS, address)] if address else []
        self.make(name, kind, encode(options), attrs)
        for port in ports:
            self.down(port)
            self.master(port, name)
        self.up(name)

    def master(self, name, master):
        index = self.index(master) if master else 0
        self.change(name, [nl.u32(IFLA_MASTER, index)])

    def remove(self, name):
        ack = self.delete(name)
        if ack.err:
            raise Refused(f"{self.netns.name}: {name}: {ack}")

    def rename(self, name, new):
        """Before 6.2 a device must be down for it."""
        index = self.index(name)
        try:
            self.change(new, index=index)
        except Refused:
            self.down(name)
            self.change(new, index=index)
            self.up(new)

    def mtu(self, name, mtu):
        self.change(name, [nl.u32(IFLA_MTU, mtu)])

    def move(self, name, far, far_name):
        """To the devices @far, under another name; it goes down on the way."""
        fd = os.open(far.netns.path, os.O_RDONLY | os.O_CLOEXEC)
        self.change(far_name, [nl.u32(IFLA_NET_NS_FD, fd)],
                    index=self.index(name))
        os.close(fd)

    def group_down(self, group):
        """All devices of a group, in one request."""
        self.change(None, [nl.u32(IFLA_GROUP, group)], up=False)

    def fdb(self, verb, port, address):
        """`bridge fdb add|del ADDRESS dev PORT master static`."""
        kind, flags = {"add": (RTM_NEWNEIGH, nl.NLM_F_CREATE),
                       "del": (RTM_DELNEIGH, 0)}[verb]
        self.talk(kind, struct.pack(
            "=BxxxiHBB", AF_BRIDGE, self.index(port), NUD_STATIC, NTF_MASTER,
            0) + nl.attr(NDA_LLADDR, address), flags)
