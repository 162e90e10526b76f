"""Processes that read: a record that needs more than a reading may take ends its reader, and nothing else.

What comes from outside may keep a parser busy, or fill the memory, for longer than anybody would wait. Each reading
therefore runs in a process of its own kind. The system ends that process at the limit; the next one takes its place.
Where the system knows no such limits (Windows; memory on macOS), readings are not cut off.
"""

import asyncio
import gc
import math
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import BaseContext
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Self, TypeVar

from govcrawl.errors import LimitError

resource: ModuleType | None
try:
    import resource
except ImportError:  # Windows
    resource = None

_T = TypeVar("_T")

CPU_SECONDS = 20
"""What one reading may compute. The slowest page of the fixtures takes less than one second."""
MEMORY_BYTES = 1 << 30
"""What a reader may hold beyond what it holds when it starts."""
CUT_OFF = f"reading it takes more than {CPU_SECONDS} s of computing or {MEMORY_BYTES >> 30} GB of memory"
_TRIES = 2
"""A reader that something else ended, such as a system short of memory, says nothing about the record."""


class ReadingPool:
    """A pool of `count` reading processes, started at once; they end with `end`, or with the process that made them.

    It is made before any lock, file or database is open: a reader that is forked shall hold none of them.
    """

    def __init__(self, count: int = 1) -> None:
        self.count = count
        self._ended = False
        self._turns = ThreadPoolExecutor(1)
        self._pool = self._started()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.end()

    def submit(self, read: Callable[..., _T], *args: Any) -> Future[_T]:
        """Begins to read. The future raises BrokenProcessPool if a reader died, by this reading or by another."""
        try:
            return self._pool.submit(_read, read, *args)
        except BrokenProcessPool:
            self._pool.shutdown()
            self._pool = self._started()
            return self._pool.submit(_read, read, *args)

    def call(self, read: Callable[..., _T], *args: Any) -> _T:
        """Returns what `read` returns, and raises what it raises; LimitError if its readers died of it."""
        for _ in range(_TRIES):
            began = time.monotonic()
            try:
                return self.submit(read, *args).result()
            except (BrokenProcessPool, CancelledError):  # cancelled: `end` came before a reader took it
                if self._ended or time.monotonic() - began > CPU_SECONDS:
                    break
        raise LimitError(CUT_OFF)

    async def call_in_turn(self, read: Callable[..., _T], *args: Any) -> _T:
        """The same as `call`, for an event loop: calls are answered in the order in which they were made."""
        return await asyncio.get_running_loop().run_in_executor(self._turns, lambda: self.call(read, *args))

    def end(self) -> None:
        """Ends the readers, whatever they read."""
        self._ended = True
        for process in tuple((self._pool._processes or {}).values()):  # noqa: SLF001 - `kill_workers` of Python 3.14
            process.kill()
        self._pool.shutdown(cancel_futures=True)
        self._turns.shutdown()

    def _started(self) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(self.count, _context(), initializer=_begin)
        pool.submit(os.getpid).result()
        return pool


def allow_another() -> None:
    """Gives the reading that begins now its own seconds, in a reader; does nothing elsewhere."""
    if _is_reader and resource:
        _limit(resource.RLIMIT_CPU, math.ceil(time.process_time()) + CPU_SECONDS)


def _context() -> BaseContext:
    """How readers start: by a fork while this is the only thread, for then it is safe, and costs next to nothing."""
    known = multiprocessing.get_all_start_methods()
    if "fork" in known and is_alone():
        return multiprocessing.get_context("fork")
    return multiprocessing.get_context("forkserver" if "forkserver" in known else "spawn")


def is_alone() -> bool:
    """Whether this process has one thread."""
    return threading.active_count() == 1


_is_reader = False


def _begin() -> None:
    """Makes this process a reader: within its limits, deaf to the signals of its parent, ended with its parent."""
    global _is_reader  # noqa: PLW0603 - a property of the process
    _is_reader = True
    for one in (signal.SIGINT, signal.SIGTERM):  # a terminal and systemd send them to readers too
        signal.signal(one, signal.SIG_IGN)
    gc.freeze()  # what is loaded is not looked at again by the garbage collector
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if resource:
        _limit(resource.RLIMIT_CORE, 0)
        if sys.platform == "linux":
            _limit(resource.RLIMIT_DATA, _held() + MEMORY_BYTES)


def _limit(which: int, most: int) -> None:
    assert resource
    resource.setrlimit(which, (most, resource.getrlimit(which)[1]))


def _held() -> int:
    """The bytes that Linux counts as this process's own, which it holds against the limit: the sixth field of statm."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5]) * os.sysconf("SC_PAGE_SIZE")


def _read(read: Callable[..., _T], *args: Any) -> _T:
    allow_another()
    try:
        return read(*args)
    except MemoryError:
        raise LimitError(CUT_OFF) from None


def _end_with_parent() -> None:
    """Ends this process with its parent: after a kill it would wait for ever, with its parent's output open."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    multiprocessing.connection.wait([parent.sentinel])
    os._exit(1)
