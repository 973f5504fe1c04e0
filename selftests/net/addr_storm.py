#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Cables of a bond whose address follows its active port are pulled and put
back at random, several at once. Whenever it is quiet again the ports have the
addresses they had before, each one, and the active port has that of the bond.

    addr_storm.py A B PORTS ROUNDS SEED

A has b0 with the ports a0, a1, ...; their far ends w0, w1, ... are in B. Prints
what is wrong, and nothing if all is well.

A listener with a buffer more than half full is there meanwhile: on a machine
with one CPU others run while it is told of an address that has just changed.
"""
import errno
import os
import random
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import nl                                                # noqa: E402
from mlagbond import DATA, IFLA_LINKINFO, RTM_GETLINK, RTM_NEWLINK, \
    Links                                                # noqa: E402

IFLA_ADDRESS, IFLA_GROUP, IFF_UP = 1, 27, 1
ACTIVE_SLAVE = 2
RTNLGRP_LINK = 1
SO_RCVBUFFORCE = 33
NOISE, BUFFER = 16 << 10, 16 << 20
GROUPS = {False: 111, True: 112}
SETTLE = 10                     # s, in which it has to become quiet


class Crowd:
    """A listener that is behind: netlink lets others run at each message."""

    def __init__(self):
        self.listener = nl.Socket(socket.NETLINK_ROUTE)
        self.listener.sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE,
                                      BUFFER)
        self.listener.join(RTNLGRP_LINK)
        noise = struct.pack("=IHHII", NOISE, 1, 0, 0, 0).ljust(NOISE, b"\0")
        speaker = nl.Socket(socket.NETLINK_ROUTE)
        while self.waiting() <= BUFFER:     # which is half of what it gets
            speaker.sock.sendto(noise, (0, 1 << (RTNLGRP_LINK - 1)))

    def waiting(self):
        """Bytes it has not read."""
        port = str(self.listener.sock.getsockname()[0])
        with open("/proc/self/net/netlink") as f:
            for line in f:
                _, _, pid, _, rmem, *_ = line.split()
                if pid == port:
                    return int(rmem)
        raise LookupError(port)

    def lost(self):
        """Has it lost messages? Then nobody waits for it."""
        self.listener.sock.settimeout(0)
        try:
            self.listener.sock.recv(16)
        except OSError as err:
            return err.errno == errno.ENOBUFS
        return False


class Cables:
    """The far ends; those that change at once do so in one request."""

    def __init__(self, ports):
        self.links = Links()
        self.up = [True] * ports

    def request(self, index, flags, change, group, name=None):
        body = struct.pack("=BxHiII", 0, 0, index, flags, change)
        if name:
            body += nl.attr(3, name)
        body += nl.u32(IFLA_GROUP, group)
        ack = self.links.rtnl.talk(RTM_NEWLINK, 0, body)[1]
        if ack.err:
            raise OSError(ack.err, f"{name or group}: {ack}")

    def set(self, up):
        for port, state in enumerate(up):
            self.request(0, 0, 0, GROUPS[state] if state != self.up[port]
                         else 0, f"w{port}")
        for state in (True, False):
            if any(a != b and b == state for a, b in zip(self.up, up)):
                self.request(0, IFF_UP if state else 0, IFF_UP,
                             GROUPS[state])
        self.up = up


class Bond:
    def __init__(self, ports):
        self.links = Links()
        self.names = [f"a{i}" for i in range(ports)]
        self.first = sorted(self.addresses())

    def look(self, name):
        """Its index, address, and the index of its active port or None."""
        answers, _ = self.links.request(RTM_GETLINK, name, [])
        attrs = {n: v for n, v, _ in nl.parse(answers[0][16:])}
        info = {n: v for n, v, _ in nl.parse(attrs[IFLA_LINKINFO])}
        data = {n: v for n, v, _ in nl.parse(info.get(DATA, b""))}
        return struct.unpack_from("=i", answers[0], 4)[0], \
            attrs[IFLA_ADDRESS].hex(":"), \
            struct.unpack("=I", data[ACTIVE_SLAVE])[0] \
            if ACTIVE_SLAVE in data else None

    def addresses(self):
        return [self.look(name)[1] for name in self.names]

    def wrong(self, up):
        """What is not as it should be, with the far ends UP."""
        ports = [self.look(name) for name in self.names]
        _, own, active = self.look("b0")
        with_own = [i for i, p in enumerate(ports) if p[1] == own]
        has = [i for i, p in enumerate(ports) if p[0] == active]
        if len(has) != any(up) or not all(up[i] for i in has):
            return f"active: {has} of {up}"
        if len(with_own) != 1 or not set(has) <= set(with_own) or \
                sorted(p[1] for p in ports) != self.first:
            return f"active: {has}, b0: {own}, ports: {[p[1] for p in ports]}"
        return ""


def settled(bond, up):
    end = time.monotonic() + SETTLE
    while True:
        wrong = bond.wrong(up)
        if not wrong or time.monotonic() > end:
            return wrong
        time.sleep(0.01)


def main(bond_ns, netns, ports, rounds, seed):
    rnd, ports = random.Random(int(seed)), int(ports)
    nl.unshare_to(netns)
    cables = Cables(ports)
    nl.unshare_to(bond_ns)
    bond = Bond(ports)
    crowd = Crowd()
    for number in range(int(rounds)):
        for _ in range(rnd.randint(1, 3)):
            cables.set([rnd.random() < 0.6 for _ in range(ports)])
            time.sleep(rnd.choice((0, 0.005, 0.02, 0.05)))
        wrong = settled(bond, cables.up)
        if wrong:
            print(f"seed {seed}, round {number}: {wrong}")
            return 1
    if crowd.lost():
        print("the listener has lost messages")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
