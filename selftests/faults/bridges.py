# SPDX-License-Identifier: GPL-2.0-only
"""What is done to the bridge of a pair, to its peer-port and to its legs while a
session runs: they go, leave, get another name, other VLANs. Words of the tool
follow, the other chassis hears of it at once, and when the thing is back all is
as before.
"""
import subprocess
import time

from chassis import LEG, PEER_LINKS, PEER_PORT
from lab import CHASSIS, LEGS, MLAG_ID, check
from link import IFLA_ADDRESS, VLAN_PVID, VLAN_UNTAGGED, Refused, mac, nl
from scenarios import (ALL, ANY, CLIENT_NOTICE, DRAIN, HALF, NOTICE, TABLE_MS,
                       scenario)
from voice import GUEST, Voices, installed, known, place

AT_ONCE_MS, HELLO_MS = 100, 200         # until the other chassis knows
GONE_FROM_A = "oA|mA"
TAGGED = mac("02000000027a")
TOLD = {"h1": CLIENT_NOTICE + 60}
BRIDGES = []


def entry(**what):
    """As scenario(); of this list."""
    number = what.pop("number", "-")

    def enter(function):
        function = scenario(number, **what)(function)
        BRIDGES.append(function.name)
        return function
    return enter


def tool(lab, name, *words):
    """What mlagctl prints."""
    with lab.chassis[name].netns:
        done = subprocess.run(("mlagctl", *words), capture_output=True,
                              text=True, check=False)
    check(not done.returncode, f"mlagctl {words}: {done.stderr}")
    return done.stdout


def sessions(lab):
    return [c.counters()["sessions"] for c in lab.chassis.values()]


def undisturbed(lab, before):
    check(sessions(lab) == before, f"sessions {sessions(lab)}, before {before}")
    for name, chassis in lab.chassis.items():
        check(chassis.state() == "connected", f"{name}: {chassis.state()}")


def told_at_once(lab, name, state, more_ms=0):
    took = lab.state_is(name, state, 3)
    check(took <= AT_ONCE_MS + more_ms,
          f"{name} is {state} after {took:.0f} ms")


# --- the bridge

def join_ports(chassis):
    """The bridge is made again, with all its ports."""
    chassis.new_bridge()
    for port in "peer0", "o0", *(f"leg{mlag_id}" for mlag_id in LEGS):
        chassis.devices.master(port, "br0")


@entry(apart=GONE_FROM_A, flood=DRAIN, left=HALF,
       hosts=dict.fromkeys(MLAG_ID, CLIENT_NOTICE + 60))
def bridge_deleted(lab):
    """The bridge of the primary is deleted under load and made again."""
    a = lab.chassis["A"]
    lab.meter.down("mA")
    lab.silent.append("mA")
    a.devices.remove("br0")
    told_at_once(lab, "B", "alone")
    check(not a.joined(), "the domain stays")
    for host, left in HALF.items():
        lab.active_is(host, left)
    lab.run(0.3)
    join_ports(a)


def words_follow(lab):
    """The tool speaks of A's things by their new names."""
    said = {"monitor lan": ("peer-port: trunk", "left", "name=cust"),
            "domain show": ("lan", "trunk"), "bond show cust": ("trunk",)}
    for words, names in said.items():
        text = tool(lab, "A", *words.split())
        for name in names:
            check(name in text, f"{words} has no {name}: {text}")
    lab.chassis["A"].devices.mtu("cust", 1400)
    lab.wait(lambda: "cust" in tool(lab, "A", "diagnose", "lan"), 3,
             "diagnose does not know the leg's name")
    lab.chassis["A"].devices.mtu("cust", 1500)


@entry()
def names_change(lab):
    """Bridge, peer-port, its links and a leg get other names."""
    a = lab.chassis["A"]
    before = sessions(lab)
    renamed = {"br0": "lan", "peer0": "trunk", "p0": "left", "leg10": "cust"}
    for old, new in renamed.items():
        a.devices.rename(old, new)
    a.bridge, a.peer_port = "lan", "trunk"
    try:
        words_follow(lab)
    finally:
        for old, new in renamed.items():
            a.devices.rename(new, old)
        a.bridge, a.peer_port = "br0", "peer0"
    for device in "br0", "peer0":
        try:
            a.devices.move(device, lab.park, device)
            check(False, f"{device} may leave the namespace")
        except Refused:
            pass
    undisturbed(lab, before)


# --- the peer-port

@entry(apart=GONE_FROM_A, flood=DRAIN, left=HALF,
       hosts=dict.fromkeys(MLAG_ID, CLIENT_NOTICE + 60))
