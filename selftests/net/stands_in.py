#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A frame comes in by the standby after the active port has lost its carrier
and before the bond is told. Ports are taps: the frame follows the carrier
without a pause. b0 is there, without ports. Says what is wrong and fails.
"""
import os
import socket
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from tapdev import TapDevice                             # noqa: E402

ETH_P_ALL = 3
ROUNDS = 20
ACTIVE = "/sys/class/net/b0/bonding/active_slave"


def port(name):
    """A tap below b0."""
    tap = TapDevice(name)
    subprocess.run(["ip", "link", "set", name, "master", "b0"], check=True)
    return tap


def frame(number):
    return (b"\xff" * 6 + bytes.fromhex("0200000000aa88b6") +
            struct.pack("!I", number)).ljust(60, b"\0")


def active():
    with open(ACTIVE, encoding="ascii") as file:
        return file.read().strip()


def wait_active(name):
    end = time.monotonic() + 10
    while active() != name:
        if time.monotonic() > end:
            raise SystemExit(f"active: {active()}, not {name}")
        time.sleep(0.02)


def received(sock, number):
    """Has the bond got this frame? It is there already, or never will be."""
    while True:
        try:
            if sock.recv(64) == frame(number):
                return True
        except BlockingIOError:
            return False


def one_round(ports, sock, number):
    """Was it received? None if the bond was told before."""
    ports[1].comes_in(frame(number))
    if received(sock, number):
        raise SystemExit("the standby receives beside an active port")
    ports[0].carrier(False)
    ports[1].comes_in(frame(number))
    late = active() == "p1"
    good = received(sock, number)
    wait_active("p1")
    ports[0].carrier(True)
    return None if late else good


def main():
    subprocess.run(["ip", "link", "set", "b0", "up"], check=True)
    ports = [port("p0"), port("p1")]
    subprocess.run("ip link set b0 type mlagbond primary p0".split(),
                   check=True)
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                         socket.htons(ETH_P_ALL))
    sock.bind(("b0", ETH_P_ALL))
    sock.setblocking(False)
    for number in range(ROUNDS):
        wait_active("p0")
        good = one_round(ports, sock, number)
        if good:
            return
        if good is not None:
            raise SystemExit("a frame by the standby was lost")
    raise SystemExit("the bond was told at once, each time")


if __name__ == "__main__":
    main()
