#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The table of arp_validate: nobody answers, and what still comes in is data,
or ARP or ND of somebody else; on the active port and on the backup, and in a
mode where every port is active. The same for in-tree bonding. Topology: mon.py.
Prints KTAP.

    mon_validate.py A B
"""
import socket
import struct
import sys
import time

from mon import UP, check, main

OPTIONS = "miimon 0 arp_interval 100"
# column of the table for each port
ROLES = {"active-backup": ("active", "backup"),
         "balance-xor": ("active", "active")}
ASK = {"arp": "arp_ip_target 10.0.0.2", "nd": "ns_ip6_target fd00::2"}
# what keeps the active port, what the backup: see Documentation/monitors.rst
ANY, PROTO, ANSWERS = ("data", "proto"), ("proto",), ()
COLUMNS = "active", "backup"
TABLE = {
    "none": (ANY, ANY),
    "active": (ANSWERS, ANY),
    "backup": (ANY, ANSWERS),
    "all": (ANSWERS, ANSWERS),
    "filter": (PROTO, PROTO),
    "filter_active": (ANSWERS, PROTO),
    "filter_backup": (PROTO, ANSWERS),
}
STRANGER = bytes.fromhex("020000000bbb")
# longer than any verdict: bonding gives a backup an interval more
LISTEN = {"bond": 0.8, "mlagbond": 0.4}


def data_frame():
    return b"\xff" * 6 + STRANGER + bytes.fromhex("88b6").ljust(50, b"\0")


def arp_frame():
    body = bytes.fromhex("08060001080006040001") + STRANGER
    body += socket.inet_aton("10.0.0.9") + bytes(6)
    return b"\xff" * 6 + STRANGER + body + socket.inet_aton("10.0.0.77")


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def nd_frame():
    """Solicitation of fe80::77 by fe80::9."""
    src, tgt, dst = (socket.inet_pton(socket.AF_INET6, a) for a in
                     ("fe80::9", "fe80::77", "ff02::1:ff00:77"))
    icmp = struct.pack("!BBHI", 135, 0, 0, 0) + tgt + b"\1\1" + STRANGER
    pseudo = src + dst + struct.pack("!II", len(icmp), 58)
    icmp = icmp[:2] + struct.pack("!H", checksum(pseudo + icmp)) + icmp[4:]
    head = struct.pack("!IHBB", 6 << 28, len(icmp), 58, 255)
    return (bytes.fromhex("3333ff000077") + STRANGER + b"\x86\xdd" + head +
            src + dst + icmp)


FRAMES = {
    "arp": {"data": data_frame(), "proto": arp_frame()},
    "nd": {"data": data_frame(), "proto": nd_frame()},
}


def stays_up(w, i, frame, seconds):
    """Does a port live on these frames alone? One that falls silent may be
    heard again in the role that it has then."""
    port = f"a{i}"
    before = w.failures(port)
    end = time.monotonic() + seconds
    w.cut(i)
    while time.monotonic() < end:
        w.socks[i].send(frame)
        time.sleep(0.05)
    return w.failures(port) == before


def both_up(w, kind, mode, what):
    w.mend(0, 1)
    w.wait(lambda: w.link("a0") == UP and w.link("a1") == UP, 3,
           f"{what}: not up again")
    if mode == "active-backup" and w.active() != "a0":
        w.set("active_slave a0", kind)


def one_value(w, kind, mode, proto, value):
    for i, role in enumerate(ROLES[mode]):
        alive = TABLE[value][COLUMNS.index(role)]
        for name, frame in FRAMES[proto].items():
            what = f"{kind} {mode} {proto} {value}: {name} on a{i}, {role}"
            both_up(w, kind, mode, what)
            good = stays_up(w, i, frame, LISTEN[kind])
            check(good == (name in alive),
                  f"{what} {'keeps' if good else 'loses'} it")


def table(w, kind, proto, mode="active-backup"):
    w.on_switch(kind, 2, f"mode {mode} {OPTIONS} {ASK[proto]}")
    w.socks = w.far_ends()
    w.becomes(UP, "a0", "a1")
    for value in TABLE:
        w.set(f"arp_validate {value}", kind)
        one_value(w, kind, mode, proto, value)


def arp_values(w):
    table(w, "mlagbond", "arp")


def nd_values(w):
    table(w, "mlagbond", "nd")


def arp_values_where_all_are_active(w):
    table(w, "mlagbond", "arp", "balance-xor")


def arp_values_of_bonding(w):
    table(w, "bond", "arp")


if __name__ == "__main__":
    sys.exit(main((
        arp_values,
        nd_values,
        arp_values_where_all_are_active,
        arp_values_of_bonding,
    )))
