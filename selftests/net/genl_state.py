#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The netlink family of mlagbond on live bonds: answers hold what the
specification lists, selectors select, refusals name the cause, events come.
Prints KTAP.

    genl_state.py SPEC NAMESPACE PEER

NAMESPACE has ab0 (active-backup: p0, p1) and ad0 (802.3ad, leg 7: q0), and
PEER the other ends of their ports, pp0, pp1 and pq0.
"""
import os
import socket
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import nl                                                # noqa: E402
import ynl                                               # noqa: E402
from mlagbond import Tap                                 # noqa: E402


def index(name):
    return socket.if_nametoindex(name)


def listed(family, op, answers):
    """The first attribute that the reply of an operation does not list."""
    way = family.ops[op].get("do") or family.ops[op]["dump"]
    known = set(way["reply"]["attributes"])
    for answer in answers:
        for name in answer:
            if name not in known:
                return f"{name} is not in the reply of {op}"
    return ""


class Test:
    def __init__(self, spec, peer):
        self.family = ynl.Family(spec)
        self.tap = Tap()
        self.peer = peer

    def ask(self, op, values=None, dump=False):
        answers, ack = self.family.request(op, values, dump)
        return answers, ack, listed(self.family, op, answers)

    def names(self, op, values=None):
        answers, ack, wrong = self.ask(op, values, True)
        if ack.err or wrong:
            return f"{ack} {wrong}"
        return sorted(a["ifname"] for a in answers)

    def equal(self, what, got, want):
        self.tap.result(what, "" if got == want else f"{got}, not {want}")

    def bonds(self):
        self.equal("bond-get lists the bonds", self.names("bond-get"),
                   ["ab0", "ad0"])
        answers, ack, wrong = self.ask("bond-get", {"ifindex": index("ab0")})
        bond = answers[0] if answers else {}
        want = {"ifname": "ab0", "mode": 1, "carrier": 1, "num-ports": 2,
                "tx-ports": 1, "active-port": index("p0")}
        got = {key: bond.get(key) for key in want}
        self.tap.result("bond-get of active-backup",
                        wrong or ("" if got == want else f"{got} {ack}"))
        self.tap.result("which has no LACP and is no leg",
                        [k for k in ("actor-system", "mlag-id", "rx-gate")
                         if k in bond])

    def leg(self):
        answers, ack, wrong = self.ask("bond-get", {"ifindex": index("ad0")})
        bond = answers[0] if answers else {}
        want = {"mode": 4, "mlag-id": 7, "sync-allowed": 0, "rx-gate": 0,
                "tx-gate": 0, "filter": 0, "num-ports": 1}
        got = {key: bond.get(key) for key in want}
        self.tap.result("bond-get of a leg nobody manages",
                        wrong or ("" if got == want else f"{got} {ack}"))
        self.tap.result("says why it is held",
                        "" if bond.get("hold-reason") else bond)

    def ports(self):
        self.equal("port-get lists the ports", self.names("port-get"),
                   ["p0", "p1", "q0"])
        self.equal("port-get of one bond",
                   self.names("port-get", {"bond": index("ad0")}), ["q0"])
        answers, ack, wrong = self.ask("port-get", {"ifindex": index("p1")})
        port = answers[0] if answers else {}
        want = {"ifname": "p1", "bond": index("ab0"), "link": 0, "active": 0,
                "reason": "backup", "prio": 0}
        got = {key: port.get(key) for key in want}
        self.tap.result("port-get of a backup",
                        wrong or ("" if got == want else f"{got} {ack}"))
        answers, ack, wrong = self.ask("port-get", {"ifindex": index("q0")})
        port = answers[0] if answers else {}
        need = {"actor-state", "partner-state", "actor-port", "actor-key",
                "partner-system", "rx-machine", "mux-machine",
                "periodic-machine", "actor-churn", "reason"}
        self.tap.result("port-get of an LACP port", wrong or
                        sorted(need - set(port)))

    def counters(self):
        self.equal("counters-get lists bonds and ports",
                   self.names("counters-get"),
                   ["ab0", "ad0", "p0", "p1", "q0"])
        self.equal("counters-get of one bond",
                   self.names("counters-get", {"bond": index("ab0")}),
                   ["ab0", "p0", "p1"])
        for name, counter in (("ab0", "drop_split_horizon"),
                              ("q0", "lacpdu_tx"), ("p0", "link_failures")):
            answers, _, wrong = self.ask("counters-get",
                                         {"ifindex": index(name)})
            names = [c["name"] for c in answers[0].get("counter", [])] \
                if answers else []
            self.tap.result(f"{name} counts {counter}", wrong or
                            ("" if counter in names else names))

    def refused(self, what, op, values, dump, errno_name, words):
        _, ack, _ = self.ask(op, values, dump)
        ok = ack.name == errno_name and words in ack.text
        self.tap.result(f"refused: {what}", "" if ok else ack)

    def refusals(self):
        lo, ab0, p0 = index("lo"), index("ab0"), index("p0")
        for row in (
            ("bond-get without ifindex", "bond-get", {}, False, "EINVAL",
             "ifindex is missing"),
            ("bond-get of ifindex 0", "bond-get", {"ifindex": 0}, False,
             "ERANGE", "range"),
            ("bond-get of no interface", "bond-get", {"ifindex": 99999},
             False, "ENODEV", "there is no interface 99999"),
            ("bond-get of lo", "bond-get", {"ifindex": lo}, False, "EINVAL",
             "lo is no bond of kind mlagbond"),
            ("bond-get of a port", "bond-get", {"ifindex": p0}, False,
             "EINVAL", "p0 is no bond"),
            ("port-get of a bond", "port-get", {"ifindex": ab0}, False,
             "EINVAL", "ab0 is no port of kind mlagbond"),
            ("port-get with a bond", "port-get",
             {"ifindex": p0, "bond": ab0}, False, "EINVAL", "dump only"),
            ("dump of ports with an ifindex", "port-get", {"ifindex": p0},
             True, "EINVAL", "outside of a dump"),
            ("dump of ports of lo", "port-get", {"bond": lo}, True, "EINVAL",
             ""),
            ("counters-get of lo", "counters-get", {"ifindex": lo}, False,
             "EINVAL", "lo is no bond or port of kind mlagbond"),
        ):
            self.refused(*row)
        _, ack = self.family.raw(1, nl.u16(1, 1))
        self.tap.result("refused: ifindex of two bytes",
                        "" if ack.err else ack)
        _, ack = self.family.raw(1, nl.u32(2, 1))
        self.tap.result("refused: an attribute of the reply",
                        "" if ack.err else ack)

    def event(self, listener, want):
        """Waits for an event with all of @want; what came if it does not."""
        seen = []
        end = time.monotonic() + 10
        while time.monotonic() < end:
            try:
                for event in self.family.events(listener):
                    if all(event.get(k) == v for k, v in want.items()):
                        return "" if event.get("time") else "no time"
                    seen.append(event)
            except TimeoutError:
                break
        return f"not among {seen}"

    def events(self):
        codes = {}
        for definition in self.family.spec["definitions"]:
            if definition["name"] == "event-code":
                for at, entry in enumerate(definition["entries"]):
                    codes[entry["name"]] = at + definition["value-start"]
        listener = self.family.listen("events")
        link(self.peer, "pp0", "down")
        for what, want in (
            ("a link goes down", {"code": codes["link"], "port-name": "p0",
                                  "bond-name": "ab0", "old": "up",
                                  "new": "down"}),
        ):
            self.tap.result(f"event: {what}", self.event(listener, want))
        answers, _, _ = self.ask("bond-get", {"ifindex": index("ab0")})
        self.equal("and the other port is active",
                   answers[0].get("active-port"), index("p1"))
        link(self.peer, "pp1", "down")
        self.tap.result("event: the bond loses its carrier", self.event(
            listener, {"code": codes["carrier"], "bond-name": "ab0",
                       "old": "on", "new": "off"}))
        link(self.peer, "pp1", "up")
        self.tap.result("event: another port becomes active", self.event(
            listener, {"code": codes["active"], "bond-name": "ab0",
                       "new": "p1"}))


def link(ns, name, state):
    subprocess.run(("ip", "-n", ns, "link", "set", name, state), check=True)


def main():
    nl.unshare_to(sys.argv[2])
    test = Test(sys.argv[1], sys.argv[3])
    test.bonds()
    test.leg()
    test.ports()
    test.counters()
    test.refusals()
    test.events()
    return test.tap.end()


if __name__ == "__main__":
    sys.exit(main())
