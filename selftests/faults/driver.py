#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Does to a pair of chassis what the scenarios say, while every host sends to
every other, and judges what came of it. Prints KTAP and a table; the exit status
says whether all is well.

    driver.py [--list] [--rows] all|quick|bridges|pairs|storm|whims|NAME|NUMBER...

--rows adds what table.py makes a page of.
"""
import json
import sys
import time
import traceback

import bridges
import pairs
import scenarios
import storm
import table
import verdict
import whims
from lab import Failed, Lab
from link import Refused
from mlagbond import Tap


class Driver:
    """One laboratory for all scenarios, a new one after a failure, for one of
    another kind, or when it is not as new."""

    def __init__(self, make_lab=Lab):
        self.make_lab = make_lab
        self.lab = None
        self.tap = Tap()
        self.rows = []

    def ready_lab(self, kind):
        if self.lab and (type(self.lab) is not kind or
                         not self.lab.as_new()):
            self.close()
        if not self.lab:
            self.lab = kind()
            self.lab.ready()
            self.lab.agree(3 * self.lab.QUIET_S)
        return self.lab

    def close(self):
        if self.lab:
            self.lab.close()
        self.lab = None

    @staticmethod
    def attempt(step, wrong):
        try:
            step()
        except Failed as fault:
            wrong.append(str(fault))

    def play(self, scene, lab, wrong):
        """The phases: start, fault, any of the scenario's own, back, last."""
        lab.run(0.3)
        lab.mark("fault")
        self.attempt(lambda: scene(lab), wrong)
        lab.mark("back")
        self.attempt(lab.heal, wrong)
        lab.reach_again()
        lab.run(0.3)
        lab.mark("last")
        lab.run(0.5)

    def measure(self, scene, lab, figures):
        """Traffic around the play, and judgement of it."""
        before = {client.partner() for client in lab.clients.values()}
        for client in lab.clients.values():
            client.heard()
        lab.crossed()
        begun = time.monotonic()
        lab.start(scene.rate, scene.streams)
        self.play(scene, lab, figures.wrong)
        rows = lab.stop()
        verdict.judge_traffic(figures, rows, scene.bounds)
        verdict.judge_storm(figures, rows, lab.crossed(),
                            time.monotonic() - begun)
        verdict.judge_lacp(figures, {n: c.heard() for n, c in
                                     lab.clients.items()}, before,
                           scene.bounds)
        self.attempt(lambda: lab.agree(lab.QUIET_S), figures.wrong)
        figures.wrong += lab.complaints()

    def run(self, scene):
        figures = verdict.Figures()
        try:
            lab = self.ready_lab(getattr(scene, "lab", self.make_lab))
            self.measure(scene, lab, figures)
        except Exception as fault:      # pylint: disable=broad-except
            traceback.print_exc(file=sys.stdout)
            figures.wrong.append(f"{type(fault).__name__}: {fault}")
        self.tell(scene, figures)
        if figures.wrong:
            self.explain()
            self.close()

    def explain(self):
        """What the chassis say of it themselves, seconds before now."""
        for name, chassis in self.lab.chassis.items() if self.lab else ():
            try:
                story = chassis.story(25) if chassis.alive else ()
            except (Refused, OSError):      # no domain, no module
                continue
            for line in story:
                print(f"# {name} {line}")

    def tell(self, scene, figures):
        for wrong in figures.wrong[:12]:
            print(f"# {scene.name}: {wrong}")
        self.rows.append({
            "scenario": scene.name, "number": scene.number,
            "title": scene.title, "sent": figures.sent, "lost": figures.lost,
            "dup": figures.dup + figures.echo,
            "reordered": figures.reordered, "gap": round(figures.gap, 1),
            "lacp": figures.lacp(), "known": scene.known,
            "verdict": "fail" if figures.wrong else "pass"})
        self.tap.result(f"{scene.name}: {scene.title}",
                        figures.wrong[0] if figures.wrong else "")

    def end(self, rows):
        self.close()
        for line in table.text(self.rows):
            print("#", line)
        for row in self.rows if rows else ():
            print(table.MARK + json.dumps(row))
        return self.tap.end()


def chosen(words, every, lists):
    """Scenarios of @every by name, by number, or by list: names by word."""
    for word in words:
        found = [every[name] for name in lists.get(word, ())] or \
            [s for s in every.values() if word == s.name or
             word in s.number.split(", ")]
        if not found:
            sys.exit(f"no scenario {word}")
        yield from found


def run(driver, every, lists):
    """What the command line asks for, exit status."""
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    if "--list" in sys.argv:
        for scene in every.values():
            print(f"{scene.number:8} {scene.name:26} {scene.title}")
        return 0
    try:
        for scene in chosen(words or ["all"], every, lists):
            driver.run(scene)
    finally:
        driver.close()
    return driver.end("--rows" in sys.argv)


def main():
    every = scenarios.ALL
    return run(Driver(), every, {
        "all": [name for name in every
                if name not in storm.STORMS + whims.WHIMS],
        "quick": scenarios.QUICK, "bridges": bridges.BRIDGES,
        "pairs": pairs.PAIR_SCENARIOS, "storm": storm.STORMS,
        "whims": whims.WHIMS})


if __name__ == "__main__":
    sys.exit(main())
