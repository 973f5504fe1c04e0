#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Does a port come back that lost its link? primary_reselect with ports of
different speeds, in-tree bonding's beside ours. Ports are taps, whose speed can
be set, and dummies, which do not know theirs. Prints KTAP.

    reselect.py A B
"""
import ctypes
import fcntl
import os
import socket
import struct
import sys
import time

import nl
from mon import DOWN, UP, check, main
from mlagbond import RTM_NEWLINK

KINDS = ("bond", "mlagbond")
TUNSETIFF, IFF_TAP_NO_PI = 0x400454ca, 0x1002
SIOCETHTOOL, ETHTOOL_SSET = 0x8946, 2
IFLA_CARRIER = 33
HALF, FULL = 0, 1


class Tap:
    """A port with a carrier as long as it is held."""

    def __init__(self, name):
        self.name = name
        self.fd = os.open("/dev/net/tun", os.O_RDWR)
        fcntl.ioctl(self.fd, TUNSETIFF,
                    struct.pack("16sH22x", name.encode(), IFF_TAP_NO_PI))

    def speed(self, speed, duplex):
        """What it says of itself; nobody is told."""
        cmd = struct.pack("=IIIHB5xII4xI8x", ETHTOOL_SSET, 0, 0, speed,
                          duplex, 0, 0, 0)
        cmd = ctypes.create_string_buffer(cmd, 44)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            fcntl.ioctl(sock, SIOCETHTOOL,
                        struct.pack("16sP16x", self.name.encode(),
                                    ctypes.addressof(cmd)))

    def close(self):
        os.close(self.fd)


class Bond:
    """b0 and its ports, of one kind after the other."""

    def __init__(self, w, kind, reselect):
        self.w, self.kind, self.taps = w, kind, {}
        w.ports, w.names = [], {}
        w.ip("A", f"link add b0 type {kind} mode active-backup miimon 50 "
             f"primary_reselect {reselect}", "link set b0 up")

    def attach(self, name):
        self.w.ports.append(name)
        self.w.names[self.w.index(self.w.a, name)] = name
        self.w.a.request(RTM_NEWLINK, name, [
            nl.u32(10, self.w.index(self.w.a, "b0"))])
        self.w.becomes(UP, name)

    def tap(self, name, speed, duplex):
        self.taps[name] = Tap(name)
        self.taps[name].speed(speed, duplex)
        self.attach(name)

    def dummy(self, name):
        self.w.a.add(name, kind="dummy")
        self.attach(name)

    def set(self, word, name):
        ack = self.w.a.set("b0", {word: self.w.index(self.w.a, name)},
                           self.kind)
        check(not ack.err, f"{self.kind}: {word} {name}: {ack}")

    def carrier(self, name, on):
        self.w.a.request(RTM_NEWLINK, name, [nl.u8(IFLA_CARRIER, on)])
        self.w.becomes(UP if on else DOWN, name)

    def active(self, name, what):
        self.w.wait(lambda: self.w.active() == name, 2,
                    f"{self.kind}: {what}: {self.w.active()}, not {name}")

    def stays(self, name, what):
        time.sleep(0.2)
        check(self.w.active() == name,
              f"{self.kind}: {what}: {self.w.active()}, not {name}")

    def comes_back(self, name, other, comes, what):
        """The primary loses its link, the other one gets to work."""
        self.set("primary", name)
        self.active(name, "named as primary")
        self.carrier(name, 0)
        self.set("active_slave", other)
        self.active(other, "active without the primary")
        self.carrier(name, 1)
        if comes:
            self.active(name, what)
        else:
            self.stays(other, what)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for tap in self.taps.values():
            tap.close()
        for name in self.w.ports:
            self.w.a.delete(name)
        self.w.a.delete("b0")


def better(w):
    for kind in KINDS:
        with Bond(w, kind, "better") as b:
            b.tap("slow", 100, FULL)
            b.tap("fast", 1000, FULL)
            b.tap("half", 1000, HALF)
            b.comes_back("fast", "slow", True, "faster")
            b.comes_back("slow", "fast", False, "slower")
            b.comes_back("half", "fast", False, "half duplex")
            b.comes_back("fast", "half", True, "full duplex")
            b.taps["slow"].speed(1000, FULL)
            b.comes_back("slow", "fast", False, "read anew, as fast")
            b.taps["slow"].speed(10000, FULL)
            b.comes_back("slow", "fast", True, "read anew, faster")


def better_than_unknown(w):
    """Ours takes it for the lowest, bonding for the highest."""
    for kind in KINDS:
        with Bond(w, kind, "better") as b:
            b.tap("slow", 100, FULL)
            b.dummy("dumb")
            b.comes_back("slow", "dumb", kind == "mlagbond", "known")
            b.comes_back("dumb", "slow", kind == "bond", "unknown")


def always_and_failure(w):
    """Speeds are of no account."""
    for kind in KINDS:
        for reselect, comes in (("always", True), ("failure", False)):
            with Bond(w, kind, reselect) as b:
                b.tap("slow", 100, FULL)
                b.tap("fast", 1000, FULL)
                b.comes_back("slow", "fast", comes, f"{reselect}, slower")
                b.comes_back("fast", "slow", comes, f"{reselect}, faster")


if __name__ == "__main__":
    sys.exit(main((better, better_than_unknown, always_and_failure)))
