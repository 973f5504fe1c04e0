#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""RST BPDUs, as a spanning tree in user space would send them.

stp_rst.py say DEV BRIDGE: DEV claims, as bridge BRIDGE, to be the root; once.
stp_rst.py hear DEV BRIDGE: fails unless the next RST BPDU on DEV, at most 10 s
later, claims that BRIDGE is the root and sent it. BRIDGE is as sysfs has it:
8000.020000000a00.
"""
import socket
import struct
import sys

ETH_P_802_2 = 4
GROUP = bytes.fromhex("0180c2000000")
SOURCE = bytes.fromhex("02000000ee01")
LLC = b"\x42\x42\x03"
SECONDS = 10
# designated, learning, forwarding
FLAGS = 0x3c
FORM = "!HBBB8sI8sHHHHHB"


def identifier(text):
    priority, address = text.split(".")
    return bytes.fromhex(priority + address)


def frame(bridge):
    bpdu = struct.pack(FORM, 0, 2, 2, FLAGS, bridge, 0, bridge, 0x8001,
                       0, 6 * 256, 256, 3 * 256, 0)
    return (GROUP + SOURCE + struct.pack("!H", len(LLC + bpdu)) + LLC +
            bpdu).ljust(60, b"\0")


def say(sock, dev, bridge):
    # as the protocol says, so that the kernel sees it as what it is
    sock.sendto(frame(bridge), (dev, ETH_P_802_2))


def hear(sock, bridge):
    print("listening", flush=True)
    while True:
        got = sock.recv(2000)
        if got[:6] != GROUP or got[14:17] != LLC or got[20] != 2:
            continue
        fields = struct.unpack(FORM, got[17:17 + struct.calcsize(FORM)])
        print("flags %#x root %s cost %d bridge %s port %#x" %
              (fields[3], fields[4].hex(), fields[5], fields[6].hex(),
               fields[7]))
        return fields[3] == FLAGS and fields[4] == fields[6] == bridge


def main():
    verb, dev, bridge = sys.argv[1], sys.argv[2], identifier(sys.argv[3])
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                         socket.htons(ETH_P_802_2))
    sock.bind((dev, ETH_P_802_2))
    sock.settimeout(SECONDS)
    if verb == "say":
        say(sock, dev, bridge)
    elif not hear(sock, bridge):
        sys.exit(1)


main()
