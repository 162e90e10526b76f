"""A statutory table with what a report printed in it, and the notes on its cells: what fails, and what contradicts.

A note stands below its table, under a number that its cells show. The cells that an identity adds up are marked, the
number stands at the sum, so that a sum of twenty cells is not followed by twenty numbers.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass

from govcrawl import forms
from govcrawl.browse.official_form import layout
from govcrawl.browse.page import Content
from govcrawl.reports.identities import Assessment, assessments

Place = tuple[str, str, str]
"""Table, row and column of a cell."""
Facts = Mapping[Place, Content]

_SAID_BY_CHECKS_AND_CLAIMS = frozenset({"identity_fails", "claim_contradicted"})


@dataclass(frozen=True, slots=True)
class Note:
    """Something to be said about cells of one table: `at` carry its number, `with_` are marked as well."""

    says: Content
    at: tuple[Place, ...]
    with_: tuple[Place, ...] = ()


class Notes:
    """The notes on a report, numbered through in the order given."""

    def __init__(self, notes: Iterable[Note]) -> None:
        self._notes = list(enumerate(notes, 1))

    def of_table(self, table: str) -> list[Content]:
        """What is said below a table, each with its `number`."""
        return [{"number": n, **note.says} for n, note in self._notes if any(at[0] == table for at in note.at)]

    def at(self, place: Place) -> list[int]:
        """The numbers that a cell shows."""
        return [number for number, note in self._notes if place in note.at]

    def marks(self, place: Place) -> list[str]:
        """Why a cell is marked: `check`, `claim`, `issue`."""
        return sorted({note.says["kind"] for _, note in self._notes if place in note.at or place in note.with_})


def notes_on_checks(checks: Iterable[Content], facts: Facts) -> Iterator[Note]:
    """A note for each identity that fails."""
    form_of = {table: fact["form"] for (table, _, _), fact in facts.items()}
    for check in checks:
        if check["outcome"] == "fails" and check["table"] in form_of:
            found = assessed(form_of[check["table"]], check)
            yield Note(
                {"kind": "check", **{key: check[key] for key in ("identity", "at", "at_label", "left", "right")}},
                at=_cells(form_of[check["table"]], check["table"], found.right),
                with_=_cells(form_of[check["table"]], check["table"], found.left),
            )


def assessed(form: str, check: Content) -> Assessment:
    """The identity of a form that a check is about, with the cells it joins."""
    known = assessments(form, check["table"])
    return next(each for each in known if (each.identity.key, each.at) == (check["identity"], check["at"]))


def _cells(form: str, table: str, side: Iterable[tuple[int, int]] | None) -> tuple[Place, ...]:
    items = forms.load_forms()[form].items_of(table)
    return tuple(items[index].at for _, index in side or ())


def notes_on_claims(claims: Iterable[Content]) -> Iterator[Note]:
    """A note for each figure of the prose that the tables contradict."""
    for claim in claims:
        if claim["outcome"] == "contradicts":
            says = {"kind": "claim", "claim": claim["kind"], "value": claim["value"], "text": claim["text"]}
            yield Note(says, at=tuple(map(_place, claim["against"])))


def notes_on_issues(issues: Iterable[Content]) -> Iterator[Note]:
    """A note for each open issue that names a cell, but for those that a check or a claim tells already."""
    for issue in issues:
        if (
            issue["kind"] not in _SAID_BY_CHECKS_AND_CLAIMS
            and issue["where"].count(".") == 2
            and not issue["closed_at"]
        ):
            says = {"kind": "issue", "issue": issue["kind"], "detail": issue["detail"]}
            yield Note(says, at=(_place(issue["where"]),))


def _place(text: str) -> Place:
    table, row, column = text.split(".")
    return table, row, column


def filled(form: str, table: str, facts: Facts, notes: Notes) -> Content:
    """The layout of a table with its facts in their places: each value cell is a fact with `notes` and `marks`."""
    found = layout(form, table)
    body = [[_filled(cell, table, facts, notes) for cell in line] for line in found["body"]]
    return {"form": form, "key": table, **found, "body": body, "notes": notes.of_table(table)}


def _filled(cell: Content, table: str, facts: Facts, notes: Notes) -> Content:
    if "text" in cell:
        return copy(cell)
    place = (table, cell["row"], cell["column"])
    return {**cell, **facts.get(place, {}), "notes": notes.at(place), "marks": notes.marks(place)}
