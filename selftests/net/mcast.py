#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Say and hear multicast on one device, as a host, a router or a source would.

  mcast.py tell IFACE MAC WORD GROUP [VID]
  mcast.py send IFACE MAC GROUP COUNT INTERVAL-MS [VID]
  mcast.py hear IFACE GROUP FILE
  mcast.py member IFACE MAC GROUP
  mcast.py queries IFACE FILE

tell: one report or query. WORD: join2, leave2, join3, leave3, source3 (IGMP:
any source; of 198.51.100.1 alone), join1, leave1, joinv2, leavev2 (MLD),
query, pim. send: numbered frames to GROUP. hear: until SIGTERM, then FILE gets
"FRAMES DISTINCT MOST-OF-ONE LONGEST-GAP-MS". member: answers each query that
asks for GROUP. queries: until SIGTERM, FILE gets the groups asked for.
"""
import ipaddress
import signal
import socket
import struct
import sys
import time

ETH_P_ALL = 3
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


def report3(kind, group, sources=()):
    return struct.pack("!BxxxHHBBH", 0x22, 0, 1, kind, 0, len(sources)) + \
        group.packed + b"".join(s.packed for s in sources)


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
    if word == "source3":
        return v3, igmp(report3(3, group, [SOURCE[4]]), me, v3)
    if word in ("join1", "leave1"):
        dst = group if word == "join1" else routers6
        return dst, icmp6(mld1(131 if word == "join1" else 132, group), me,
                          dst)
    if word in ("joinv2", "leavev2"):
        return v6, icmp6(report_mld2(4 if word == "joinv2" else 3, group), me,
                         v6)
    if word == "query":
        return all4, igmp(struct.pack("!BBHI", 0x11, 100, 0, 0),
                          address("198.51.100.254"), all4)
    if word == "pim":
        dst = address("224.0.0.13")
        body = struct.pack("!BxHHHH", 0x20, 0, 1, 2, 105)
        body = body[:2] + struct.pack("!H", checksum(body)) + body[4:]
        return dst, packet(address("198.51.100.254"), dst, 103, body, False)
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


def send(name, mac, group, count, interval, vid=None):
    sock, group = device(name), address(group)
    step = float(interval) / 1000
    at = time.monotonic()
    for number in range(int(count)):
        udp = struct.pack("!HHHH", 5000, 5000, 8 + len(MAGIC) + 4, 0) + \
            MAGIC + struct.pack("!I", number)
        data = packet(SOURCE[group.version], group, 17, udp, False)
        sock.send(frame(mac, group, data, vid))
        at += step
        time.sleep(max(0, at - time.monotonic()))


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


def hear(name, group, path):
    want = group_mac(address(group))
    seen, total, gap, last = {}, 0, 0.0, None
    sock = device(name, True)
    open(path + ".on", "w").close()
    for data in frames_in(sock):
        at = data.find(MAGIC)
        if data[:6] != want or at < 0:
            continue
        number = data[at + len(MAGIC):at + len(MAGIC) + 4]
        seen[number] = seen.get(number, 0) + 1
        now = time.monotonic()
        gap = max(gap, now - last) if last else 0
        last = now
        total += 1
    with open(path, "w") as out:
        print(total, len(seen), max(seen.values(), default=0),
              round(gap * 1000), file=out)


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


def queries(name, path):
    seen = []
    sock = device(name, True)
    open(path + ".on", "w").close()
    for data in frames_in(sock):
        asked = asked_for(data)
        if asked is not None:
            seen.append(str(asked))
    with open(path, "w") as out:
        print(*seen, file=out)


COMMANDS = {"tell": tell, "send": send, "hear": hear, "member": member,
            "queries": queries}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        sys.exit(__doc__)
    COMMANDS[sys.argv[1]](*sys.argv[2:])
