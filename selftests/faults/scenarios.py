# SPDX-License-Identifier: GPL-2.0-only
"""What may happen to a pair, and what its hosts may notice of it. A scenario is a
function that does the damage and looks at it; what it did is undone for it, under
traffic. Bounds are those of verdict.py. Scenarios of one number are one
fault, seen from several sides.
"""
import contextlib
import time

import memory
import scene
import tc
import voice
from intruder import Intruder
from lab import CHASSIS, MLAG_ID, PEER_LINKS, check
from scene import DRAIN

# in ms, with the clock of 10 ms that the test guest has: a client's bond sees
# its carrier go, a bridge port is found dead, a chassis missed, a partner silent
NOTICE, DEAD, LACP_SILENT = 5, 1500, 4000
# a word that is lost and said again, at most 200 ms late each time
LATE = 1500
# in-tree bonding looks at what LACP said ten times a second
CLIENT_NOTICE = 130
HALF = {"h1": 1, "h2": 1, "h3": 2}      # ports of clients to one chassis
ANY = dict.fromkeys(MLAG_ID)
# what the short moments of a leg that comes up could double
FEW = ("h1>oA", "h1>oB", "oA>h1", "oB>h1", "oA>*", "oA>+", "oA>?", "oB>*",
       "h1>*", "h1>+", "h1>?")
QUICK, ALL = [], {}
scenario = scene.into(ALL, QUICK)
TABLE_MS = 300          # a word about an address, and what follows from it
AGEING_S = 8


# --- legs

@scenario("1, 2", quick=True, gap=NOTICE, flood=DRAIN, left={"h1": 1})
def leg_cut(lab):
    """A leg loses its cable and gets it back."""
    lab.cut("h1.c0")
    lab.active_is("h1", 1)
    lab.leg_is("A", "h1", "down")
    lab.run(0.5)


@scenario("1, 2", quick=True, rate=1000, streams=FEW, gap=NOTICE, flood=DRAIN,
          left={"h1": 1})
def leg_cut_dense(lab):
    """The same with few hosts, which send ten times as often."""
    lab.cut("h1.c0")
    lab.active_is("h1", 1)
    lab.run(0.3)


@scenario("3", quick=True, gap=NOTICE, flood=DRAIN, left={"h1": 1})
def leg_unacknowledged(lab):
    """A leg comes up while the peer's acknowledgements are lost."""
    lab.cut("h1.c0")
    lab.leg_is("A", "h1", "down")
    lab.run(0.2)
    a = lab.chassis["A"]
    before = a.counters()["leg_timeouts"]
    lab.peer_links_deaf(tc.ICCP_WORDS, "A", "B")
    lab.restore("h1.c0")
    lab.wait(lambda: a.counters()["leg_timeouts"] > before, 5,
             "nobody waits for an acknowledgement")
    # what hellos say of a leg may differ from its words for 3 s
    end = time.monotonic() + 1.5
    while time.monotonic() < end:
        state = a.leg(MLAG_ID["h1"])["state"]
        check(state in ("down", "prepare"), f"the leg is {state}")
        lab.run(0.02)
    lab.state_is("A", "connected", 0)


@scenario("4", gap=NOTICE, flood=DRAIN, left={"h1": None})
def leg_flaps(lab):
    """A leg flaps ten times a second."""
    for _ in range(30):
        lab.cut("h1.c0")
        lab.run(0.05)
        lab.restore("h1.c0")
        lab.run(0.05)


@scenario("5", hosts={"h1": LACP_SILENT}, left={"h1": 1},
          back_flood=CLIENT_NOTICE, known="""\
When the leg hears its client again, what the client floods there can be lost for
100 ms, where a leg that was cut loses it for a round trip.""".replace(
              "\n", " "))
def leg_deaf(lab):
    """A leg hears nothing from its client and keeps its carrier."""
    lab.deaf("h1.c0", "A")
    lab.active_is("h1", 1)
    lab.leg_is("A", "h1", "down")
    lab.run(0.5)


