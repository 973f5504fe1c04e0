#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""From the loss of carrier to the first frame on the other port.

Runs in the guest, in virtual time: there is no noise, only what the driver
waits for. active-backup over two dummies, a frame each STEP; the carrier goes
at BENCH_TRIALS points of the monitor's period. Rows of CSV leave behind
"csv:".
"""
import os
import socket
import sys
import time

import topo
from pktgen import Unmeasured

TRIALS = int(os.environ.get("BENCH_TRIALS") or 40)
STEP = 0.0001
LIMIT = 1.0
PROTO = 0x88b5                      # local experiments
FRAME = bytes.fromhex("020000ff0001020000ff000288b5") + b"\0" * 46


def ears(dev):
    """What leaves by DEV; listeners to everything alone see that."""
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    sock.bind((dev, 3))
    sock.setblocking(False)
    return sock


def heard(sock):
    try:
        while True:
            if sock.recv(64)[12:14] == PROTO.to_bytes(2, "big"):
                return True
    except BlockingIOError:
        return False


def carrier(dev, on):
    with open(f"/sys/class/net/{dev}/carrier", "w", encoding="ascii") as out:
        out.write("1" if on else "0")


def settle(bond, active):
    """Both ports have link, ACTIVE has the traffic."""
    topo.wait(f"{bond.name}: ports without link", bond.works)
    with open(f"/sys/class/net/{bond.name}/bonding/active_slave", "w",
              encoding="ascii") as out:
        out.write(active)
    topo.wait(f"{bond.name}: {active} is not active",
              lambda: bond.receiver() == active)


def outage(bond, delay):
    """Seconds without a port, None if LIMIT passes; DELAY moves the loss."""
    gone, other = bond.ports
    settle(bond, gone)
    out, other_ears = ears(bond.name), ears(other)
    try:
        time.sleep(delay)
        carrier(gone, False)
        lost = time.monotonic()
        while not heard(other_ears):
            if time.monotonic() - lost > LIMIT:
                return None
            out.send(FRAME)
            if heard(other_ears):
                break
            time.sleep(STEP)
        return time.monotonic() - lost
    finally:
        out.close()
        other_ears.close()
        carrier(gone, True)


def trials(name, miimon):
    topo.clean()
    bond = topo.Bond(name, "mode active-backup", 2, miimon=miimon)
    times = [outage(bond, miimon / 1000 * i / TRIALS)
             for i in range(TRIALS if miimon else 3)]
    topo.clean()
    return times


def row(name, miimon, times):
    kind = topo.KINDS[name]
    if None in times:
        if miimon or any(times):
            raise Unmeasured(f"{kind} miimon {miimon}: no frame in {LIMIT} s")
        values = ["never"] * 3
    else:
        times = sorted(t * 1000 for t in times)
        values = [f"{v:.3f}" for v in (times[0], times[len(times) // 2],
                                       times[-1])]
    print("csv:" + ",".join([kind, str(miimon), str(len(times)), *values]),
          flush=True)
    return times


def main():
    print("csv:kind,miimon,trials,min_ms,median_ms,max_ms", flush=True)
    for miimon in (100, 10, 0):
        for name in topo.KINDS:
            row(name, miimon, trials(name, miimon))


if __name__ == "__main__":
    try:
        main()
    except Unmeasured as why:
        sys.exit(f"not measured: {why}")
