"""Matches the column heads of a table with the columns of a form by their words.

A head may be spread over several rows of cells (商业 over 企业), stand under group heads, be cut short or be typed
twice. The result is the span of grid columns of each column of a form.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

from govcrawl import forms, zh
from govcrawl.forms import FormColumn, TableBlock
from govcrawl.pages.page import Cell
from govcrawl.reports.cell_values import PRINTED_UNITS
from govcrawl.reports.labels import label_key, label_meaning

GridRow = Sequence[Cell | None]
Parts = tuple[str, ...]

UNIT_HEADS = frozenset({"单位", "计量单位"})
BESIDE_HEADS = frozenset({"代码", "指标代码", "行次", "行号", "备注", "说明"})
"""Heads of columns that number the rows or hold remarks (annex-f2014_stat-codes, habits-remarks-behind-blanks)."""
_SHORTEST_CUT = 4


class Segment(NamedTuple):
    """A run of grid columns under the same head cells. `parts` are their texts from top to bottom.

    A named tuple, because heads are cached by all their segments.
    """

    start: int
    end: int
    parts: Parts


@dataclass(frozen=True)
class Head:
    """The columns of a block of a form on the page: column keys from left to right with their spans.

    `missing` holds the columns of the form without a head on the page, `others` the spans of labelled columns that the
    form lacks. `unit` is the span of a column of units. `repeated` is true if one head occurs twice under one name.
    """

    form: str
    columns: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    missing: tuple[str, ...] = ()
    unit: tuple[int, int] | None = None
    others: tuple[tuple[int, int], ...] = ()
    repeated: bool = False
    also: tuple[str, ...] = ()

    @cached_property
    def starts(self) -> list[int]:
        """The first grid column of each head."""
        return [start for start, _ in self.spans]


@cache
def blocks_of(table: str, block: str | None) -> Mapping[str, TableBlock]:
    """Returns the block with a key in each form that has it, by form."""
    return {
        form.key: each
        for form in forms.load_forms().values()
        if table in form.table_keys
        for each in form.table(table).blocks
        if each.key == block
    }


@cache
def keys_of_heads(table: str) -> frozenset[str]:
    """Returns the keys of all column labels of a table, over all forms."""
    blocks = (
        block for form in forms.load_forms().values() if table in form.table_keys for block in form.table(table).blocks
    )
    return frozenset(label_key(label) for block in blocks for column in block.columns for label in column.labels)


def segments(rows: Sequence[GridRow]) -> tuple[Segment, ...]:
    """Returns the head cells of some rows as runs of grid columns with the same cells above them."""
    runs: list[Segment] = []
    before: tuple[int, ...] = ()
    for column, cells in enumerate(zip(*rows, strict=False)):
        stack = {id(cell): cell.raw for cell in cells if cell and cell.raw and not cell.hidden}
        ids = tuple(stack)
        if runs and ids == before:
            runs[-1] = Segment(runs[-1].start, column + 1, runs[-1].parts)
        else:
            runs.append(Segment(column, column + 1, tuple(stack.values())))
        before = ids
    return tuple(run for run in runs if run.parts)


def resolve(rows: Sequence[GridRow], table: str, block: str | None) -> Head | None:
    """Returns the head of a block from the rows above its values, for the form that fits best; None if none fits."""
    return _resolved(segments(rows), table, block)


@lru_cache(maxsize=1 << 10)
def _resolved(runs: tuple[Segment, ...], table: str, block: str | None) -> Head | None:
    heads = [head for form in blocks_of(table, block) if (head := _in_form(runs, form, table, block))]
    best = min(heads, key=_misfit, default=None)
    if best is None:
        return None
    same = [head.form for head in heads if head is not best and _misfit(head) == _misfit(best)]
    return replace(best, also=tuple(same))


def _misfit(head: Head) -> tuple[int, int]:
    return len(head.missing) + len(head.others), -len(head.columns)


def _in_form(runs: Sequence[Segment], form: str, table: str, block: str | None) -> Head | None:
    columns = blocks_of(table, block)[form].columns
    fits = [fit(run.parts, form, table, block) for run in runs]
    chosen, repeated = assign(fits, len(columns), ["".join(run.parts) for run in runs])
    if not chosen or (len(chosen) < len(columns) and list(chosen.values()) != sorted(chosen.values())):
        return None  # a head is missing and the order is another: test_a_head_that_lost_a_word_and_slipped_is_none
    taken, found = set(chosen), [columns[number] for number in chosen.values()]
    named = _named(form, table, block)
    if any(label_key(run.parts[-1]) in named for index, run in enumerate(runs) if index not in taken):
        # A head that is left over: test_a_head_left_over_under_a_columns_name_makes_all_uncertain.
        return None
    return Head(
        form,
        tuple(columns[chosen[index]].key for index in sorted(taken)),
        tuple((runs[index].start, runs[index].end) for index in sorted(taken)),
        tuple(column.key for number, column in enumerate(columns) if number not in chosen.values()),
        next(((run.start, run.end) for run in runs if label_key(run.parts[-1]) in UNIT_HEADS), None),
        tuple(_others(runs, taken, found)),
        repeated,
    )


def _others(runs: Sequence[Segment], taken: set[int], found: Sequence[FormColumn]) -> Iterator[tuple[int, int]]:
    """The spans of columns that the form lacks: any behind its first column, numbers or remarks anywhere."""
    for index, run in enumerate(runs):
        beside = label_key(run.parts[-1]) in BESIDE_HEADS
        if index not in taken and (beside or (index > min(taken) and _is_other(run, found))):
            yield run.start, run.end


def _is_other(run: Segment, found: Iterable[FormColumn]) -> bool:
    """Whether a head is a column that the form lacks. The name of a group is one if no column of the group is found."""
    # Known texts without data are no columns: test_a_line_of_the_law_beside_the_heads_is_no_column.
    if not all(map(_passed_over, run.parts)):
        return True
    # The group of persons may have one column of its own: habits-persons-and-total.
    groups = {label_meaning(part).key for part in run.parts if label_meaning(part).group}
    named = {label_key(group) for column in found for group in column.groups}
    return bool(groups) and groups.isdisjoint(named)


def assign(fits: Sequence[tuple[int, ...]], width: int, texts: Sequence[str]) -> tuple[dict[int, int], bool]:
    """Assigns heads to columns. Returns `{head: column}`, and whether one head occurs twice under the same name.

    The order of the form decides heads that may be several columns (总计 under a lost group, 本年新 for two), but only
    if exactly one assignment in that order names the most heads. The result is `{}` if no assignment is certain.
    """
    known = {index: fit for index, fit in enumerate(fits) if fit}
    single = {index: fit[0] for index, fit in known.items()}
    if all(len(fit) == 1 for fit in known.values()) and len(set(single.values())) == len(single):
        return single, False
    if _typed_twice(known, width, texts):  # words-proactive-typed-twice
        return dict(zip(known, range(width), strict=True)), True
    return _in_order(known), False  # habits-groups-lost, words-proactive-both-reduced


def _typed_twice(known: Mapping[int, tuple[int, ...]], width: int, texts: Sequence[str]) -> bool:
    """Whether there are as many heads as columns, and each is in its place or repeats the text of an earlier one.

    Heads of one meaning in other words are not typed twice: 2009年度 and 2010年度 are two years (annex-two-years).
    """
    if len(known) != width or any(len(fit) != 1 for fit in known.values()):
        return False
    found = [fit[0] for fit in known.values()]
    said = [zh.fold(texts[head]) for head in known]
    return all(column == place or said[place] in said[:place] for place, column in enumerate(found))


def _in_order(known: Mapping[int, tuple[int, ...]]) -> dict[int, int]:
    """The only longest assignment with ascending columns; `{}` if there is none or more than one."""
    heads = tuple(known.items())

    @cache
    def best(index: int, floor: int) -> tuple[int, int, tuple[tuple[int, int], ...]]:
        """Returns (length, number of ways, one way) for the heads from `index` on and the columns from `floor` on."""
        if index == len(heads):
            return 0, 1, ()
        head, fit = heads[index]
        options = [best(index + 1, floor)]
        for column in fit:
            if column >= floor:
                length, ways, choice = best(index + 1, column + 1)
                options.append((length + 1, ways, ((head, column), *choice)))
        longest = max(length for length, _, _ in options)
        top = [option for option in options if option[0] == longest]
        return longest, sum(ways for _, ways, _ in top), top[0][2]

    _, ways, choice = best(0, 0)
    return dict(choice) if ways == 1 else {}


@lru_cache(maxsize=1 << 12)
def fit(parts: Parts, form: str, table: str, block: str | None) -> tuple[int, ...]:
    """Returns the columns of a block that a stack of head texts may name, by their position in the form."""
    columns, named = blocks_of(table, block)[form].columns, _named(form, table, block)
    names = [part for part in parts if not _passed_over(part)]
    groups = {label_meaning(part).key for part in parts if label_meaning(part).group}
    for start in range(len(names)):  # a name in several rows of cells: heads-two_rows-2019
        key = _head_key("".join(names[start:]))
        found = [number for number in named.get(key, ()) if _under(groups, columns[number])]  # habits-groups-moved
        if found:
            # test_a_word_of_the_neighbour_over_a_head_means_that_the_rows_are_shifted
            return () if _begin_others(names[:start], columns, found) else tuple(found)
    return _cut(names, columns)


def _begin_others(left: Iterable[str], columns: Sequence[FormColumn], found: Sequence[int]) -> bool:
    """Whether a text above a column's name begins the name of another column, since the rows of heads are shifted."""
    keys = tuple(key for text in left if (key := label_key(text)))
    others = (column for number, column in enumerate(columns) if number not in found)
    return bool(keys) and any(name.startswith(keys) for column in others for name in _keys_of(column))