@scenario("5", hosts={"h1": LACP_SILENT}, left={"h1": 1},
          back_flood=CLIENT_NOTICE)
def client_deaf(lab):
    """A client hears nothing from a leg and keeps its carrier."""
    lab.deaf("h1.c0")
    lab.active_is("h1", 1)
    lab.leg_is("A", "h1", "down")
    lab.run(0.5)


@scenario("6", quick=True, hosts={"h1": None}, left={"h1": 2})
def both_legs_cut(lab):
    """A client loses both cables: its frames do not go back and forth."""
    lab.cut("h1.c0", "h1.c1")
    for name in CHASSIS:
        lab.leg_is(name, "h1", "down")
    lab.run(1)


@scenario("45", gap=NOTICE, flood=DRAIN, left={"h3": 1})
def one_of_two_local_legs(lab):
    """One of two ports of a leg goes: the peer is not concerned."""
    def looks():
        leg = lab.chassis["A"].leg(MLAG_ID["h3"])
        return leg["ups"], leg["state"], leg["peer-state"]
    before = looks()
    lab.cut("h3.c0")
    lab.active_is("h3", 3)
    lab.run(0.5)
    check(looks() == before, f"leg {looks()}, before {before}")
    check(lab.chassis["A"].leg(MLAG_ID["h3"])["ports"] == 1, "ports")


# --- the way between the chassis

@scenario("7", quick=True, gap=NOTICE, flood=NOTICE)
def peer_link_cut(lab):
    """One of two links between the chassis goes: no event of the pair."""
    def session():
        return [(c.counters()["sessions"], c.state())
                for c in lab.chassis.values()]
    before = session()
    lab.cut("p0")
    lab.run(1)
    lab.mark("other")
    lab.restore("p0")
    lab.run(0.3)
    lab.cut("p1")
    lab.run(0.5)
    check(session() == before, f"sessions {session()}, before {before}")


@scenario("22", quick=True, gap=3000, back=500, known="""\
While chassis that lost one another's control frames are joined by the peer-port
all the same, each learns there again. A client is then found behind the
peer-port whenever it spoke through the other chassis, and what is sent to it is
taken there, where the split horizon drops it.""".replace("\n", " "))
def control_lost(lab):
    """No control frame passes between the chassis, data does."""
    lab.peer_links_deaf(tc.ICCP_ALL, "A", "B")
    for name in CHASSIS:
        lab.state_is(name, "alone")
    lab.run(1)


@scenario("23", gap=LATE, flood=LATE, left={"h1": None})
def control_impaired(lab):
    """Control frames: 30 % lost, up to 200 ms late, out of order, doubled.
    A word takes longer than a leg waits for it: the leg need not come up."""
    for chassis in lab.chassis.values():
        chassis.set(dead=1000)
    sessions = [c.counters()["sessions"] for c in lab.chassis.values()]
    lab.impair_control(loss=30, delay_ms=100, jitter_ms=100, dup=10)
    lab.run(0.5)
    lab.cut("h1.c0")
    lab.active_is("h1", 1)
    lab.run(0.5)
    lab.mark("again")
    lab.restore("h1.c0")
    lab.run(3)
    lab.agree(5)
    check([c.counters()["sessions"] for c in lab.chassis.values()] ==
          sessions, "the session did not stay up")
    for chassis in lab.chassis.values():
        chassis.set(dead=600)


@scenario("23", gap=LATE, flood=LATE, back=LATE, back_flood=LATE,
          left={"h1": 1})
def peer_links_lossy(lab):
    """All frames between the chassis: 5 % lost, 5 ms late."""
    lab.impair(loss=5, delay_ms=5)
    lab.run(0.5)
    lab.cut("h1.c0")
    lab.active_is("h1", 1)
    lab.leg_is("A", "h1", "down")
    lab.run(0.5)
    lab.restore("h1.c0")
    lab.active_is("h1", 2)
    lab.leg_is("A", "h1", "up")
    lab.agree(5)


@scenario("24", quick=True, apart="oB>|mB>",
          hosts=dict.fromkeys(MLAG_ID, DEAD), left=HALF)
