#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""LACP against other implementations, bonding and the lacp runner of teamd: all
rates and roles, keys that differ, a port moved to another switch, a partner that
restarts, and one that is silently gone. Topology: mon.py; the partner is bb in
ns B, another one bc. Prints KTAP.

    lacp_interop.py A B
"""
import json
import os
import subprocess
import sys
import time

from mon import RTM_NEWLINK, check, main, nl
from mlagbond import IFLA_MASTER

SYNC, COLLECTING, DISTRIBUTING = 8, 16, 32
OURS = "mode 802.3ad xmit_hash_policy layer3+4"


class Bonding:
    """In-tree bonding."""
    name = "bonding"

    def __init__(self, w, dev, ports, fast=True, active=True, key=0):
        self.w, self.dev = w, dev
        w.bond("B", dev, "bond", f"mode 802.3ad miimon 100 lacp_rate "
               f"{'fast' if fast else 'slow'} lacp_active "
               f"{'on' if active else 'off'} ad_user_port_key {key} "
               "ad_actor_system 02:00:00:00:0c:01", ports)

    def add(self, port):
        self.w.ip("B", f"link set {port} down",
                  f"link set {port} master {self.dev}")

    def end(self, port=None):
        self.w.ip("B", f"link set {port} nomaster" if port else
                  f"link del {self.dev}")


class Teamd:
    """The lacp runner of teamd."""
    name = "teamd"

    def __init__(self, w, dev, ports, fast=True, active=True, keys=None):
        self.w, self.dev = w, dev
        self.config = {
            "device": dev,
            "runner": {"name": "lacp", "active": active, "fast_rate": fast,
                       "tx_hash": ["l3", "l4"]},
            "link_watch": {"name": "ethtool"},
            "ports": {p: {"lacp_key": (keys or {}).get(p, 0)} for p in ports},
        }
        for port in ports:
            w.ip("B", f"link set {port} down")
        self.start()

    def start(self):
        run = subprocess.run(
            ["ip", "netns", "exec", self.w.ns["B"], "teamd", "-d", "-r", "-c",
             json.dumps(self.config)], check=False, capture_output=True,
            text=True)
        check(not run.returncode, f"teamd: {run.stderr}")
        self.w.ip("B", f"link set {self.dev} up")

    def add(self, port):
        self.w.ip("B", f"link set {port} down")
        check(self.w.inside("B", "teamdctl", self.dev, "port", "add", port),
              f"teamdctl port add {port}")

    def end(self, port=None):
        if port:
            check(self.w.inside("B", "teamdctl", self.dev, "port", "remove",
                                port), f"teamdctl port remove {port}")
        else:
            self.w.inside("B", "teamd", "-k", "-t", self.dev)
            self.w.ip("B", f"link del {self.dev}", force=True)


KINDS = (Bonding, Teamd)


def clean(w):
    for dev in "bb", "bc":
        w.inside("B", "teamd", "-k", "-t", dev)
        w.ip("B", f"link del {dev}", force=True)
    w.clear()


def ours(w, options="lacp_rate fast"):
    w.bond("A", "b0", "mlagbond", f"{OURS} {options}", w.ports,
           "10.0.0.1/24")


def partner_state(w, port):
    return w.slave(port).get(8, b"\0")[0]


def joined(w, *ports):
    """We send, and the partner says that it does."""
    want = SYNC | COLLECTING | DISTRIBUTING
    return all(w.sends(p) and partner_state(w, p) & want == want
               for p in ports)


def reach(w, dev, what):
    """In both directions, by whatever port."""
    w.addr("add", "B", dev, "10.0.0.2/24")
    w.wait(lambda: w.ping("10.0.0.2"), 5, f"{what}: no traffic")


def rates_and_roles(w):
    for kind in KINDS:
        for fast in True, False:
            for active in True, False:
                for we_fast, we_active in ((True, True), (False, True),
                                           (True, False)):
                    if not (active or we_active):
                        continue
                    what = (f"{kind.name} {'fast' if fast else 'slow'} "
                            f"{'active' if active else 'passive'}, we "
                            f"{'fast' if we_fast else 'slow'} "
                            f"{'active' if we_active else 'passive'}")
                    w.cables(2)
                    kind(w, "bb", ("w0", "w1"), fast, active)
                    ours(w, f"lacp_rate {'fast' if we_fast else 'slow'} "
                         f"lacp_active {'on' if we_active else 'off'}")
                    took = w.wait(lambda: joined(w, "a0", "a1"), 40, what)
                    time.sleep(100)
                    check(joined(w, "a0", "a1"), f"{what}: does not last")
                    print(f"# {what}: {took / 1000:.1f} s")
                    reach(w, "bb", what)
                    clean(w)


def up(w, kind, ends):
    """Ours and a partner on all cables."""
    w.cables(len(ends))
    partner = kind(w, "bb", ends)
    ours(w)
    w.wait(lambda: joined(w, *w.ports), 20, f"{kind.name}: LACP")
    return partner


def back(w, kind):
    """All ports carry again."""
    took = w.wait(lambda: joined(w, *w.ports), 40,
                  f"{kind.name}: does not come back")
    print(f"# {kind.name}: back after {took / 1000:.1f} s")
    reach(w, "bb", kind.name)
    clean(w)


def nobody_begins(w):
    """Both passive: no carrier, and a reason."""
    for kind in KINDS:
        w.cables(1)
        kind(w, "bb", ("w0",), True, False)
        ours(w, "lacp_rate fast lacp_active off")
        time.sleep(10)
        check(not w.carrier(), f"{kind.name}: carrier without LACP")
        clean(w)


def keys_that_differ(w):
    """One of the two carries, never both."""
    for kind in KINDS:
        w.cables(2)
        if kind is Teamd:
            Teamd(w, "bb", ("w0", "w1"), keys={"w1": 7})
        else:
            Bonding(w, "bb", ("w0",), key=1)
            Bonding(w, "bc", ("w1",), key=2)
        ours(w)
        w.wait(lambda: w.carrier(), 20, f"{kind.name}: no carrier")
        time.sleep(20)
        sending = [p for p in w.ports if w.sends(p)]
        check(len(sending) == 1, f"{kind.name}: {sending} send")
        check(joined(w, *sending), f"{kind.name}: {sending} alone")
        clean(w)


def port_moved_to_another_switch(w):
    for kind in KINDS:
        first = up(w, kind, ("w0", "w1", "w2"))
        first.end("w2")
        other = kind(w, "bc", ("w2",)) if kind is Teamd else \
            Bonding(w, "bc", ("w2",), key=9)
        w.wait(lambda: not w.sends("a2"), 4, f"{kind.name}: a2 still sends")
        time.sleep(20)
        check(joined(w, "a0", "a1") and not w.sends("a2"),
              f"{kind.name}: after the move")
        other.end("w2")
        first.add("w2")
        back(w, kind)


def partner_restarts(w):
    for kind in KINDS:
        up(w, kind, ("w0", "w1")).end()
        w.wait(lambda: not w.carrier(), 4, f"{kind.name}: still there")
        kind(w, "bb", ("w0", "w1"))
        back(w, kind)


def partner_silently_gone(w):
    """All links stay; in three seconds the bond knows."""
    for kind in KINDS:
        up(w, kind, ("w0", "w1"))
        time.sleep(5)
        for port in w.ports:
            w.tc("A", f"qdisc add dev {port} clsact", f"filter add dev {port} "
                 "ingress protocol all matchall action drop")
        took = w.wait(lambda: not w.carrier(), 4, f"{kind.name}: not noticed")
        check(took <= 3010, f"{kind.name}: {took:.0f} ms")
        check(not any(w.sends(p) for p in w.ports), f"{kind.name}: sends")
        time.sleep(10)
        for port in w.ports:
            w.tc("A", f"qdisc del dev {port} clsact")
        print(f"# {kind.name}: noticed after {took:.0f} ms")
        back(w, kind)


sys.exit(main([rates_and_roles, nobody_begins, keys_that_differ,
               port_moved_to_another_switch, partner_restarts,
               partner_silently_gone]))
