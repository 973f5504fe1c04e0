# SPDX-License-Identifier: GPL-2.0-only
"""Allocations of the kernel that fail because we want it: the one of a request that
has a number, or some of all. Needs CONFIG_FAILSLAB."""
import contextlib
import glob
import os

SLAB = "/sys/kernel/debug/failslab"
CACHES = "/sys/kernel/slab/kmalloc-*/shrink"


def there():
    return os.path.isdir(SLAB)


def write(path, value):
    with open(path, "w", encoding="ascii") as file:
        file.write(str(value))


def settle(**values):
    for name, value in values.items():
        write(f"{SLAB}/{name.replace('_', '-')}", value)


def quiet():
    """No word in the log, and those that may wait fail too."""
    settle(verbose=0, ignore_gfp_wait="N", probability=0, task_filter="N")


class Failing:
    """A netlink socket whose next message meets a failure at its @nth allocation.
    The kernel does what a message asks for before send() returns."""

    def __init__(self, sock, nth):
        self.sock, self.nth = sock, nth
        self.met = False

    def __getattr__(self, name):
        return getattr(self.sock, name)

    def send(self, data):
        if not self.nth:
            return self.sock.send(data)
        fd = os.open("/proc/thread-self/fail-nth", os.O_RDWR)
        try:
            os.pwrite(fd, b"%d" % self.nth, 0)
            try:
                return self.sock.send(data)
            finally:
                self.met = not int(os.pread(fd, 16, 0).split()[0])
                os.pwrite(fd, b"0", 0)
                self.nth = 0
        finally:
            os.close(fd)


@contextlib.contextmanager
def failing(socket, nth):
    """@socket: of nl.py."""
    sock = socket.sock
    socket.sock = Failing(sock, nth)
    try:
        yield socket.sock
    finally:
        socket.sock = sock


@contextlib.contextmanager
def atomic(percent):
    """So many of those that cannot wait fail, whoever asks."""
    settle(verbose=0, ignore_gfp_wait="Y", task_filter="N", times=-1,
           interval=1, space=0, probability=percent)
    try:
        yield
    finally:
        settle(probability=0)


def workers():
    """Directories of the kernel's workers."""
    for path in glob.glob("/proc/[0-9]*/comm"):
        with contextlib.suppress(OSError), open(path, encoding="ascii") as file:
            if file.read().startswith("kworker/"):
                yield os.path.dirname(path)


def mark_workers(value):
    for path in workers():
        with contextlib.suppress(OSError):
            write(path + "/make-it-fail", value)


@contextlib.contextmanager
def background(percent):
    """So many of all of the kernel's workers fail."""
    mark_workers(1)
    settle(verbose=0, ignore_gfp_wait="N", task_filter="Y", times=-1,
           interval=1, space=0, probability=percent)
    try:
        yield
    finally:
        settle(probability=0, task_filter="N")
        mark_workers(0)


def objects():
    """Cache: objects in it, none of them free."""
    for path in glob.glob(CACHES):
        write(path, 1)
    with open("/proc/slabinfo", encoding="ascii") as file:
        rows = [line.split() for line in file if line.startswith("kmalloc-")]
    return {row[0]: int(row[1]) for row in rows}