def _head_key(text: str) -> str:
    """The key of a head, without a unit or guidance in brackets behind it (fixture habits-units-in-heads)."""
    meant = label_meaning(text)
    return meant.key if meant.head else label_key(text)


def _passed_over(part: str) -> bool:
    said = label_meaning(part)
    # A unit: test_a_unit_under_a_head_is_passed_over. A group whose name is part of a column's: habits-group-in-names.
    return part in PRINTED_UNITS or (
        not said.head and (said.group or said.silent or said.title or said.anchor is not None)
    )


@cache
def _named(form: str, table: str, block: str | None) -> Mapping[str, tuple[int, ...]]:
    """The columns of a block, by their position in the form, under the keys of all their names."""
    named: defaultdict[str, tuple[int, ...]] = defaultdict(tuple)
    for number, column in enumerate(blocks_of(table, block)[form].columns):
        for key in _keys_of(column):
            named[key] += (number,)
    return dict(named)


@cache
def _keys_of(column: FormColumn) -> frozenset[str]:
    """The keys of a column's labels, alone and behind the name of its group (fixture habits-group-in-names)."""
    labels = [label_key(label) for label in column.labels]
    groups = [label_key(group) for group in column.groups[-1:]]
    return frozenset((*labels, *(group + label for group in groups for label in labels)))


def _under(groups: set[str], column: FormColumn) -> bool:
    return not groups or not column.groups or label_key(column.groups[-1]) in groups


def _cut(names: Sequence[str], columns: Sequence[FormColumn]) -> tuple[int, ...]:
    """The only column whose label begins with the last text, or begins it (guidance is glued on)."""
    key = label_key(names[-1]) if names else ""
    if len(key) < _SHORTEST_CUT:  # test_half_a_head_is_too_short_to_be_known
        return ()
    found = [number for number, column in enumerate(columns) if any(_begin(key, label) for label in column.labels)]
    return tuple(found) if len(found) == 1 else ()


def _begin(key: str, label: str) -> bool:
    whole = label_key(label)
    return len(whole) >= _SHORTEST_CUT and (whole.startswith(key) or key.startswith(whole))
