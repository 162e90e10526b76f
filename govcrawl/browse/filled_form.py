"""A statutory table with the facts of a report, and the notes on its cells: what fails, and what contradicts.

A note stands below its table, under a number that its cells show. The cells that an identity adds up are only marked;
the number stands at the sum, so that a sum of twenty cells is not followed by twenty numbers.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from govcrawl import forms
from govcrawl.browse.form_layout import HeadCell, RowLabel, ValueCell, form_layout
from govcrawl.browse.issues import ListedIssue
from govcrawl.browse.version_facts import CellPlace, FactsByPlace, ShownCheck
from govcrawl.reports.identities import Assessment, assessments

_TOLD_BY_CHECKS_AND_CLAIMS = frozenset({"identity_fails", "claim_contradicted"})


@dataclass(frozen=True, slots=True)
class ReportClaim:
    """A figure in the prose."""

    id: str  # id of the claim
    kind: str  # what it states
    value: float  # figure
    outcome: str  # a word of `ClaimOutcome`
    text: str  # words that state it
    against: list[str]  # cells that it is compared with, as `table.row.column`


@dataclass(frozen=True, slots=True)
class CheckNote:
    """A note on an identity that fails."""

    number: int  # shown at its cells
    kind: str  # `check`
    identity: str  # identity that fails
    at: str  # row or column where it fails
    at_label: str  # label of that row or column
    left: float | None  # sum of the left side
    right: float | None  # sum of the right side


@dataclass(frozen=True, slots=True)
class ClaimNote:
    """A note on a figure in the prose that the table contradicts."""

    number: int  # shown at its cells
    kind: str  # `claim`
    claim: str  # what the claim states
    value: float  # figure in the prose
    text: str  # words that state it


@dataclass(frozen=True, slots=True)
class IssueNote:
    """A note on an open issue."""

    number: int  # shown at its cell
    kind: str  # `issue`
    issue: str  # a word of `IssueKind`
    detail: str  # what was found


FormNote = CheckNote | ClaimNote | IssueNote


@dataclass(frozen=True, slots=True)
class UnnumberedNote:
    """A note on cells of one table: those `at` show its number, those `beside` are only marked."""

    kind: str
    numbered: Callable[[int], FormNote]
    at: tuple[CellPlace, ...]
    beside: tuple[CellPlace, ...] = ()


class FormNotes:
    """The notes on a report, numbered from 1 in the order given."""

    def __init__(self, notes: Iterable[UnnumberedNote]) -> None:
        self._notes = list(enumerate(notes, 1))

    def of_table(self, table: str) -> list[FormNote]:
        """The notes below a table."""
        return [note.numbered(number) for number, note in self._notes if any(at[0] == table for at in note.at)]

    def numbers(self, place: CellPlace) -> list[int]:
        """The numbers that a cell shows."""
        return [number for number, note in self._notes if place in note.at]

    def marks(self, place: CellPlace) -> list[str]:
        """Why a cell is marked: `check`, `claim`, `issue`."""
        return sorted({note.kind for _, note in self._notes if place in note.at or place in note.beside})


@dataclass(frozen=True, slots=True)
class CellWithoutFact:
    """A cell without a fact."""

    row: str  # key of its row in the form
    column: str  # key of its column in the form
    columns: int  # columns that it spans
    notes: list[int]  # numbers of its notes
    marks: list[str]  # why it is marked: `check`, `claim`, `issue`


@dataclass(frozen=True, slots=True)
class CellWithFact:
    """A cell with its fact."""

    row: str  # key of its row in the form
    column: str  # key of its column in the form
    columns: int  # columns that it spans
    form: str  # form of the table
    table: str  # key of the table
    label: str  # row and column as the form prints them
    id: str  # id of the fact
    value: float | None  # number printed
    status: str  # a word of `Status`
    raw: str | None  # text of the cell as published
    unit: str | None  # as printed, else that of the form
    notes: list[int]  # numbers of its notes
    marks: list[str]  # why it is marked: `check`, `claim`, `issue`


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A statutory table with the facts of a version."""

    form: str  # form of the table
    key: str  # key of the table
    title: str  # as the form prints it
    head: list[list[HeadCell]]  # lines of the head
    body: list[list[RowLabel | HeadCell | CellWithFact | CellWithoutFact]]  # lines of the body
    notes: list[FormNote]  # notes on its cells


