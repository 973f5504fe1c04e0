# SPDX-License-Identifier: GPL-2.0-only
"""Network namespaces by system calls: a process for each would take longer, in a
guest with every checker on, than what happens in them."""
import ctypes
import os

RUN = "/run/netns"
CLONE_NEWNET, MS_BIND, MNT_DETACH = 0x40000000, 4096, 2
OWN = "/proc/self/ns/net"

libc = ctypes.CDLL(None, use_errno=True)


def call(name, *args):
    if getattr(libc, name)(*args):
        raise OSError(ctypes.get_errno(), name)


class Here:
    """That of this process."""

    name, path = "here", OWN

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def sysctl(self, name, value):
        with self, open("/proc/sys/net/" + name, "w", encoding="ascii") as file:
            file.write(str(value))

    def quiet(self):
        """No frames but the tests' and the protocols'."""
        for which in "all", "default":
            self.sysctl(f"ipv6/conf/{which}/disable_ipv6", 1)

    def delete(self):
        """It stays."""


class Netns(Here):
    """One that `ip netns` knows too; `with` is inside it."""

    def __init__(self, name):
        self.name = name
        self.path = f"{RUN}/{name}"
        self.homes = []
        os.makedirs(RUN, exist_ok=True)
        os.close(os.open(self.path, os.O_CREAT | os.O_EXCL, 0o444))
        home = os.open(OWN, os.O_RDONLY | os.O_CLOEXEC)
        call("unshare", CLONE_NEWNET)
        call("mount", OWN.encode(), self.path.encode(), b"none", MS_BIND, None)
        call("setns", home, CLONE_NEWNET)
        os.close(home)

    def __enter__(self):
        self.homes.append(os.open(OWN, os.O_RDONLY | os.O_CLOEXEC))
        inside = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        call("setns", inside, CLONE_NEWNET)
        os.close(inside)
        return self

    def __exit__(self, *_):
        home = self.homes.pop()
        call("setns", home, CLONE_NEWNET)
        os.close(home)

    def delete(self):
        """The devices in it go when the last socket of it is closed."""
        call("umount2", self.path.encode(), MNT_DETACH)
        os.unlink(self.path)