def peer_port_leaves(lab):
    """The peer-port is taken out of the bridge of the primary and put back."""
    a = lab.chassis["A"]
    a.devices.master("peer0", None)
    told_at_once(lab, "B", "alone")
    lab.state_is("A", "disabled")
    check(a.domain()["reason"] == "no-peer-port", a.domain()["reason"])
    check("peer-port" in tool(lab, "A", "diagnose", "br0"), "diagnose")
    for host, left in HALF.items():
        lab.active_is(host, left)
    lab.run(0.5)
    a.devices.master("peer0", "br0")


@entry(apart=GONE_FROM_A, flood=DRAIN, left=HALF,
       hosts=dict.fromkeys(MLAG_ID, CLIENT_NOTICE + 60))
def peer_port_deleted(lab):
    """The peer-port of the primary is deleted and made again."""
    a = lab.chassis["A"]
    a.devices.remove("peer0")
    told_at_once(lab, "B", "alone")
    lab.state_is("A", "disabled")
    check(a.domain()["peer-port-name"] == "peer0", "its name is lost")
    for host, left in HALF.items():
        lab.active_is(host, left)
    lab.run(0.3)
    a.bond("peer0", PEER_PORT, PEER_LINKS)
    a.devices.up(*PEER_LINKS)


@entry(gap=NOTICE, flood=NOTICE)
def peer_link_moves_away(lab):
    """A link of the peer-port is in another namespace for a while."""
    a = lab.chassis["A"]
    before = sessions(lab)
    for link in PEER_LINKS:
        a.devices.move(link, lab.park, f"A.{link}")
        lab.run(0.3)
        lab.park.move(f"A.{link}", a.devices, link)
        a.devices.master(link, "peer0")
        a.devices.up(link)
        lab.run(0.5)
    undisturbed(lab, before)


def one_nic(lab):
    """p0 itself becomes the peer-port of both."""
    for name in CHASSIS:
        dev = lab.chassis[name].devices
        dev.remove("peer0")
    for name in CHASSIS:
        chassis = lab.chassis[name]
        chassis.devices.master("p0", "br0")
        chassis.devices.up("p0")
        chassis.set(peer_port_name="p0")
        chassis.peer_port = "p0"
    for name in CHASSIS:
        lab.state_is(name, "connected")
    lab.ready()


def two_links(lab):
    """peer0 with both links is the peer-port again."""
    for name in CHASSIS:
        lab.chassis[name].devices.master("p0", None)
    for name in CHASSIS:
        chassis = lab.chassis[name]
        chassis.bond("peer0", PEER_PORT, PEER_LINKS)
        chassis.devices.up(*PEER_LINKS)
        chassis.set(peer_port_name="peer0")
        chassis.peer_port = "peer0"


def moves_away(lab):
    """A's peer-port is in another namespace for a while."""
    a = lab.chassis["A"]
    a.devices.move("p0", lab.park, "A.p0")
    try:
        # without a bond above it the carrier is looked at with each hello
        told_at_once(lab, "B", "alone", HELLO_MS)
        lab.state_is("A", "disabled")
        check(a.domain()["reason"] == "no-peer-port", a.domain()["reason"])
        lab.run(0.3)
    finally:
        lab.park.move("A.p0", a.devices, "p0")
        a.devices.master("p0", "br0")
        a.devices.up("p0")
    lab.ready()


@entry(apart=".", flood=DRAIN, left=ANY, back=None, back_flood=None)
def peer_port_is_a_nic(lab):
    """A single NIC as peer-port: renamed, and away in another namespace."""
    one_nic(lab)
    a = lab.chassis["A"]
    before = sessions(lab)
    a.devices.rename("p0", "uplink")
    words = tool(lab, "A", "monitor", "br0")
    a.devices.rename("uplink", "p0")
    check("uplink" in words, f"monitor: {words}")
    undisturbed(lab, before)
    moves_away(lab)
    two_links(lab)


# --- a leg

TAKEN_AWAY = """\
What a client sends to a leg that is taken away at once, by an operator, is lost until
LACP has told it. Maintenance before that avoids it.""".replace("\n", " ")


def leg_told(lab):
    """B knows at once that the leg is no more, and lets all pass to its own."""
    def leg():
        return lab.chassis["B"].leg(MLAG_ID["h1"])
    took = lab.wait(lambda: leg()["peer-state"] in ("absent", "down"), 3,
                    lambda: f"B takes the leg for {leg()['peer-state']}")
    check(took <= AT_ONCE_MS, f"told after {took:.0f} ms")
    lab.active_is("h1", 1)
    lab.run(0.3)


@entry(flood=DRAIN, left={"h1": 1}, hosts=TOLD, known=TAKEN_AWAY)
def leg_leaves(lab):
    """The bond of a leg is taken out of the bridge and put back."""
    a = lab.chassis["A"]
    a.devices.master("leg10", None)
    leg_told(lab)
    check(not a.leg(10), "A has it still")
    a.devices.master("leg10", "br0")


