#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Hear what a fail-over announces: gratuitous ARP requests, neighbour
advertisements for fd00::1 and IGMP reports, with time and VLAN.

    announced.py IFNAME SECONDS

prints a line "ready", then how many of each came in on IFNAME in that time.
"""
import socket
import struct
import sys
import time

ETH_P_ALL = 3
SOL_PACKET, PACKET_AUXDATA = 263, 8
TP_STATUS_VLAN_VALID = 1 << 4
ADDR = socket.inet_pton(socket.AF_INET6, "fd00::1")
ARP, NA, IGMP = "ARP", "NA", "IGMP"


def kind_of(data):
    proto = struct.unpack("!H", data[12:14])[0]
    if proto == 0x806 and data[28:32] == data[38:42]:
        return ARP
    if proto == 0x86dd and data[20] == 58 and data[54] == 136 and \
            data[62:78] == ADDR:
        return NA
    if proto == 0x800 and data[23] == 2:
        return IGMP
    return None


def vlan_of(ancillary):
    """The tag, which the kernel has taken out of the frame; 0: none."""
    for level, kind, data in ancillary:
        if (level, kind) == (SOL_PACKET, PACKET_AUXDATA):
            status, tag = struct.unpack("=I12xHxx", data[:20])
            if status & TP_STATUS_VLAN_VALID:
                return tag & 0xfff
    return 0


class Ear:
    """Listens on a device, of another namespace if one is named."""

    def __init__(self, netns, ifname):
        if netns:
            from frames import packet_socket
            self.sock = packet_socket(f"{netns}:{ifname}")
        else:
            self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                      socket.htons(ETH_P_ALL))
            self.sock.bind((ifname, ETH_P_ALL))
        self.sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def hear(self, seconds):
        """(ms, kind, VLAN) of each announcement until then."""
        heard = []
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.sock.settimeout(left)
            try:
                data, more, _, addr = self.sock.recvmsg(2048, 64)
            except TimeoutError:
                break
            kind = kind_of(data.ljust(78, b"\0"))
            if kind and addr[2] != socket.PACKET_OUTGOING:
                heard.append((time.monotonic() * 1000, kind, vlan_of(more)))
        return heard


def main():
    with Ear(None, sys.argv[1]) as ear:
        print("ready", flush=True)
        heard = [kind for _, kind, _ in ear.hear(float(sys.argv[2]))]
    print(*[heard.count(kind) for kind in (ARP, NA, IGMP)])


if __name__ == "__main__":
    main()
