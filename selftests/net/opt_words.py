#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Options by the words of `ip link set DEV type KIND`, ours and in-tree
bonding's by the same table (opt_rows.py): what is taken and refused, and what
the JSON of `ip` then says. Where ip or the kernel does not know a word for a
bond, ours alone. Prints KTAP.
"""
import functools
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from mlagbond import Links, Tap, ip                      # noqa: E402
from opt_rows import AB, PORT_ROWS, ROWS, argument, column  # noqa

KINDS = ("bond", "mlagbond")


class Wrong(Exception):
    pass


def check(good, what):
    if not good:
        raise Wrong(what)


@functools.cache
def words_of(kind):
    """Words that `ip` knows of a kind."""
    run = subprocess.run(("ip", "link", "help", kind), check=False, text=True,
                         capture_output=True)
    found = re.findall(r"\[ ([a-z_0-9|]+)", run.stdout + run.stderr)
    return {word for words in found for word in words.split("|")}


def batch(lines):
    """What ip shows, link by link, and the numbers of the lines that failed."""
    run = subprocess.run(("ip", "-force", "-d", "-j", "-batch", "-"),
                         input="".join(line + "\n" for line in lines),
                         check=False, text=True, capture_output=True)
    shown = [json.loads(line)[0]["linkinfo"] for line in
             run.stdout.splitlines() if line.startswith("[{")]
    return shown, {int(n) for n in re.findall(r"Command failed -:(\d+)",
                                              run.stderr)}


def typed(dev, kind, part, lines):
    """Of each line behind `ip link set DEV type KIND`: was it taken, and what is
    shown afterwards, None if ip itself refused a word: that ends ip."""
    results = []
    while len(results) < len(lines):
        todo = []
        for line in lines[len(results):]:
            todo += [f"link set {dev} type {kind} {line}",
                     f"link show dev {dev}"]
        shown, failed = batch(todo)
        results += [(2 * i + 1 not in failed, info[part])
                    for i, info in enumerate(shown)]
        if len(results) < len(lines):
            results.append((False, None))
    return results


def ways(r, value):
    """To type a value: its word, its number."""
    both = [argument(r, value)]
    if r.words and str(value) not in both:
        both.append(str(value))
    return both


def odd(r):
    """What the table does not say; both kinds must think the same of it."""
    if isinstance(r.default, int) and not r.words:
        return "x", "-1", "99999999999", "0x3"
    return "x", "-1"


def what_to_type(r):
    """By text the value it stands for, and by kind whether that is good, where
    the table says so."""
    texts = {}
    for kind in KINDS:
        for name in "good", "bad":
            for value in column(r, kind, name):
                for what in ways(r, value):
                    texts.setdefault(what, (value, {}))[1][kind] = \
                        name == "good"
    for what in odd(r):
        texts.setdefault(what, (None, {}))
    return texts


def as_shown(r, value):
    """In JSON."""
    return argument(r, value) if isinstance(value, bytes) or \
        value in (r.words or ()) else value


class Bond:
    """b0 of a kind; what becomes of each text typed to it."""
    suffix, dev, part = "", "b0", "info_data"

    def __init__(self, links, kind, r):
        self.links, self.kind, self.row = links, kind, r
        modes = column(r, kind, "modes")
        links.add("b0", {"mode": AB if AB in modes else modes[0],
                         "miimon": 100}, kind)

    def has(self):
        """Is there such an option in this kernel?"""
        return self.row.word in self.links.get("b0") or \
            self.row.word in ("arp_ip_target", "ns_ip6_target")

    def answers(self, texts):
        kind = self.kind + self.suffix
        if not self.has() or self.row.word not in words_of(kind):
            return {}
        lines = [f"{self.row.word} " + (what or '""') for what in texts]
        return dict(zip(texts, typed(self.dev, kind, self.part, lines)))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.links.delete("b0")


class Port(Bond):
    suffix, dev, part = "_slave", "p0", "info_slave_data"

    def __init__(self, links, kind, r):
        super().__init__(links, kind, r)
        ip("link", "add", "p0", "type", "dummy")
        ip("link", "set", "p0", "master", "b0")

    def has(self):
        return self.row.word in self.links.get_port("p0")

    def __exit__(self, *_):
        super().__exit__()
        self.links.delete("p0")


def as_the_table_says(kind, r, texts, answers):
    for what, (taken, _) in answers.items():
        check(texts[what][1].get(kind, taken) == taken, f"{kind}: {r.word} "
              f"{what}: {'taken' if taken else 'refused'}")


def ours_is_shown(r, texts, answers):
    """As it was typed; refused, nothing changes."""
    before = None
    for what, (taken, info) in answers.items():
        if info is None:
            continue
        value, got = texts[what][0], info.get(r.json, [])
        if not taken:
            check(before in (None, info), f"{r.word} {what}: refused, but "
                  "something changed")
        elif value is not None:
            want = as_shown(r, value)
            check(got == want or got is None and want == "none",
                  f"{r.word} {what} is shown as {got!r}")
        before = info


def alike(r, texts, ours, theirs):
    for what, (taken, info) in theirs.items():
        mine, shown = ours[what]
        check(texts[what][1] or mine == taken, f"{r.word} {what}: bonding's is "
              f"{'taken' if taken else 'refused'}, ours is not")
        if taken and mine:
            check(shown.get(r.json) == info.get(r.json), f"{r.word} {what} is "
                  f"shown as {shown.get(r.json)!r}, bonding's as "
                  f"{info.get(r.json)!r}")


def option(links, r, device):
    texts, answers = what_to_type(r), {}
    for kind in KINDS:
        with device(links, kind, r) as dev:
            answers[kind] = dev.answers(texts)
        as_the_table_says(kind, r, texts, answers[kind])
    check(answers["mlagbond"], f"{r.word}: ip does not know it")
    ours_is_shown(r, texts, answers["mlagbond"])
    alike(r, texts, answers["mlagbond"], answers["bond"])


def main():
    links, tap = Links(), Tap()
    for device, rows in (Bond, ROWS), (Port, PORT_ROWS):
        for r in rows:
            wrong = ""
            try:
                option(links, r, device)
            except Wrong as e:
                wrong = e
            tap.result(f"{device.__name__.lower()}: {r.word}", wrong)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