@entry(gap=NOTICE, flood=DRAIN, left={"h1": 1}, hosts=TOLD)
def leg_deleted(lab):
    """The bond of a leg is deleted and made again."""
    a = lab.chassis["A"]
    a.devices.remove("leg10")
    leg_told(lab)
    a.bond("leg10", {**LEG, "mlag_id": 10}, LEGS[10])
    a.devices.up(*LEGS[10])


@entry(flood=DRAIN, left={"h1": 1}, hosts=TOLD, known=TAKEN_AWAY)
def leg_id_changes(lab):
    """The mlag_id of a leg becomes another one, and again the old one."""
    a = lab.chassis["A"]
    a.devices.set("leg10", {"mlag_id": 11})
    leg_told(lab)
    check(a.leg(11)["peer-state"] == "absent", "the peer has an mlag-id 11")
    words = tool(lab, "A", "diagnose", "br0")
    check("mlag-id is here and not at the peer" in words, words)
    a.devices.set("leg10", {"mlag_id": 10})


# --- VLANs

def filtering(lab, on):
    for chassis in lab.chassis.values():
        chassis.devices.bridge_set("br0", "vlan_filtering", on)
        lab.run(0.3)


@entry()
def filtering_switched(lab):
    """VLAN filtering is switched on and off, on one chassis after the other."""
    before = sessions(lab)
    filtering(lab, 1)
    lab.run(0.5)
    undisturbed(lab, before)
    lab.agree(1)
    filtering(lab, 0)
    undisturbed(lab, before)


@entry(gap=20, flood=40, hosts={"mA": 20, "mB": 20})
def peer_port_tagged(lab):
    """The peer-port carries VLANs tagged only: no pvid, or one of its own."""
    before = sessions(lab)
    filtering(lab, 1)
    a, b = (c.devices for c in lab.chassis.values())
    for dev in a, b:
        dev.vlans("add", "peer0", 1)            # tagged, and no pvid is left
    lab.run(1)
    undisturbed(lab, before)
    a.vlans("add", "peer0", 4001, flags=VLAN_PVID | VLAN_UNTAGGED)
    b.vlans("add", "peer0", 4002, flags=VLAN_PVID)
    lab.run(1)
    undisturbed(lab, before)
    lab.mark("back")
    for dev, vid in (a, 4001), (b, 4002):
        dev.vlans("add", "peer0", 1, flags=VLAN_PVID | VLAN_UNTAGGED)
        dev.vlans("del", "peer0", vid)
    lab.run(0.5)
    filtering(lab, 0)
    undisturbed(lab, before)


def ports():
    return ("peer0", "o0", *(f"leg{mlag_id}" for mlag_id in LEGS))


@entry(number="33")
def vlans_come_and_go(lab):
    """Four thousand VLANs come and go; addresses of one that went leave both."""
    before = sessions(lab)
    filtering(lab, 1)
    for chassis in lab.chassis.values():
        for port in ports():
            chassis.devices.vlans("add", port, 2, 4000)
        chassis.devices.vlans("add", "br0", 2, 100, own=True)
    lab.run(0.5)
    undisturbed(lab, before)
    with Voices(lab) as voices:
        by_a = voices.speak_by("h2", "c0", TAGGED, 10)
        by_b = voices.speak_by("h2", "c1", TAGGED, 10)
        by_a()
        lab.wait(lambda: all(known(lab, n, TAGGED) == ("leg", MLAG_ID["h2"])
                             for n in CHASSIS), 1, "not learned")
        lab.run(0.5)                            # B sees it by itself
        by_b()
        voices.speak("oA", mac("020000000278"), vid=11)
        voices.speak("oA", mac("020000000279"), vid=12)
        lab.wait(lambda: all(lab.chassis[n].fdb(mac("020000000279"))
                             for n in CHASSIS), 1, "not learned")
        for chassis in lab.chassis.values():
            chassis.devices.vlans("del", f"leg{MLAG_ID['h2']}", 10)
            lab.run(0.2)
        lab.chassis["A"].devices.vlans("del", "o0", 11)
        for address in TAGGED, mac("020000000278"):
            lab.wait(lambda a=address: not any(
                lab.chassis[n].fdb(a) for n in CHASSIS), 1,
                lambda a=address: "stays: " + " ".join(
                    str(lab.chassis[n].fdb(a)) for n in CHASSIS))
        check(all(lab.chassis[n].fdb(mac("020000000279")) for n in CHASSIS),
              "the address of another VLAN is gone too")
    for chassis in lab.chassis.values():
        for port in ports():
            chassis.devices.vlans("del", port, 2, 4000)
        chassis.devices.vlans("del", "br0", 2, 100, own=True)
    lab.run(0.3)
    undisturbed(lab, before)
    filtering(lab, 0)
    undisturbed(lab, before)


