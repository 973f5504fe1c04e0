# SPDX-License-Identifier: GPL-2.0-only
"""What goes wrong on a cable that keeps its carrier: frames that are lost where
they come in, all or some by what they are, and frames of the control protocol
that are lost, late, out of order or doubled where they go out."""
import struct

from link import Refused, nl

RTM_NEWQDISC, RTM_DELQDISC, RTM_NEWTFILTER = 36, 37, 44
KIND, OPTIONS = 1, 2
ROOT, CLSACT, INGRESS = 0xFFFFFFFF, 0xFFFFFFF1, 0xFFFFFFF2
ETH_P_ALL = 0x0300      # network byte order
BPF_ACT, BPF_OPS_LEN, BPF_OPS = 1, 4, 5
GACT_PARMS, SHOT = 2, 2
NETEM_LATENCY64, NETEM_JITTER64 = 10, 11
ICCP = 0x88B5
DATA, ACK = 2, 3

# classic BPF: code, jump if true, jump if false, operand
LOAD_TYPE, LOAD_BYTE, EQUAL, RETURN = 0x28, 0x30, 0x15, 0x06
YES, NO = (RETURN, 0, 0, 0x40000), (RETURN, 0, 0, 0)

ALL = (YES,)
ICCP_ALL = ((LOAD_TYPE, 0, 0, 12), (EQUAL, 0, 1, ICCP), YES, NO)
# the reliable channel: hellos pass
ICCP_WORDS = ((LOAD_TYPE, 0, 0, 12), (EQUAL, 0, 4, ICCP),
              (LOAD_BYTE, 0, 0, 20), (EQUAL, 1, 0, DATA), (EQUAL, 0, 1, ACK),
              YES, NO)


def tcm(devices, dev, handle, parent, info=0):
    return struct.pack("=BxHiIII", 0, 0, devices.index(dev), handle, parent,
                       info)


def qdisc(devices, dev, handle, parent, kind, options=b""):
    devices.talk(RTM_NEWQDISC, tcm(devices, dev, handle, parent) + nl.attr(
        KIND, kind) + (nl.attr(OPTIONS, options) if options else b""),
        nl.NLM_F_CREATE | nl.NLM_F_EXCL)


def drop(devices, dev, program=ALL):
    """Frames that come in and that the program takes are lost."""
    code = b"".join(struct.pack("=HBBI", *step) for step in program)
    action = [nl.attr(KIND, "gact"), nl.attr(OPTIONS, [nl.attr(
        GACT_PARMS, struct.pack("=IIiii", 0, 0, SHOT, 0, 0))])]
    options = [nl.attr(BPF_ACT, [nl.attr(1, action)]),
               nl.u16(BPF_OPS_LEN, len(program)), nl.attr(BPF_OPS, code)]
    qdisc(devices, dev, 0xFFFF0000, CLSACT, "clsact")
    devices.talk(RTM_NEWTFILTER, tcm(devices, dev, 0, INGRESS,
                                     1 << 16 | ETH_P_ALL) +
                 nl.attr(KIND, "bpf") + nl.attr(OPTIONS, options),
                 nl.NLM_F_CREATE | nl.NLM_F_EXCL)


def pass_again(devices, dev):
    devices.talk(RTM_DELQDISC, tcm(devices, dev, 0xFFFF0000, CLSACT))


def percent(share):
    return int(share / 100 * 0xFFFFFFFF)


def netem(loss=0, delay_ms=0, jitter_ms=0, dup=0):
    """Options of a netem; with jitter, frames overtake one another."""
    raw = struct.pack("=IIIIII", 0, 10000, percent(loss), 0, percent(dup), 0)
    raw += nl.attr(NETEM_LATENCY64, struct.pack("=q", delay_ms * 10**6))
    raw += nl.attr(NETEM_JITTER64, struct.pack("=q", jitter_ms * 10**6))
    return raw


def impair(devices, dev, **how):
    """All that goes out."""
    qdisc(devices, dev, 0x10000, ROOT, "netem", netem(**how))


def impair_control(devices, dev, **how):
    """What goes out at the priority of control frames, and nothing else."""
    priomap = bytes([1, 2, 2, 2, 1, 2, 0, 0] + [1] * 8)
    qdisc(devices, dev, 0x10000, ROOT, "prio", struct.pack("=i", 3) + priomap)
    qdisc(devices, dev, 0x20000, 0x10001, "netem", netem(**how))


def repair(devices, dev):
    devices.talk(RTM_DELQDISC, tcm(devices, dev, 0, ROOT))


def clear(devices, dev):
    """Whatever was done to it."""
    for undo in pass_again, repair:
        try:
            undo(devices, dev)
        except (Refused, KeyError):
            pass
