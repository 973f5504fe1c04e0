#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Sends Slow Protocols frames from a port.

slow_frame.py DEV KIND [COUNT]: KIND is lacpdu, marker, short, bad-tlv,
version0, subtype0, oam, unicast or random; prints the Marker responses that
come back.
"""
import os
import socket
import struct
import sys
import time

ETH_P_ALL = 3
GROUP = bytes.fromhex("0180c2000002")


def info(kind, system, port, state):
    return struct.pack("!BBH6sHHHB3x", kind, 20, 65535, system, 15, 255, port,
                       state)


def lacpdu(system=b"\x02\0\0\0\0\x99"):
    return (b"\1\1" + info(1, system, 1, 0x47) + info(2, b"\0" * 6, 0, 0) +
            b"\3\x10" + b"\0" * 14 + b"\0\0" + b"\0" * 50)


def changed(pdu, at, value):
    return pdu[:at] + bytes([value]) + pdu[at + 1:]


def marker():
    return (b"\2\1\1\x10" + struct.pack("!H6sI2x", 7, b"\2abcde", 4711) +
            b"\0" * 92)


def payload(kind):
    pdu = lacpdu()
    return {
        "lacpdu": lambda: pdu,
        "marker": marker,
        "short": lambda: pdu[:60],
        "bad-tlv": lambda: changed(pdu, 23, 21),
        "version0": lambda: changed(pdu, 1, 0),
        "subtype0": lambda: changed(pdu, 0, 0),
        "oam": lambda: b"\3\0\x50\0" + b"\0" * 42,
        "unicast": lambda: pdu,
        "random": lambda: os.urandom(110),
    }[kind]()


def main():
    dev, kind = sys.argv[1:3]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    # what a bond takes for itself is seen by listeners to everything alone
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                         socket.htons(ETH_P_ALL))
    sock.bind((dev, ETH_P_ALL))
    src = sock.getsockname()[4]
    dst = b"\x02\0\0\0\0\1" if kind == "unicast" else GROUP
    for _ in range(count):
        sock.send(dst + src + b"\x88\x09" + payload(kind))
    if kind != "marker":
        return
    sock.settimeout(1)
    end = time.monotonic() + 3
    while time.monotonic() < end:
        try:
            frame = sock.recv(2048)
        except TimeoutError:
            continue
        if frame[14:18] == b"\2\1\2\x10":
            print(frame[18:30].hex())
            return


main()
