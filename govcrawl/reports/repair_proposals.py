"""Proposes repairs of tables that break identities: the smallest move of cells after which every identity holds.

The arithmetic reveals a row filled in one column too far, two cells typed into one, one cell typed into two, or two
cells exchanged. A proposal is an issue with its proof; the facts stay as printed. A move only rearranges the figures on
the page. It is proposed only if no other move of the same size repairs the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from govcrawl.models import Fact, Issue
from govcrawl.reports.identities import Assessment, Figure, broken, fails
from govcrawl.reports.reconciliation import Tables
from govcrawl.vocabulary import IssueKind, Severity

Values = tuple[Figure | None, ...]
LARGEST_SEARCH = 4000
"""The most moves tried for one table."""


@dataclass(frozen=True, slots=True)
class Move:
    """A change of the figures of one line (a row or a column). `name` describes it, `after` is the changed line."""

    name: str
    cells: tuple[int, ...]
    before: Values
    after: Values


def propose_repairs(tables: Tables) -> tuple[Issue, ...]:
    """Returns an issue for each table with broken identities that exactly one smallest move repairs."""
    found = (_proposal(table, form, tables.facts[table]) for table, form in tables.forms.items())
    return tuple(issue for issue in found if issue)


def _proposal(table: str, form: str, facts: Sequence[Fact]) -> Issue | None:
    values = [fact.value for fact in facts]
    wrong = _hard(broken(form, table, values))
    if not wrong:
        return None
    mends = _mends(table, form, facts, wrong)
    results = {move.cells + move.after for move in mends}
    if len(results) != 1:
        return None
    return _issue(table, mends[0], facts, wrong)


def _mends(table: str, form: str, facts: Sequence[Fact], wrong: Sequence[Assessment]) -> list[Move]:
    """The moves of the fewest cells that leave no identity broken."""
    values = [fact.value for fact in facts]
    mends: list[Move] = []
    for count, move in enumerate(_moves(_lines(facts, wrong), values)):
        if count == LARGEST_SEARCH:
            break
        trial = _after(values, move)
        if not any(fails(each, trial) for each in wrong) and not _hard(broken(form, table, trial)):
            mends.append(move)
    size = min((_size(move) for move in mends), default=0)
    return [move for move in mends if _size(move) == size]


def _size(move: Move) -> int:
    return sum(one != two for one, two in zip(move.before, move.after, strict=True))


def _hard(wrong: Sequence[Assessment]) -> list[Assessment]:
    """The broken identities that a correct report cannot break."""
    return [each for each in wrong if not each.identity.soft]


def _after(values: Sequence[Figure | None], move: Move) -> list[Figure | None]:
    trial = list(values)
    for cell, value in zip(move.cells, move.after, strict=True):
        trial[cell] = value
    return trial


def _lines(facts: Sequence[Fact], wrong: Sequence[Assessment]) -> Iterator[tuple[int, ...]]:
    """The rows, then the columns, with a cell in a broken identity."""
    touched = {cell for each in wrong for cell in each.cells}
    for name in ("row", "column"):
        keys = dict.fromkeys(getattr(facts[cell], name) for cell in sorted(touched))
        for key in keys:
            yield tuple(index for index, fact in enumerate(facts) if getattr(fact, name) == key)


def _moves(lines: Iterator[tuple[int, ...]], values: Sequence[Figure | None]) -> Iterator[Move]:
    for cells in lines:
        before = tuple(values[cell] for cell in cells)
        for name, after in _rearranged(before):
            if after != before and len(after) == len(before):
                yield Move(name, cells, before, after)


def _rearranged(line: Values) -> Iterator[tuple[str, Values]]:
    """Every shift, swap, merge and split of neighbours in a line. A nil cell at its end keeps the length."""
    for index in range(len(line) - 1):
        one, two = line[index : index + 2]
        yield "swap", (*line[:index], two, one, *line[index + 2 :])
    for index in range(len(line)):
        rest = line[index + 1 :]
        if not line[index]:
            yield "shift", (*line[:index], *rest, 0)
        if not line[-1]:
            yield "shift", (*line[:index], 0, *line[index:-1])
            yield from (("split", (*line[:index], *pair, *rest[:-1])) for pair in _split(line[index]))
        if rest and (joined := _join(line[index], rest[0])) is not None:
            yield "merge", (*line[:index], joined, *rest[1:], 0)


def _split(value: Figure | None) -> Iterator[tuple[int, int]]:
    digits = str(value) if isinstance(value, int) and value > 9 else ""
    for place in range(1, len(digits)):
        if digits[place] != "0" or place == len(digits) - 1:
            yield int(digits[:place]), int(digits[place:])


def _join(one: Figure | None, two: Figure | None) -> int | None:
    if isinstance(one, int) and isinstance(two, int) and one > 0 <= two:
        return int(f"{one}{two}")
    return None


def _issue(table: str, move: Move, facts: Sequence[Fact], wrong: Sequence[Assessment]) -> Issue:
    changes = [
        f"{facts[cell].row}.{facts[cell].column} {one} -> {two}"
        for cell, one, two in zip(move.cells, move.before, move.after, strict=True)
        if one != two
    ]
    proof = ", ".join(f"{each.identity.key} at {each.at}" for each in wrong)
    detail = f"{move.name}: {'; '.join(changes)}; then every identity holds, which now fail: {proof}"
    return Issue(IssueKind.REPAIR_PROPOSED, Severity.INFO, table, detail)
