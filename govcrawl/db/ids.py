"""Ids computed from content: the same thing has the same id in every database.

Each id is 16 hex digits of a SHA-256, or a readable text. No id depends on a clock or a counter.
"""

import hashlib

from govcrawl.models import Issue, identity_of
from govcrawl.vocabulary import Scope


def digest_of(*parts: str) -> str:
    """Returns 16 hex digits over the parts, joined by the unit separator."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def address_id(portal: str, url: str) -> str:
    """Returns the id of an address on a portal: that of the listing and of the document it leads to."""
    return hashlib.sha256(f"{portal}|{identity_of(url)}".encode()).hexdigest()[:16]


def report_id(agency: str, year: int | None, scope: Scope, document: str) -> str:
    """Returns `<agency>/<year>/<scope>`; with an unknown year the document's id is part of the report's."""
    return f"{agency}/{year if year is not None else f'unknown-{document}'}/{scope}"


def stable_key(subject: str, issue: Issue) -> str:
    """Returns the key of an issue's verdict: 16 hex digits over subject and kind and place, not over the detail."""
    return digest_of(subject, issue.kind, issue.where)
