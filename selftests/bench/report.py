#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Tables and plot data of the benchmark.

report.py cost.csv [failover.csv] prints what was measured; with -p FOLDER it
writes data files for plot.gp instead.
"""
import csv
import math
import statistics
import sys


def read(path):
    with open(path, encoding="ascii", newline="") as text:
        return list(csv.DictReader(text))


def geomean(rows):
    logs = [math.log(float(row["ratio"])) for row in rows]
    return math.exp(sum(logs) / len(logs))


def name(row):
    return f"{row['mode']} {row['hash']}".strip()


def floor(row):
    """What a stacked device that does nothing adds to the bare one."""
    return f"{float(row['floor_ns']) - float(row['bare_ns']):.1f}"


def table(rows):
    print(f"{'':2} {'mode':18} {'hash':12} {'ports':>5} {'device':6} "
          f"{'bare':>7} {'floor':>6} {'ours':>7} {'bonding':>7} {'ratio':>5}"
          "   spread %")
    for row in rows:
        spreads = "/".join(f"{float(row[who + '_spread']):.1f}"
                           for who in ("bare", "ours", "bonding"))
        print(f"{row['path']:2} {row['mode']:18} {row['hash']:12} "
              f"{row['ports']:>5} {row['device']:6} {row['bare_ns']:>7} "
              f"{floor(row):>6} {row['ours_over']:>7} "
              f"{row['bonding_over']:>7} {float(row['ratio']):5.2f}   "
              f"{spreads}")


def means(rows):
    for path, what in (("tx", "transmit"), ("rx", "receive")):
        some = [row for row in rows if row["path"] == path]
        if not some:
            continue
        two = [row for row in some if row["ports"] == "2"]
        print(f"{what}: geometric mean of the ratios {geomean(some):.2f}, "
              f"with two ports {geomean(two):.2f}")


def own(rows):
    """Of what a bond can do something about: beyond the floor."""
    for path, what in (("tx", "transmit"), ("rx", "receive")):
        some = [row for row in rows if row["path"] == path and
                row["ports"] == "2" and row["mode"] != "broadcast"]
        if not some:
            continue
        ours, bonding = (statistics.mean(
            float(row[who + "_ns"]) - float(row["floor_ns"])
            for row in some) for who in ("ours", "bonding"))
        print(f"{what} beyond the floor, mean with two ports without "
              f"broadcast: ours {ours:.1f} ns, bonding {bonding:.1f} ns")


def with_ports(rows):
    """Of each mode, the row of its real hash by number of ports."""
    found = {}
    for row in rows:
        if row["path"] == "tx" and row["hash"] in ("", "layer3+4"):
            found.setdefault(row["mode"], {})[int(row["ports"])] = row
    return found


def per_frame(row, who):
    """Nanoseconds of one frame on a cable: broadcast sends many."""
    copies = int(row["ports"]) if row["mode"] == "broadcast" else 1
    return float(row[who + "_ns"]) / copies


def growth(rows):
    print("whole cost of a frame from 2 to 64 ports, ours and bonding:")
    for mode, counts in with_ports(rows).items():
        if 2 not in counts or 64 not in counts:
            continue
        change = [100 * (per_frame(counts[64], who) /
                         per_frame(counts[2], who) - 1)
                  for who in ("ours", "bonding")]
        print(f"  {mode:18} {change[0]:+6.1f} %  {change[1]:+6.1f} %")


def failover(rows):
    print("active-backup, ms from the loss of carrier to the first frame on "
          "the other port:")
    for row in rows:
        print(f"  {row['kind']:9} miimon {row['miimon']:>3}: "
              f"min {row['min_ms']:>8} median {row['median_ms']:>8} "
              f"max {row['max_ms']:>8}  ({row['trials']} trials)")


def write_lines(path, lines):
    with open(path, "w", encoding="ascii") as out:
        out.writelines(line + "\n" for line in lines)


def plot_data(rows, folder):
    for path in ("tx", "rx"):
        write_lines(f"{folder}/{path}.dat", [
            f'"{name(row)}" {row["bonding_over"]} {row["ours_over"]}'
            for row in rows if row["path"] == path and row["ports"] == "2"])
    lines = []
    for mode, counts in with_ports(rows).items():
        lines += [f'"{mode}"'] + [
            f"{ports} {per_frame(row, 'bonding'):.1f} "
            f"{per_frame(row, 'ours'):.1f}"
            for ports, row in sorted(counts.items())] + ["", ""]
    write_lines(f"{folder}/ports.dat", lines[:-2])


def main():
    args = sys.argv[1:]
    if args[0] == "-p":
        plot_data(read(args[2]), args[1])
        return
    rows = read(args[0])
    print("ns: bare device; over it: a stacked device that does nothing, "
          "ours, bonding. Spread of bare/ours/bonding over the rounds")
    table(rows)
    print()
    means(rows)
    own(rows)
    growth(rows)
    if len(args) > 1:
        print()
        failover(read(args[1]))


main()
