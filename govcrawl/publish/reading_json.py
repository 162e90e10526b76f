"""A reading as the JSON object that `govcrawl parse` prints. Keys and shapes are promises.

Keys and their order are fixed. A table cell's locator has five numbers, one in text or a div grid two; that of a
missing cell is null. Absent values are null, never left out. Facts and checks, of which a page has hundreds, are
encoded here by hand for speed; all else is encoded by the standard library.
"""

import json
from functools import lru_cache

from govcrawl.models import Box, Check, Fact, Locator, Reading, TableCell

_SOURCE = ("sha256", "media_type", "encoding")
_DOCUMENT = (
    "title", "index_number", "publisher", "published_on", "document_number", "disclosure_mode", "theme", "script",
)  # fmt: skip
_REPORT = ("is_report", "agency", "year", "scope", "form")
_SECTION = ("key", "heading", "text")
_CLAIM = ("kind", "value", "text", "outcome", "against")
_ISSUE = ("kind", "severity", "where", "detail")

_encoded = json.JSONEncoder(ensure_ascii=False).encode


def reading_json(reading: Reading, path: str) -> str:
    """Returns the JSON object of a reading, as one line of text; `path` is the source it names."""
    return _object(
        source=_encoded({"path": path, **_named(reading, _SOURCE)}),
        document=_encoded(_named(reading.document, _DOCUMENT)),
        report=_encoded(_named(reading.report, _REPORT)),
        sections=_encoded([_named(section, _SECTION) for section in reading.sections]),
        facts=f"[{', '.join(map(_fact, reading.facts))}]",
        checks=f"[{', '.join(map(_check, reading.checks))}]",
        claims=_encoded([_named(claim, _CLAIM) for claim in reading.claims]),
        issues=_encoded([_named(issue, _ISSUE) for issue in reading.issues]),
    )


def locator_json(locator: Locator | Box | TableCell | None) -> str:
    """Returns `{"table", "row", "cell", "start", "end"}` for a table cell, `{"start", "end"}` for text, null for None.

    A cell of a PDF has `{"page", "bbox"}`, one of a DOCX `{"table", "row", "cell"}`.
    """
    if locator is None:
        return "null"
    if not isinstance(locator, Locator):
        return _encoded(locator._asdict())
    start, end, table, row, cell = locator
    if table is None:
        return f'{{"start": {start}, "end": {end}}}'
    return f'{{"table": {table}, "row": {row}, "cell": {cell}, "start": {start}, "end": {end}}}'


def _fact(fact: Fact) -> str:
    form, table, row, column, _, value, status, raw, unit, locator = fact
    return f"{_place(table, row, column)}{_said(value, status, raw)}{_measured(unit, form)}{locator_json(locator)}}}"


# Texts that recur on every page are encoded once: a form's places, zeros and blanks, the unit of a place.


@lru_cache(maxsize=1 << 12)
def _place(table: str, row: str, column: str) -> str:
    return f'{{"table": "{table}", "row": "{row}", "column": "{column}", '


@lru_cache(maxsize=1 << 12)
def _said(value: float | None, status: str, raw: str | None) -> str:
    return f'"value": {_number(value)}, "status": "{status}", "raw": {_encoded(raw)}, '


@lru_cache(maxsize=1 << 8)
def _measured(unit: str | None, form: str) -> str:
    return f'"unit": {_encoded(unit)}, "form": "{form}", "locator": '


def _check(check: Check) -> str:
    identity, _, at, left, right, outcome = check
    sides = f'"left": {_number(left)}, "right": {_number(right)}'
    return f'{{"identity": "{identity}", "at": "{at}", {sides}, "outcome": "{outcome}"}}'


def _number(value: float | None) -> str:
    return "null" if value is None else repr(value)


def _object(**members: str) -> str:
    texts = ", ".join(f'"{name}": {text}' for name, text in members.items())
    return f"{{{texts}}}"


def _named(thing: object, names: tuple[str, ...]) -> dict[str, object]:
    return {name: getattr(thing, name) for name in names}
