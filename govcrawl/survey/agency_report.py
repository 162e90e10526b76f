"""What is told of an agency's identity: its place, kind, codes and spellings, and why it is not another one."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from govcrawl import zh
from govcrawl.agencies.sameness import KnownAgency, compare_agencies, may_be_compared
from govcrawl.db.connection import read_database
from govcrawl.db.queries.known_agencies import known_agencies
from govcrawl.errors import InputError

_MOST_OTHERS = 20


def agency_explanation(database: Path, names: Sequence[str]) -> Iterator[str]:
    """Yields the lines that explain the agencies of one or two names or ids.

    Raises:
        InputError: no agency of the database bears a name.
    """
    with read_database(database) as connection:
        known = known_agencies(connection)
    found = [_named(name, known) for name in names]
    if len(found) > 1:
        first, second = found
        yield from (_compared(one, other) for one in first for other in second)
        return
    for agency in found[0]:
        yield from _described(agency)
        others = [other for other in known if may_be_compared(agency, other)]
        yield from (f"  {_compared(agency, other)}" for other in others[:_MOST_OTHERS])
        if len(others) > _MOST_OTHERS:
            yield f"  and {len(others) - _MOST_OTHERS} more"


def _named(name: str, known: Sequence[KnownAgency]) -> list[KnownAgency]:
    """The agencies of an id, else of a name or spelling in any script."""
    plain = zh.simplified(zh.raw(name))
    found = [agency for agency in known if name == agency.id] or [
        agency
        for agency in known
        if plain in {agency.name, agency.id.partition(":")[2], *(spelling for spelling, _ in agency.spellings)}
    ]
    if not found:
        raise InputError(f"{name}: no agency of this archive has that id or is spelled so; give one as `coverage` does")
    return found


def _described(agency: KnownAgency) -> Iterator[str]:
    yield f"{agency.id}  {agency.name}"
    yield f"  place: {agency.division_code} {agency.place}"
    yield f"  kind: {agency.scope}"
    codes = (f"{code}, also of other organs" if code in agency.shared else code for code in sorted(agency.codes))
    yield f"  organisation codes: {'; '.join(codes) or 'none in its index numbers'}"
    spelled = (f"{spelling} ({source})" for spelling, source in agency.spellings)
    yield f"  spelled: {', '.join(spelled) or 'nowhere'}"


def _compared(one: KnownAgency, other: KnownAgency) -> str:
    sameness, why = compare_agencies(one, other)
    return f"{one.id} and {other.id}: {sameness}; {why}"
