"""The JSON of metadata records: what govcrawl knows of a record and no WARC field can say.

A note closes every group of records. There are three kinds: `exchange` (which request a response answers, and how it
was judged), `attempt` (a request that brought nothing to keep) and `crawl` (a run began or ended).
"""

import json
from dataclasses import fields
from typing import Any

from govcrawl.models import Request
from govcrawl.vocabulary import Role

_DEFAULTS = {field.name: field.default for field in fields(Request)}
_PAIRS = ("headers", "context")


def dump(note: dict[str, Any]) -> bytes:
    """The bytes of a note; the same note always gives the same bytes."""
    return json.dumps(note, sort_keys=True, separators=(",", ":")).encode("ascii")


def load_note(block: bytes) -> dict[str, Any]:
    """The note in a metadata record's block.

    Raises:
        ValueError: it is not a JSON object.
    """
    note = json.loads(block)
    if not isinstance(note, dict):
        raise ValueError("the note is not a JSON object")  # noqa: TRY004 - one class for all that is wrong with it
    return note


def request_fields(request: Request) -> dict[str, Any]:
    """A request as JSON values, what has its default left out; a body as text with surrogate escapes."""
    values = {name: getattr(request, name) for name in _DEFAULTS}
    kept = {name: value for name, value in values.items() if value != _DEFAULTS[name]}
    if request.body:
        kept["body"] = request.body.decode("utf-8", "surrogateescape")
    return kept


def request_from(values: dict[str, Any]) -> Request:
    """The request that `request_fields` wrote down, equal to it in every field."""
    changed: dict[str, Any] = {name: tuple(map(tuple, values[name])) for name in _PAIRS if name in values}
    changed["role"] = Role(values["role"])
    changed["body"] = values.get("body", "").encode("utf-8", "surrogateescape")
    return Request(**(values | changed))
