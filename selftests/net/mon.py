# SPDX-License-Identifier: GPL-2.0-only
"""What the tests of the monitors share: a bond whose paths can be cut without
touching a carrier, and a host that can be asked.

  ns A  b0 -+- a0 === w0 -+- br0  ns B    10.0.0.2, 10.0.0.3
            +- a1 === w1 -+               fd00::2, fd00::3

Looks at ports by raw netlink: a look must be cheap, for in a guest with every
checker on a process takes longer than what is measured.
"""
import json
import os
import socket
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import nl                                                # noqa: E402
from mlagbond import IFLA_MASTER, SLAVE_DATA, Links, Tap  # noqa: E402

UP, FAIL, DOWN, BACK = range(4)
MODES = ("balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad",
         "balance-tlb", "balance-alb")
TARGETS = ("10.0.0.2/24", "10.0.0.3/24", "fd00::2/64", "fd00::3/64")
RTM_NEWLINK, IFLA_CARRIER, IFLA_PROMISCUITY = 16, 33, 30
ETH_P_ALL = 3
# VLAN tags: protocol and VID, outermost first
ONE_TAG = ((0x8100, 10),)
TWO_TAGS = ((0x88a8, 100), (0x8100, 10))
PROTOS = {0x8100: "802.1q", 0x88a8: "802.1ad"}


class Failed(Exception):
    pass


def check(good, what):
    if not good:
        raise Failed(what)


