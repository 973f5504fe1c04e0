#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Send frames of numbered flows on one device and say where each came out.

  frames.py KIND FLOWS FROM TO...     FROM, TO: NETNS:IFNAME

FROM may be several with commas: flow N enters by the Nth, in turn.

KIND says which field tells the flows apart: mac, ip, dstip, port, port6, ext6,
frag, vlan, srcmac, in a tunnel TUNNEL-FIELD: vxlan, geneve, gre, ipip with ip
or port of the packet inside, and vxlan-outer for the outer source port; echo;
error, pingerror, innererror: a packet, an echo or a packet in a packet, and the
ICMP error about it; frag6, echo6, error6, pingerror6, innererror6: the same of
IPv6; plain (nothing does), lldp, arp, igmp. Each flow is sent twice. Prints one line a flow: its number, a colon, the receiving devices with
the number of frames. A flow that arrives nowhere has an empty list. FLOWS is how
many, or a list of numbers with commas.

In the environment: FRAMES_SRC another source address; FRAMES_DST another
destination; FRAMES_REPEAT times each; FRAMES_SHOW=1 prints DEVICE/SOURCE instead
of DEVICE.
"""
import collections
import ctypes
import os
import select
import socket
import struct
import sys
import time

MAGIC = b"FLOW"
ETH_P_ALL = 3
CLONE_NEWNET = 0x40000000


def address(name, default):
    return bytes.fromhex(os.environ.get(name, default).replace(":", ""))


SRC = address("FRAMES_SRC", "020000000a01")
DST = address("FRAMES_DST", "020000000b01")
LLDP = bytes.fromhex("0180c200000e")


def packet_socket(place):
    """A raw socket bound to NETNS:IFNAME."""
    netns, ifname = place.split(":")
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open("/run/netns/" + netns, os.O_RDONLY)
    libc = ctypes.CDLL(None)
    libc.setns(there, CLONE_NEWNET)
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                         socket.htons(ETH_P_ALL))
    sock.bind((ifname, ETH_P_ALL))
    libc.setns(home, CLONE_NEWNET)
    os.close(there)
    os.close(home)
    return sock


def checksum(data):
    words = struct.unpack("!%dH" % (len(data) // 2), data)
    total = sum(words)
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ip4(proto, body, src=0x0a000001, dst=0x0a000002, frag=0):
    head = struct.pack("!BBHHHBBHII", 0x45, 0, 20 + len(body), 1, frag, 64,
                       proto, 0, src, dst)
    head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
    return head + body


def ip6(proto, body, src=1, dst=2):
    return struct.pack("!IHBB", 6 << 28, len(body), proto, 64) + \
        src.to_bytes(16, "big") + dst.to_bytes(16, "big") + body


def udp(sport, data, dport=9):
    return struct.pack("!HHHH", sport, dport, 8 + len(data), 0) + data


def tag(flow, piece=0):
    return MAGIC + struct.pack("!IB", flow, piece) + MAGIC


def frame(proto, body, flow, dst=DST, piece=0):
    return (dst + SRC + struct.pack("!H", proto) + body).ljust(64, b"\0") + \
        tag(flow, piece)


def fragments(flow):
    """First and last piece of a datagram; the ports are in the first."""
    src = 0x0a010000 + flow
    first = udp(40000 + flow, bytes(8))
    return [frame(0x800, ip4(17, first, src=src, frag=0x2000), flow),
            frame(0x800, ip4(17, bytes(16), src=src, frag=2), flow, piece=1)]


def fragments6(flow):
    src = 0x0a010000 + flow
    pieces = (1, udp(40000 + flow, bytes(8))), (2 << 3, bytes(16))
    return [frame(0x86dd, ip6(44, struct.pack("!BBHI", 17, 0, offset, 7) +
                              data, src=src), flow, piece=i)
            for i, (offset, data) in enumerate(pieces)]


def error_and_cause6(kind, flow):
    if kind == "pingerror6":
        cause = ip6(58, struct.pack("!BBHHH", 128, 0, 0, 7 + flow, 1))
    elif kind == "innererror6":
        cause = ip6(41, ip6(17, udp(40000 + flow, b"")))
    else:
        cause = ip6(17, udp(40000 + flow, b""))
    error = struct.pack("!BBHI", 1, 4, 0, 0) + cause
    return [frame(0x86dd, cause, flow),
            frame(0x86dd, ip6(58, error, src=2, dst=1), flow, piece=1)]


def error_and_cause(kind, flow):
    """A packet, and the ICMP error that the other side sends about it."""
    if kind == "pingerror":
        cause = ip4(1, struct.pack("!BBHHH", 8, 0, 0, 7 + flow, 1))
    elif kind == "innererror":
        cause = ip4(4, ip4(17, udp(40000 + flow, b"")))
    else:
        cause = ip4(17, udp(40000 + flow, b""))
    error = struct.pack("!BBHI", 3, 3, 0, 0) + cause
    return [frame(0x800, cause, flow),
            frame(0x800, ip4(1, error, src=0x0a000002, dst=0x0a000001), flow,
                  piece=1)]


def tunnel(kind, field, flow):
    """A packet in a packet; the outer one is the same for all flows."""
    src, sport = 0x0a000001, 9
    if field == "ip":
        src = 0x0a010000 + flow
    elif field == "port":
        sport = 40000 + flow
    inner = ip4(17, udp(sport, b""), src=src)
    outer = 5000 + flow if field == "outer" else 5000
    ether = DST + SRC + b"\x08\0" + inner
    if kind == "vxlan":
        body = ip4(17, udp(outer, b"\x08" + bytes(7) + ether, 4789))
    elif kind == "geneve":
        body = ip4(17, udp(outer, b"\0\0\x65\x58" + bytes(4) + ether, 6081))
    elif kind == "gre":
        body = ip4(47, b"\0\0\x08\0" + inner)
    else:
        body = ip4(4, inner)
    return [frame(0x800, body, flow)]


def make(kind, flow):
    if "-" in kind:
        return tunnel(*kind.split("-"), flow)
    if kind == "vlan":
        return [frame(0x8100, struct.pack("!HH", flow + 1, 0x88b6), flow)]
    if kind == "srcmac":
        data = frame(0x88b6, b"", flow)
        return [data[:10] + struct.pack("!H", flow) + data[12:]]
    if kind == "mac":
        dst = DST[:4] + struct.pack("!H", flow)
        return [frame(0x88b6, b"", flow, dst=dst)]
    if kind == "ip":
        return [frame(0x800, ip4(17, udp(9, b""), src=0x0a010000 + flow), flow)]
    if kind == "dstip":
        return [frame(0x800, ip4(17, udp(9, b""), dst=0x0a010000 + flow), flow)]
    if kind == "port":
        return [frame(0x800, ip4(17, udp(40000 + flow, b"")), flow)]
    if kind == "port6":
        return [frame(0x86dd, ip6(17, udp(40000 + flow, b"")), flow)]
    if kind == "ext6":
        ext = struct.pack("!BB", 17, 0) + b"\1\4" + bytes(4)
        return [frame(0x86dd, ip6(0, ext + udp(40000 + flow, b"")), flow)]
    if kind == "echo":
        body = struct.pack("!BBHHH", 8, 0, 0, 7 + flow, 1)
        return [frame(0x800, ip4(1, body), flow)]
    if kind == "echo6":
        body = struct.pack("!BBHHH", 128, 0, 0, 7 + flow, 1)
        return [frame(0x86dd, ip6(58, body), flow)]
    if kind == "frag":
        return fragments(flow)
    if kind == "frag6":
        return fragments6(flow)
    if kind.endswith("error"):
        return error_and_cause(kind, flow)
    if kind.endswith("error6"):
        return error_and_cause6(kind, flow)
    if kind == "igmp":
        return [frame(0x800, ip4(2, b"\x16" + bytes(7)), flow,
                      dst=bytes.fromhex("01005e010203"))]
    if kind == "lldp":
        return [frame(0x88cc, b"", flow, dst=LLDP)]
    if kind == "arp":
        return [frame(0x88b6, b"", flow, dst=b"\xff" * 6)]
    return [frame(0x88b6, b"", flow)]


def drain(socks, seen):
    """Read all that is there; returns whether anything was."""
    ready, _, _ = select.select(list(socks), [], [], 0.3)
    for sock in ready:
        try:
            data, addr = sock.recvfrom(2048)
        except OSError:                 # the device went down
            continue
        if addr[2] == socket.PACKET_OUTGOING or len(data) < 13:
            continue
        if data[-4:] == MAGIC and data[-13:-9] == MAGIC:
            flow = struct.unpack("!I", data[-9:-5])[0]
            place = socks[sock]
            if "FRAMES_SHOW" in os.environ:
                place += "/" + data[6:12].hex(":")
            seen[flow][place] += 1
    return bool(ready)


def main():
    kind, source = sys.argv[1], sys.argv[3]
    flows = [int(n) for n in sys.argv[2].split(",")]
    if len(flows) == 1:
        flows = range(flows[0])
    socks = {packet_socket(p): p.split(":")[1] for p in sys.argv[4:]}
    seen = collections.defaultdict(collections.Counter)
    outs = [packet_socket(place) for place in source.split(",")]
    end = time.monotonic() + 20

    repeat = int(os.environ.get("FRAMES_REPEAT", "2"))
    for flow in flows:
        for data in make(kind, flow) * repeat:
            try:
                outs[flow % len(outs)].send(data)
            except OSError:             # its cable is cut: it arrives nowhere
                pass
        while select.select(list(socks), [], [], 0)[0]:
            drain(socks, seen)
    while drain(socks, seen) and time.monotonic() < end:
        pass
    for flow in flows:
        print("%d:" % flow, " ".join("%s=%d" % item for item
                                     in sorted(seen[flow].items())))


if __name__ == "__main__":
    main()
