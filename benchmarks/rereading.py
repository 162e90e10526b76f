"""Making the database anew from the archive: by two processes that read and one that stores, over one for all.

The wall clock is what a user feels, and tells the truth only on a machine with two cores to spare. On a busy one
CPU says what two free cores could do at best: half of all that the processes need, or all that the storing one needs.
"""

import resource
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.ratios import Ratio, ratio
from govcrawl.archive.projection import rebuild

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Turn:
    """Seconds of one rebuild: by the clock, CPU of the process that stores (and reads, if alone), and of the others."""

    clock: float
    storing: float
    reading: float

    @property
    def at_best(self) -> float:
        """The seconds on two cores that do nothing else; on one, where there are no others."""
        return max(self.storing, (self.storing + self.reading) / 2)


def measure(archive: Path, scratch: Path, rounds: int = ROUNDS) -> tuple[Ratio, ...]:
    """One process over two, by the clock and by CPU, on a copy of the archive."""
    copy = Path(shutil.copytree(archive, scratch / "again"))
    rebuild(copy, 1)  # what is loaded once and for all is loaded before both arms
    turns = [(timed(copy, 1), timed(copy, 2)) for _ in range(rounds)]
    alone, shared = zip(*turns, strict=True)
    return (
        ratio("re-read on 2 cores over 1, pages a second", clocks(alone), clocks(shared), "at least 1.7"),
        ratio("re-read on 2 cores over 1, at best by CPU", bests(alone), bests(shared), "at least 1.7"),
    )


def timed(archive: Path, processes: int) -> Turn:
    """One rebuild."""
    clock, storing, reading = time.perf_counter(), time.process_time(), children()
    rebuild(archive, processes)
    return Turn(time.perf_counter() - clock, time.process_time() - storing, children() - reading)


def children() -> float:
    """CPU seconds of all processes that this one has started and seen end."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def clocks(turns: tuple[Turn, ...]) -> list[float]:
    """The clock's seconds of each turn."""
    return [turn.clock for turn in turns]


def bests(turns: tuple[Turn, ...]) -> list[float]:
    """The seconds that each turn would take at best."""
    return [turn.at_best for turn in turns]
