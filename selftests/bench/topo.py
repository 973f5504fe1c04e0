# SPDX-License-Identifier: GPL-2.0-only
"""Bonds to be measured: ours and in-tree, with any number of ports.

    m0 (type mlagbond) ─ m0p0 m0p1 ...     b0 (type bond) ─ b0p0 b0p1 ...
    f0 (type floor, see floor/) ─ f0p0     x0: a bare device of the same kind

Ports are dummies; for 802.3ad, which wants speed and a partner, veths whose
far ends (m0p0_) belong to lacp.Partner.
"""
import json
import subprocess
import time

from lacp import Partner
from pktgen import Unmeasured

KINDS = {"m0": "mlagbond", "b0": "bond"}
AGGREGATES = 0x3c                   # aggregatable, sync, collects, distributes


def ip(*args, batch=None):
    cmd = ["ip", *args] if batch is None else ["ip", "-batch", "-"]
    done = subprocess.run(cmd, input="\n".join(batch or []), text=True,
                          capture_output=True, check=False)
    if done.returncode:
        raise Unmeasured(f"{' '.join(cmd)}: {done.stderr.strip()}")
    return done.stdout


def ip_json(*args):
    return json.loads(ip("-d", "-j", *args) or "[]")


def wait(what, cond, seconds=30):
    end = time.monotonic() + seconds
    while not cond():
        if time.monotonic() > end:
            raise Unmeasured(what)
        time.sleep(0.05)


def counter(dev, name):
    with open(f"/sys/class/net/{dev}/statistics/{name}",
              encoding="ascii") as text:
        return int(text.read())


def otherhost(dev):
    """Frames of others that came up to DEV and ended there."""
    stats = ip_json("-s", "-s", "link", "show", "dev", dev)[0]["stats64"]["rx"]
    return stats.get("otherhost", 0)


def device(name, number, veth):
    """Lines of `ip -batch` that make one."""
    mac = f"02:00:00:{number >> 8:02x}:{number & 255:02x}"
    if veth:
        return [f"link add {name} address {mac}:01 type veth "
                f"peer name {name}_ address {mac}:02",
                f"link set {name}_ up"]
    return [f"link add {name} address {mac}:01 type dummy"]


class Floor:
    """The least that a stacked device can cost."""

    name = "f0"

    def __init__(self, veth):
        ip(batch=["link add f0 type floor", *device("f0p0", 1022, veth),
                  "link set f0p0 master f0", "link set f0 up"])

    @staticmethod
    def receiver():
        return "f0p0"

    @staticmethod
    def sent():
        return [counter("f0p0", "tx_packets")]


class Bond:
    """One side of the comparison."""

    def __init__(self, name, options, ports, veth=False, miimon=100):
        self.name = name
        self.kind = KINDS[name]
        self.ports = [f"{name}p{i}" for i in range(ports)]
        self.partner = Partner([p + "_" for p in self.ports]) if veth else None
        base = 1 + 256 * list(KINDS).index(name)
        batch = [f"link add {name} type {self.kind} miimon {miimon} {options}"]
        for i, port in enumerate(self.ports):
            batch += device(port, base + i, veth)
            batch += [f"link set {port} master {name}"]
        ip(batch=batch + [f"link set {name} up"])

    def set(self, *options):
        ip("link", "set", self.name, "type", self.kind, *options)

    def data(self):
        return ip_json("link", "show", "dev", self.name)[0]["linkinfo"][
            "info_data"]

    def port_data(self):
        return [link["linkinfo"]["info_slave_data"] for link in
                ip_json("link", "show", "master", self.name)]

    def works(self):
        """Every port has link, and with a partner is in one aggregate."""
        ports = self.port_data()
        if any(p["mii_status"] != "UP" for p in ports):
            return False
        if not self.partner:
            return True
        aggregate = self.data().get("ad_info", {})
        return (aggregate.get("num_ports") == len(ports) and
                len({p["ad_aggregator_id"] for p in ports}) == 1 and
                all(p["ad_actor_oper_port_state"] & AGGREGATES == AGGREGATES
                    for p in ports))

    def start(self):
        if self.partner and not self.partner.talk(self.works):
            raise Unmeasured(f"{self.name} does not aggregate: "
                             f"{self.port_data()}")
        wait(f"{self.name} has ports without link", self.works)

    def receiver(self):
        """The port that receives."""
        return self.data().get("active_slave", self.ports[0])

    def sent(self):
        return [counter(port, "tx_packets") for port in self.ports]


def clean():
    """Nothing is left of the case before; far ends go with their ports."""
    names = [link["ifname"] for link in ip_json("link", "show")]
    for own in ({"f0", *KINDS}, {"x0"} | {
            name for name in names if name[:3] in ("m0p", "b0p", "f0p") and
            not name.endswith("_")}):
        batch = [f"link del {name}" for name in names if name in own]
        if batch:
            ip(batch=batch)


def roomy_backlog():
    """Far ends of veths receive when ksoftirqd pleases: nothing is lost."""
    with open("/proc/sys/net/core/netdev_max_backlog", "w",
              encoding="ascii") as out:
        out.write("1000000")


def build(options, ports, veth):
    """The floor and both bonds, working; and the bare device."""
    roomy_backlog()
    clean()
    ip(batch=device("x0", 1023, veth) + ["link set x0 up"])
    floor = Floor(veth)
    bonds = [Bond(name, options, ports, veth) for name in KINDS]
    for bond in bonds:
        bond.start()
    return floor, bonds
