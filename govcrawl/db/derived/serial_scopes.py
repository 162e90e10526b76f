"""Serial scopes: whether the serials of an index prefix count an organ's documents, a whole portal's, or a month's.

By the national rule every organ has its own counter, which restarts each year. Practice differs, and only the numbers
show it. If several organs use a prefix, or if the numbers of many prefixes grow together with the date, they share one
counter of the portal. If serials restart each month, the counter is monthly. Pure functions.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from govcrawl.index_number import IndexNumber
from govcrawl.vocabulary import SerialScope

FEWEST_PAIRS = 20
"""The fewest pairs of dated numbers with different prefixes from which a common counter can be inferred."""

IN_STEP = 0.95
"""The share of such pairs, at least, in which the later day has the higher serial if the counter is common."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """An index number on a portal, with its document's organ, publisher and day if known; `gone` if absent."""

    number: IndexNumber
    organ: str | None = None
    publisher: str | None = None
    day: str | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class CounterScope:
    """The scope of a prefix on its portal; `in_step` is true if it shares a counter with other prefixes."""

    kind: SerialScope
    numbers: int
    organs: int
    in_step: bool = False


def scopes(sightings: Sequence[Sighting]) -> Mapping[str, CounterScope]:
    """Returns prefix → scope, for all sightings of one portal."""
    by_prefix: dict[str, list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        by_prefix[sighting.number.prefix].append(sighting)
    in_step = len(by_prefix) > 1 and grow_together(sightings)
    return {prefix: _scope(members, in_step=in_step) for prefix, members in by_prefix.items()}


def _scope(members: Sequence[Sighting], *, in_step: bool) -> CounterScope:
    organs = organs_of(members)
    if in_step or organs > 1:
        kind = SerialScope.SITE
    else:
        kind = SerialScope.MONTH if restarts_monthly(each.number for each in members) else SerialScope.ORGAN
    return CounterScope(kind, len({each.number for each in members}), organs, in_step)


def organs_of(members: Iterable[Sighting]) -> int:
    """Returns how many organs use a prefix: organs of reports, and publishers without a report."""
    members = tuple(members)
    known = {each.publisher: each.organ for each in members if each.organ}
    return len({each.organ or known.get(each.publisher, each.publisher) for each in members} - {None})


def grow_together(sightings: Iterable[Sighting]) -> bool:
    """True if numbers of different prefixes grow with the date like one counter, and no serial is used twice."""
    concordant = pairs = 0
    for one, other in _across_prefixes(sightings):
        if one.number.serial == other.number.serial:
            return False
        if one.day != other.day:
            pairs += 1
            concordant += (str(one.day) < str(other.day)) == (one.number.serial < other.number.serial)
    return pairs >= FEWEST_PAIRS and concordant >= IN_STEP * pairs


def _across_prefixes(sightings: Iterable[Sighting]) -> Iterator[tuple[Sighting, Sighting]]:
    """Neighbours in time with different prefixes in one year: a common counter is in step from day to day."""
    years: dict[tuple[int, int], set[Sighting]] = defaultdict(set)
    for sighting in sightings:
        if sighting.day:
            years[sighting.number.year, sighting.number.month or 0].add(sighting)
    for members in years.values():
        in_order = sorted(members, key=lambda each: (str(each.day), each.number.serial, each.number.prefix))
        for place, one in enumerate(in_order):
            for other in in_order[place + 1 : place + 8]:
                if one.number.prefix != other.number.prefix:
                    yield one, other


def restarts_monthly(numbers: Iterable[IndexNumber]) -> bool:
    """True if serials restart each month, that is unless each month continues where the last one ended."""
    months: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number in numbers:
        if number.month:
            months[number.year, number.month].append(number.serial)
    in_order = [months[key] for key in sorted(months)]
    goes_on = len(in_order) > 2 and all(max(before) < min(after) for before, after in pairwise(in_order))
    return bool(in_order) and not goes_on
