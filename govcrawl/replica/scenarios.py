"""Scenarios: which requests go wrong, and how, as rules read from `scenarios.toml`.

A `Scenario` is data; a `Striker` applies it and counts, so that a fault may strike the first request of an address and
not the second. `healthy` has no rules: then a right crawl finds everything.
"""

from __future__ import annotations

import re
import threading
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from govcrawl.errors import UsageError
from govcrawl.replica.answers import Answer, Asked
from govcrawl.replica.entries import Expected
from govcrawl.replica.faults import EXPECTED, FAULTS

HEALTHY = "healthy"


@dataclass(frozen=True, slots=True)
class Rule:
    """A fault for requests whose host and path fit: `times` for each address, 0 for always.

    Of all the requests that fit, the first `after` are spared, and if `until` is not 0 those behind it too.
    """

    fault: str
    times: int
    host: str = ".*"
    path: str = ""
    after: int = 0
    until: int = 0

    def fits(self, asked: Asked) -> bool:
        """Whether the request is one of those the rule strikes."""
        return bool(re.fullmatch(self.host, asked.host) and re.match(self.path, asked.path))

    @property
    def lasts(self) -> bool:
        """Whether the rule strikes whenever it fits."""
        return not (self.times or self.after or self.until)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named set of rules. `rows` pads or cuts the lists of a portal, by its id, to so many rows."""

    name: str
    rules: tuple[Rule, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)

    def spoils(self, asked: Asked) -> Expected | None:
        """What a right crawl makes of the answer to a request that a rule always strikes; None where none does harm."""
        return next((EXPECTED[fault] for fault in self.lasting(asked) if fault in EXPECTED), None)

    def lasting(self, asked: Asked) -> tuple[str, ...]:
        """The faults that always strike a request, in the order of the rules."""
        return tuple(rule.fault for rule in self.rules if rule.lasts and rule.fits(asked))


@cache
def scenarios() -> Mapping[str, Scenario]:
    """All scenarios by name."""
    text = files("govcrawl.replica").joinpath("scenarios.toml").read_text(encoding="utf-8")
    return {
        name: Scenario(name, tuple(Rule(**rule) for rule in told["rules"]), told.get("rows", {}))
        for name, told in tomllib.loads(text).items()
    }


def find_scenario(names: str) -> Scenario:
    """The scenario of that name, or of several joined by commas; UsageError, naming what exists, for any other."""
    chosen = [_scenario(name) for name in names.split(",")]
    rows = {portal: count for scenario in chosen for portal, count in scenario.rows.items()}
    return Scenario(names, tuple(rule for scenario in chosen for rule in scenario.rules), rows)


def _scenario(name: str) -> Scenario:
    if name not in scenarios():
        raise UsageError(f"scenario {name!r} does not exist; there are {', '.join(scenarios())}")
    return scenarios()[name]


class Striker:
    """Applies a scenario's rules to requests and counts how often each struck an address, and how often it fitted."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._rules = rules
        self._struck: Counter[tuple[Rule, str]] = Counter()
        self._fitted: Counter[Rule] = Counter()
        self._lock = threading.Lock()

    def strike(self, asked: Asked, answer: Answer) -> Answer:
        """The answer, or what a rule makes of it."""
        rule = next((rule for rule in self._rules if rule.fits(asked) and self._counts(rule, asked)), None)
        return FAULTS[rule.fault](asked, answer) if rule else answer

    def reset(self) -> None:
        """Forgets what was struck."""
        with self._lock:
            self._struck.clear()
            self._fitted.clear()

    def _counts(self, rule: Rule, asked: Asked) -> bool:
        address = f"{asked.host}{asked.path}?{sorted(asked.parameters.items())}"
        with self._lock:
            self._fitted[rule] += 1
            place = self._fitted[rule]
            if place <= rule.after or (rule.until and place > rule.until):
                return False
            self._struck[rule, address] += 1
            return not rule.times or self._struck[rule, address] <= rule.times
