"""Shifts the clock of a Python process by `CLOCK_SHIFT` seconds; its own child processes inherit the shift.

Python imports this file by its name at start when its folder is on PYTHONPATH. The time of day is shifted wherever
Python tells it; what only measures (`monotonic`, `perf_counter`, sleeping) stays as it is. `datetime` and `time` keep
their classes, so pickles, comparisons and type checks are those of every day. Libraries in C keep the real time.
"""

import ctypes
import datetime as dt
import gc
import os
import time
from collections.abc import Callable
from typing import Any

SHIFT = float(os.environ["CLOCK_SHIFT"])

_time, _time_ns, _clock_gettime = time.time, time.time_ns, time.clock_gettime


def now(cls: type[dt.datetime], tz: dt.tzinfo | None = None) -> dt.datetime:
    """As `datetime.now`. `date.today` and `datetime.today` ask `time.time`."""
    return cls.fromtimestamp(time.time(), tz)


def utcnow(cls: type[dt.datetime]) -> dt.datetime:
    """As `datetime.utcnow`."""
    return now(cls, dt.UTC).replace(tzinfo=None)


def clock_gettime(clock: int) -> float:
    """As `time.clock_gettime`."""
    return _clock_gettime(clock) + (SHIFT if clock == time.CLOCK_REALTIME else 0.0)


def _of_now(told: Callable[..., Any], place: int = 0) -> Callable[..., Any]:
    """A function of `time` that takes the present where its argument at a place is missing or None.

    Like a function written in C it does not become a method where it is a class's attribute, as `logging` has it.
    """

    @staticmethod
    def shifted(*arguments: Any) -> Any:
        given = arguments[place] if len(arguments) > place else None
        present = time.time() if told in _OF_SECONDS else time.localtime()
        return told(*arguments[:place], present if given is None else given)

    return shifted


_OF_SECONDS = (time.gmtime, time.localtime, time.ctime)


def _set(cls: type, name: str, method: Callable[..., Any]) -> None:
    """Replace a class method of a class written in C, whose namespace is read-only from Python."""
    (namespace,) = gc.get_referents(cls.__dict__)
    namespace[name] = classmethod(method)
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(cls))


time.time = staticmethod(lambda: _time() + SHIFT)
time.time_ns = staticmethod(lambda: _time_ns() + round(SHIFT * 1e9))
time.clock_gettime = staticmethod(clock_gettime)
time.gmtime, time.localtime, time.ctime = map(_of_now, _OF_SECONDS)
time.asctime, time.strftime = _of_now(time.asctime), _of_now(time.strftime, 1)
_set(dt.datetime, "now", now)
_set(dt.datetime, "utcnow", utcnow)
