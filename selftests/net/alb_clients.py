#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A switch and its clients, played on the far ends of a bond's cables, against
a balance-alb: who is told which address, whether everybody is heard, once, and
what becomes of it when cables are cut and mended. KIND bond is asked only what
both do alike. Prints KTAP.

    alb_clients.py A B PORTS KIND

A has b0 (10.0.0.1/24, and 10.5.0.1/24 in VLAN 5) with the ports a0, a1, ...;
their far ends w0, w1, ... are in B. Ports have the addresses 02:..:0a:0N.
"""
import collections
import os
import select
import socket
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from frames import checksum, packet_socket               # noqa: E402
from mlagbond import Tap                                 # noqa: E402

SOL_PACKET, PACKET_AUXDATA, TP_VLAN_VALID = 263, 8, 1 << 4
ALL = b"\xff" * 6
CLIENTS = 24


def ip4(text):
    return socket.inet_aton(text)


class Client:
    """One station: its address, and what it believes about ours."""

    def __init__(self, number, vlan):
        self.vlan = vlan
        net = "10.5.0" if vlan else "10.0.0"
        self.ip, self.server = ip4(f"{net}.{100 + number}"), ip4(f"{net}.1")
        self.mac = bytes([2, 0, 0, vlan, 0x0c, number])
        self.believes = None
        self.replies = self.echoes = 0

    def frame(self, dst, proto, body):
        tag = struct.pack("!HH", 0x8100, self.vlan) if self.vlan else b""
        return (dst + self.mac + tag + struct.pack("!H", proto) +
                body).ljust(60, b"\0")

    def request(self):
        return self.frame(ALL, 0x806, struct.pack(
            "!HHBBH6s4s6s4s", 1, 0x800, 6, 4, 1, self.mac, self.ip,
            bytes(6), self.server))

    def answer(self, mac):
        return self.frame(mac, 0x806, struct.pack(
            "!HHBBH6s4s6s4s", 1, 0x800, 6, 4, 2, self.mac, self.ip,
            mac, self.server))

    def echo(self):
        icmp = struct.pack("!BBHHH", 8, 0, 0, 1, 1)
        icmp = icmp[:2] + struct.pack("!H", checksum(icmp)) + icmp[4:]
        head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 28, 1, 0, 64, 1, 0,
                           self.ip, self.server)
        head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
        return self.frame(self.believes, 0x800, head + icmp)


class Switch:
    """The far ends: floods, learns, and hands frames to the clients."""

    def __init__(self, netns, ports):
        self.socks = {}
        self.up = set(range(ports))
        self.netns = netns
        self.where = {}
        self.clients = {}
        for port in range(ports):
            sock = packet_socket(f"{netns}:w{port}")
            sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
            self.socks[sock] = port

    def send(self, data):
        """A frame of a client: to the port that has the address, or to all."""
        vlan = struct.unpack("!H", data[14:16])[0] \
            if data[12:14] == b"\x81\0" else 0
        port = self.where.get((data[:6], vlan))
        for sock, number in self.socks.items():
            if number in self.up and port in (None, number):
                sock.send(data)

    def receive(self, sock):
        data, anc, _, addr = sock.recvmsg(2048, 256)
        if addr[2] == socket.PACKET_OUTGOING:
            return
        vlan = 0
        for _, kind, aux in anc:
            if kind == PACKET_AUXDATA:
                status, *_, tci, _ = struct.unpack("=IIIHHHH", aux[:20])
                vlan = tci & 0xfff if status & TP_VLAN_VALID else 0
        self.where[data[6:12], vlan] = self.socks[sock]
        if data[12:14] == b"\x08\x06":
            self.arp(data, vlan)
        elif data[12:14] == b"\x08\0" and data[23] == 1 and data[34] == 0:
            client = self.clients.get((data[30:34], vlan))
            if client and data[:6] == client.mac:
                client.echoes += 1

    def arp(self, data, vlan):
        oper, sha, spa, _, tpa = struct.unpack("!H6s4s6s4s", data[20:42])
        if oper == 1:       # whoever hears it believes it
            for client in self.clients.values():
                if client.vlan != vlan or client.server != spa or \
                        data[:6] not in (ALL, client.mac):
                    continue
                if client.believes:
                    client.believes = sha
                if client.ip == tpa:
                    self.send(client.answer(sha))
            return
        client = self.clients.get((tpa, vlan))
        if client and data[:6] == client.mac:
            client.believes = sha
            client.replies += 1

    def run(self, seconds, until=lambda: False):
        end = time.monotonic() + seconds
        while time.monotonic() < end and not until():
            ready, _, _ = select.select(list(self.socks), [], [], 0.05)
            for sock in ready:
                try:
                    self.receive(sock)
                except OSError:         # the cable was cut
                    pass
        return until()

    def cable(self, port, up):
        subprocess.run(("ip", "-n", self.netns, "link", "set", f"w{port}",
                        "up" if up else "down"), check=True)
        (self.up.add if up else self.up.discard)(port)
        if not up:
            self.where = {k: p for k, p in self.where.items() if p != port}


class Test:
    def __init__(self, bond_ns, netns, ports, kind):
        self.bond_ns, self.ports, self.kind = bond_ns, int(ports), kind
        self.switch = Switch(netns, self.ports)
        self.tap = Tap()

    def result(self, what, wrong=""):
        self.tap.result(f"{self.kind}, {self.ports} ports: {what}", wrong)

    def all_clients(self):
        return list(self.switch.clients.values())

    def spread(self, clients):
        """How many clients believe in the address of which port."""
        count = collections.Counter(
            self.switch.where.get((c.believes, c.vlan)) for c in clients)
        return dict(sorted(count.items(), key=str))

    def is_fair(self, clients):
        """Shared among all; one VLAN alone may be a little lopsided."""
        up, share = self.switch.up, len(clients) // len(self.switch.up)
        spread = self.spread(clients)
        return set(spread) == up and \
            all(share - 2 <= n <= share + 2 for n in spread.values())

    def ask(self, what, vlan):
        clients = []
        for number in range(CLIENTS):
            client = Client(number, vlan)
            self.switch.clients[client.ip, vlan] = client
            clients.append(client)
        for client in clients:
            self.switch.send(client.request())
            self.switch.run(2, lambda c=client: c.replies)
        self.switch.run(0.3)
        once = [c.replies for c in clients]
        if self.kind != "bond":         # which says it again and again
            self.result(f"{what}: one reply to each request",
                        "" if once == [1] * CLIENTS else once)
        self.result(f"{what}: {CLIENTS} clients are shared", ""
                    if self.is_fair(clients) else self.spread(clients))

    def echo(self, what, seconds=0):
        """Each client sends to where it believes we are; again after a while
        if it may take so long."""
        clients = self.all_clients()
        end = time.monotonic() + seconds
        for client in clients:
            client.echoes = 0
        while True:
            missing = [c for c in clients if not c.echoes]
            for client in missing:
                self.switch.send(client.echo())
            self.switch.run(0.2, lambda: all(c.echoes for c in missing))
            if not missing or time.monotonic() > end:
                break
        self.switch.run(0.2)
        got = [c.echoes for c in clients]
        self.result(f"{what}: everybody is heard, once", ""
                    if got == [1] * len(clients) else
                    f"{got}, {self.spread(clients)}")

    def settled(self, what, seconds):
        clients = self.all_clients()
        fair = self.switch.run(seconds, lambda: self.is_fair(clients))
        self.result(f"{what}: clients are shared", ""
                    if fair else self.spread(clients))

    def collapse(self):
        """Our request for an address nobody has: all hear the active one."""
        subprocess.run(("ip", "netns", "exec", self.bond_ns, "ping", "-q",
                        "-c", "1", "-W", "1", "10.0.0.250"),
                       stdout=subprocess.DEVNULL, check=False)
        clients = [c for c in self.all_clients() if not c.vlan]
        self.switch.run(2, lambda: len(self.spread(clients)) == 1)
        self.settled("after our broadcast request", 15)

    def cut_and_mend(self):
        last = self.ports - 1
        self.switch.cable(last, False)
        self.echo("a port is lost", 1)
        self.settled("a port is lost", 20)
        self.switch.cable(last, True)
        self.settled("it is back", 30)
        self.switch.cable(0, False)
        self.echo("the active port is lost", 1)
        self.settled("the active port is lost", 20)
        self.switch.cable(0, True)
        self.settled("the active port is back", 30)
        self.echo("the active port is back")

    def run(self):
        self.ask("untagged", 0)
        self.echo("untagged")
        self.ask("VLAN 5", 5)
        self.echo("VLAN 5")
        if self.kind == "bond":
            return self.tap.end()
        self.collapse()
        self.echo("after our request")
        self.cut_and_mend()
        return self.tap.end()


if __name__ == "__main__":
    sys.exit(Test(*sys.argv[1:]).run())
