#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Creates bonds in a namespace while that ends, until its file is gone.

    ip netns exec NS netns_dying.py

Opens mlagbond_masters and leaves for the namespace of process 1: only the
open file knows the namespace then. Says "ready" with the first bond, and in the
end how many there were.
"""
import ctypes
import errno
import os
import sys
import time

CLONE_NEWNET = 0x40000000


def leave():
    libc = ctypes.CDLL(None, use_errno=True)
    there = os.open("/proc/1/ns/net", os.O_RDONLY)
    if libc.setns(there, CLONE_NEWNET):
        sys.exit(f"setns: {os.strerror(ctypes.get_errno())}")
    os.close(there)


def main():
    masters = os.open("/sys/class/net/mlagbond_masters", os.O_WRONLY)
    leave()
    count = 0
    while count < 20000:
        try:
            os.pwrite(masters, b"+d%d" % count, 0)
        except OSError as why:
            if why.errno != errno.ENODEV:
                sys.exit(f"after {count}: {why}")
            print(count)
            return
        if not count:
            print("ready", flush=True)
        count += 1
        time.sleep(0.0003)
    sys.exit("the file never goes")


main()
