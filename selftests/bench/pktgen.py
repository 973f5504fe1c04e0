# SPDX-License-Identifier: GPL-2.0-only
"""The kernel's packet generator: 60-byte UDP with a random source port.

A row of runs and a number of packets enter, nanoseconds a packet leave.
Whoever sends less than was asked for raises Unmeasured. One start of the
generator does all runs, one right after the other: to start takes it a quarter
of a second.
"""
import re

DIR = "/proc/net/pktgen/"
OTHER_MAC = "02:00:00:00:ff:01"     # nobody's: what comes in goes no further
SENDER_MAC = "02:00:00:00:ff:02"


class Unmeasured(Exception):
    """A case could not be measured."""


def write(name, line):
    with open(DIR + name, "w", encoding="ascii") as out:
        out.write(line + "\n")


class Generator:
    """RUNS are pairs of a device and the generator's xmit_mode: start_xmit
    or netif_receive. Each frame is new and nobody else's, as those of a stack
    and of a NIC are.
    """

    def __init__(self, runs):
        self.names = [f"{dev}@{i}" for i, (dev, _) in enumerate(runs)]
        self.hows = [how for _, how in runs]
        write("kpktgend_0", "rem_device_all")
        for name, how in zip(self.names, self.hows):
            write("kpktgend_0", f"add_device {name}")
            self.set_up(name, how)

    @staticmethod
    def set_up(name, how):
        for line in ("clone_skb 0", "flag !SHARED", "pkt_size 60", "delay 0",
                     "dst 198.18.0.2", "src_min 198.18.0.1",
                     "src_max 198.18.0.1", f"dst_mac {OTHER_MAC}",
                     "flag UDPSRC_RND", "udp_src_min 1024",
                     "udp_src_max 65535", "udp_dst_min 9", "udp_dst_max 9",
                     f"xmit_mode {how}"):
            write(name, line)
        if how == "netif_receive":
            write(name, f"src_mac {SENDER_MAC}")

    @staticmethod
    def result(name, how, packets):
        """When it was done, and how long it waited meanwhile; us."""
        with open(DIR + name, encoding="ascii") as text:
            lines = text.read()
        time = re.search(r"Result: OK: (\d+)\(c\d+\+d(\d+)\)", lines)
        sent = re.search(r"pkts-sofar: (\d+) +errors: (\d+)", lines)
        if not time or not sent or int(sent[1]) != packets:
            raise Unmeasured(f"pktgen on {name}: {lines[-300:]}")
        if int(sent[2]) and how != "netif_receive":
            raise Unmeasured(f"pktgen on {name}: {sent[2]} errors")
        return int(time[1]), int(time[2])

    def run(self, packets):
        """Nanoseconds a packet of each run."""
        for name in self.names:
            write(name, f"count {packets}")
        write("pgctrl", "start")
        ends = [self.result(name, how, packets)
                for name, how in zip(self.names, self.hows)]
        times = [0.0] * len(ends)
        before = 0
        for (end, idle), i in sorted((e, i) for i, e in enumerate(ends)):
            times[i] = (end - before - idle) * 1000 / packets
            before = end
        if min(times) <= 0:
            raise Unmeasured(f"pktgen: {self.names}: {ends}")
        return times

    @staticmethod
    def close():
        write("kpktgend_0", "rem_device_all")