def notes_on_checks(checks: Iterable[ShownCheck], facts: FactsByPlace) -> Iterator[UnnumberedNote]:
    """A note for each identity that fails."""
    form_of = {table: fact.form for (table, _, _), fact in facts.items()}
    for check in checks:
        if check.outcome == "fails" and check.table in form_of:
            form = form_of[check.table]
            found = assessment_of(form, check)
            said = {name: getattr(check, name) for name in ("identity", "at", "at_label", "left", "right")}
            yield UnnumberedNote(
                "check",
                partial(CheckNote, kind="check", **said),
                at=_cells(form, check.table, found.right),
                beside=_cells(form, check.table, found.left),
            )


def assessment_of(form: str, check: ShownCheck) -> Assessment:
    """The identity of a form that a check is about, with the cells that it joins."""
    known = assessments(form, check.table)
    return next(each for each in known if (each.identity.key, each.at) == (check.identity, check.at))


def _cells(form: str, table: str, side: Iterable[tuple[int, int]] | None) -> tuple[CellPlace, ...]:
    items = forms.load_forms()[form].items_of(table)
    return tuple(items[index].at for _, index in side or ())


def notes_on_claims(claims: Iterable[ReportClaim]) -> Iterator[UnnumberedNote]:
    """A note for each figure of the prose that the tables contradict."""
    for claim in claims:
        if claim.outcome == "contradicts":
            note = partial(ClaimNote, kind="claim", claim=claim.kind, value=claim.value, text=claim.text)
            yield UnnumberedNote("claim", note, at=tuple(map(_place, claim.against)))


def notes_on_issues(issues: Iterable[ListedIssue]) -> Iterator[UnnumberedNote]:
    """A note for each open issue that names a cell, unless a check or a claim tells it already."""
    for issue in issues:
        names_a_cell = issue.where.count(".") == 2
        if names_a_cell and issue.kind not in _TOLD_BY_CHECKS_AND_CLAIMS and not issue.closed_at:
            note = partial(IssueNote, kind="issue", issue=issue.kind, detail=issue.detail)
            yield UnnumberedNote("issue", note, at=(_place(issue.where),))


def _place(text: str) -> CellPlace:
    table, row, column = text.split(".")
    return table, row, column


def filled_form(form: str, table: str, facts: FactsByPlace, notes: FormNotes) -> FilledForm:
    """The layout of a table with its facts in their places, and their notes."""
    layout = form_layout(form, table)
    body = [[_filled(cell, table, facts, notes) for cell in line] for line in layout.body]
    return FilledForm(form, table, layout.title, layout.head, body, notes.of_table(table))


def _filled(
    cell: HeadCell | ValueCell, table: str, facts: FactsByPlace, notes: FormNotes
) -> HeadCell | CellWithFact | CellWithoutFact:
    if isinstance(cell, HeadCell):
        return cell
    place = (table, cell.row, cell.column)
    fact, numbers, marks = facts.get(place), notes.numbers(place), notes.marks(place)
    if fact is None:
        return CellWithoutFact(cell.row, cell.column, cell.columns, numbers, marks)
    return CellWithFact(
        row=cell.row,
        column=cell.column,
        columns=cell.columns,
        form=fact.form,
        table=fact.table,
        label=fact.label,
        id=fact.id,
        value=fact.value,
        status=fact.status,
        raw=fact.raw,
        unit=fact.unit,
        notes=numbers,
        marks=marks,
    )
