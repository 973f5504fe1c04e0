#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What `ip -d link show` prints of a mlagbond and its port, beside a bond: the
same words in the same order, the same JSON keys with values of the same type,
and ours between them. Prints KTAP.

    iproute_same.py NAMESPACE PEER

    [NAMESPACE]  mlagbond ours { q0 } --- { q0 } theirs bond  [PEER]
"""
import json
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from mlagbond import Tap                                 # noqa: E402

# Words that only newer kernels or programs have
OURS = {"mlag_id", "carrier_events", "hash_buckets", "rebalance_interval",
        "system_mac", "lacp_fallback", "lacp_fallback_delay",
        "marker_flush"}
EITHER = {"broadcast_neighbor", "coupled_control", "lacp_strict",
          "churn_actor_state", "churn_partner_state", "actor_port_prio"}
LEFT_OUT = OURS | EITHER
# These are of one link, not of a kind
OWN = {"active_slave", "perm_hwaddr", "ad_partner_mac", "link_failure_count",
       "ad_actor_key", "ad_partner_key", "ad_aggregator", "ad_info",
       "ad_actor_system"}
# The other modes, with what is theirs
MODES = (("balance-rr", ("packets_per_slave", "7")),
         ("balance-xor", ("xmit_hash_policy", "layer2+3")),
         ("broadcast", ()),
         ("balance-tlb", ("tlb_dynamic_lb", "0", "lp_interval", "3")),
         ("balance-alb", ("lp_interval", "9")))
QUEUE, PRIO = ("queue_id", "3"), ("prio", "-7")
SYSTEM = {"bond": "02:00:00:00:00:05", "mlagbond": "02:00:00:00:00:06"}


def ip(ns, *args, check=True):
    return subprocess.run(("ip", "-n", ns, *args), check=check, text=True,
                          capture_output=True)


class Side:
    """One link as text and JSON."""

    def __init__(self, ns, name, kind, part):
        text = ip(ns, "-d", "link", "show", "dev", name).stdout
        self.pairs = []
        for line in text.splitlines():
            words = line.split()
            if words and words[0] == kind:
                words = words[1:words.index("addrgenmode")]
                self.pairs = list(zip(words[::2], words[1::2]))
        data = json.loads(ip(ns, "-d", "-j", "link", "show", "dev",
                             name).stdout)
        self.json = data[0]["linkinfo"].get(part, {})

    def words(self):
        return [w for w, _ in self.pairs if w not in LEFT_OUT]

    def values(self, moving):
        return [p for p in self.pairs if p[0] not in LEFT_OUT | OWN | moving]

    def keys(self):
        return [(k, type(v).__name__) for k, v in self.json.items()
                if k not in LEFT_OUT]

    def json_values(self, moving):
        return {k: v for k, v in self.json.items()
                if k not in LEFT_OUT | OWN | moving}


class Test:
    def __init__(self, ns, peer):
        self.ns, self.peer, self.tap = ns, peer, Tap()

    def bond_pair(self, options, of_port):
        ip(self.ns, "link", "add", "q0", "type", "veth", "peer", "name", "q0",
           "netns", self.peer)
        for ns, name, kind in ((self.ns, "ours", "mlagbond"),
                               (self.peer, "theirs", "bond")):
            ip(ns, "link", "add", name, "type", kind, *options)
            if "802.3ad" in options:
                ip(ns, "link", "set", name, "type", kind, "ad_actor_system",
                   SYSTEM[kind])
            ip(ns, "link", "set", "q0", "master", name)
            ip(ns, "link", "set", "q0", "type", f"{kind}_slave", *of_port)
            ip(ns, "link", "set", name, "up")

    def drop(self):
        ip(self.ns, "link", "del", "ours")
        ip(self.peer, "link", "del", "theirs")
        ip(self.ns, "link", "del", "q0")

    def port(self, ns, kind):
        return Side(ns, "q0", f"{kind}_slave", "info_slave_data")

    def bonds(self):
        return (Side(self.ns, "ours", "mlagbond", "info_data"),
                Side(self.peer, "theirs", "bond", "info_data"))

    def wait(self, ready):
        """Until both satisfy @ready(port, bond), at most 20 seconds."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            bonds = self.bonds()
            ports = (self.port(self.ns, "mlagbond"),
                     self.port(self.peer, "bond"))
            if all(ready(port.json, bond.json)
                   for port, bond in zip(ports, bonds)):
                break
            time.sleep(0.2)
        return bonds, ports

    def compare(self, what, ours, theirs, moving):
        for part, mine, other in (
                ("words", ours.words(), theirs.words()),
                ("values", ours.values(moving), theirs.values(moving)),
                ("JSON keys", ours.keys(), theirs.keys()),
                ("JSON values", ours.json_values(moving),
                 theirs.json_values(moving))):
            self.tap.result(f"{what}: {part}", "" if mine == other else
                            f"{mine}, bonding {other}")

    def mode(self, name, options, ready, moving=frozenset(), of_port=QUEUE):
        self.bond_pair(("mode", name, *options), of_port)
        bonds, ports = self.wait(ready)
        self.compare(name, *bonds, moving)
        self.compare(f"port in {name}", *ports, moving)
        self.drop()

    def ours(self):
        ip(self.ns, "link", "add", "ours", "type", "mlagbond", "mode",
           "802.3ad", "mlag_id", "9")
        side = Side(self.ns, "ours", "mlagbond", "info_data")
        want = [("mlag_id", "9"), ("carrier_events", "on"),
                ("hash_buckets", "256"), ("rebalance_interval", "off"),
                ("system_mac", "first"),
                ("lacp_fallback", "off"), ("lacp_fallback_delay", "5000"),
                ("marker_flush", "off")]
        self.tap.result("our words come last", "" if side.pairs[-len(want):] == want
                        else side.pairs)
        ip(self.ns, "link", "set", "ours", "type", "mlagbond", "mlag_id",
           "none")
        side = Side(self.ns, "ours", "mlagbond", "info_data")
        quiet = "mlag_id" not in dict(side.pairs) and \
            side.json.get("mlag_id", 0) is None
        self.tap.result("no mlag_id, no word", "" if quiet else side.pairs)
        ip(self.ns, "link", "del", "ours")

    def without_plugin(self):
        env = dict(os.environ, IP_LIB_DIR="/nowhere")
        run = subprocess.run(("ip", "-n", self.ns, "link", "add", "ours",
                              "type", "mlagbond"), env=env, check=False)
        text = subprocess.run(("ip", "-n", self.ns, "-d", "link", "show",
                               "dev", "ours"), env=env, check=False,
                              text=True, capture_output=True).stdout
        self.tap.result("ip without the plug-in knows the kind", "" if
                        not run.returncode and "mlagbond" in text else text)
        ip(self.ns, "link", "del", "ours", check=False)

    def refusals(self):
        for words, text in (
            (("lacp_rate", "fast"), "Error: lacp_rate fast is not possible"),
            (("packets_per_slave", "70000"),
             "Error: packets_per_slave 70000 is not within 0 to 65535"),
            (("mode", "x"), 'argument "x" is wrong: invalid mode'),
        ):
            run = ip(self.ns, "link", "add", "ours", "type", "mlagbond",
                     *words, check=False)
            ok = run.returncode and text in run.stderr
            self.tap.result(f"refusal of {' '.join(words)}",
                            "" if ok else run.stderr)