class World:
    def __init__(self, a, b):
        self.ns = {"A": a, "B": b}
        self.ports = []
        self.names = {}     # of the ports, by index
        self.tap = Tap()
        nl.unshare_to(b)
        self.b = Links()
        nl.unshare_to(a)
        self.a = Links()
        # an end that is cut off must not answer for the whole host
        self.inside("B", "sysctl", "-qw", "net.ipv4.conf.all.arp_ignore=1")

    # --- building

    def ip(self, where, *lines, force=False):
        """Lines of `ip -batch` in a namespace; the answer's last words."""
        run = subprocess.run(["ip", *(["-force"] if force else []), "-n",
                              self.ns[where], "-batch", "-"], text=True,
                             input="\n".join(lines) + "\n", check=False,
                             capture_output=True)
        check(force or not run.returncode, f"{lines}: {run.stderr}")
        return run.stderr

    def inside(self, where, *cmd):
        return subprocess.run(["ip", "netns", "exec", self.ns[where], *cmd],
                              check=False, capture_output=True,
                              text=True).returncode == 0

    def addr(self, verb, where, dev, *addrs):
        self.ip(where, *[f"addr {verb} {a} dev {dev}" +
                         (" nodad" if ":" in a and verb == "add" else "")
                         for a in addrs])

    def cables(self, ports, alike=False):
        self.ports = [f"a{i}" for i in range(ports)]
        lines = []
        for i in range(ports):
            last = 0 if alike else i
            lines += [f"link add a{i} address 02:00:00:00:0a:{last:02x} type "
                      f"veth peer name w{i} address 02:00:00:00:0b:{i:02x} "
                      f"netns {self.ns['B']}"]
        self.ip("A", *lines)
        self.names = {self.index(self.a, p): p for p in self.ports}
        # what the far end says for itself would be a sign of life
        self.ip("B", *[f"link set w{i} addrgenmode none"
                       for i in range(ports)])

    def bond(self, where, name, kind, options, ports, *addrs):
        self.ip(where, f"link add {name} type {kind} {options}",
                *[f"link set {p} master {name}" for p in ports],
                f"link set {name} up")
        self.addr("add", where, name, *addrs)

    def on_switch(self, kind, ports, options, alike=False):
        self.cables(ports, alike)
        self.ip("B", "link add br0 type bridge", "link set br0 up",
                *[f"link set w{i} master br0 up" for i in range(ports)])
        self.addr("add", "B", "br0", *TARGETS)
        self.bond("A", "b0", kind, options, self.ports, "10.0.0.1/24",
                  "fd00::1/64")

    def on_lacp(self, options):
        """A partner that speaks LACP and answers by w0 alone."""
        self.cables(2)
        self.bond("B", "bb", "bond", "mode 802.3ad miimon 100 lacp_rate fast "
                  "xmit_hash_policy vlan+srcmac", ("w0", "w1"), *TARGETS)
        self.bond("A", "b0", "mlagbond", f"mode 802.3ad lacp_rate fast "
                  f"{options}", self.ports, "10.0.0.1/24", "fd00::1/64")
        self.wait(lambda: all(self.sends(p) for p in self.ports), 15, "LACP")

    def on_lag(self, options):
        """A static LAG that takes from both ports and answers by one."""
        self.cables(2)
        self.bond("B", "bb", "bond", "mode active-backup miimon 100 "
                  "all_slaves_active 1 primary w0", ("w0", "w1"), *TARGETS)
        self.bond("A", "b0", "mlagbond", options, self.ports, "10.0.0.1/24",
                  "fd00::1/64")

    def clear(self):
        self.ip("A", *[f"link del {dev}" for dev in
                       ("b0", *self.ports, "red", "up0")], force=True)
        self.ip("B", "link del br0", "link del bb", force=True)

    def set(self, options, kind="mlagbond"):
        self.ip("A", f"link set b0 type {kind} {options}")

    # --- paths and targets

    def master(self, name, index):
        self.b.request(RTM_NEWLINK, name, [nl.u32(IFLA_MASTER, index)])

    def cut(self, *ports):
        """The path behind these ends, the carrier stays."""
        for i in ports:
            self.master(f"w{i}", 0)

    def mend(self, *ports):
        index = self.index(self.b, "br0")
        for i in ports:
            self.master(f"w{i}", index)

    def vlans(self, where, dev, tags, address):
        """Devices for these tags, one on the other; the name of the last."""
        for proto, vid in tags:
            self.ip(where, f"link add link {dev} name {dev}.{vid} type vlan "
                    f"proto {PROTOS[proto]} id {vid}",
                    f"link set {dev}.{vid} up")
            dev = f"{dev}.{vid}"
        self.addr("add", where, dev, address)
        return dev

    def tc(self, where, *lines):
        run = subprocess.run(["tc", "-n", self.ns[where], "-batch", "-"],
                             input="\n".join(lines) + "\n", text=True,
                             check=False, capture_output=True)
        check(not run.returncode, f"{lines}: {run.stderr}")

    def lose(self, dev, proto):
        """Frames of a protocol are lost where they come in."""
        self.tc("B", f"qdisc add dev {dev} clsact", f"filter add dev {dev} "
                f"ingress protocol {proto} flower action drop")

    def far_ends(self):
        """Packet sockets, one for each far end."""
        nl.unshare_to(self.ns["B"])
        socks = []
        for i in range(len(self.ports)):
            socks.append(socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
            socks[-1].bind((f"w{i}", ETH_P_ALL))
            socks[-1].setblocking(False)
        nl.unshare_to(self.ns["A"])
        return socks

    def find(self, dev):
        self.tc("B", f"qdisc del dev {dev} clsact")

    # --- looking

    def index(self, links, name):
        answers, _ = links.request(18, name, [])
        return struct.unpack_from("=i", answers[0], 4)[0]

    def slave(self, port):
        data = self.a.info(port, SLAVE_DATA)
        return {n: v for n, v, _ in nl.parse(data or b"")}

    def link(self, port):
        return self.slave(port).get(2, b"\xff")[0]

    def sends(self, port):
        return self.slave(port).get(1, b"\xff")[0] == 0

    def forwards(self, end):
        """Does the bridge use this port? It may hear of a link a second late."""
        data = self.b.info(f"w{end}", SLAVE_DATA)
        state = {n: v for n, v, _ in nl.parse(data or b"")}.get(1)
        return state == b"\3"

    def failures(self, port):
        return struct.unpack("=I", self.slave(port)[3])[0]

    def active(self):
        index = self.a.get("b0").get("active_slave")
        return self.names.get(index)

    def attr(self, name, number):
        answers, _ = self.a.request(18, name, [])
        return next(v for n, v, _ in nl.parse(answers[0][16:]) if n == number)

    def carrier(self):
        return self.attr("b0", IFLA_CARRIER)[0] == 1

    def counter(self, port, name):
        run = subprocess.run(["mlagctl", "-n", self.ns["A"], "-j", "counters",
                              "b0"], check=True, capture_output=True)
        rows = {row["device"]: row["counters"]
                for row in json.loads(run.stdout)}
        return rows[port][name]

    def wait(self, cond, seconds, what):
        """ms until it holds."""
        start = time.monotonic()
        while not cond():
            check(time.monotonic() - start < seconds, what)
            time.sleep(0.005)
        return (time.monotonic() - start) * 1000

    def becomes(self, state, *ports, seconds=2):
        for port in ports:
            self.wait(lambda p=port: self.link(p) == state, seconds,
                      f"{port} is {self.link(port)}, not {state}")

    def steady(self, seconds, state, *ports):
        """They have the state afterwards and never left it."""
        before = [self.failures(p) for p in ports]
        time.sleep(seconds)
        check([self.failures(p) for p in ports] == before,
              f"{ports} flapped")
        for port in ports:
            check(self.link(port) == state,
                  f"{port} is {self.link(port)}, not {state}")

    def fails_over(self, to, bound):
        """ms; the path must have been cut just now."""
        took = self.wait(lambda: self.active() == to, 5,
                         f"active: {self.active()}, not {to}")
        check(took <= bound, f"fail-over after {took:.0f} ms")
        return took

    def says(self, file, pattern):
        """Is there such a line in a file?"""
        return self.inside("A", "grep", "-qx", pattern, file)

    def filters(self, port):
        """Unicast addresses that its device takes beside its own."""
        run = subprocess.run(["bridge", "-n", self.ns["A"], "-j", "fdb",
                              "show", "dev", port], check=True, text=True,
                             capture_output=True)
        return {row["mac"] for row in json.loads(run.stdout)
                if not int(row["mac"][:2], 16) & 1}

    def ping(self, addr):
        return self.inside("A", "ping", "-q", "-c1", "-W1", addr)

    # --- running

    def run(self, tests):
        for test in tests:
            wrong = ""
            try:
                test(self)
            except Failed as fault:
                wrong = str(fault)
            self.clear()
            self.tap.result(test.__name__.replace("_", " "), wrong)
        return self.tap.end()


def main(tests):
    """All of them, or those that TESTS names, as in lib.sh."""
    only = os.environ.get("TESTS", "").split()
    return World(*sys.argv[1:3]).run(
        [t for t in tests if not only or t.__name__ in only])
