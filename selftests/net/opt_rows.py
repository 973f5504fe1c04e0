# SPDX-License-Identifier: GPL-2.0-only
"""Every option of a bond and of a port, one row each, written down by hand:
what it takes, what it refuses and with which errno, in which modes, when, and
what it is unless told. A row is for mlagbond and for in-tree bonding alike; what
bonding does otherwise is in its column "bond", which is the table of
differences in Documentation/options.rst as far as one option alone goes.
"""
from collections import namedtuple

RR, AB, XOR, BROADCAST, AD, TLB, ALB = ALL = tuple(range(7))
PRIMARY = (AB, TLB, ALB)
LACP = (AD,)
INT_MAX, U32_MAX = 0x7fffffff, 0xffffffff

# word      of the command line
# default   number, address or list
# good      values taken, with the ends of the range; the first is no default
# bad       values refused
# modes     that have it
# when      "down": while the bond is down; "ports": while it has none
# words     by number, or None
# json      key in JSON
# proc      line in procfs, or None
# bond      what is otherwise in bonding: default, good, bad, modes, when, errno
Row = namedtuple("Row", "word default good bad modes when words json proc "
                 "param bond")


def row(word, default, good, bad, modes=ALL, when="", words=None, json=None,
        proc=None, param=True, bond=None):
    return Row(word, default, good, bad, modes, when, words, json or word,
               proc, param, bond or {})


def numbered(*words):
    return dict(enumerate(words))


SWITCH = numbered("off", "on")
MODES = numbered("balance-rr", "active-backup", "balance-xor", "broadcast",
                 "802.3ad", "balance-tlb", "balance-alb")
MAC, NO_MAC = b"\2\0\0\0\0\x09", b"\0" * 6
IP4 = ["10.0.0.1", "10.0.0.2"]
IP6 = ["fd00::1", "fe80::2"]
BIG = (INT_MAX + 1, U32_MAX)
# with the ARP monitor bonding goes by modes
ARP = {"modes": (RR, AB, XOR, BROADCAST)}

