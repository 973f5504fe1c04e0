# SPDX-License-Identifier: GPL-2.0-only
"""Netlink in a few lines, for tests that must send what no tool would send.

Messages go out with extended acknowledgement on; an answer is an Ack with the
errno, the sentence and the type of the attribute the kernel points at.
"""
import errno
import os
import socket
import struct

NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP = 1, 4, 0x300
NLM_F_CREATE, NLM_F_EXCL = 0x400, 0x200
NLA_F_NESTED, NLA_TYPE_MASK = 0x8000, 0x3FFF
SOL_NETLINK, NETLINK_EXT_ACK, NETLINK_ADD_MEMBERSHIP = 270, 11, 1


def align(n):
    return (n + 3) & ~3


def attr(kind, data):
    """One attribute; a list of attributes makes a nest."""
    if isinstance(data, list):
        kind |= NLA_F_NESTED
        data = b"".join(data)
    elif isinstance(data, str):
        data = data.encode() + b"\0"
    head = struct.pack("=HH", len(data) + 4, kind)
    return (head + data).ljust(align(len(data) + 4), b"\0")


def u8(kind, value):
    return attr(kind, struct.pack("=B", value))


def u16(kind, value):
    return attr(kind, struct.pack("=H", value))


def u32(kind, value):
    return attr(kind, struct.pack("=I", value))


def parse(data):
    """(type, payload, offset) of each attribute of a byte string."""
    at = 0
    while at + 4 <= len(data):
        size, kind = struct.unpack_from("=HH", data, at)
        if size < 4:
            break
        yield kind & NLA_TYPE_MASK, data[at + 4:at + size], at
        at += align(size)


class Ack:
    def __init__(self, err, text, bad):
        self.err, self.text, self.bad = err, text, bad

    @property
    def name(self):
        if self.err == errno.EOPNOTSUPP:
            return "EOPNOTSUPP"
        return errno.errorcode.get(self.err, "?") if self.err else "0"

    def __repr__(self):
        return f"{self.name} '{self.text}' at {self.bad}"


class Socket:
    def __init__(self, family):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, family)
        self.sock.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
        self.sock.bind((0, 0))
        self.sock.settimeout(10)
        self.seq = 0

    def join(self, group):
        self.sock.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group)

    def send(self, kind, flags, payload):
        self.seq += 1
        self.sent = struct.pack("=IHHII", len(payload) + 16, kind,
                                flags | NLM_F_REQUEST, self.seq, 0) + payload
        self.sock.send(self.sent)

    def receive(self):
        """(type, flags, payload) of each message of one datagram."""
        data = self.sock.recv(1 << 16)
        at = 0
        while at + 16 <= len(data):
            size, kind, flags = struct.unpack_from("=IHH", data, at)
            yield kind, flags, data[at + 16:at + size]
            at += align(size)

    def ack(self, flags, body):
        err = -struct.unpack_from("=i", body)[0]
        capped = flags & 0x100
        inner = struct.unpack_from("=I", body, 4)[0] if not capped else 16
        text, bad = "", None
        if flags & 0x200:
            for kind, data, _ in parse(body[4 + align(inner):]):
                if kind == 1:
                    text = data.rstrip(b"\0").decode()
                elif kind == 2:
                    where = struct.unpack("=I", data)[0]
                    bad = struct.unpack_from("=H", self.sent, where + 2)[0]
                    bad &= NLA_TYPE_MASK
        return Ack(err, text, bad)

    def talk(self, kind, flags, payload):
        """Messages of the answer and its Ack."""
        dump = flags & NLM_F_DUMP == NLM_F_DUMP
        self.send(kind, flags if dump else flags | NLM_F_ACK, payload)
        answers = []
        while True:
            for got, gflags, body in self.receive():
                if got == 2:
                    return answers, self.ack(gflags, body)
                if got == 3:
                    err = -struct.unpack_from("=i", body)[0] if body else 0
                    text = ""
                    for kind_, data, _ in parse(body[4:]):
                        if kind_ == 1:
                            text = data.rstrip(b"\0").decode()
                    return answers, Ack(err, text, None)
                answers.append(body)


def unshare_to(name):
    """Enter the network namespace that `ip netns` calls so."""
    import ctypes
    fd = os.open(f"/run/netns/{name}", os.O_RDONLY)
    if ctypes.CDLL(None, use_errno=True).setns(fd, 0x40000000):
        raise OSError(ctypes.get_errno(), "setns")
    os.close(fd)
