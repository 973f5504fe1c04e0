# SPDX-License-Identifier: GPL-2.0-only
"""What must hold at every receiver, in every scenario, and the bounds that a
scenario sets. In: rows of the traffic meter and what the clients' LACP saw. Out:
the figures of the scenario, and what was wrong."""
import collections
import os
import re

# the bridge itself does not take unicast that it does not know
NO_PATH = re.compile(r">\?>m")
# by how much a gap may exceed its bound, None: none is judged
NOISE_MS = 0 if os.environ.get("MLAGBOND_GUEST") == "uml" else None
# a chassis sends as many control frames a second over the peer-port at most
CONTROL_RATE = 200

Bounds = collections.namedtuple(
    "Bounds", "gap flood back back_flood hosts apart left id_stays",
    defaults=(0, 0, 0, 0, {}, None, {}, True))
Bounds.__doc__ = """
gap, flood  longest silence in ms that one path may see while the fault lasts:
            unicast, and what a bridge floods. 0: no frame is lost; None: any
back, back_flood  the same while all is put back
hosts       host: ms, more for all paths from and to it while the fault lasts;
            None: any, until all is put back
apart       pattern of SRC>DST>TO: paths that the fault takes away
left        client: how often its ports cease to send, together; others never
id_stays    clients see one partner, that of before
"""


class Figures:
    """One line of the table."""

    def __init__(self):
        self.sent = self.lost = self.dup = self.echo = self.reordered = 0
        self.gap = 0.0
        self.left = {}
        self.partners, self.strange = set(), set()
        self.wrong = []

    def lacp(self):
        """What the clients' LACP saw, in words."""
        left = ", ".join(f"{name} lost {n} port{'s' * (n > 1)}"
                         for name, n in sorted(self.left.items()) if n)
        ids = "same partner" if not self.strange else \
            f"{len(self.partners)} partners"
        return f"{left or 'nothing'}; {ids}"


def path(row):
    return f"{row['stream']}>{row['to']}"


def ends(row):
    return row["stream"].split(">")[0], row["to"]


def judged(row, bounds):
    """Has this path a claim to its frames?"""
    if row["state"] == "down" or NO_PATH.search(path(row)):
        return False
    return row["phase"] == "last" or not bounds.apart or \
        not re.search(bounds.apart, path(row))


def bound_of(row, bounds):
    """ms, None for any."""
    if row["phase"] in ("start", "last"):
        return 0
    known = row["kind"] == "unicast"
    if row["phase"] == "back":
        own = bounds.back if known else bounds.back_flood
    else:
        own = bounds.gap if known else bounds.flood
    more = [bounds.hosts[host] for host in ends(row) if host in bounds.hosts]
    if None in more or own is None:
        return None
    return max([own, *more]) if row["phase"] != "back" else own


def judge_row(row, bounds):
    """What is wrong with it, or nothing."""
    if row["dup"] or row["echo"]:
        return f"{path(row)} dup {row['dup']} echo {row['echo']}"
    if not judged(row, bounds):
        return ""
    bound = bound_of(row, bounds)
    if bound is None or not row["lost"]:
        return ""
    if bound and (NOISE_MS is None or
                  row["gap_ms"] <= bound + NOISE_MS + 2 * row["interval"] and
                  row["lost_run_ms"] <= bound + NOISE_MS + row["interval"]):
        return ""
    return (f"{path(row)} lost {row['lost']}, gap {row['gap_ms']:.0f} ms in "
            f"{row['phase']}, bound {bound}")


def count(figures, row, bounds):
    figures.dup += row["dup"]
    figures.echo += row["echo"]
    if not judged(row, bounds) or bound_of(row, bounds) is None:
        return
    figures.sent += row["sent"]
    figures.lost += row["lost"]
    figures.reordered += row["reord"]
    if row["lost"]:
        figures.gap = max(figures.gap, row["gap_ms"] - row["interval"])


def streams_sent(rows):
    """Frames that left a host: a flooded one is in several rows."""
    return sum({(r["phase"], r["stream"]): r["sent"] for r in rows}.values())


def judge_traffic(figures, rows, bounds):
    for row in rows:
        count(figures, row, bounds)
        wrong = judge_row(row, bounds)
        if wrong:
            figures.wrong.append(wrong)


def judge_storm(figures, rows, crossings, seconds):
    """No frame crosses between the chassis twice."""
    most = streams_sent(rows) + CONTROL_RATE * seconds
    if crossings > most:
        figures.wrong.append(f"{crossings} frames between the chassis, "
                             f"{most:.0f} at most")


def judge_lacp(figures, heard, before, bounds):
    """@heard: client: its partners, and how often each port ceased to send.
    @before: partners of all clients, before."""
    for name, (partners, left) in heard.items():
        figures.partners |= partners
        figures.left[name] = times = sum(left.values())
        want = bounds.left.get(name, 0)
        if want is not None and times != want:
            figures.wrong.append(f"ports of {name} ceased to send {times} "
                                 f"times, not {want}")
    figures.strange = figures.partners - before
    if bounds.id_stays and figures.strange:
        figures.wrong.append("partner became " + " ".join(
            p.hex(":") for p in figures.strange))
