#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The specification of a generic netlink family against the uAPI header and
against the policies the running kernel reports. Prints KTAP.

    genl_spec.py SPEC HEADER [NAMESPACE]
"""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import nl                                                # noqa: E402
import ynl                                               # noqa: E402
from mlagbond import Tap                                 # noqa: E402


def header_numbers(path):
    """Every enumerator of a header with its number."""
    with open(path, encoding="utf-8") as file:
        text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
    numbers = {}
    for body in re.findall(r"enum\s*\w*\s*\{(.*?)\}", text, flags=re.S):
        value = -1
        for part in body.split(","):
            part = part.strip()
            if not part or part.startswith("__") or "(" in part:
                continue
            name, _, given = (x.strip() for x in part.partition("="))
            value = int(given, 0) if re.match(r"^\d", given) else value + 1
            numbers[name] = value
    return numbers


def upper(name):
    return name.upper().replace("-", "_")


def compare_header(tap, family, numbers):
    prefix = upper(family.spec["name"])
    wrong = ""
    for attr_set, attrs in family.sets.items():
        for at, attr in enumerate(attrs):
            name = f"{prefix}_A_{upper(attr_set)}_{upper(attr['name'])}"
            if numbers.get(name) != at + 1:
                wrong = wrong or f"{name} is {numbers.get(name)}, not {at + 1}"
    tap.result("attributes have the numbers of the header", wrong)
    wrong = ""
    for op, number in family.commands.items():
        name = f"{prefix}_CMD_{upper(op)}"
        if numbers.get(name) != number:
            wrong = wrong or f"{name} is {numbers.get(name)}, not {number}"
    tap.result("commands have the numbers of the header", wrong)


def asked(op):
    """Attributes a request of an operation may carry, do and dump."""
    names = set()
    for way in ("do", "dump"):
        names |= set(op.get(way, {}).get("request", {}).get("attributes", []))
    return names


def limits(attr):
    """What `checks` says, in the words of a policy dump."""
    checks = attr.get("checks", {})
    result = {}
    for key in ("min", "max"):
        if key in checks and not isinstance(checks[key], str):
            result[key] = checks[key]
    return result


def compare_policy(tap, family, op_name):
    op = family.ops[op_name]
    attr_set = op["attribute-set"]
    policy = family.policies().get(family.commands[op_name], {})
    wrong = ""
    want = {family.number(attr_set, name): name for name in asked(op)}
    for number in policy:
        if number not in want:
            wrong = wrong or f"kernel takes attribute {number}"
    for number, name in want.items():
        attr = family.sets[attr_set][number - 1]
        row = policy.get(number)
        if row is None:
            wrong = wrong or f"kernel does not take {name}"
            continue
        if row["type"] != ynl.POLICY_TYPES[attr["type"]]:
            wrong = wrong or f"{name} is of type {row['type']}"
        for key, value in limits(attr).items():
            if row.get(key) != value:
                wrong = wrong or f"{name}: {key} is {row.get(key)}"
    tap.result(f"{op_name}: the kernel's policy is the specification's",
               wrong)


def main():
    if len(sys.argv) > 3:
        nl.unshare_to(sys.argv[3])
    family = ynl.Family(sys.argv[1])
    tap = Tap()
    compare_header(tap, family, header_numbers(sys.argv[2]))
    groups = [g["name"] for g in family.spec["mcast-groups"]["list"]]
    tap.result("multicast groups are there",
               "" if sorted(groups) == sorted(family.groups)
               else f"{family.groups}")
    for name, op in family.ops.items():
        if "do" in op or "dump" in op:
            compare_policy(tap, family, name)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
