#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""queue_id in modes in which not every port may send, or not with every address:
active-backup beside bonding, 802.3ad, balance-alb. Topology: mon.py. Prints KTAP.

    queue_id.py A B
"""
import errno
import socket
import sys

from mon import UP, check, main, nl

QUEUE, FRAMES = 2, 20
OTHER = b"\2\0\0\0\0\x55"
EXPERIMENTAL = 0x88b5


def into_queue(w):
    w.tc("A", "qdisc add dev b0 clsact", "filter add dev b0 egress matchall "
         f"action skbedit queue_mapping {QUEUE}")


def queue_id(w, kind, port, number):
    w.ip("A", f"link set {port} type {kind}_slave queue_id {number}")


def send(w, ends, src=None):
    """How many of the frames came out of each port, and from whom."""
    for end in ends:
        drain(end)
    nl.unshare_to(w.ns["A"])
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    sock.bind(("b0", 0))
    src = src or sock.getsockname()[4]
    for _ in range(FRAMES):
        sock.send(OTHER + src + EXPERIMENTAL.to_bytes(2, "big") + bytes(46))
    sock.close()
    got = [drain(end) for end in ends]
    return [len(g) for g in got], {s for g in got for s in g}


def drain(end):
    found = []
    try:
        while True:
            frame, addr = end.recvfrom(2048)
            if (addr[2] != socket.PACKET_OUTGOING and frame[:6] == OTHER and
                    frame[12:14] == EXPERIMENTAL.to_bytes(2, "big")):
                found.append(frame[6:12])
    except OSError as fault:    # no more, or its device is down
        check(fault.errno in (errno.EAGAIN, errno.ENETDOWN), f"{fault}")
        return found


def backup_port_sends(w):
    for kind in "bond", "mlagbond":
        w.on_switch(kind, 2, "mode active-backup miimon 50 primary a0")
        w.wait(lambda: w.active() == "a0", 5, f"{kind}: a0 is not active")
        w.becomes(UP, "a1")
        ends = w.far_ends()
        queue_id(w, kind, "a1", QUEUE)
        into_queue(w)
        count, _ = send(w, ends)
        check(count == [0, FRAMES], f"{kind}: {count}")
        w.ip("B", "link set w1 down")
        w.wait(lambda: w.link("a1") != UP, 2, f"{kind}: a1 is up")
        count, _ = send(w, ends)
        check(count == [FRAMES, 0], f"{kind}, a1 without link: {count}")
        w.ip("B", "link set w1 up")
        w.becomes(UP, "a1")
        queue_id(w, kind, "a1", 0)
        count, _ = send(w, ends)
        check(count == [FRAMES, 0], f"{kind}, without queue_id: {count}")
        w.clear()


def only_ports_that_distribute(w):
    """LACP has not let it: the queue gets no frame through."""
    w.on_lacp("")
    ends = w.far_ends()
    queue_id(w, "mlagbond", "a1", QUEUE)
    into_queue(w)
    count, _ = send(w, ends)
    check(count == [0, FRAMES], f"in the aggregate: {count}")
    w.master("w1", 0)
    w.ip("B", "link set w1 up")
    w.wait(lambda: not w.sends("a1"), 5, "a1 still distributes")
    w.becomes(UP, "a1")
    count, _ = send(w, ends)
    check(count == [FRAMES, 0], f"out of it: {count}")


def with_the_address_of_the_port(w):
    w.on_switch("mlagbond", 2, "mode balance-alb miimon 50 primary a0")
    w.wait(lambda: w.active() == "a0", 5, "a0 is not active")
    w.becomes(UP, "a1")
    ends = w.far_ends()
    queue_id(w, "mlagbond", "a1", QUEUE)
    into_queue(w)
    count, sources = send(w, ends)
    check(count == [0, FRAMES], f"frames of the bond: {count}")
    check(sources == {w.attr("a1", 1)}, f"from {sources}")
    stranger = b"\2\0\0\0\0\x66"
    count, sources = send(w, ends, stranger)
    check(count == [0, FRAMES], f"frames of others: {count}")
    check(sources == {stranger}, f"of others: from {sources}")


sys.exit(main([backup_port_sends, only_ports_that_distribute,
               with_the_address_of_the_port]))