@entry(number="49", hosts={"mA": None})
def vlan_devices(lab):
    """VLAN devices on the bridges, with addresses of their own; the bridge's."""
    own = mac("02:00:00:00:0a:99")
    a, b = (c.devices for c in lab.chassis.values())

    def knows(address, is_known=True):
        lab.wait(lambda: bool(lab.chassis["B"].fdb(address)) == is_known, 1,
                 f"B knows {address.hex(':')}: {not is_known}")
        lab.wait(lambda: installed(lab, "B", address), 1, "not installed")

    for vid in 10, 20:
        a.vlan_device(f"v{vid}", "br0", vid, own)
    knows(own)
    a.remove("v20")
    lab.run(0.3)
    knows(own)
    filtering(lab, 1)
    for dev in a, b:
        dev.vlans("add", "br0", 10, own=True)
        dev.vlans("add", "peer0", 10)
    lab.run(0.3)
    check(lab.chassis["B"].fdb(own).get("vid") == 10,
          f"VLAN of it: {lab.chassis['B'].fdb(own)}")
    filtering(lab, 0)
    knows(own)
    a.remove("v10")
    knows(own, False)
    a.change("br0", [nl.attr(IFLA_ADDRESS, own)])
    knows(own)
    knows(lab.chassis["A"].mac, False)
    a.change("br0", [nl.attr(IFLA_ADDRESS, lab.chassis["A"].mac)])
    knows(own, False)
    for dev in a, b:
        dev.vlans("del", "br0", 10, own=True)
        dev.vlans("del", "peer0", 10)


# --- addresses

def knows(lab, names, address=GUEST):
    """Who has it in the table."""
    lab.wait(lambda: [n for n in CHASSIS if lab.chassis[n].fdb(address)] ==
             list(names), TABLE_MS / 1000, lambda: f"known to " + str(
                 {n: lab.chassis[n].fdb(address) for n in CHASSIS}))


@entry(number="32")
def bridge_flushed(lab):
    """A bridge forgets its addresses: the other one has none of them longer."""
    a = lab.chassis["A"].devices
    with Voices(lab) as voices:
        for host in "oA", "h2":
            if host == "oA":
                voices.speak(host)
            else:
                voices.speak_by(host, "c0")()
            knows(lab, "AB")
            a.bridge_set("br0", "fdb_flush", 0)
            knows(lab, "")
        lab.run(0.5)
        lab.agree(1)


def flap(lab, voices, hosts, seconds):
    """Five times a second to each; when it speaks again later, it is there."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for host in hosts:
            voices.speak(host)
            lab.run(0.1)
    lab.run(12)
    voices.speak(hosts[-1])
    for name in CHASSIS:
        lab.wait(lambda n=name: known(lab, n) == place(lab, hosts[-1]),
                 TABLE_MS / 1000, lambda n=name:
                 f"{n} has it at {known(lab, n)}, not {hosts[-1]}")


@entry(number="28", rate=20)
def guest_flaps_for_long(lab):
    """An address goes to and fro five times a second, for a minute."""
    def counts(word):
        return [c.counters()[word] for c in lab.chassis.values()]

    with Voices(lab) as voices:
        sent, damped = counts("tx_data"), counts("fdb_damped")
        flap(lab, voices, ("oA", "oB"), 60)
        times = [now - was for now, was in zip(counts("fdb_damped"), damped)]
        check(times[0] == times[1] and 1 <= times[0] <= 7,
              f"damped {times} times in a minute")
        words = [now - was for now, was in zip(counts("tx_data"), sent)]
        check(max(words) < 300, f"{words} words of it")
        for name, chassis in lab.chassis.items():
            check("fdb-damped" in {e["kind"] for e in chassis.events()[-8:]},
                  f"{name} does not say so")
        flap(lab, voices, ("oB", "oA"), 3)


# --- storms

@entry(number="48", rate=4000, gap=20, flood=2 * DRAIN,
       left=ANY, streams=("oA>*", "oB>*", "h1>*", "h2>+",
                          "h1>?", "oA>h1", "h1>oA"))
def storm_while_legs_fail(lab):
    """Hosts flood as they can, while legs fail and come back."""
    before = sessions(lab)
    for wire in "h1.c0", "h1.c1", "h2.c0":
        lab.cut(wire)
        lab.run(0.2)
        lab.restore(wire)
        lab.ready()
        lab.mark(wire)
    undisturbed(lab, before)


assert all(name in ALL for name in BRIDGES)
