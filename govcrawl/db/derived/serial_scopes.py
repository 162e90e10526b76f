"""What the serials of index numbers count: an organ's documents, a whole site's, or those of a month.

The national rule has every organ count by itself and anew each year. Practice differs from host to host, and nothing
but the numbers themselves tells which: a prefix that several organs use, or numbers of many prefixes that grow together
with the days, are one counter of the site; serials that begin anew with each month are counted by the month. Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from govcrawl.index_number import IndexNumber
from govcrawl.vocabulary import SerialScope

FEWEST_PAIRS = 20
"""Numbers of two prefixes with their days, below which nothing is said of a common counter."""

IN_STEP = 0.95
"""The share of such pairs in which the later day has the higher serial, from which on the counter is one."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """An index number on a portal: the organ of its document and the day of it, as far as known; `gone` if it is."""

    number: IndexNumber
    organ: str | None = None
    publisher: str | None = None
    day: str | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class CounterScope:
    """What a prefix counts on its portal; `in_step` with the other prefixes of the site, it shares their serials."""

    kind: SerialScope
    numbers: int
    organs: int
    in_step: bool = False


def scopes(sightings: Sequence[Sighting]) -> Mapping[str, CounterScope]:
    """Prefix → its scope, for all sightings of one portal."""
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
    """How many organs use a prefix: those whose reports were read, and publishers of whom no report was."""
    members = tuple(members)
    known = {each.publisher: each.organ for each in members if each.organ}
    return len({each.organ or known.get(each.publisher, each.publisher) for each in members} - {None})


def grow_together(sightings: Iterable[Sighting]) -> bool:
    """Whether numbers of different prefixes grow with the days as one counter would, and no serial is used twice."""
    concordant = pairs = 0
    for one, other in _across_prefixes(sightings):
        if one.number.serial == other.number.serial:
            return False
        if one.day != other.day:
            pairs += 1
            concordant += (str(one.day) < str(other.day)) == (one.number.serial < other.number.serial)
    return pairs >= FEWEST_PAIRS and concordant >= IN_STEP * pairs


def _across_prefixes(sightings: Iterable[Sighting]) -> Iterator[tuple[Sighting, Sighting]]:
    """Neighbours in time of different prefixes and one year: a counter is in step if it is so from day to day."""
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
    """Whether serials with a month begin anew in it: they do unless each month goes on where the last one ended."""
    months: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number in numbers:
        if number.month:
            months[number.year, number.month].append(number.serial)
    in_order = [months[key] for key in sorted(months)]
    goes_on = len(in_order) > 2 and all(max(before) < min(after) for before, after in pairwise(in_order))
    return bool(in_order) and not goes_on
