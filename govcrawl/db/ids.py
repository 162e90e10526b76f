"""Ids made of content: the same thing has the same id in every database.

Each is 16 hex digits of a SHA-256, or a text one can read. Nothing here looks at a clock or a counter.
"""

import hashlib

from govcrawl.models import Issue, identity_of
from govcrawl.vocabulary import Scope


def digest_of(*parts: str) -> str:
    """16 hex digits over the parts, joined by the unit separator."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def address_id(portal: str, url: str) -> str:
    """The id of a listing and of the document it leads to: an address on a portal."""
    return hashlib.sha256(f"{portal}|{identity_of(url)}".encode()).hexdigest()[:16]


def report_id(agency: str, year: int | None, scope: Scope, document: str) -> str:
    """`<agency>/<year>/<scope>`; a report whose year nobody could tell stays alone with its document."""
    return f"{agency}/{year if year is not None else f'unknown-{document}'}/{scope}"


def stable_key(subject: str, issue: Issue) -> str:
    """What a verdict hangs on: kind and place on one document, list or report, whatever a later reader says of it."""
    return digest_of(subject, issue.kind, issue.where)