def one_way_to_secondary(lab):
    """What the secondary sends is lost, it hears the primary: it isolates."""
    lab.peer_links_deaf(tc.ALL, "A")
    lab.posture_is("B", "isolated")
    lab.posture_is("A", "alone")
    lab.active_is("h1", 1)
    lab.run(0.5)


@scenario("24", apart="oA>|mA>", hosts=ANY)
def one_way_to_primary(lab):
    """What the primary sends is lost, it hears the secondary: it goes on."""
    lab.peer_links_deaf(tc.ALL, "B")
    lab.posture_is("A", "alone")
    lab.posture_is("B", "alone")
    lab.run(1)


# --- with a second path

# until the clients have seen that SYNC was taken back
ISOLATED = dict.fromkeys(MLAG_ID, CLIENT_NOTICE + 60)


def isolates(lab, within):
    """B gives way and A goes on, some ms after now."""
    took = lab.posture_is("B", "isolated", 3)
    check(took <= within, f"isolated after {took:.0f} ms")
    lab.posture_is("A", "alone")
    for host, left in HALF.items():
        lab.active_is(host, left)
        lab.leg_is("A", host, "up", 0)


@scenario("8, 9", quick=True, hosts=ISOLATED, left=HALF, apart="oB|mA|mB")
def peer_port_cut(lab):
    """The peer-port is cut, the second path works: the secondary isolates."""
    with lab.second_path():
        lab.cut(*PEER_LINKS)
        isolates(lab, 300)
        lab.run(1)
        check(lab.chassis["B"].domain()["posture"] == "isolated",
              "it did not stay isolated")


@scenario("10", left=ANY, hosts=ANY, apart="oA|oB|mA|mB")
def peer_port_cut_alone(lab):
    """The peer-port is cut, there is no second path: both go on."""
    lab.cut(*PEER_LINKS)
    for name in CHASSIS:
        lab.posture_is(name, "alone")
        lab.leg_is(name, "h1", "up", 0)
    lab.run(1)


@scenario("14", quick=True, hosts=dict.fromkeys(MLAG_ID, 3000), apart="oA|oB|mA|mB",
          left={"h1": 2, "h2": 2, "h3": 4})
def peer_port_then_primary(lab):
    """The peer-port is cut, and two seconds later the primary dies."""
    with lab.second_path():
        lab.cut(*PEER_LINKS)
        isolates(lab, 300)
        lab.run(2)
        lab.kill("A")
        lab.posture_is("B", "alone", 1)
        for host, left in HALF.items():
            lab.active_is(host, left)
        lab.run(0.3)


@scenario("15", gap=NOTICE, flood=DRAIN, left=HALF)
def primary_then_peer_port(lab):
    """The primary dies with all its cables: the second path is silent too."""
    with lab.second_path():
        dies(lab, "A")


@scenario("21", apart="oB|mA|mB", left=HALF, gap=NOTICE, flood=DRAIN)
def boots_beside_a_cut(lab):
    """The secondary boots, the peer-port is cut, the primary lives."""
    a, b = lab.chassis.values()
    with lab.second_path(reload_delay=1):
        lab.kill("B")
        for host, left in HALF.items():
            lab.active_is(host, left)
        a.devices.down(*PEER_LINKS)
        lab.boot("B")
        lab.posture_is("B", "isolated")
        lab.run(1)
        check(b.leg(MLAG_ID["h1"])["state"] == "down", "a leg of B is up")
        a.devices.up(*PEER_LINKS)


@scenario("22", hosts=ISOLATED, left=HALF, apart="oB>.*>h")
def control_lost_but_heartbeat(lab):
    """No control frame passes on the peer-port, the second path works."""
    with lab.second_path():
        lab.peer_links_deaf(tc.ICCP_ALL, "A", "B")
        isolates(lab, DEAD)
        lab.run(1)


# --- a chassis goes and comes back


