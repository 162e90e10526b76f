"""Proposes how to split digits that run together: the only way that satisfies every identity.

A flattened copy prints `1.属于国家秘密1000001` for seven cells of the form. The figures stay missing, since the page
does not say where one ends. But six of them sum to the seventh and the rows sum to their total, so often only one way
to cut all rows fits. Rows that were read help. It is proposed with its proof. If two ways fit, or the search is too
large, nothing is proposed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice, pairwise

from govcrawl import forms, zh
from govcrawl.forms import FormTable
from govcrawl.models import Fact, Issue
from govcrawl.pages.page import Token
from govcrawl.reports.cell_values import read_cell
from govcrawl.reports.identities import Assessment, Figure, assessments, fails
from govcrawl.reports.reconciliation import Tables
from govcrawl.vocabulary import IssueKind, Severity, Status

DigitCut = tuple[int, ...]
"""The figures of a row, cell by cell."""
Sums = tuple[int, ...]
"""The open balance, after the rows so far, of each identity over several rows."""

MOST_STEPS = 60_000
"""The most cuts and sums of cuts tried for one table."""
LONGEST_ROW = 90
"""Digits; a table with a longer row is not searched."""
_DIGITS = re.compile(r"\d+", re.ASCII)


class _GivenUpError(Exception):
    """The search for one table took more than `MOST_STEPS`."""


def propose_splits(tokens: Sequence[Token], tables: Tables) -> tuple[Issue, ...]:
    """Returns an issue for each table with rows without a certain cell, if their digits can be cut in only one way."""
    whole = {table for table, facts in tables.facts.items() if all(fact.status is Status.MISSING for fact in facts)}
    parts = {table for table, _ in tables.glued if table in tables.facts} - whole
    text = zh.fold("".join(token.text for token in tokens)) if whole else ""
    found: list[Issue] = []
    for table in (table for table in tables.facts if table in whole | parts):
        shape = forms.load_forms()[tables.forms[table]].table(table)
        digits = _digits(text, shape) if table in whole else _glued_digits(tables, table)
        issue = _proposal(digits, table, tables.forms[table], tables.facts[table])
        found.extend((issue,) if issue else _proposed_rows(table, tables))
    return tuple(found)


def _glued_digits(tables: Tables, table: str) -> Sequence[str]:
    """The digits of each row whose figures touch; `""` for the other rows."""
    facts = tables.facts[table]
    glued = [tables.glued.get((table, facts[span[0]].row), ("", ())) for span in _spans(facts)]
    return [
        digits if len(columns) == len(span) else ""
        for (digits, columns), span in zip(glued, _spans(facts), strict=True)
    ]


def _proposed_rows(table: str, tables: Tables) -> Iterator[Issue]:
    """A proposal for each row that no identity holds, if its digits can be cut into its figures in one way."""
    bound = {cell for each in _binding(tables.forms[table], table) for cell in each.cells}
    for span in _spans(facts := tables.facts[table]):
        row = facts[span[0]].row
        digits, columns = tables.glued.get((table, row), ("", ()))
        if _is_lost(facts, span) and bound.isdisjoint(span) and 0 < len(digits) <= LONGEST_ROW:
            cuts = list(islice(_ways(digits, len(columns)), 2))
            if len(cuts) == 1:
                said = ", ".join(f"{column} {figure}" for column, figure in zip(columns, cuts[0], strict=True))
                detail = f"split: {said}; there is no other way to cut {digits} into {len(columns)} figures"
                yield Issue(IssueKind.REPAIR_PROPOSED, Severity.INFO, f"{table}.{row}", detail)


def _ways(digits: str, left: int) -> Iterator[DigitCut]:
    """The ways to cut digits into figures. There is always a next one, so two of them are found at once."""
    if not left or not len(digits) >= left:
        return
    if left == 1:
        if digits == "0" or not digits.startswith("0"):
            yield (int(digits),)
        return
    for length in _lengths(digits, left):
        for rest in _ways(digits[length:], left - 1):
            yield (int(digits[:length]), *rest)


def _proposal(digits: Sequence[str], table: str, form: str, facts: Sequence[Fact]) -> Issue | None:
    binding = _binding(form, table)
    spans = _spans(facts)
    known = [None if _is_lost(facts, span) else _known(facts, span) for span in spans]
    if not binding or () in known or len(digits) != len(spans) or not all(map(_is_open, digits, known)):
        return None
    try:
        cuts = _Search(binding, len(facts)).only_cut(digits, spans, known)
    except _GivenUpError:
        return None
    if not cuts:
        return None
    found = zip(spans, cuts, known, strict=True)
    rows = "; ".join(f"{facts[span[0]].row} {' '.join(map(str, cut))}" for span, cut, told in found if told is None)
    proof = ", ".join(dict.fromkeys(each.identity.key for each in binding))
    detail = f"split: {rows}; no other way to cut the digits makes every identity hold: {proof}"
    return Issue(IssueKind.REPAIR_PROPOSED, Severity.INFO, table, detail)


def _binding(form: str, table: str) -> Sequence[Assessment]:
    """The identities within one year that a correct report cannot break."""
    return [each for each in assessments(form, table) if each.left and each.right and not each.identity.soft]


def _is_lost(facts: Sequence[Fact], span: range) -> bool:
    return all(facts[cell].status is Status.MISSING for cell in span)


def _known(facts: Sequence[Fact], span: range) -> DigitCut:
    """The whole numbers of a row that was read, with nothing as zero; `()` if one of its cells is open."""
    row = [0 if facts[cell].value is None and _says_nothing(facts[cell]) else facts[cell].value for cell in span]
    return tuple(value for value in row if isinstance(value, int)) if all(isinstance(each, int) for each in row) else ()


def _says_nothing(fact: Fact) -> bool:
    return fact.status is not Status.MISSING and read_cell(fact.raw or "").nil


def _is_open(digits: str, known: DigitCut | None) -> bool:
    """Whether a row is known, or holds digits that can be searched."""
    return known is not None or bool(_DIGITS.fullmatch(digits) and len(digits) <= LONGEST_ROW)


def _spans(facts: Sequence[Fact]) -> list[range]:
    """The range of cells of each row."""
    rows = (list(cells) for _, cells in groupby(range(len(facts)), key=lambda cell: facts[cell].row))
    return [range(cells[0], cells[-1] + 1) for cells in rows]


# -------------------------------------------------------------------------------------------------------------- digits


def _digits(text: str, table: FormTable) -> Sequence[str]:
    """The digits of each row of values; empty if any row is not found."""
    return _behind_heads(text, table) if table.orientation == "columns" else _behind_labels(text, table)


def _behind_heads(text: str, table: FormTable) -> Sequence[str]:
    """The digits of a table of one row under heads: the digits behind the heads of its last group."""
    *_, last = (list(columns) for _, columns in groupby(table.columns, key=lambda column: column.groups))
    heads = "".join(zh.fold(column.label) for column in last)
    found = re.search(rf"{re.escape(heads)}(\d+)", text, re.ASCII)
    return [found[1]] if found else []


def _behind_labels(text: str, table: FormTable) -> Sequence[str]:
    """The text between the label of each row and the next label; empty if any label is not found."""
    spans = list(_label_spans(text, table))
    if len(spans) < len(table.rows):
        return []
    last = _DIGITS.match(text, spans[-1][1])
    spans.append((last.end(), 0) if last else (spans[-1][1], 0))
    behind = [text[end:start] for (_, end), (start, _) in pairwise(spans)]
    return [each for each, row in zip(behind, table.rows, strict=True) if row.data]


def _label_spans(text: str, table: FormTable) -> Iterator[tuple[int, int]]:
    """The span of the label of each row, in form order, up to the first that is not found."""
    place = 0
    for row in table.rows:
        labels = sorted(map(zh.fold, row.labels), key=len, reverse=True)
        starts = [(start, start + len(label)) for label in labels if (start := text.find(label, place)) >= 0]
        if not starts:
            return
        place = min(starts, key=lambda span: (span[0], -span[1]))[1]
        yield min(starts, key=lambda span: (span[0], -span[1]))


# -------------------------------------------------------------------------------------------------------------- search


@dataclass
class _Search:
    """Searches the cuts of all rows of a table that satisfy every identity."""

    identities: Sequence[Assessment]
    cells: int
    steps: int = 0
    values: list[Figure | None] = field(init=False)
    closing: dict[int, list[Assessment]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.values = [None] * self.cells
        for each in self.identities:
            self.closing[max(each.cells)].append(each)

    def only_cut(
        self, digits: Sequence[str], spans: Sequence[range], known: Sequence[DigitCut | None]
    ) -> Sequence[DigitCut]:
        """Returns the only cut of all rows; empty if none or several fit. A `known` row is as it is."""
        across = [each for each in self.identities if not any(set(each.cells) <= set(span) for span in spans)]
        sums: dict[Sums, tuple[int, tuple[DigitCut, ...]]] = {(0,) * len(across): (1, ())}
        for each, span, told in zip(digits, spans, known, strict=True):
            cuts = [told] if told else list(self._cuts(each, span, ()))
            self._step(len(cuts) * len(sums))
            sums = _added(sums, [(cut, _sums(across, span, cut)) for cut in cuts])
        ways, found = sums.get((0,) * len(across), (0, ()))
        return found if ways == 1 else ()

    def _cuts(self, digits: str, span: range, begun: DigitCut) -> Iterator[DigitCut]:
        """The cuts of the digits of one row with this beginning that break no identity of the row."""
        self._step(1)
        left = len(span) - len(begun)
        if not left:
            yield begun
            return
        cell = span[len(begun)]
        for length in _lengths(digits, left):
            self.values[cell] = int(digits[:length])
            if not any(fails(each, self.values) for each in self.closing[cell]):
                yield from self._cuts(digits[length:], span, (*begun, int(digits[:length])))
        self.values[cell] = None

    def _step(self, count: int) -> None:
        self.steps += count
        if self.steps > MOST_STEPS:
            raise _GivenUpError


def _lengths(digits: str, left: int) -> range:
    """The possible lengths of the next of `left` figures. Only 0 begins with 0. The last figure takes all digits."""
    longest = 1 if digits.startswith("0") else len(digits) - left + 1
    return range(1 if left > 1 else len(digits) or 1, longest + 1)


def _sums(across: Sequence[Assessment], span: range, cut: DigitCut) -> Sums:
    """The sum that a row adds to each identity: its cells on the left minus those on the right."""
    values = dict(zip(span, cut, strict=True))
    return tuple(
        sum(sign * values.get(cell, 0) for sign, cell in each.left or ())
        - sum(sign * values.get(cell, 0) for sign, cell in each.right or ())
        for each in across
    )


def _added(
    sums: dict[Sums, tuple[int, tuple[DigitCut, ...]]], cuts: Sequence[tuple[DigitCut, Sums]]
) -> dict[Sums, tuple[int, tuple[DigitCut, ...]]]:
    """Combines every sum with every cut of the next row. Maps each new sum to (number of ways, one of them)."""
    added: dict[Sums, tuple[int, tuple[DigitCut, ...]]] = {}
    for before, (ways, chosen) in sums.items():
        for cut, more in cuts:
            after = tuple(map(sum, zip(before, more, strict=True)))
            known, one = added.get(after, (0, (*chosen, cut)))
            added[after] = (known + ways, one)
    return added
