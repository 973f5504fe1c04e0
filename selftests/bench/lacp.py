# SPDX-License-Identifier: GPL-2.0-only
"""The partner of 802.3ad bonds: answers on the far ends of their cables.

What a port says of itself comes back to it, so that it aggregates. Sockets are
closed in between: a listener would be paid for by every frame measured.
"""
import select
import socket
import struct
import time

ETH_P_SLOW = 0x8809
GROUP = bytes.fromhex("0180c2000002")
SYSTEM = bytes.fromhex("02000000aa00")
STATE = 0x3d                        # all but TIMEOUT: long timeout, 90 s


def answer(frame, port):
    """Frame for the port whose LACPDU is FRAME."""
    actor = struct.pack("!BBH6sHHHB3x", 1, 20, 65535, SYSTEM, 1, 255, port,
                        STATE)
    partner = b"\2\x14" + frame[18:36]
    return (GROUP + SYSTEM[:4] + struct.pack("!H", port) + b"\x88\x09\1\1" +
            actor + partner + b"\3\x10" + b"\0" * 14 + b"\0\0" + b"\0" * 50)


class Partner:
    """Of one bond; DEVS are the far ends of its ports."""

    def __init__(self, devs):
        self.devs = devs
        self.answers = {}

    def open(self):
        socks = {}
        for port, dev in enumerate(self.devs, 1):
            sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            sock.bind((dev, ETH_P_SLOW))
            socks[sock] = port
        return socks

    def turn(self, socks):
        ready, _, _ = select.select(list(socks), [], [], 0.1)
        for sock in ready:
            frame = sock.recv(256)
            if frame[14:16] != b"\1\1":
                continue
            port = socks[sock]
            self.answers[port] = answer(frame, port)
            sock.send(self.answers[port])

    def talk(self, done, seconds=60):
        """Answers until DONE(); says whether that came."""
        socks = self.open()
        end = time.monotonic() + seconds
        try:
            while not done():
                if time.monotonic() > end:
                    return False
                for _ in range(5):
                    self.turn(socks)
            return True
        finally:
            for sock in socks:
                sock.close()

    def remind(self):
        """Says it all again: good for another 90 s."""
        for sock, port in self.open().items():
            if port in self.answers:
                sock.send(self.answers[port])
            sock.close()
