# SPDX-License-Identifier: GPL-2.0-only
"""Links of kind mlagbond over raw rtnetlink: options by word, written down by
hand and not made from the driver's table. For tests that must be quick."""
import socket
import struct
import subprocess

import nl

RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK = 16, 17, 18
IFLA_IFNAME, IFLA_MASTER, IFLA_LINKINFO, IFLA_IFALIAS = 3, 10, 18, 20
KIND, DATA, SLAVE_KIND, SLAVE_DATA = 1, 2, 4, 5
IFLA_EXT = 48

# word: attribute, format, inside our nest
OPTIONS = {
    "mode": (1, "B", False),
    "active_slave": (2, "I", False),
    "miimon": (3, "I", False),
    "updelay": (4, "I", False),
    "downdelay": (5, "I", False),
    "use_carrier": (6, "B", False),
    "arp_interval": (7, "I", False),
    "arp_validate": (9, "I", False),
    "arp_all_targets": (10, "I", False),
    "arp_missed_max": (30, "B", False),
    "primary": (11, "I", False),
    "primary_reselect": (12, "B", False),
    "fail_over_mac": (13, "B", False),
    "xmit_hash_policy": (14, "B", False),
    "resend_igmp": (15, "I", False),
    "num_grat_arp": (16, "B", False),
    "all_slaves_active": (17, "B", False),
    "min_links": (18, "I", False),
    "lp_interval": (19, "I", False),
    "packets_per_slave": (20, "I", False),
    "lacp_rate": (21, "B", False),
    "ad_select": (22, "B", False),
    "ad_actor_sys_prio": (24, "H", False),
    "ad_user_port_key": (25, "H", False),
    "ad_actor_system": (26, "6s", False),
    "tlb_dynamic_lb": (27, "B", False),
    "peer_notify_delay": (28, "I", False),
    "lacp_active": (29, "B", False),
    "coupled_control": (32, "B", False),
    "broadcast_neighbor": (33, "B", False),
    "lacp_strict": (34, "B", False),
    "mlag_id": (1, "I", True),
    "carrier_events": (2, "B", True),
    "hash_buckets": (3, "I", True),
    "rebalance_interval": (4, "I", True),
    "system_mac": (5, "B", True),
    "lacp_fallback": (6, "B", True),
    "lacp_fallback_delay": (7, "I", True),
    "marker_flush": (8, "B", True),
}
# word: attribute, address family
LISTS = {
    "arp_ip_target": (8, socket.AF_INET),
    "ns_ip6_target": (31, socket.AF_INET6),
}
PORT_OPTIONS = {"queue_id": (5, "H"), "prio": (9, "i"),
                "actor_port_prio": (10, "H")}


def encode(options):
    """INFO_DATA of a dict or list of pairs: word, value."""
    pairs = options.items() if isinstance(options, dict) else options
    plain, ext = [], []
    for word, value in pairs:
        if word in LISTS:
            number, family = LISTS[word]
            plain.append(nl.attr(number, [
                nl.attr(i, socket.inet_pton(family, addr))
                for i, addr in enumerate(value)]))
            continue
        number, form, ours = OPTIONS[word]
        data = nl.attr(number, struct.pack("=" + form, value))
        (ext if ours else plain).append(data)
    if ext:
        plain.append(nl.attr(IFLA_EXT, ext))
    return plain


def decode(data):
    """The dict of an INFO_DATA."""
    result = {}
    for number, value, _ in nl.parse(data):
        if number == IFLA_EXT:
            inner = {n: v for n, v, _ in nl.parse(value)}
            for word, (attr, form, ours) in OPTIONS.items():
                if ours and attr in inner:
                    result[word] = struct.unpack("=" + form, inner[attr])[0]
        for word, (attr, family) in LISTS.items():
            if attr == number:
                result[word] = [socket.inet_ntop(family, addr)
                                for _, addr, _ in nl.parse(value)]
        for word, (attr, form, ours) in OPTIONS.items():
            if not ours and attr == number:
                result[word] = struct.unpack("=" + form, value)[0]
    return result


class Links:
    def __init__(self):
        self.rtnl = nl.Socket(socket.NETLINK_ROUTE)

    def request(self, kind, name, attrs, flags=0):
        body = struct.pack("=BxHiII", 0, 0, 0, 0, 0)
        body += nl.attr(IFLA_IFNAME, name) + b"".join(attrs)
        return self.rtnl.talk(kind, flags, body)

    def add(self, name, options=(), kind="mlagbond"):
        info = [nl.attr(KIND, kind)]
        data = encode(options)
        if data:
            info.append(nl.attr(DATA, data))
        return self.request(RTM_NEWLINK, name,
                            [nl.attr(IFLA_LINKINFO, info)],
                            nl.NLM_F_CREATE | nl.NLM_F_EXCL)[1]

    def set(self, name, options, kind="mlagbond"):
        info = [nl.attr(KIND, kind), nl.attr(DATA, encode(options))]
        return self.request(RTM_NEWLINK, name,
                            [nl.attr(IFLA_LINKINFO, info)])[1]

    def set_port(self, name, options, kind="mlagbond"):
        data = [nl.attr(PORT_OPTIONS[word][0],
                        struct.pack("=" + PORT_OPTIONS[word][1], value))
                for word, value in options.items()]
        info = [nl.attr(SLAVE_KIND, kind), nl.attr(SLAVE_DATA, data)]
        return self.request(RTM_NEWLINK, name,
                            [nl.attr(IFLA_LINKINFO, info)])[1]

    def alias(self, name, text):
        return self.request(RTM_NEWLINK, name,
                            [nl.attr(IFLA_IFALIAS, text.encode())])[1]

    def messages(self, name, change):
        """How many RTM_NEWLINK of a link a change causes."""
        listener = nl.Socket(socket.NETLINK_ROUTE)
        listener.join(1)
        change()
        self.add("last", kind="dummy")
        count = 0
        while True:
            for kind, _, body in listener.receive():
                if b"last\0" in body:
                    self.delete("last")
                    return count
                count += kind == RTM_NEWLINK and \
                    name.encode() + b"\0" in body

    def delete(self, name):
        return self.request(RTM_DELLINK, name, [])[1]

    def info(self, name, which=DATA):
        """Payload of the wanted part of LINKINFO; None without the link."""
        answers, _ = self.request(RTM_GETLINK, name, [])
        for body in answers:
            for number, value, _ in nl.parse(body[16:]):
                if number == IFLA_LINKINFO:
                    for part, data, _ in nl.parse(value):
                        if part == which:
                            return data
        return None

    def get(self, name):
        data = self.info(name)
        return None if data is None else decode(data)

    def get_port(self, name):
        data = self.info(name, SLAVE_DATA)
        raw = {n: v for n, v, _ in nl.parse(data or b"")}
        return {word: struct.unpack("=" + form, raw[n])[0]
                for word, (n, form) in PORT_OPTIONS.items() if n in raw}


class Tap:
    """KTAP: a test is a name and what was wrong in it."""

    def __init__(self):
        self.count = self.failed = 0

    def result(self, name, wrong=""):
        self.count += 1
        wrong = str(wrong or "").replace("\n", " ")
        print(f"not ok {self.count} {name} # {wrong}" if wrong else
              f"ok {self.count} {name}", flush=True)
        self.failed += bool(wrong)

    def end(self):
        print(f"1..{self.count}")
        return self.failed != 0


def ip(*args):
    subprocess.run(("ip", *map(str, args)), check=True)
