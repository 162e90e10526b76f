"""The agencies of a database with what identifies them: place, kind, organisation codes, spellings."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable

from govcrawl.agencies.sameness import KnownAgency
from govcrawl.vocabulary import Scope

_AGENCIES = """
SELECT agency.id, agency.name, agency.division_code, coalesce(division.name, portal.name), agency.scope
FROM agencies AS agency
JOIN portals AS portal ON portal.id = agency.portal_id
LEFT JOIN portals AS division ON division.id = agency.division_code
ORDER BY agency.id"""


def known_agencies(connection: sqlite3.Connection) -> tuple[KnownAgency, ...]:
    """Returns all agencies, sorted by id."""
    codes = _grouped(connection.execute("SELECT agency_id, code FROM organisation_codes ORDER BY 1, 2"))
    bearers = Counter(code for several in codes.values() for (code,) in several)
    spelled = _grouped(connection.execute("SELECT agency_id, spelling, source FROM agency_aliases ORDER BY 1, 2, 3"))
    return tuple(
        KnownAgency(
            id=key,
            name=name,
            division_code=division,
            place=place,
            scope=Scope(scope),
            codes=frozenset(code for (code,) in codes[key]),
            shared=frozenset(code for (code,) in codes[key] if bearers[code] > 1),
            spellings=tuple((spelling, source) for spelling, source in spelled[key]),
        )
        for key, name, division, place, scope in connection.execute(_AGENCIES)
    )


def _grouped(rows: Iterable[tuple[str, ...]]) -> defaultdict[str, list[tuple[str, ...]]]:
    grouped: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for key, *values in rows:
        grouped[key].append(tuple(values))
    return grouped
