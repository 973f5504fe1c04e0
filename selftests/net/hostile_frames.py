#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Sends frames nobody sane would send, the same at each run.

hostile_frames.py DEV KIND COUNT: KIND is one of
  foreign     our EtherType, another magic
  short       frames of DEV's own chassis, cut off at every length
  mangled     the same with bytes changed, but for nonce and counters
  header      our magic, then anything
  again       frames of DEV's own chassis, as they were
  unsigned    the same, said to carry no signature
  signed      the same with a signature that nobody made
  lacp-short  LACPDUs cut off
  lacp-tlv    LACPDUs whose TLVs lie
  lacp-random anything in a slow protocol's frame
Prints how many frames it sent.
"""
import random
import socket
import struct
import sys
import time

ETH_P_ALL = 3
ICCP, SLOW = 0x88b5, 0x8809
ICCP_GROUP = bytes.fromhex("0180c200000e")
SLOW_GROUP = bytes.fromhex("0180c2000002")
MAGIC = b"MLAG"
HEADER = 40

# what a byte of a caught frame must not become: the nonce of the sender, his
# counters and the acknowledgement. A forger who has these is the peer.
SPARED = set(range(12, 20)) | set(range(28, 36))


def caught(sock, want):
    """Frames that this chassis has just sent: valid, and used up."""
    found = []
    sock.settimeout(0.1)
    end = time.monotonic() + 5
    while len(found) < want and time.monotonic() < end:
        try:
            data, addr = sock.recvfrom(2048)
        except TimeoutError:
            continue
        if addr[2] == socket.PACKET_OUTGOING and \
                data[12:14] == struct.pack("!H", ICCP):
            found.append(data[14:])
    if not found:
        sys.exit("no frame caught")
    return found


def foreign(rng, _):
    magic = bytes([rng.choice(b"ABCmlg\0\xff")]) + rng.randbytes(3)
    return magic + rng.randbytes(rng.randrange(0, 200))


def short(rng, frames):
    frame = rng.choice(frames)
    length = struct.unpack("!H", frame[36:38])[0]
    # what is not there cannot be padding: say that it is longer
    cut = frame[:rng.randrange(HEADER, HEADER + length)]
    return cut[:36] + struct.pack("!H", max(length, 64)) + cut[38:]


def mangled(rng, frames):
    frame = bytearray(rng.choice(frames))
    for _ in range(rng.randrange(1, 6)):
        at = rng.randrange(4, len(frame))
        if at not in SPARED:
            frame[at] = rng.randrange(256)
    return bytes(frame)


def again(rng, frames):
    return rng.choice(frames)


def unsigned(rng, frames):
    frame = rng.choice(frames)
    return frame[:7] + b"\0" + frame[8:]


def signed(rng, frames):
    frame = rng.choice(frames)
    end = HEADER + struct.unpack("!H", frame[36:38])[0]
    return frame[:7] + b"\1" + frame[8:end] + rng.randbytes(16)


def header(rng, _):
    return MAGIC + rng.randbytes(rng.randrange(0, 300))


def info(kind, length, rng):
    return struct.pack("!BBH6sHHHB3x", kind, length, 65535, rng.randbytes(6),
                       15, 255, 1, rng.randrange(256))


def lacp_short(rng, _):
    pdu = b"\1\1" + info(1, 20, rng) + info(2, 20, rng) + b"\3\x10"
    return pdu[:rng.randrange(2, 42)]


def lacp_tlv(rng, _):
    first, second = rng.choice(((21, 20), (20, 19), (0, 20), (20, 255)))
    pdu = b"\1\1" + info(1, first, rng) + info(2, second, rng)
    return (pdu + b"\3\x10").ljust(110, b"\0")


def lacp_random(rng, _):
    return rng.choice((b"\1\0", b"\1\1\2", b"\2\0", b"\0", b"\1\1\1\0")) + \
        rng.randbytes(108)


KINDS = {
    "foreign": (ICCP, foreign),
    "short": (ICCP, short),
    "mangled": (ICCP, mangled),
    "header": (ICCP, header),
    "again": (ICCP, again),
    "unsigned": (ICCP, unsigned),
    "signed": (ICCP, signed),
    "lacp-short": (SLOW, lacp_short),
    "lacp-tlv": (SLOW, lacp_tlv),
    "lacp-random": (SLOW, lacp_random),
}
OF_CHASSIS = ("short", "mangled", "again", "unsigned", "signed")


def main():
    dev, kind, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    ethertype, make = KINDS[kind]
    rng = random.Random(kind)
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                         socket.htons(ETH_P_ALL))
    sock.bind((dev, ETH_P_ALL))
    head = (ICCP_GROUP if ethertype == ICCP else SLOW_GROUP) + \
        sock.getsockname()[4] + struct.pack("!H", ethertype)
    frames = caught(sock, 4) if kind in OF_CHASSIS else []
    for number in range(count):
        sock.send(head + make(rng, frames))
        if number % 50 == 49:
            time.sleep(0.01)
    print(count)


main()
