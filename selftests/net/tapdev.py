# SPDX-License-Identifier: GPL-2.0-only
"""Ethernet devices whose speed and duplex can be set: taps. And what any device
says of its own, as ethtool asks it."""
import ctypes
import fcntl
import os
import select
import socket
import struct
import threading

TUNSETIFF, IFF_TAP_NO_PI = 0x400454ca, 0x1002
TUNSETCARRIER = 0x400454e2
SIOCETHTOOL, ETHTOOL_GSET, ETHTOOL_SSET = 0x8946, 1, 2
HALF, FULL, UNKNOWN = 0, 1, 0xff
NO_SPEED = 0xffffffff
# struct ethtool_cmd: its command, the speed in two halves, the duplex
CMD = struct.Struct("=I8xHB13xH14x")


def ethtool(name, request):
    """The answer to a struct ethtool_cmd."""
    buf = ctypes.create_string_buffer(request, CMD.size)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, SIOCETHTOOL,
                    struct.pack("16sP16x", name.encode(),
                                ctypes.addressof(buf)))
    return buf.raw


def settings(name):
    """Speed and duplex of a device."""
    _, low, duplex, high = CMD.unpack(
        ethtool(name, CMD.pack(ETHTOOL_GSET, 0, 0, 0)))
    return high << 16 | low, duplex


class TapDevice:
    """A port with a carrier as long as it is held."""

    def __init__(self, name):
        self.name = name
        self.fd = os.open("/dev/net/tun", os.O_RDWR)
        fcntl.ioctl(self.fd, TUNSETIFF,
                    struct.pack("16sH22x", name.encode(), IFF_TAP_NO_PI))

    def speed(self, speed, duplex):
        """What it says of itself; nobody is told."""
        ethtool(self.name, CMD.pack(ETHTOOL_SSET, speed & 0xffff, duplex,
                                    speed >> 16))

    def carrier(self, on):
        fcntl.ioctl(self.fd, TUNSETCARRIER, struct.pack("=i", on))

    def comes_in(self, frame):
        os.write(self.fd, frame)

    def close(self):
        os.close(self.fd)


class Cables:
    """Carries frames between the two taps of each pair."""

    def __init__(self, pairs):
        self.other = {}
        for a, b in pairs:
            self.other[a.fd], self.other[b.fd] = b.fd, a.fd
        self.end, self.stop = os.pipe()
        self.thread = threading.Thread(target=self.carry)
        self.thread.start()

    def carry(self):
        while True:
            ready, _, _ = select.select([self.end, *self.other], [], [])
            if self.end in ready:
                return
            for fd in ready:
                self.pass_on(fd)

    def pass_on(self, fd):
        try:
            os.write(self.other[fd], os.read(fd, 2048))
        except OSError:                 # the device is down
            pass

    def close(self):
        os.close(self.stop)
        self.thread.join()
        os.close(self.end)