def dies(lab, name):
    other = "AB".replace(name, "")
    lab.kill(name)
    took = lab.state_is(other, "alone")
    check(took < 1000, f"takes over after {took:.0f} ms")
    for host, left in HALF.items():
        lab.active_is(host, left)
        check(lab.chassis[other].leg(MLAG_ID[host])["state"] == "up",
              f"the survivor's leg to {host} is not up")
    lab.run(0.5)


@scenario("11, 18", quick=True, gap=NOTICE, flood=DRAIN, left=HALF)
def primary_dies(lab):
    """The primary loses its power, and joins again."""
    dies(lab, "A")


@scenario("13, 18", gap=NOTICE, flood=DRAIN, left=HALF)
def secondary_dies(lab):
    """The secondary loses its power, and joins again."""
    dies(lab, "B")


@scenario("12", apart="oA|mA", left=HALF,
          hosts=dict.fromkeys(MLAG_ID, LACP_SILENT))
def chassis_hangs(lab):
    """A chassis falls silent with its links up, then loses its power."""
    lab.hang("A")
    lab.state_is("B", "alone")
    for host, left in HALF.items():
        lab.active_is(host, left)
    lab.run(0.3)
    lab.mark("dead")
    lab.kill("A")
    lab.mend()
    lab.run(0.5)


LEFT = """\
Orphan hosts of a chassis that has left and still runs do not reach clients: to
the other chassis it is gone, so that what comes from the peer-port is
blocked.""".replace("\n", " ")


def planned(lab, name):
    """Maintenance, then power off."""
    lab.chassis[name].set(maintenance=1)
    for host, left in HALF.items():
        lab.active_is(host, left)
    lab.run(0.5)
    lab.mark("off")
    lab.kill(name)
    lab.run(0.5)


@scenario("16, 18", quick=True, flood=DRAIN, left=HALF)
def primary_maintained(lab):
    """The primary is taken out, switched off, and joins again."""
    planned(lab, "A")


@scenario("17, 18", flood=DRAIN, left=HALF)
def secondary_maintained(lab):
    """The secondary is taken out, switched off, and joins again."""
    planned(lab, "B")


@scenario("16", quick=True, flood=DRAIN, left=HALF)
def maintenance_ended(lab):
    """Maintenance of the primary, ended without a reboot."""
    lab.chassis["A"].set(maintenance=1)
    for host, left in HALF.items():
        lab.active_is(host, left)
    lab.run(1)


@scenario("19", apart=".", left=ANY, back=None, back_flood=None)
def both_boot(lab):
    """Both chassis lose their power and boot together."""
    for name in CHASSIS:
        lab.kill(name)
    lab.run(0.5)
    for name in CHASSIS:
        lab.boot(name)
    took = max(lab.state_is(name, "connected") for name in CHASSIS)
    check(took < 2000, f"connected after {took:.0f} ms")
    check(lab.primary() == "A", "priority did not decide")


@scenario("20", quick=True, apart=".", left=ANY)
def one_boots(lab):
    """Both lose their power, one boots: alone after reload-delay."""
    chassis = lab.chassis["A"]
    for name in CHASSIS:
        lab.kill(name)
    chassis.domain_options = {"reload-delay": 3}
    lab.boot("A")
    chassis.domain_options = {}
    lab.run(2)
    check(chassis.leg(MLAG_ID["h1"])["state"] == "down", "leg before its time")
    lab.state_is("A", "alone")
    for host, left in HALF.items():
        lab.active_is(host, left)
        lab.leg_is("A", host, "up")
    lab.run(0.5)


# --- the domain and the module

@scenario("42", quick=True, apart="oA>.*>h", flood=DRAIN, left=HALF, known=LEFT)
def domain_removed(lab):
    """The domain of the primary is removed under load and added again."""
    lab.chassis["A"].leave()
    lab.state_is("B", "alone", 0.3)
    for host, left in HALF.items():
        lab.active_is(host, left)
    lab.run(0.5)


@scenario("42", apart=".", left=ANY, back=None, back_flood=None)
def module_removed(lab):
    """The module goes under load, from both chassis, and is loaded again."""
    lab.unload()
    for host in HALF:
        lab.active_is(host, 0)
    lab.run(0.5)
    lab.load()


