# SPDX-License-Identifier: GPL-2.0-only
"""A guest that migrates: one address that speaks at any host, or at one port of
a client past its bond, and everybody who gets what is sent to it."""
import collections
import socket
import struct

from lab import HOSTS, MLAG_ID

ETHERTYPE = 0x88B7
EVERYBODY = b"\xff" * 6
GUEST = bytes.fromhex("020000000277")


def frame(src, dst, vid=0):
    tag = struct.pack("!HH", 0x8100, vid) if vid else b""
    return (dst + src + tag + struct.pack("!H", ETHERTYPE)).ljust(60, b"\0")


class Voices:
    """Raw sockets of all hosts."""

    def __init__(self, lab):
        self.lab = lab
        self.socks = {name: self.open(name, lab.hosts[name].dev)
                      for name in HOSTS}
        self.others = []

    def open(self, host, dev):
        with self.lab.hosts[host].netns:
            sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                 socket.htons(ETHERTYPE))
            sock.bind((dev, ETHERTYPE))
        sock.setblocking(False)
        return sock

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for sock in (*self.socks.values(), *self.others):
            sock.close()

    def speak(self, host, address=GUEST, vid=0):
        self.socks[host].send(frame(address, EVERYBODY, vid))

    def speak_by(self, host, port, address=GUEST, vid=0):
        """By this port of a client, whatever its bond thinks."""
        sock = self.open(host, port)
        self.others.append(sock)
        return lambda: sock.send(frame(address, EVERYBODY, vid))

    def counts(self):
        """Frames to the guest since the last call, by host."""
        got = collections.Counter()
        for name, sock in self.socks.items():
            try:
                while True:
                    data = sock.recv(2048)
                    got[name] += data[:6] == GUEST
            except OSError:
                pass
        return +got

    def send_to_guest(self, host, count):
        for _ in range(count):
            self.socks[host].send(frame(self.lab.hosts[host].mac, GUEST))


def place(lab, host):
    """What both tables should say of an address at a host."""
    if host in MLAG_ID:
        return "leg", MLAG_ID[host]
    return "orphan", lab.chassis[host[1]].domain()["node"]


def installed(lab, name, address=GUEST):
    """Has the bridge of a chassis what its table says?"""
    entry = lab.chassis[name].fdb(address)
    return entry.get("installed") == entry.get("wanted")


def known(lab, name, address=GUEST):
    """What the table of a chassis says."""
    entry = lab.chassis[name].fdb(address)
    which = "mlag-id" if entry.get("origin") == "leg" else "owner"
    return entry.get("origin"), entry.get(which)