def main():
    test = Test(*sys.argv[1:])
    test.mode("active-backup",
              ("miimon", "100", "updelay", "200", "num_grat_arp", "3",
               "primary", "q0", "primary_reselect", "better",
               "xmit_hash_policy", "layer3+4"),
              lambda port, _: port.get("state") == "ACTIVE",
              of_port=QUEUE + PRIO)
    test.mode("active-backup",
              ("miimon", "0", "arp_interval", "250", "arp_validate", "all",
               "arp_ip_target", "10.0.0.1,10.0.0.2", "arp_missed_max", "3",
               "ns_ip6_target", "fd00::1", "arp_all_targets", "all"),
              # nobody answers: bonding tries its ports, one after the other
              lambda _, bond: "active_slave" not in bond,
              {"state", "mii_status"})
    test.mode("802.3ad",
              ("miimon", "100", "lacp_rate", "fast", "min_links", "1",
               "ad_actor_sys_prio", "7", "ad_user_port_key", "3"),
              lambda port, _: port.get("ad_actor_oper_port_state") == 63 and
              port.get("ad_partner_oper_port_state") == 63)
    for name, options in MODES:
        test.mode(name, ("miimon", "100", *options),
                  lambda port, _: port.get("state") == "ACTIVE")
    test.ours()
    test.without_plugin()
    test.refusals()
    return test.tap.end()


if __name__ == "__main__":
    sys.exit(main())