@scenario("49", quick=True, gap=NOTICE, flood=DRAIN, hosts=ANY, left=ANY)
def management(lab):
    """Bridges and orphan hosts reach one another whatever the legs do."""
    lab.cut("h1.c0", "h2.c1")
    lab.run(0.3)
    lab.cut("p0")
    lab.run(0.3)
    lab.chassis["B"].set(maintenance=1)
    lab.run(1)


# --- time

@scenario("26", quick=True)
def clock_steps(lab):
    """The clock of the system jumps by an hour, forth and back."""
    events = [c.events()[-1]["seq"] for c in lab.chassis.values()]
    for step in 3600, -7200, 3600:
        now = time.clock_gettime(time.CLOCK_REALTIME)
        time.clock_settime(time.CLOCK_REALTIME, now + step)
        lab.run(1)
    check([c.events()[-1]["seq"] for c in lab.chassis.values()] == events,
          "something happened")


# --- addresses

def arrives(lab, voices, host):
    """Both tables know, and what is sent to it comes there and nowhere else."""
    voices.speak(host)
    want = voice.place(lab, host)
    for name in CHASSIS:
        lab.wait(lambda n=name: voice.known(lab, n) == want, TABLE_MS / 1000,
                 lambda n=name: f"{n} has it at {voice.known(lab, n)}, "
                 f"not {want}")
    lab.wait(lambda: all(voice.installed(lab, name) for name in CHASSIS),
             TABLE_MS / 1000, "a bridge has not what its table says")
    voices.counts()
    for sender in "h3", "oB" if host != "oB" else "oA":
        voices.send_to_guest(sender, 5)
        lab.run(0.02)
        got = voices.counts()
        check(got == {host: 5}, f"at {host}, sent by {sender}: {dict(got)}")


@scenario("27", quick=True)
def guest_migrates(lab):
    """An address moves between orphan ports and legs of both chassis."""
    with voice.Voices(lab) as voices:
        for host in "oA", "oB", "h1", "h2", "oA", "h2", "oB":
            arrives(lab, voices, host)
            lab.run(0.3)
        lab.agree(1)


@scenario("28", rate=20)
def guest_flaps(lab):
    """An address moves ten times a second: damped, then where it is."""
    with voice.Voices(lab) as voices:
        for _ in range(10):
            for host in "oA", "oB":
                voices.speak(host)
                lab.run(0.05)
        check(any(c.counters()["fdb_damped"] for c in lab.chassis.values()),
              "nobody damps it")
        end = time.monotonic() + 12
        while time.monotonic() < end:
            voices.speak("oB")
            lab.run(0.5)
        arrives(lab, voices, "oB")


def age(lab, seconds):
    for chassis in lab.chassis.values():
        chassis.devices.bridge_set("br0", "ageing_time", seconds * 100)


@scenario("30", rate=20)
def address_ages(lab):
    """An address ages on one chassis, then on both."""
    with voice.Voices(lab) as voices:
        by_a = voices.speak_by("h2", "c0")
        by_b = voices.speak_by("h2", "c1")
        age(lab, AGEING_S)
        by_a()
        end = time.monotonic() + 3 * AGEING_S
        while time.monotonic() < end:
            by_b()
            lab.run(1)
            check(voice.known(lab, "A") == ("leg", MLAG_ID["h2"]),
                  "A has forgotten what B sees")
        lab.wait(lambda: not any(c.fdb(voice.GUEST) for c in
                                 lab.chassis.values()), 3 * AGEING_S,
                 "who is silent on both is not forgotten")
        age(lab, 300)


