# SPDX-License-Identifier: GPL-2.0-only
"""A client of the pair: a host whose in-tree bond takes both chassis for one
switch. Its LACPDUs are caught at its ports, both ways, so that nothing its LACP
saw or said escapes, however short it lasted."""
import collections
import errno
import socket
import struct

from link import Devices, nl
from mlagbond import DATA, SLAVE_DATA
from netns import Netns

SYNC, COLLECTING, DISTRIBUTING = 8, 16, 32
ETH_P_ALL, SLOW = 3, 0x8809
SO_ATTACH_FILTER = 26
AD_INFO, PARTNER_MAC = 23, 5
PORT_MII, PORT_AGGREGATOR, PORT_STATE, PORT_PARTNER = 2, 6, 7, 8
BOND = {"mode": 4, "lacp_rate": 1, "miimon": 10, "xmit_hash_policy": 2}
NOBODY = bytes(6)

Pdu = collections.namedtuple("Pdu", "out system state partner partner_state")


def only_slow_frames():
    """A classic BPF program and the memory it lies in."""
    import ctypes
    code = b"".join(struct.pack("=HBBI", *step) for step in (
        (0x28, 0, 0, 12), (0x15, 0, 1, SLOW), (6, 0, 0, 256), (6, 0, 0, 0)))
    memory = ctypes.create_string_buffer(code)
    return struct.pack("@HP", 4, ctypes.addressof(memory)), memory


class Ear:
    """What is said on one port of a client."""

    def __init__(self, dev):
        program, self.memory = only_slow_frames()
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self.sock.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)
        self.sock.bind((dev, ETH_P_ALL))
        self.sock.setblocking(False)
        self.sends = False      # by what the client last said

    def take(self):
        """LACPDUs since the last call."""
        while True:
            try:
                data, addr = self.sock.recvfrom(256)
            except OSError as fault:
                if fault.errno == errno.EAGAIN:
                    return
                continue        # ENETDOWN, told once: the port went down
            if data[14:15] == b"\1" and len(data) >= 53:
                yield Pdu(addr[2] == socket.PACKET_OUTGOING, data[20:26],
                          data[32], data[40:46], data[52])


class Client:
    def __init__(self, name, address):
        self.name = name
        self.mac = address
        self.netns = Netns(f"faults-{name}")
        self.netns.quiet()
        self.dev = "bond0"
        self.devices = Devices(self.netns)
        self.ports, self.ears = [], {}

    def up(self, ports):
        """The cables are there: bond them."""
        self.ports = ports
        self.devices.bond(self.dev, "bond", BOND, ports, self.mac)
        with self.netns:
            self.ears = {port: Ear(port) for port in ports}

    def close(self):
        for ear in self.ears.values():
            ear.sock.close()
        self.devices.close()
        self.netns.delete()

    def port(self, name):
        data = self.devices.info(name, SLAVE_DATA)
        return {n: v for n, v, _ in nl.parse(data or b"")}

    def active(self):
        """How many ports of the best aggregate send to one who takes it."""
        count = collections.Counter()
        for name in self.ports:
            info = self.port(name)
            if info[PORT_MII] == b"\0" and PORT_STATE in info and \
                    info[PORT_STATE][0] & DISTRIBUTING and \
                    info[PORT_PARTNER][0] & COLLECTING:
                count[info[PORT_AGGREGATOR]] += 1
        return max(count.values(), default=0)

    def partner(self):
        """The system-id its aggregate has for a partner."""
        for number, value, _ in nl.parse(self.devices.info(self.dev, DATA)):
            if number == AD_INFO:
                return {n: v for n, v, _ in nl.parse(value)}.get(PARTNER_MAC)
        return None

    def heard(self):
        """What was said since the last call: system-ids of partners it sent
        frames to, and how often each port ceased to send."""
        partners, left = set(), {}
        for name, ear in self.ears.items():
            left[name] = 0
            for pdu in ear.take():
                if not pdu.out:
                    continue
                sent, ear.sends = ear.sends, bool(pdu.state & DISTRIBUTING)
                left[name] += sent and not ear.sends
                if ear.sends and pdu.partner != NOBODY:
                    partners.add(pdu.partner)
        return partners, left
