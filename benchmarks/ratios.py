"""Interleaved measurement: arms take turns, each round gives one ratio, the median of the ratios is the result."""

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Arm = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Ratio:
    """One arm over the reference arm: the median over the rounds, with the lowest and highest round beside it."""

    name: str
    median: float
    low: float
    high: float
    aim: str

    def line(self) -> str:
        """The ratio as one line of the report."""
        return f"  {self.name:<58} {self.median:6.2f}  ({self.low:.2f} to {self.high:.2f})   aim {self.aim}"


def cpu_seconds(arm: Arm) -> float:
    """CPU seconds of this process that one turn of the arm takes, garbage of earlier arms collected first."""
    gc.collect()
    started = time.process_time()
    arm()
    return time.process_time() - started


def interleaved(arms: Mapping[str, Arm], rounds: int) -> dict[str, list[float]]:
    """CPU seconds of each arm, one per round, the arms taking turns; one round before it warms caches up."""
    for arm in arms.values():
        arm()
    times: dict[str, list[float]] = {name: [] for name in arms}
    for _ in range(rounds):
        for name, arm in arms.items():
            times[name].append(cpu_seconds(arm))
    return times


def ratio(name: str, over: list[float], under: list[float], aim: str) -> Ratio:
    """The paired ratio `over / under`, round by round."""
    pairs = [a / b for a, b in zip(over, under, strict=True)]
    return Ratio(name, statistics.median(pairs), min(pairs), max(pairs), aim)


def amount(name: str, values: Sequence[float], aim: str) -> Ratio:
    """What is measured by itself, such as bytes, in the place of a ratio."""
    return Ratio(name, statistics.median(values), min(values), max(values), aim)
