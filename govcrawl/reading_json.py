"""A reading as the JSON object that `govcrawl parse` prints: the names and shapes other programs rely on.

Keys and their order are fixed. A table cell's locator has five numbers, one in text or a div grid two, a missing
cell's is null. Absent values are null, never left out. Facts and checks, of which a page has hundreds, are written out
here, for they differ in little but their figures; all else goes through the encoder of the standard library.
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
_quoted = lru_cache(maxsize=1 << 12)(_encoded)
"""The same, for a text or None that comes up many times."""


def reading_json(reading: Reading, path: str) -> str:
    """The object for one input read from `path`: source, document, report, sections, facts, checks, claims, issues."""
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
    """`{"table", "row", "cell", "start", "end"}` for a table cell, `{"start", "end"}` for text, null for none.

    A cell of a PDF has `{"page", "bbox"}`, one of a DOCX `{"table", "row", "cell"}`.
    """
    if locator is None:
        return "null"
    if not isinstance(locator, Locator):
        return _encoded(locator._asdict())
    start, end, table, row, cell = locator
    span = f'"start": {start}, "end": {end}}}'
    return f"{{{span}" if table is None else f'{{"table": {table}, "row": {row}, "cell": {cell}, {span}'


def _fact(fact: Fact) -> str:
    form, table, row, column, _, value, status, raw, unit, locator = fact
    said = f'{_number(value)}, "status": "{status}", "raw": {_quoted(raw)}, "unit": {_quoted(unit)}'
    return f'{_place(table, row, column)}{said}, "form": "{form}", "locator": {locator_json(locator)}}}'


@lru_cache(maxsize=1 << 12)
def _place(table: str, row: str, column: str) -> str:
    return f'{{"table": "{table}", "row": "{row}", "column": "{column}", "value": '


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
