"""Making the database anew from the archive: on two processes over one, and what one would take for reading alone.

The wall clock is what a user feels, and tells the truth only on a machine with two cores to spare. The CPU of the
process that stores, over that of everything in one process, says how many cores a rebuild could use at most.
"""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.ratios import Ratio, ratio
from govcrawl.projection import rebuild

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Turn:
    """Seconds of one rebuild: by the clock, and CPU of the process that stores (it reads too where it is alone)."""

    clock: float
    cpu: float


def measure(archive: Path, scratch: Path, rounds: int = ROUNDS) -> tuple[Ratio, ...]:
    """One process over two, by the clock and by CPU, on a copy of the archive."""
    copy = Path(shutil.copytree(archive, scratch / "again"))
    turns = [(timed(copy, 1), timed(copy, 2)) for _ in range(rounds)]
    alone, shared = zip(*turns, strict=True)
    return (
        ratio("re-read on 2 cores over 1, pages a second", clocks(alone), clocks(shared), "at least 1.7"),
        ratio("re-read on 1 core over the storing process, CPU", cpus(alone), cpus(shared), "at least 1.7"),
    )


def timed(archive: Path, processes: int) -> Turn:
    """One rebuild."""
    clock, cpu = time.perf_counter(), time.process_time()
    rebuild(archive, processes)
    return Turn(time.perf_counter() - clock, time.process_time() - cpu)


def clocks(turns: tuple[Turn, ...]) -> list[float]:
    """The clock's seconds of each turn."""
    return [turn.clock for turn in turns]


def cpus(turns: tuple[Turn, ...]) -> list[float]:
    """The CPU seconds of each turn."""
    return [turn.cpu for turn in turns]
