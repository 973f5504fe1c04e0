# SPDX-License-Identifier: GPL-2.0-only
"""An emulated machine: a QEMU process, its cables, its kernel log, and who does
in it what is asked. The process ends with this one, however that ends."""
import ctypes
import os
import signal
import socket
import subprocess
import sys

from remote import Line, Remote

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "../vm"))
from cable import Monitor                                # noqa: E402

PATTERNS = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                        "../vm/kmsg.patterns")
PR_SET_PDEATHSIG = 1
BOOT_S = 240
libc = ctypes.CDLL(None)


def die_with_parent():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Cable:
    """Two ends that outlive the machines they are plugged into."""

    def __init__(self):
        self.ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)

    def drain(self):
        """What was sent to a dead machine is nobody's."""
        for end in self.ends:
            end.setblocking(False)
            try:
                while True:
                    end.recv(65536)
            except BlockingIOError:
                pass


class Machine:
    """@run: folder that machines.sh has prepared. @ports: name: (address, end
    of a cable)."""

    def __init__(self, run, name, ports):
        self.run, self.name, self.ports = run, name, ports
        self.boots = 0
        self.process = self.line = self.monitor = None
        self.logs = {}          # path: bytes of it that were looked at

    def file(self, kind):
        return f"{self.run}/{kind}.{self.name}.{self.boots}"

    def command(self):
        with open(f"{self.run}/machine", encoding="utf-8") as file:
            command = file.read().splitlines()
        with open(f"{self.run}/cmdline", encoding="utf-8") as file:
            words = file.read().strip()
        command += ["-append", f"{words} vm_job={self.run}/job.{self.name}",
                    "-qmp", f"unix:{self.file('qmp')},server=on,wait=off",
                    "-serial", f"file:{self.file('out')}",
                    "-serial", f"file:{self.file('status')}",
                    "-serial", f"file:{self.file('kmsg')}",
                    "-serial", f"unix:{self.file('line')},server=on,wait=off"]
        for port, (address, end) in self.ports.items():
            command += ["-netdev", f"dgram,id=c{port},local.type=fd,"
                        f"local.str={end.fileno()}", "-device",
                        f"virtio-net-pci,id={port},netdev=c{port},"
                        f"mac={address},speed=1000,duplex=full,romfile="]
        return command

    @property
    def alive(self):
        return self.process is not None and self.process.poll() is None

    def power_on(self):
        """Cables are unplugged yet."""
        self.boots += 1
        with open(self.file("qemu"), "wb") as log:
            # pylint: disable=subprocess-popen-preexec-fn
            self.process = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, preexec_fn=die_with_parent,
                pass_fds=[e.fileno() for _, e in self.ports.values()])
        self.logs[self.file("kmsg")] = 0
        self.line = Line(self.file("line"), lambda: self.alive)
        self.monitor = Monitor(self.file("qmp"))
        for port in self.ports:
            self.plug(port, False)

    def booted(self):
        """Waits until it does what it is asked."""
        self.line.wait_hello(BOOT_S)
        self.part("nics").name({a: n for n, (a, _) in self.ports.items()})

    def part(self, name):
        return Remote(self.line, name)

    def plug(self, port, there):
        if self.alive:
            self.monitor.run("set_link", name=port, up=there)

    def power_off(self):
        """At one instant."""
        if self.process:
            self.process.kill()
            self.process.wait()
        self.gone()

    def gone(self):
        if self.line:
            self.line.close()
        self.process = self.line = self.monitor = None

    def complaints(self):
        """What its kernels had to say since the last call."""
        found = []
        for path, seen in self.logs.items():
            with open(path, "rb") as log:
                log.seek(seen)
                text = log.read()
            self.logs[path] = seen + len(text)
            done = subprocess.run(("grep", "-aE", "-f", PATTERNS), input=text,
                                  stdout=subprocess.PIPE, check=False)
            found += [f"kernel of {self.name}: {line}" for line in
                      done.stdout.decode(errors="replace").splitlines()[:3]]
        return found
