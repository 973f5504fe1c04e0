#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""announced.py IFNAME SECONDS: count what a fail-over announces. Prints the
number of gratuitous ARP requests, of neighbour advertisements for fd00::1 and
of IGMP reports that came in, after a line "ready"."""
import socket
import struct
import sys
import time

ETH_P_ALL = 3
ADDR = socket.inet_pton(socket.AF_INET6, "fd00::1")


def kind_of(data):
    proto = struct.unpack("!H", data[12:14])[0]
    if proto == 0x806 and data[28:32] == data[38:42]:
        return 0
    if proto == 0x86dd and data[20] == 58 and data[54] == 136 and \
            data[62:78] == ADDR:
        return 1
    if proto == 0x800 and data[23] == 2:
        return 2
    return None


def main():
    counts = [0, 0, 0]
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                         socket.htons(ETH_P_ALL))
    sock.bind((sys.argv[1], ETH_P_ALL))
    print("ready", flush=True)
    end = time.monotonic() + float(sys.argv[2])
    while time.monotonic() < end:
        sock.settimeout(max(0.001, end - time.monotonic()))
        try:
            data, addr = sock.recvfrom(2048)
        except TimeoutError:
            break
        kind = kind_of(data)
        if kind is not None and addr[2] != socket.PACKET_OUTGOING:
            counts[kind] += 1
    print(*counts)


main()
