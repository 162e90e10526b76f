"""The inside of the frame that shows an archived page: the page made inert, under a policy that lets nothing act."""

import sqlite3

from govcrawl.browse.evidence import body_of, capture_of
from govcrawl.browse.page import Asked, QuestionError
from govcrawl.errors import InputError, LimitError
from govcrawl.pages.sanitized import Highlight, inert_page, inert_source

_LAST_BYTE = 100_000_000


def replayed(connection: sqlite3.Connection, asked: Asked) -> str:
    """A capture as HTML; `start`, `end` and `cell` mark a span of its bytes. A page beyond a limit is shown as text."""
    body = body_of(asked.archive, capture_of(connection, asked.path["capture"]))
    span = _span(asked)
    try:
        return inert_page(body.data, body.media_type, body.charset, span)
    except (LimitError, InputError):
        return inert_source(body.data, body.charset, span)


def _span(asked: Asked) -> Highlight | None:
    if not asked.chosen("end"):
        return None
    start, end = (asked.number(name, 0, _LAST_BYTE) for name in ("start", "end"))
    if start > end:
        raise QuestionError(f"start={start}: give a start that is not behind the end")
    return Highlight(start, end, in_cell=bool(asked.chosen("cell")))
