#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The table of a run: lines for a terminal, and its place in a page of the manual.
In: the output of driver.py on stdin. Out: the page with new rows between ".. rows:
NAME" and ".. end of NAME"; nothing, and exit 1, if a scenario failed or none ran.

    table.py NAME PAGE <LOG >NEW-PAGE
"""
import json
import re
import sys

MARK = "# row "
COLUMNS = (("Scenario", "scenario"), ("What happens", "title"),
           ("Frames", "sent"), ("Lost", "lost"), ("Twice", "dup"),
           ("Out of order", "reordered"), ("Silence, ms", "gap"),
           ("LACP of the clients", "lacp"))


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


def section(rows):
    """In reStructuredText."""
    lines = [".. list-table::", "   :header-rows: 1", ""]
    lines += entry(name for name, _ in COLUMNS)
    for row in rows:
        lines += entry(f"``{row[key]}``" if key == "scenario" else row[key]
                       for _, key in COLUMNS)
    texts = {}
    for row in rows:
        if row.get("known"):
            texts.setdefault(row["known"], []).append(row["scenario"])
    if texts:
        lines += ["", "Known:", ""]
    for what, names in texts.items():
        lines += [", ".join(f"``{name}``" for name in names), f"  {what}", ""]
    return "\n".join(lines).rstrip("\n")


def main(name, path):
    rows = [json.loads(line.split(MARK, 1)[1]) for line in sys.stdin
            if MARK in line]
    if not rows or any(row["verdict"] != "pass" for row in rows):
        print("no table of a run that failed", file=sys.stderr)
        return 1
    with open(path, encoding="utf-8") as file:
        page = file.read()
    place = re.compile(rf"(^\.\. rows: {name}\n\n).*?(\n*^\.\. end of {name}$)",
                       re.M | re.S)
    if not place.search(page):
        print(f"{path} has no place for {name}", file=sys.stderr)
        return 1
    print(place.sub(lambda at: at[1] + section(rows) +
                    "\n\n" + at[2].lstrip("\n"), page), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