ROWS = (
    row("mode", RR, (AB, XOR, BROADCAST, AD, TLB, ALB, RR), (7, 255),
        when="down ports", words=MODES),
    row("miimon", 100, (50, 0, 1, INT_MAX, 100), BIG,
        proc="MII Polling Interval (ms)", bond={"default": 0}),
    row("updelay", 0, (100, 2147483600, 0), BIG, proc="Up Delay (ms)"),
    row("downdelay", 0, (100, 2147483600, 0), BIG, proc="Down Delay (ms)"),
    row("peer_notify_delay", 0, (100, 300000, 0), (300001, U32_MAX),
        proc="Peer Notification Delay (ms)", bond={"errno": "ERANGE"}),
    row("use_carrier", 1, (1,), (2, 255)),
    row("arp_interval", 0, (200, 1, INT_MAX, 0), BIG,
        proc="ARP Polling Interval (ms)", bond=ARP),
    row("arp_missed_max", 2, (3, 1, 255, 2), (0,), proc="ARP Missed Max",
        bond=ARP),
    row("arp_ip_target", [], (IP4, [], [f"10.0.0.{i}" for i in range(1, 17)]),
        (["0.0.0.0"], ["255.255.255.255"], ["10.0.0.1", "10.0.0.1"]),
        proc="ARP IP target/s (n.n.n.n form)"),
    row("ns_ip6_target", [], (IP6, [], [f"fd00::{i}" for i in range(1, 17)]),
        (["::"], ["::1"], ["ff02::1"], ["fd00::1", "fd00::1"]),
        proc="NS IPv6 target/s (xx::xx form)"),
    row("arp_validate", 0, (3, 1, 2, 4, 5, 6, 0), (7, 255),
        words=numbered("none", "active", "backup", "all", "filter",
                       "filter_active", "filter_backup"), bond=ARP),
    row("arp_all_targets", 0, (1, 0), (2, 255), words=numbered("any", "all")),
    row("primary_reselect", 0, (1, 2, 0), (3, 255),
        words=numbered("always", "better", "failure")),
    row("fail_over_mac", 0, (1, 2, 0), (3, 255), when="ports",
        words=numbered("none", "active", "follow")),
    row("xmit_hash_policy", 0, (2, 1, 3, 4, 5, 0), (6, 255),
        words=numbered("layer2", "layer3+4", "layer2+3", "encap2+3",
                       "encap3+4", "vlan+srcmac"),
        proc="Transmit Hash Policy"),
    row("resend_igmp", 1, (9, 0, 255, 1), (256, U32_MAX)),
    row("num_grat_arp", 1, (7, 0, 255, 1), (), json="num_peer_notif"),
    row("all_slaves_active", 0, (1, 0), (2, 255)),
    row("min_links", 0, (2, INT_MAX, 0), BIG, proc="Min links"),
    row("lp_interval", 1, (9, INT_MAX, 1), (0,) + BIG),
    row("packets_per_slave", 1, (7, 0, 65535, 1), (65536, U32_MAX), (RR,)),
    row("lacp_active", 1, (0, 1), (2, 255), LACP, "", SWITCH,
        "ad_lacp_active", "LACP active", bond={"when": "down"}),
    row("lacp_rate", 0, (1, 0), (2, 255), LACP, "",
        numbered("slow", "fast"), "ad_lacp_rate", "LACP rate",
        bond={"when": "down"}),
    row("coupled_control", 0, (1, 0), (2, 255), LACP, "", SWITCH,
        bond={"default": 1, "good": (0, 1), "when": "down"}),
    row("broadcast_neighbor", 0, (1, 0), (2, 255), LACP, "", SWITCH),
    row("lacp_strict", 1, (0, 1), (2, 255), LACP, "", SWITCH,
        bond={"default": 0, "good": (1, 0)}),
    row("ad_select", 0, (2, 1, 3, 0), (4, 255),
        words=numbered("stable", "bandwidth", "count", "actor_port_prio"),
        bond={"good": (2, 1, 0), "when": "down"},
        proc="Aggregator selection policy (ad_select)"),
    row("ad_actor_sys_prio", 65535, (5, 1, 65535), (0,), LACP,
        proc="System priority"),
    row("ad_user_port_key", 0, (3, 1023, 0), (1024, 65535), LACP, "down"),
    row("ad_actor_system", NO_MAC, (MAC, NO_MAC), (b"\1\0\0\0\0\1",), LACP,
        proc="System MAC address"),
    row("tlb_dynamic_lb", 1, (0, 1), (2, 255), (TLB, ALB), "down"),
    row("mlag_id", 0, (7, 1, U32_MAX, 0), (), LACP, words={0: "none"},
        param=False),
    row("carrier_events", 1, (0, 1), (2, 255), words=SWITCH),
    row("hash_buckets", 256, (128, 64, 4096, 256), (0, 32, 65, 8192)),
    row("rebalance_interval", 0, (500, 100, 3600000, 0), (1, 99, 3600001),
        (XOR, AD), words={0: "off"}),
    row("system_mac", 0, (1, 0), (2, 255), words=numbered("first", "lowest")),
    row("lacp_fallback", 0, (1, 0), (2, 255), LACP, words=SWITCH),
    row("marker_flush", 0, (1, 0), (2, 255), LACP, words=SWITCH),
    row("lacp_fallback_delay", 5000, (0, 1, 900000, 5000), (900001, U32_MAX),
        LACP),
)
# only of a bond with ports, so they are tested by themselves
DEVICES = (
    row("active_slave", 0, (), (), PRIMARY, param=False),
    row("primary", 0, (), (), PRIMARY),
)
PORT_ROWS = (
    row("queue_id", 0, (3, 16, 0), (), param=False),
    row("prio", 0, (-7, -INT_MAX - 1, INT_MAX, 0), (), PRIMARY, param=False),
    row("actor_port_prio", 255, (9, 1, 65535, 255), (0,), LACP, param=False,
        bond={"bad": ()}),
)
BY_WORD = {r.word: r for r in ROWS + DEVICES + PORT_ROWS}
# Values of one option that another does not let stand
CLASH = {"mlag_id": ("arp_interval",)}


def default(r, mode, kind):
    """What a bond of this mode has that was told nothing else."""
    if kind == "bond" and r.word == "miimon" and mode in (AD, TLB, ALB):
        return 100
    if r.word == "mode":
        return mode
    return r.bond.get("default", r.default) if kind == "bond" else r.default


def column(r, kind, name):
    """Column of a row as it is for this kind."""
    return r.bond.get(name, getattr(r, name)) if kind == "bond" else \
        getattr(r, name)


def text(r, value):
    """As a file in sysfs shows it."""
    if isinstance(value, list):
        return " ".join(value)
    if isinstance(value, bytes):
        return value.hex(":")
    if r.words and value in r.words:
        return f"{r.words[value]} {value}"
    return str(value)


def argument(r, value):
    """As it is typed."""
    if isinstance(value, list):
        return ",".join(value)
    return text(r, value).split(" ")[0]


def at_once(mode):
    """A value for every option that a bond of this mode has."""
    return {r.word: r.good[0] for r in ROWS
            if mode in r.modes and r.word not in ("mode", "mlag_id")}
