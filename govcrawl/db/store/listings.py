"""Rows of lists, merged from all sightings of an address.

`merged` is commutative, associative and idempotent, so the order in which list pages arrive has no effect.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from govcrawl import index_number
from govcrawl.db.ids import address_id
from govcrawl.db.rows import columns_of, write_rows
from govcrawl.models import Listing


@dataclass(frozen=True, slots=True)
class ListingRow:
    """A row of `listings`: its fields are the table's columns."""

    id: str
    portal_id: str
    index_number: str | None
    index_prefix: str | None
    index_year: int | None
    index_serial: int | None
    title: str
    url: str
    publisher: str | None
    listed_on: str | None
    document_number: str | None
    first_seen_at: str
    last_seen_at: str


def listing_row(listing: Listing, at: str) -> ListingRow:
    """Returns the row for a single sighting of a listing."""
    number = index_number.parse_index_number(listing.index_number) if listing.index_number else None
    return ListingRow(
        id=address_id(listing.portal, listing.url),
        portal_id=listing.portal,
        index_number=listing.index_number or None,
        index_prefix=number.prefix if number else None,
        index_year=number.year if number else None,
        index_serial=number.serial if number else None,
        title=listing.title,
        url=listing.url,
        publisher=listing.publisher,
        listed_on=listing.listed_on,
        document_number=listing.document_number,
        first_seen_at=at,
        last_seen_at=at,
    )


def merged(one: ListingRow, other: ListingRow) -> ListingRow:
    """Returns the row for two sets of sightings of one address together.

    The longest title wins (lists cut titles), the earliest date, and an index number that parses over one that does
    not. If two texts still differ, the one that sorts last wins, so that the order of arrival has no effect.
    """
    numbered = max(one, other, key=_number_rank)
    return ListingRow(
        id=one.id,
        portal_id=one.portal_id,
        index_number=numbered.index_number,
        index_prefix=numbered.index_prefix,
        index_year=numbered.index_year,
        index_serial=numbered.index_serial,
        title=max(one.title, other.title, key=lambda title: (len(title), title)),
        url=one.url,
        publisher=_last(one.publisher, other.publisher),
        listed_on=min(filter(None, (one.listed_on, other.listed_on)), default=None),
        document_number=_last(one.document_number, other.document_number),
        first_seen_at=min(one.first_seen_at, other.first_seen_at),
        last_seen_at=max(one.last_seen_at, other.last_seen_at),
    )


def _number_rank(row: ListingRow) -> tuple[bool, str]:
    return row.index_prefix is not None, row.index_number or ""


def _last(one: str | None, other: str | None) -> str | None:
    return max(filter(None, (one, other)), default=None)


def store_listings(connection: sqlite3.Connection, listings: Iterable[Listing], at: str) -> tuple[str, ...]:
    """Merges sightings into `listings`; returns the ids of those whose index number or date changed."""
    seen: dict[str, ListingRow] = {}
    for row in (listing_row(listing, at) for listing in listings):
        seen[row.id] = merged(seen[row.id], row) if row.id in seen else row
    known = _known(connection, seen)
    result = {key: merged(known[key], row) if key in known else row for key, row in seen.items()}
    write_rows(connection, "listings", (row for key, row in result.items() if row != known.get(key)))
    return tuple(key for key, row in result.items() if _shown(row) != _shown(known.get(key)))


def _shown(row: ListingRow | None) -> tuple[str | None, ...]:
    return (row.index_number, row.listed_on) if row else (None, None)


def _known(connection: sqlite3.Connection, ids: Iterable[str]) -> Mapping[str, ListingRow]:
    query = f"SELECT {columns_of(ListingRow)} FROM listings WHERE id IN (SELECT value FROM json_each(?))"
    rows = (ListingRow(*row) for row in connection.execute(query, (json.dumps(list(ids)),)))
    return {row.id: row for row in rows}
