# SPDX-License-Identifier: GPL-2.0-only
"""Methods of objects in another machine, called by a serial line: one request a
line, one answer a line, JSON."""
import json
import os
import select
import socket
import time
import traceback

from link import Refused

HELLO = "at your service"
ANSWER_S = 90           # of an emulated machine on a busy one


def plain(value):
    """What JSON has no words for."""
    if isinstance(value, bytes):
        return {"!bytes": value.hex()}
    if isinstance(value, (set, frozenset)):
        return {"!set": list(value)}
    raise TypeError(type(value))


def rich(found):
    if "!bytes" in found:
        return bytes.fromhex(found["!bytes"])
    if "!set" in found:
        return set(found["!set"])
    return found


def dumps(value):
    return json.dumps(value, default=plain).encode() + b"\n"


def loads(line):
    return json.loads(line, object_hook=rich)


class Lost(Exception):
    """The other machine does not answer."""


class Line:
    """This end of it; @alive says whether there still is another."""

    def __init__(self, path, alive):
        self.alive, self.count, self.rest = alive, 0, b""
        while True:
            self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                self.sock.connect(path)
                return
            except OSError:
                self.sock.close()
                self.check("did not start")
                time.sleep(0.05)

    def close(self):
        self.sock.close()

    def check(self, what):
        if not self.alive():
            raise Lost(what)

    def read(self, seconds):
        """A line; Lost without one."""
        end = time.monotonic() + seconds
        while b"\n" not in self.rest:
            if time.monotonic() > end:
                raise Lost(f"silent for {seconds} s")
            if select.select([self.sock], [], [], 0.2)[0]:
                more = self.sock.recv(65536)
                if not more:
                    raise Lost("ended")
                self.rest += more
            else:
                self.check("ended")
        line, self.rest = self.rest.split(b"\n", 1)
        return line

    def wait_hello(self, seconds):
        while HELLO.encode() not in self.read(seconds):
            pass

    def ask(self, name, method, args, options):
        self.count += 1
        self.sock.sendall(dumps([self.count, name, method, args, options]))
        while True:
            line = self.read(ANSWER_S)
            if not line.startswith(b"["):
                continue        # a word of somebody else
            count, value, kind, text = loads(line)
            if count != self.count:
                continue
            if kind == "Refused":
                raise Refused(text)
            if kind:
                raise RuntimeError(text)
            return value

    def send_only(self, name, method):
        """For what nobody lives to answer."""
        self.count += 1
        self.sock.sendall(dumps([self.count, name, method, [], {}]))


class Remote:
    """An object there: any method may be called."""

    def __init__(self, line, name):
        self.line, self.there = line, name

    def __getattr__(self, method):
        if method.startswith("_"):
            raise AttributeError(method)
        return lambda *args, **options: self.line.ask(
            self.there, method, args, options)


def answer(objects, request):
    count, name, method, args, options = loads(request)
    try:
        value = getattr(objects[name], method)(*args, **options)
        return dumps([count, value, "", ""])
    except Exception as fault:          # pylint: disable=broad-except
        kind = type(fault).__name__
        if kind == "Refused":
            return dumps([count, None, kind, str(fault)])
        return dumps([count, None, kind, traceback.format_exc()])


def serve(tty, objects):
    """The end in the other machine, for ever."""
    import termios
    import tty as raw
    fd = os.open(tty, os.O_RDWR | os.O_NOCTTY)
    raw.setraw(fd, termios.TCSANOW)
    with os.fdopen(fd, "r+b", buffering=0) as line:
        line.write(HELLO.encode() + b"\n")
        rest = b""
        while True:
            rest += line.read(4096)
            while b"\n" in rest:
                request, rest = rest.split(b"\n", 1)
                said = answer(objects, request)
                while said:
                    said = said[line.write(said):]
