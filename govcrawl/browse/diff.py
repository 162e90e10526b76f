"""The page that holds two versions against each other, of one report or of two years: each cell, and the texts."""

import sqlite3
from collections.abc import Iterator

from govcrawl.browse.filled_form import Facts, Place
from govcrawl.browse.official_form import layout
from govcrawl.browse.page import Asked, Content, Page, row, rows
from govcrawl.browse.report import facts_of
from govcrawl.browse.text_diff import compared
from govcrawl.vocabulary import SectionKey

_VERSION = """
SELECT version.id, version.form, version.capture_id, version.valid_from, version.valid_to, report.id AS report,
  agency.name AS agency, report.year, report.scope
FROM report_versions AS version
JOIN reports AS report ON report.id = version.report_id
JOIN agencies AS agency ON agency.id = report.agency_id
WHERE version.id = :version"""

_SECTIONS = "SELECT key, heading, text FROM sections WHERE report_version_id = :version ORDER BY rowid"
_SHOWN = ("id", "value", "status", "raw", "unit")


def content(connection: sqlite3.Connection, asked: Asked) -> Content:
    """Two versions as `left` and `right`, their tables with both figures in each cell, their sections side by side."""
    left, right = (row(connection, asked.path[side], _VERSION, version=asked.path[side]) for side in ("left", "right"))
    before, after = (facts_of(connection, version["id"]) for version in (left, right))
    tables = list(_tables(before, after))
    return {
        "left": left,
        "right": right,
        "tables": tables,
        "only_left": list(_only(before, after)),
        "changed_cells": sum(cell.get("changed", False) for table in tables for line in table["body"] for cell in line),
        "sections": list(_sections(connection, left["id"], right["id"])),
    }


def _tables(before: Facts, after: Facts) -> Iterator[Content]:
    """Every table in the form that the right side has, or where it has none, the left."""
    form_of = {table: fact["form"] for facts in (before, after) for (table, _, _), fact in facts.items()}
    for table, form in form_of.items():
        found = layout(form, table)
        body = [[_cell(cell, table, before, after) for cell in line] for line in found["body"]]
        yield {"form": form, "key": table, **found, "body": body}


def _cell(cell: Content, table: str, before: Facts, after: Facts) -> Content:
    if "text" in cell:
        return cell
    place = (table, cell["row"], cell["column"])
    left, right = _side(before, place), _side(after, place)
    return {
        **cell,
        "left": left,
        "right": right,
        "changed": _said(left) != _said(right),
        "difference": _gap(left, right),
    }


def _side(facts: Facts, place: Place) -> Content | None:
    fact = facts.get(place)
    return {name: fact[name] for name in _SHOWN} if fact else None


def _said(side: Content | None) -> tuple[object, ...]:
    """What a reader sees of a cell; how a number is spelled is nothing of it."""
    if side is None or side["status"] == "missing":
        return ()
    return (side["status"], side["value"] if side["status"] == "number" else side["raw"], side["unit"])


def _gap(left: Content | None, right: Content | None) -> int | float | None:
    """By how much a number grew; None unless both sides are numbers of one unit."""
    if not left or not right or left["unit"] != right["unit"] or None in (left["value"], right["value"]):
        return None
    gap = round(float(right["value"] - left["value"]), 6)
    return int(gap) if gap.is_integer() else gap


def _only(before: Facts, after: Facts) -> Iterator[Content]:
    """The cells that the left has and the right's form does not, with their labels."""
    tables = {table for table, _, _ in after}
    for place, fact in before.items():
        if place not in after and place[0] in tables and fact["status"] != "missing":
            yield {name: fact[name] for name in ("table", "row", "column", "label", *_SHOWN)}


def _sections(connection: sqlite3.Connection, left: str, right: str) -> Iterator[Content]:
    """The sections of the same key side by side, in the order of the form; several of one key are joined."""
    sides = [_by_key(rows(connection, _SECTIONS, version=version)) for version in (left, right)]
    for key in SectionKey:
        found = [side.get(key) for side in sides]
        if any(found):
            texts = [section["text"] if section else "" for section in found]
            headings = {
                name: section and section["heading"] for name, section in zip(("left", "right"), found, strict=True)
            }
            yield {"key": key, "headings": headings, "blocks": compared(*texts)}


def _by_key(sections: list[Content]) -> dict[str, Content]:
    joined: dict[str, Content] = {}
    for section in sections:
        known = joined.setdefault(section["key"], {"heading": section["heading"], "text": ""})
        known["text"] = "\n".join(text for text in (known["text"], section["text"]) if text)
    return joined


PAGE = Page("diff", "/-/diff/{left}/{right}", content)
