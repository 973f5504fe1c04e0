# SPDX-License-Identifier: GPL-2.0-only
"""A scenario: a function that does the damage and looks at it, with its name, its
title and the bounds of what may be noticed of it. Lists of them are by name."""
from verdict import Bounds

DRAIN = 40              # ms, until what was sent before has come through


def into(every, quick_names):
    """The decorator that enters functions into a list."""
    def scenario(number, quick=False, rate=100, streams=None, known="",
                 **bounds):
        """The function's first line is its title. @known: what else its hosts
        notice that they should not. @streams: of all, if none."""
        def enter(function):
            function.number, function.rate = number, rate
            function.streams = streams
            function.known = known
            function.title = function.__doc__.split("\n")[0].rstrip(".")
            function.bounds = Bounds(**{"back_flood": DRAIN, **bounds})
            function.name = function.__name__.replace("_", "-")
            every[function.name] = function
            if quick:
                quick_names.append(function.name)
            return function
        return enter
    return scenario
