# SPDX-License-Identifier: GPL-2.0-only
"""A generic netlink family by its YAML specification: requests by names,
answers decoded by names, and the policies the kernel reports."""
import struct

import yaml

import nl

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NETLINK_GENERIC = 16
GENL_ID_CTRL = 16
CTRL_GETFAMILY, CTRL_GETPOLICY = 3, 10
FORMATS = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q", "s32": "i"}
# NL_ATTR_TYPE_* of linux/netlink.h, as a policy dump calls a type
POLICY_TYPES = {"u8": 2, "u16": 3, "u32": 4, "u64": 5, "s32": 8,
                "binary": 10, "string": 12, "nest": 13}


def numbered(entries):
    """number: attribute, as a specification counts them."""
    result, at = {}, 0
    for entry in entries:
        at = entry.get("value", at + 1)
        result[at] = entry
    return result


class Family:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.spec = yaml.load(file, LOADER)
        self.sets = {s["name"]: s["attributes"]
                     for s in self.spec["attribute-sets"]}
        self.numbers = {name: numbered(attrs)
                        for name, attrs in self.sets.items()}
        self.ops = {op["name"]: op
                    for op in self.spec["operations"]["list"]}
        self.commands = {name: at + 1 for at, name in enumerate(self.ops)}
        self.sock = nl.Socket(NETLINK_GENERIC)
        self.resolve()

    def number(self, attr_set, name):
        for number, attr in self.numbers[attr_set].items():
            if attr["name"] == name:
                return number
        raise KeyError(name)

    def resolve(self):
        answers, ack = self.ctrl(CTRL_GETFAMILY, 0, nl.attr(
            2, self.spec["name"]))
        if ack.err:
            raise OSError(ack.err, self.spec["name"])
        found = {n: v for n, v, _ in nl.parse(answers[0][4:])}
        self.id = struct.unpack("=H", found[1])[0]
        self.version = struct.unpack("=I", found[3])[0]
        self.groups = {}
        for _, group, _ in nl.parse(found.get(7, b"")):
            inner = {n: v for n, v, _ in nl.parse(group)}
            name = inner[1].rstrip(b"\0").decode()
            self.groups[name] = struct.unpack("=I", inner[2])[0]

    def ctrl(self, command, flags, payload):
        return self.sock.talk(GENL_ID_CTRL, flags,
                              struct.pack("=BBxx", command, 2) + payload)

    def encode(self, attr_set, values):
        data = b""
        for name, value in values.items():
            number = self.number(attr_set, name)
            kind = self.numbers[attr_set][number]["type"]
            if kind in FORMATS:
                value = struct.pack("=" + FORMATS[kind], value)
            data += nl.attr(number, value)
        return data

    def decode(self, attr_set, data):
        """A dict; what the specification does not know raises."""
        result = {}
        for number, value, _ in nl.parse(data):
            attr = self.numbers[attr_set].get(number)
            if not attr:
                raise ValueError(f"{attr_set}: attribute {number} unknown")
            kind = attr["type"]
            if kind == "pad":
                continue
            if kind in FORMATS:
                value = struct.unpack("=" + FORMATS[kind], value)[0]
            elif kind == "string":
                value = value.rstrip(b"\0").decode()
            elif kind == "nest":
                value = self.decode(attr["nested-attributes"], value)
            if attr.get("multi-attr"):
                result.setdefault(attr["name"], []).append(value)
            else:
                result[attr["name"]] = value
        return result

    def request(self, name, values=None, dump=False):
        """Decoded messages and the Ack."""
        attr_set = self.ops[name]["attribute-set"]
        body = struct.pack("=BBxx", self.commands[name], self.version)
        body += self.encode(attr_set, values or {})
        answers, ack = self.sock.talk(self.id, nl.NLM_F_DUMP if dump else 0,
                                      body)
        return [self.decode(attr_set, data[4:]) for data in answers], ack

    def raw(self, command, payload, dump=False):
        return self.sock.talk(self.id, nl.NLM_F_DUMP if dump else 0,
                              struct.pack("=BBxx", command, self.version) +
                              payload)

    def listen(self, group):
        listener = nl.Socket(NETLINK_GENERIC)
        listener.join(self.groups[group])
        return listener

    def events(self, listener):
        names = {number: name for name, number in self.commands.items()}
        for _, _, body in listener.receive():
            name = names[body[0]]
            yield self.decode(self.ops[name]["attribute-set"], body[4:])

    def policies(self):
        """command: {attribute number: {"type", "min", "max"}}."""
        answers, ack = self.ctrl(CTRL_GETPOLICY, nl.NLM_F_DUMP, nl.attr(
            1, struct.pack("=H", self.id)))
        if ack.err:
            raise OSError(ack.err, "CTRL_CMD_GETPOLICY")
        tables, which = {}, {}
        for body in answers:
            for number, value, _ in nl.parse(body[4:]):
                if number == 8:
                    self.policy_table(value, tables)
                elif number == 9:
                    for command, inner, _ in nl.parse(value):
                        which[command] = [struct.unpack("=I", v)[0]
                                          for _, v, _ in nl.parse(inner)]
        result = {}
        for command, indices in which.items():
            result[command] = {}
            for index in indices:
                result[command].update(tables.get(index, {}))
        return result

    @staticmethod
    def policy_table(value, tables):
        for index, table, _ in nl.parse(value):
            for number, entry, _ in nl.parse(table):
                raw = {n: v for n, v, _ in nl.parse(entry)}
                row = {"type": struct.unpack("=I", raw[1])[0]}
                for key, at in (("min", 4), ("max", 5)):
                    if at in raw:
                        row[key] = struct.unpack("=Q", raw[at])[0]
                tables.setdefault(index, {})[number] = row
