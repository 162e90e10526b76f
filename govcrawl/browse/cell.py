"""The page of one figure: where it stands on the page that was archived, and what it is held against."""

import codecs
import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from govcrawl.browse.evidence import Body, body_of, capture_of
from govcrawl.browse.filled_form import Facts, assessed
from govcrawl.browse.official_form import label_of
from govcrawl.browse.page import Asked, Content, Page, row, rows
from govcrawl.browse.report import checks_of, facts_of
from govcrawl.errors import RecordError
from govcrawl.forms import FormIdentity, FormTerm
from govcrawl.models import Locator
from govcrawl.pages import raw_at

AROUND = 300
"""Bytes shown before and behind the cell."""
_MOST = 2_000
"""Bytes shown of the cell itself."""

_FACT = """
SELECT fact.id, fact.report_version_id, fact.form, fact."table", fact."row", fact."column", fact.label_zh AS label,
  fact.value, fact.status, fact.raw, fact.unit, fact.locator
FROM facts AS fact WHERE fact.report_version_id = :version AND fact.id = :fact"""

_BEHIND = """
SELECT report.id AS report, agency.name AS agency, report.agency_id, report.year, report.scope,
  version.capture_id AS capture, version.id = report.current_version_id AS is_current
FROM report_versions AS version
JOIN reports AS report ON report.id = version.report_id
JOIN agencies AS agency ON agency.id = report.agency_id
WHERE version.id = :version"""

_IN_YEARS = """
SELECT report.id AS report, report.year, fact.id, fact.form, fact.value, fact.status, fact.raw, fact.unit
FROM reports AS report
JOIN facts AS fact ON fact.report_version_id = report.current_version_id
WHERE report.agency_id = :agency_id AND report.scope = :scope
  AND fact."table" = :table AND fact."row" = :row AND fact."column" = :column
ORDER BY report.year"""

_IN_VERSIONS = """
SELECT version.id AS version, version.valid_from, version.valid_to, version.document_id, fact.id, fact.value,
  fact.status, fact.raw, fact.unit
FROM report_versions AS version
JOIN facts AS fact ON fact.report_version_id = version.id
WHERE version.report_id = :report AND fact."table" = :table AND fact."row" = :row AND fact."column" = :column
ORDER BY version.valid_from, version.id"""


def content(connection: sqlite3.Connection, asked: Asked) -> Content:
    """A fact with its evidence, the checks it takes part in, and its values in other years and versions."""
    name = asked.path["fact"]
    version, _, _ = name.rpartition("-")
    fact = row(connection, name, _FACT, version=version, fact=name)
    fact["locator"] = json.loads(fact["locator"]) if fact["locator"] else None
    behind = row(connection, version, _BEHIND, version=version)
    capture = capture_of(connection, behind["capture"])
    at = {key: fact[key] for key in ("table", "row", "column")}
    return {
        "fact": fact,
        **behind,
        "capture": capture,
        "evidence": _evidence(asked, capture, fact),
        "checks": list(_checks(connection, version, fact)),
        "years": rows(connection, _IN_YEARS, agency_id=behind["agency_id"], scope=behind["scope"], **at),
        "versions": rows(connection, _IN_VERSIONS, report=behind["report"], **at),
    }


# ----------------------------------------------------------------------------------------------------- evidence


def _evidence(asked: Asked, capture: Content, fact: Content) -> Content | None:
    """The bytes around the cell; None for a cell that the page does not have. A damaged record says so in `fault`."""
    locator = fact["locator"]
    if locator is None:
        return None
    try:
        body = body_of(asked.archive, capture)
    except RecordError as error:
        return {"fault": str(error)}
    return {"fault": None, **_excerpt(body, locator), "says": raw_at(body.data, Locator(**locator), body.encoding)}


def _excerpt(body: Body, locator: Content) -> Content:
    start, end = locator["start"], min(locator["end"], locator["start"] + _MOST)
    # From a tag on: cut in the midst of a character, two-byte charsets would be misread up to the next one.
    first = body.data.rfind(b"<", max(0, start - 2 * AROUND), max(0, start - AROUND))
    pieces = {
        "before": body.data[max(0, start - AROUND) if first < 0 else first : start],
        "cell": body.data[start:end],
        "after": body.data[end : end + AROUND],
    }
    decoder = codecs.getincrementaldecoder(body.encoding)
    shown = {
        name: decoder("replace").decode(piece) for name, piece in pieces.items()
    }  # what is cut off at the end: out
    return {"encoding": body.encoding, "cut": end < locator["end"], **shown, "hex": pieces["cell"].hex(" ")}


# ------------------------------------------------------------------------------------------------------- checks


def _checks(connection: sqlite3.Connection, version: str, fact: Content) -> Iterator[Content]:
    """The checks of the fact's table in which it is an operand, each with all its operands."""
    facts = facts_of(connection, version)
    for check in checks_of(connection, version):
        if check["table"] == fact["table"]:
            identity = assessed(fact["form"], check).identity
            operands = [_operand(identity, term, check["at"], facts) for term in (*identity.left, *identity.right)]
            if any((each["row"], each["column"]) == (fact["row"], fact["column"]) for each in operands):
                cut = len(identity.left)
                yield {
                    **check,
                    "kind": identity.kind,
                    "printed": identity.printed,
                    "soft": identity.soft,
                    "left_operands": operands[:cut],
                    "right_operands": operands[cut:],
                }


def _operand(identity: FormIdentity, term: FormTerm, at: str, facts: Facts) -> Content:
    row_key, column_key = (term.ref, at) if identity.for_each == "column" else (at, term.ref)
    other_year = term.year not in (None, "N") or identity.kind == "cross_year"
    found: Any = {} if other_year else facts.get((identity.table, row_key, column_key)) or {}
    return {
        "row": row_key,
        "column": column_key,
        "label": label_of(identity.table, term.ref),
        "sign": term.sign,
        "year": term.year,
        "id": found.get("id"),
        "value": found.get("value"),
        "status": found.get("status"),
    }


PAGE = Page("cell", "/-/cell/{fact}", content)
