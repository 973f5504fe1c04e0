#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Both monitors at once: a port has link when neither objects. Topology:
mon.py. Prints KTAP.

    mon_both.py A B
"""
import sys
import time

from mon import DOWN, UP, check, main

AB = "mode active-backup miimon 50"
ASK = "arp_interval 100 arp_ip_target 10.0.0.2 arp_validate all"


def carrier_at_once_answers_in_time(w):
    w.on_switch("mlagbond", 2, f"{AB} {ASK}")
    w.steady(0.5, UP, "a0", "a1")
    w.ip("B", "link set w0 down")
    took = w.fails_over("a1", 60)
    print(f"# carrier: {took:.0f} ms")
    w.ip("B", "link set w0 up")
    w.wait(lambda: w.forwards(0), 3, "the bridge does not use w0 again")
    w.becomes(UP, "a0")
    w.steady(0.5, UP, "a0", "a1")
    w.cut(1)
    took = w.fails_over("a0", 240)
    print(f"# answers: {took:.0f} ms")


def carrier_alone_is_not_enough(w):
    w.on_switch("mlagbond", 2, f"{AB} {ASK}")
    w.steady(0.3, UP, "a0", "a1")
    w.cut(0)
    w.becomes(DOWN, "a0")
    w.ip("B", "link set w0 down")
    time.sleep(0.1)
    w.ip("B", "link set w0 up")
    w.steady(0.5, DOWN, "a0")
    w.mend(0)
    w.becomes(UP, "a0")


def delays_are_for_the_carrier(w):
    w.on_switch("mlagbond", 2, f"{AB} {ASK} updelay 1000 downdelay 1000")
    w.becomes(UP, "a0", "a1")
    w.steady(0.5, UP, "a0", "a1")
    w.cut(0)
    w.fails_over("a1", 240)
    w.mend(0)
    took = w.wait(lambda: w.link("a0") == UP, 2, "a0 does not return")
    check(took < 300, f"answers wait for the updelay: {took:.0f} ms")


def primary_returns_when_it_is_heard(w):
    w.on_switch("mlagbond", 2, f"{AB} {ASK} primary a0")
    w.wait(lambda: w.active() == "a0", 2, "a0 is not active")
    w.cut(0)
    w.ip("B", "link set w0 down")
    w.fails_over("a1", 60)
    time.sleep(0.3)
    w.ip("B", "link set w0 up")
    time.sleep(1.2)         # a bridge hears of links once a second
    check(w.active() == "a1", "goes back to a path that leads nowhere")
    w.mend(0)
    w.fails_over("a0", 240)


def changing_one_leaves_the_other(w):
    w.on_switch("mlagbond", 2, f"{AB} {ASK}")
    w.set("miimon 100")
    check(w.a.get("b0")["arp_interval"] == 100, "miimon ends arp_interval")
    w.set("arp_interval 200")
    check(w.a.get("b0")["miimon"] == 100, "arp_interval ends miimon")
    w.set("arp_interval 0")
    check(w.a.get("b0")["arp_validate"] == 3, "arp_validate is forgotten")


def lacp_with_both(w):
    w.on_lacp(f"miimon 50 {ASK}")
    w.becomes(UP, "a0", "a1")
    w.lose("w1", "arp")
    w.becomes(DOWN, "a1")
    w.ip("B", "link set w0 down")
    w.becomes(DOWN, "a0")
    w.wait(lambda: not w.carrier(), 1, "carrier without any port")
    w.find("w1")
    w.becomes(UP, "a1")
    w.wait(w.carrier, 2, "no carrier again")
    w.ip("B", "link set w0 up")
    w.becomes(UP, "a0", seconds=10)
    w.wait(lambda: w.sends("a0"), 10, "a0 does not send again")


if __name__ == "__main__":
    sys.exit(main((
        carrier_at_once_answers_in_time,
        carrier_alone_is_not_enough,
        delays_are_for_the_carrier,
        primary_returns_when_it_is_heard,
        changing_one_leaves_the_other,
        lacp_with_both,
    )))
