"""What a task costs beside another one of the same run: ratios of CPU time, so that no load and no machine matters."""

import gc
import time
from collections.abc import Callable
from typing import TypeVar

Task = Callable[[], object]
Made = TypeVar("Made")

TIMES = 8
"""How many times larger the larger input of `growth` is: a quadratic task costs so many times more for each unit."""
LINEAR = 3.0
"""The most that `growth` may be where the cost is meant to grow with the length alone."""


def cost(*tasks: Task, rounds: int = 3) -> list[float]:
    """The least CPU seconds that each task took in some rounds; the tasks take turns."""
    spent = [[timed(task)[0] for task in tasks] for _ in range(rounds)]
    return [min(times) for times in zip(*spent, strict=True)]


def growth(task: Callable[[int], Task], size: int) -> float:
    """How many times more `TIMES` as much input costs for each unit of it: about 1 where the cost is linear.

    `task` prepares the task for an input of a size; what that takes is not counted.
    """
    small, large = cost(task(size), task(size * TIMES))
    return large / small / TIMES


def timed(task: Callable[[], Made]) -> tuple[float, Made]:
    """The CPU seconds that one run of a task takes, and what it makes."""
    gc.disable()
    try:
        started = time.thread_time()
        made = task()
        return time.thread_time() - started, made
    finally:
        gc.enable()
