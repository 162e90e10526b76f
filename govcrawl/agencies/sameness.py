"""Whether two names are one agency, by code, place and kind, and why. Pure.

Spellings of one place and one short name are one agency (`naming.name_agency`). Two agencies that may be one organ, by
a common code or an abbreviation, stay two: joined figures cannot be told apart again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from govcrawl.agencies.naming import abbreviates, is_of_unknown_organ
from govcrawl.vocabulary import Scope


class Sameness(StrEnum):
    """What is known of two names."""

    ONE = "one agency"
    TWO = "two agencies"
    OPEN = "two agencies that may be one organ"


@dataclass(frozen=True, slots=True)
class KnownAgency:
    """An agency of an archive: its division's `place` and code, its kind, its codes, its spellings with their sources.

    `codes` are the organisation codes in its index numbers, `shared` those among them that another organ bears too.
    """

    id: str
    name: str
    division_code: str
    place: str
    scope: Scope
    codes: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    spellings: tuple[tuple[str, str], ...] = ()

    @property
    def rest(self) -> str:
        """The short name without the place."""
        return self.id.partition(":")[2].removeprefix(self.place)


def compare_agencies(one: KnownAgency, other: KnownAgency) -> tuple[Sameness, str]:
    """Returns whether two are one agency, and why."""
    if one.id == other.id:
        return Sameness.ONE, f"both are read as {one.rest or 'the government'} of {one.division_code} {one.place}"
    return next(_apart(one, other), None) or _perhaps(one, other)


def _apart(one: KnownAgency, other: KnownAgency) -> Iterator[tuple[Sameness, str]]:
    """The reasons why two agencies are two organs."""
    if is_of_unknown_organ(one.id) or is_of_unknown_organ(other.id):
        yield Sameness.TWO, "the organ of a report that names none for certain is never joined with another"
    if one.division_code != other.division_code:
        places = f"{one.division_code} {one.place} and {other.division_code} {other.place}"
        yield Sameness.TWO, f"they are organs of two places, {places}"
    if one.scope is not other.scope:
        yield Sameness.TWO, f"they are of two kinds, {one.scope} and {other.scope}"
    if (one.codes and other.codes) and not one.codes & other.codes:
        codes = f"{', '.join(sorted(one.codes))} and {', '.join(sorted(other.codes))}"
        yield Sameness.TWO, f"their index numbers bear two organisation codes, {codes}"


def _perhaps(one: KnownAgency, other: KnownAgency) -> tuple[Sameness, str]:
    """What speaks for one organ under two names: a code, an abbreviation."""
    common = one.codes & other.codes
    short, full = sorted((one.rest, other.rest), key=len)
    reasons = [f"their index numbers bear one organisation code, {', '.join(sorted(common))}"] if common else []
    if common & (one.shared & other.shared):
        reasons = [f"{reasons[0]}, which may be the portal's"]
    if abbreviates(short, full):
        reasons.append(f"{short} abbreviates {full}")
    return (
        (Sameness.OPEN, "; ".join(reasons)) if reasons else (Sameness.TWO, "their names differ, and no code joins them")
    )


def may_be_compared(one: KnownAgency, other: KnownAgency) -> bool:
    """Whether a reader may take two agencies for one: by a code, the name but for its place, or an abbreviation."""
    if one.id == other.id or is_of_unknown_organ(other.id):
        return False
    if one.codes & other.codes or (one.rest and one.rest == other.rest):
        return True
    short, full = sorted((one.rest, other.rest), key=len)
    return one.division_code == other.division_code and abbreviates(short, full)
