"""Invented reports with known figures: consistent with the identities of their form, and nothing else about them."""

from __future__ import annotations

import random
from collections.abc import Mapping

from govcrawl import forms

Figures = dict[tuple[str, str, str], str]
"""The text that is printed at each `(table, row, column)`."""

RESULTS = ("granted", "partially_granted")
REVIEW_GROUPS = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
REVIEW_RESULTS = ("upheld", "corrected", "other", "pending")


def invent(form: str, rng: random.Random) -> Figures:
    """Figures for every cell of a form's tables; sums are right, nothing else is promised."""
    if form == "f2014_stat":
        return {place: str(rng.choice((0, 0, rng.randint(1, 4000)))) for place in places(form)}
    figures = {place: _amount(item_type, rng) for place, item_type in _types(form).items()}
    figures.update(_applications(form, rng))
    figures.update(_review(rng))
    for row in ("rules", "normative_documents"):
        if form == "f2019":
            made, disclosed = (int(figures["proactive", row, column]) for column in ("made", "newly_disclosed"))
            figures["proactive", row, "disclosed_total"] = str(max(made, disclosed) + rng.randint(0, 60))
    return figures


def places(form: str) -> list[tuple[str, str, str]]:
    """The places of a form in form order."""
    return [(item.table, item.row, item.column) for item in forms.load_forms()[form].items]


def _types(form: str) -> Mapping[tuple[str, str, str], str]:
    items = forms.load_forms()[form].items
    return {(item.table, item.row, item.column): item.type for item in items if item.table == "proactive"}


def _amount(kind: str, rng: random.Random) -> str:
    if kind == "signed_int":
        return str(rng.choice((0, 0, rng.randint(-40, 40))))
    if kind == "decimal":
        return rng.choice(("0", f"{rng.randint(1, 99999) / 100}"))
    return str(rng.choice((0, 0, rng.randint(1, 9), rng.randint(10, 99999))))


def _applications(form: str, rng: random.Random) -> Figures:
    table = forms.load_forms()[form].table("applications")
    rows = [row.key for row in table.rows if row.data]
    leaves = [row for row in rows if row not in ("new_received", "carried_over", "result_total", "carried_forward")]
    columns = [column.key for column in table.columns]
    grid = {(row, column): _count(rng) for row in leaves for column in columns[:-1]}
    for column in columns[:-1]:
        results = sum(grid[row, column] for row in leaves)
        forward, over = _count(rng), min(_count(rng), results)
        grid["result_total", column], grid["carried_forward", column] = results, forward
        grid["carried_over", column], grid["new_received", column] = over, results + forward - over
    for row in rows:
        grid[row, "total"] = sum(grid[row, column] for column in columns[:-1])
    return {("applications", row, column): str(grid[row, column]) for row in rows for column in columns}


def _count(rng: random.Random) -> int:
    return rng.choice((0, 0, 0, 0, rng.randint(1, 9), rng.randint(1, 9), rng.randint(10, 400)))


def _review(rng: random.Random) -> Figures:
    figures = {}
    for group in REVIEW_GROUPS:
        parts = [_count(rng) for _ in REVIEW_RESULTS]
        for name, value in zip((*REVIEW_RESULTS, "total"), (*parts, sum(parts)), strict=True):
            figures["review_litigation", "cases", f"{group}_{name}"] = str(value)
    return figures
