# SPDX-License-Identifier: GPL-2.0-only
"""Somebody else on the cable between the chassis: frames of the control protocol
that are not the peer's, or not now."""
import socket
import struct
import time

ICCP = 0x88B5
GROUP = bytes.fromhex("0180c200000e")
STRANGER = bytes.fromhex("020000000c00")
ETH_P_ALL, SO_RCVBUFFORCE = 3, 33
TYPE, DOMAIN, NONCE, ECHO = 6, 8, 12, 20        # offsets in a frame of ours
HELLO = 1


class Intruder:
    """Stands where chassis @far has its end of link p0: what it sends comes in
    at the chassis @near, its peer."""

    def __init__(self, near, far):
        self.near, self.far = near, far
        with far.netns:
            self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
            # all that the hosts send passes here too
            self.sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 16 << 20)
            self.sock.bind(("p0", ETH_P_ALL))
        self.sock.setblocking(False)
        self.mac = self.sock.getsockname()[4]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def caught(self, out, seconds=0.5):
        """Payloads that the far chassis sends, or gets, in that time."""
        time.sleep(seconds)
        found = []
        while True:
            try:
                data, addr = self.sock.recvfrom(2048)
            except OSError:
                return found
            if data[12:14] == struct.pack("!H", ICCP) and \
                    (addr[2] == socket.PACKET_OUTGOING) == out:
                found.append(data[14:])

    def send(self, payloads, source=None):
        for payload in payloads:
            self.sock.send(GROUP + (source or self.mac) +
                           struct.pack("!H", ICCP) + payload)
        time.sleep(0.05)

    def hello(self):
        """One that the far chassis has sent."""
        return next(p for p in self.caught(True) if p[TYPE] == HELLO)

    # --- each returns the counter that must tell, and how often

    def replays(self):
        frames = self.caught(True)
        self.send(frames)
        return "drop_replay", len(frames)

    def reflects(self):
        """What the near chassis has sent comes back to it."""
        frames = self.caught(False)
        self.send(frames)
        return "drop_own_frame", len(frames)

    def is_third(self):
        """A third chassis of the same domain."""
        hello = self.hello().replace(self.far.mac, STRANGER)
        hello = hello[:NONCE] + b"stranger" + bytes(8) + hello[ECHO + 8:]
        self.send([hello] * 20, STRANGER)
        return "drop_duplicate_domain", 20

    def is_of_another_domain(self):
        hello = self.hello()
        hello = hello[:DOMAIN] + struct.pack("!I", 77) + hello[DOMAIN + 4:]
        self.send([hello] * 20)
        return "drop_domain", 20

    def is_foreign(self):
        """Somebody else's protocol on the same EtherType and address."""
        self.send([b"\0\1MTLAG" + bytes(60)] * 20)
        return "drop_foreign", 20
