"""No pattern takes longer than its input: each is fed repeated pieces, and its cost may not outgrow them."""

import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator
from itertools import product

import pytest

import govcrawl

from .growth import timed

WORDS = """a 1 年 < > <a> [] {} ( (1) " = , ; / /a - . a=1& &nbsp; \\ 年度 报告 <td"""
PIECES = (*WORDS.split(), "'", " ", "\n", "x ", "<a href='/x'>", "/* ")
BEGINNINGS = ("", "[]", "a(", "{", "<!--", "年度报告")
LENGTH, TIMES = 400, 4
GRAIN = 0.004
"""Seconds of CPU below which nothing is compared: a timer's grain, not a cost."""
ENDLESS = 20
"""Seconds after which a match is given up: at a length of some hundred characters it would never end."""


def patterns() -> Iterator[tuple[str, re.Pattern]]:
    """Every compiled pattern that a module of the program holds by name, also in tuples and tables."""
    for found in pkgutil.walk_packages(govcrawl.__path__, "govcrawl."):
        if ".replica" in found.name or found.name.endswith("__main__"):
            continue
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            for number, pattern in enumerate(_in(value)):
                yield f"{found.name}.{name}[{number}]", pattern


def _in(value: object) -> Iterator[re.Pattern]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from (each for one in value.values() for each in _in(one))
    elif isinstance(value, tuple | list | frozenset):
        yield from (each for one in value for each in _in(one))


FOUND = {pattern.pattern: (name, pattern) for name, pattern in patterns()}


def test_patterns_are_found():
    assert len(FOUND) > 200
    assert "govcrawl.pages.jsonp._ENVELOPE[0]" in {name for name, _ in FOUND.values()}


def made(pattern: re.Pattern, beginning: str, piece: str, length: int) -> str | bytes:
    text = beginning + piece * (length // len(piece)) + "\0"
    return text.encode() if isinstance(pattern.pattern, bytes) else text


def spent(pattern: re.Pattern, text: str | bytes) -> float:
    return timed(lambda: pattern.match(text))[0]


def outgrown(pattern: re.Pattern, beginning: str, piece: str) -> bool:
    """Whether a match at one place costs more than its input grows."""
    long = spent(pattern, made(pattern, beginning, piece, LENGTH * TIMES))
    if long < GRAIN:
        return False
    small, large = (
        min(spent(pattern, made(pattern, beginning, piece, length)) for _ in range(3))
        for length in (LENGTH, LENGTH * TIMES)
    )
    return large > GRAIN and large > small * TIMES * 2


@pytest.fixture
def watched(monkeypatch) -> Iterator[dict[str, str]]:
    """What is matched now; a match without an end fails the test with it."""
    now: dict[str, str] = {}

    def give_up(*_) -> None:
        pytest.fail(f"a match that does not end: {now}")

    before = signal.signal(signal.SIGALRM, give_up)
    yield now
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def test_a_match_costs_no_more_than_its_input(watched):
    """At one place; to look for a pattern everywhere may cost the length once more, which callers bound."""
    slow = []
    for name, pattern in FOUND.values():
        signal.alarm(ENDLESS)
        for beginning, piece in product(BEGINNINGS, PIECES):
            watched.update(name=name, beginning=beginning, piece=piece)
            if outgrown(pattern, beginning, piece):
                slow.append((name, beginning, piece))
    assert slow == []
