"""Scenarios: which requests go wrong, and how, as rules of `scenarios.toml`.

A `Scenario` is data. A `FaultInjector` applies its rules and counts, so that a fault may strike the first request for
an address and not the second. `healthy` has no rules: a right crawl of it finds everything.
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
from govcrawl.replica.faults.by_name import FAULT_BY_NAME, OUTCOME_BY_FAULT
from govcrawl.replica.lists.entries import ExpectedOutcome
from govcrawl.replica.request_response import ReplicaRequest, ReplicaResponse

HEALTHY_SCENARIO = "healthy"


@dataclass(frozen=True, slots=True)
class FaultRule:
    """A fault for requests whose host and path fit.

    It strikes the first `times` requests for each address, all of them where that is 0. Of all the requests that fit it
    spares the first `after`, and where `until` is not 0, all that come later than number `until`.
    """

    fault: str
    times: int
    host: str = ".*"
    path: str = ""
    after: int = 0
    until: int = 0

    def fits(self, request: ReplicaRequest) -> bool:
        """Whether host and path of the request are those of the rule."""
        return bool(re.fullmatch(self.host, request.host) and re.match(self.path, request.path))

    @property
    def is_permanent(self) -> bool:
        """Whether the rule strikes every request that fits."""
        return not (self.times or self.after or self.until)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named set of rules. `rows` pads or cuts the lists of a portal to so many rows, by the portal's id."""

    name: str
    rules: tuple[FaultRule, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)

    def expected_outcome(self, request: ReplicaRequest) -> ExpectedOutcome | None:
        """What a right crawl makes of a response that always has a fault; None where no such fault does harm."""
        return next(
            (OUTCOME_BY_FAULT[fault] for fault in self.permanent_faults(request) if fault in OUTCOME_BY_FAULT), None
        )

    def permanent_faults(self, request: ReplicaRequest) -> tuple[str, ...]:
        """The faults that strike a request every time, in the order of the rules."""
        return tuple(rule.fault for rule in self.rules if rule.is_permanent and rule.fits(request))


@cache
def scenarios() -> Mapping[str, Scenario]:
    """All scenarios by name."""
    text = files("govcrawl.replica.faults").joinpath("scenarios.toml").read_text(encoding="utf-8")
    return {
        name: Scenario(name, tuple(FaultRule(**rule) for rule in entry["rules"]), entry.get("rows", {}))
        for name, entry in tomllib.loads(text).items()
    }


def find_scenario(names: str) -> Scenario:
    """The scenario of a name, or of several joined by commas. Raises UsageError for a name that does not exist."""
    chosen = [_scenario(name) for name in names.split(",")]
    rows = {portal: count for scenario in chosen for portal, count in scenario.rows.items()}
    return Scenario(names, tuple(rule for scenario in chosen for rule in scenario.rules), rows)


def _scenario(name: str) -> Scenario:
    if name not in scenarios():
        raise UsageError(f"scenario {name!r} does not exist; there are {', '.join(scenarios())}")
    return scenarios()[name]


class FaultInjector:
    """Applies the rules of a scenario to requests; counts how often each struck an address, and how often it fitted."""

    def __init__(self, rules: tuple[FaultRule, ...]) -> None:
        self._rules = rules
        self._struck: Counter[tuple[FaultRule, str]] = Counter()
        self._fitted: Counter[FaultRule] = Counter()
        self._lock = threading.Lock()

    def inject(self, request: ReplicaRequest, response: ReplicaResponse) -> ReplicaResponse:
        """The response, or what the first rule that strikes makes of it."""
        rule = next((rule for rule in self._rules if rule.fits(request) and self._strikes(rule, request)), None)
        return FAULT_BY_NAME[rule.fault](request, response) if rule else response

    def reset(self) -> None:
        """Starts counting anew."""
        with self._lock:
            self._struck.clear()
            self._fitted.clear()

    def _strikes(self, rule: FaultRule, request: ReplicaRequest) -> bool:
        """Whether a rule strikes a request that fits it; the request is counted."""
        address = f"{request.host}{request.path}?{sorted(request.parameters.items())}"
        with self._lock:
            self._fitted[rule] += 1
            place = self._fitted[rule]
            if place <= rule.after or (rule.until and place > rule.until):
                return False
            self._struck[rule, address] += 1
            return not rule.times or self._struck[rule, address] <= rule.times
