#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Say and hear multicast on one device, as a host, a router or a source would.

  mcast.py tell IFACE MAC WORD GROUP [VID]
  mcast.py stream FROM MAC TO GROUP COUNT INTERVAL-MS [VID]
  mcast.py member IFACE MAC GROUP

tell: one report or query. WORD: join2, leave2, join3, leave3 (IGMP), join1,
leave1, joinv2, leavev2 (MLD), query, pim. stream: numbered frames to GROUP; FROM
and TO are NETNS:IFACE. Prints "FRAMES DISTINCT MOST-OF-ONE LONGEST-GAP-MS" of what
came. member: answers each query that asks for GROUP, until SIGTERM.
"""
import ctypes
import ipaddress
import os
import select
import signal
import socket
import struct
import sys
import time

ETH_P_ALL = 3
CLONE_NEWNET = 0x40000000
MAGIC = b"MCAST"
SOURCE = {4: ipaddress.ip_address("198.51.100.1"),
          6: ipaddress.ip_address("fe80::99")}
HOST = {4: ipaddress.ip_address("198.51.100.7"),
        6: ipaddress.ip_address("fe80::7")}


def address(text):
    return ipaddress.ip_address(text)


def group_mac(group):
    if group.version == 4:
        return b"\x01\x00\x5e" + bytes([group.packed[1] & 127]) + \
            group.packed[2:]
    return b"\x33\x33" + group.packed[12:]


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total ^ 0xffff


def packet(src, dst, proto, payload, alert=True):
    """IPv4 or IPv6 with the router alert that reports carry."""
    if dst.version == 4:
        options = b"\x94\x04\0\0" if alert else b""
        head = struct.pack("!BBHHHBBH", 0x45 + len(options) // 4, 0xc0,
                           20 + len(options) + len(payload), 0, 0x4000, 1,
                           proto, 0) + src.packed + dst.packed + options
        return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + \
            payload
    hop = bytes([proto, 0, 5, 2, 0, 0, 1, 0]) if alert else b""
    return struct.pack("!IHBB", 6 << 28, len(hop) + len(payload),
                       0 if alert else proto, 1) + src.packed + dst.packed + \
        hop + payload


def igmp(body, src, dst):
    return packet(src, dst, 2,
                  body[:2] + struct.pack("!H", checksum(body)) + body[4:])


def icmp6(body, src, dst):
    pseudo = src.packed + dst.packed + struct.pack("!IHBB", len(body), 0, 0,
                                                   58)
    return packet(src, dst, 58, body[:2] +
                  struct.pack("!H", checksum(pseudo + body)) + body[4:])


def report3(kind, group):
    return struct.pack("!BxxxHHBBH", 0x22, 0, 1, kind, 0, 0) + group.packed


def report_mld2(kind, group):
    return struct.pack("!BxxxHHBBH", 143, 0, 1, kind, 0, 0) + group.packed


def mld1(kind, group):
    return struct.pack("!BxxxHH", kind, 0, 0) + group.packed


def words(word, group):
    """(destination, packet) of one word about a group"""
    me = HOST[group.version]
    all4, routers4 = address("224.0.0.1"), address("224.0.0.2")
    routers6 = address("ff02::2")
    v3, v6 = address("224.0.0.22"), address("ff02::16")
    igmp2 = struct.pack("!BBH", 0x16, 0, 0) + group.packed
    if word == "join2":
        return group, igmp(igmp2, me, group)
    if word == "leave2":
        return routers4, igmp(b"\x17" + igmp2[1:], me, routers4)
    if word in ("join3", "leave3"):
        body = report3(4 if word == "join3" else 3, group)
        return v3, igmp(body, me, v3)
    if word in ("join1", "leave1"):
        dst = group if word == "join1" else routers6
        return dst, icmp6(mld1(131 if word == "join1" else 132, group), me,
                          dst)
    if word in ("joinv2", "leavev2"):
        return v6, icmp6(report_mld2(4 if word == "joinv2" else 3, group), me,
                         v6)
    if word == "query":
        return all4, igmp(struct.pack("!BBHI", 0x11, 100, 0, 0),
                          address("10.1.1.1"), all4)
    if word == "pim":
        dst = address("224.0.0.13")
        body = struct.pack("!BxHHHH", 0x20, 0, 1, 2, 105)
        body = body[:2] + struct.pack("!H", checksum(body)) + body[4:]
        return dst, packet(address("10.1.1.1"), dst, 103, body, False)
    sys.exit("no word %s" % word)


def frame(mac, dst, data, vid=None):
    tag = b"" if vid is None else struct.pack("!HH", 0x8100, int(vid))
    proto = 0x0800 if dst.version == 4 else 0x86dd
    return group_mac(dst) + bytes.fromhex(mac.replace(":", "")) + tag + \
        struct.pack("!H", proto) + data


def device(name, hear=False):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                         socket.htons(ETH_P_ALL) if hear else 0)
    sock.bind((name, ETH_P_ALL if hear else 0))
    return sock


def tell(name, mac, word, group, vid=None):
    dst, data = words(word, address(group))
    device(name).send(frame(mac, dst, data, vid))


def numbered(mac, group, number, vid):
    udp = struct.pack("!HHHH", 5000, 5000, 8 + len(MAGIC) + 4, 0) + \
        MAGIC + struct.pack("!I", number)
    data = packet(SOURCE[group.version], group, 17, udp, False)
    return frame(mac, group, data, vid)


def device_at(place, hear):
    netns, name = place.split(":")
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open("/run/netns/" + netns, os.O_RDONLY)
    libc = ctypes.CDLL(None)
    libc.setns(there, CLONE_NEWNET)
    sock = device(name, hear)
    libc.setns(home, CLONE_NEWNET)
    return sock


class Tally:
    """What came of a stream."""

    def __init__(self, sock, group):
        self.sock, self.want = sock, group_mac(group)
        self.seen, self.total, self.gap, self.last = {}, 0, 0.0, None

    def take(self):
        data, place = self.sock.recvfrom(2048)
        at = data.find(MAGIC)
        if place[2] == socket.PACKET_OUTGOING or data[:6] != self.want or \
                at < 0:
            return
        number = data[at + len(MAGIC):at + len(MAGIC) + 4]
        self.seen[number] = self.seen.get(number, 0) + 1
        now = time.monotonic()
        self.gap = max(self.gap, now - self.last) if self.last else 0
        self.last = now
        self.total += 1

    def take_until(self, end):
        while True:
            left = end - time.monotonic()
            if select.select([self.sock], [], [], max(0, left))[0]:
                self.take()
            elif left <= 0:
                return


def stream(source, mac, sink, group, count, interval, vid=None):
    group = address(group)
    out, tally = device_at(source, False), Tally(device_at(sink, True), group)
    at = time.monotonic()
    for number in range(int(count)):
        out.send(numbered(mac, group, number, vid))
        at += float(interval) / 1000
        tally.take_until(at)
    tally.take_until(at + 0.2)
    print(tally.total, len(tally.seen), max(tally.seen.values(), default=0),
          round(tally.gap * 1000))


def frames_in(sock):
    """Frames received, until SIGTERM; an outgoing one is passed over."""
    over = []
    signal.signal(signal.SIGTERM, lambda *_: over.append(1))
    sock.settimeout(0.1)
    while not over:
        try:
            data, place = sock.recvfrom(2048)
        except (socket.timeout, InterruptedError):
            continue
        if place[2] != socket.PACKET_OUTGOING:
            yield data


def asked_for(data):
    """The group an IGMP query names, None if the frame is none."""
    if data[12:14] != b"\x08\0" or data[23] != 2:
        return None
    body = data[14 + (data[14] & 15) * 4:]
    return ipaddress.ip_address(body[4:8]) if body[0] == 0x11 else None


def member(name, mac, group):
    sock, dst = device(name), address(group)
    for data in frames_in(device(name, True)):
        asked = asked_for(data)
        if asked is not None and int(asked) in (0, int(dst)):
            sock.send(frame(mac, *words("join2", dst)))


COMMANDS = {"tell": tell, "stream": stream, "member": member}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        sys.exit(__doc__)
    COMMANDS[sys.argv[1]](*sys.argv[2:])