@scenario("31", quick=True)
def static_refuses(lab):
    """An address is static on A and speaks at B."""
    with voice.Voices(lab) as voices:
        a, b = lab.chassis["A"], lab.chassis["B"]
        a.devices.fdb("add", "o0", voice.GUEST)
        lab.wait(lambda: b.fdb(voice.GUEST), TABLE_MS / 1000, "B does not know it")
        before = b.counters()["fdb_refused_static"]
        for _ in range(5):
            voices.speak("oB")
            lab.run(0.1)
        check(b.counters()["fdb_refused_static"] > before, "B does not refuse")
        voices.counts()
        voices.send_to_guest("h3", 5)
        lab.run(0.1)
        got = voices.counts()
        check(got == {"oA": 5}, f"it is at {dict(got)}")
        a.devices.fdb("del", "o0", voice.GUEST)


# --- strangers

def intrude(lab, *kinds):
    """Frames that are the peer's no more, or never were, at both chassis."""
    a, b = lab.chassis.values()
    for near, far in (a, b), (b, a):
        with Intruder(near, far) as intruder:
            for kind in kinds:
                before = near.counters()
                name, count = getattr(intruder, kind)()
                told = near.counters()[name] - before[name]
                check(count and told >= count, f"{kind}: {told} of {count} "
                      f"are counted as {name}")


@scenario("39", quick=True)
def strangers_on_the_cable(lab):
    """Replayed, reflected and foreign frames, a third chassis of the domain."""
    intrude(lab, "replays", "reflects", "is_third", "is_of_another_domain")
    for chassis in lab.chassis.values():
        kinds = {e["kind"] for e in chassis.events()[-10:]}
        check("duplicate-domain" in kinds, f"events {kinds}")
        check(chassis.state() == "connected", chassis.state())


@scenario("40")
def foreign_protocol(lab):
    """Another protocol on our EtherType and group address."""
    intrude(lab, "is_foreign")
    for chassis in lab.chassis.values():
        check(chassis.state() == "connected", chassis.state())


@scenario("41", hosts=dict.fromkeys(MLAG_ID, DEAD), apart="oB>.*>h",
          left=HALF, known="""\
The bridge takes away what comes in by the active link: the chassis hears its peer
by the other link alone, and when one of the two goes it goes on alone, and the
peer isolates its legs.""".replace("\n", " "))
def group_is_forwarded(lab):
    """A bridge forwards the group address of the protocol, and a link goes."""
    a = lab.chassis["A"]
    a.devices.bridge_set("br0", "group_fwd_mask", 0x4000)
    lab.wait(lambda: "alarm" in {e["kind"] for e in a.events()[-5:]}, 2,
             "no alarm")
    lab.cut("p1")
    lab.posture_is("B", "isolated")
    lab.run(0.5)
    a.devices.bridge_set("br0", "group_fwd_mask", 0)


# --- no memory

PHASE = 10000           # any number of frames


def legs_come_and_go(lab):
    for host, wire in ("h1", "h1.c0"), ("h2", "h2.c1"):
        lab.cut(wire)
        lab.active_is(host, 1)
        lab.run(0.3)
        lab.restore(wire)
        lab.active_is(host, 2)
        lab.run(0.3)


def many_speak(lab, batch):
    """A hundred addresses behind a leg, as many behind an orphan port; what
    there is no memory for to send is not sent."""
    with voice.Voices(lab) as voices:
        for number in range(200):
            address = bytes((2, 0x44, batch, 0, 0, number))
            with contextlib.suppress(OSError):
                voices.speak(("h1", "oB")[number % 2], address)
            if not number % 10:
                lab.run(0.01)


@scenario("44", gap=PHASE, flood=PHASE, back=PHASE, back_flood=PHASE, left=ANY)
def memory_fails(lab):
    """One in ten allocations fails, while legs go and addresses come."""
    def refused():
        return sum(c.counters()["tx_no_memory"] for c in lab.chassis.values())
    before = refused()
    with memory.atomic(10):
        many_speak(lab, 0)
        legs_come_and_go(lab)
    check(refused() > before, "no allocation failed")
    lab.mark("workers")
    with memory.background(10):
        legs_come_and_go(lab)
        many_speak(lab, 1)
    lab.run(2)
    for chassis in lab.chassis.values():
        check(chassis.state() == "connected", f"{chassis.name} is not connected")
