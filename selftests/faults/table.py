#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The table of a run: lines for a terminal, and a page of the manual. In: the
output of driver.py on stdin. Out: the page; nothing, and exit 1, if a scenario
failed or none ran.

    table.py <LOG >Documentation/mlag-faults.rst
"""
import json
import sys

MARK = "# row "
HEAD = """\
.. SPDX-License-Identifier: GPL-2.0-only
.. made by FAULTS_WRITE=1 make mlag-faults

=====================
What befalls a pair
=====================

Each row is one scenario of ``selftests/faults``. A pair of chassis, three
clients with LACP (two cables each, one of them four) and an orphan host on each
chassis; every host sends unicast to every other, broadcast, multicast and
unicast to an address that nobody has, the two bridges send to one another, and
each frame has a number. Something breaks, is looked at, and is put right again,
all under traffic. Scenarios ``pairs-*`` have two pairs back to back, joined by four
links, with a client of two links and two orphan hosts each. In every scenario, at
every receiver:

- no frame comes twice, and none comes back to who sent it;
- no frame crosses between the chassis more than once;
- the clients have one partner, the same as before;
- both chassis have the same address table one second after it is quiet;
- the kernel, with KASAN and lockdep, has no complaint.

*Lost* counts frames that had a path: what was sent from or to a host that was
itself cut off is not in it. *Twice* has both, what was doubled and what came back.
*Silence* is the longest time that a receiver waited for a stream, beyond the
distance of its frames: 10 ms, for what is flooded 20 (``leg-cut-dense``: 1 and 2,
``storm-while-legs-fail``: 0.25 and 0.5, ``guest-flaps*`` and ``address-ages``: 50 and
100). *LACP* is what the clients'
own bonds did: ports that ceased to send, and how many partners they had. The clock
of the kernel under test ticks every 10 ms, and a partner that only falls silent is
missed after three seconds, by the standard.

"""
COLUMNS = (("Scenario", "scenario"), ("What happens", "title"),
           ("Frames", "sent"), ("Lost", "lost"), ("Twice", "dup"),
           ("Out of order", "reordered"), ("Silence, ms", "gap"),
           ("LACP of the clients", "lacp"))
KNOWN = """
Known
=====

"""


def text(rows):
    """Lines for a terminal."""
    lines = [f"{'scenario':24} {'sent':>7} {'lost':>5} {'dup':>3} "
             f"{'reord':>5} {'gap ms':>7}  {'LACP of the clients':52} verdict"]
    for row in rows:
        lines.append(f"{row['scenario']:24} {row['sent']:7} {row['lost']:5} "
                     f"{row['dup']:3} {row['reordered']:5} {row['gap']:7.1f}  "
                     f"{row['lacp']:52} {row['verdict']}")
    return lines


def entry(cells):
    return [f"   {' ' if at else '*'} - {cell}"
            for at, cell in enumerate(cells)]


def page(rows):
    """A page in reStructuredText."""
    lines = [".. list-table::", "   :header-rows: 1", ""]
    lines += entry(name for name, _ in COLUMNS)
    for row in rows:
        lines += entry(f"``{row[key]}``" if key == "scenario" else row[key]
                       for _, key in COLUMNS)
    texts = {}
    for row in rows:
        if row.get("known"):
            texts.setdefault(row["known"], []).append(row["scenario"])
    known = [", ".join(f"``{name}``" for name in names) + f"\n  {what}"
             for what, names in texts.items()]
    return HEAD + "\n".join(lines) + "\n" + \
        (KNOWN + "\n\n".join(known) + "\n" if known else "")


def main():
    rows = [json.loads(line.split(MARK, 1)[1]) for line in sys.stdin
            if MARK in line]
    if not rows or any(row["verdict"] != "pass" for row in rows):
        print("no table of a run that failed", file=sys.stderr)
        return 1
    print(page(rows), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
