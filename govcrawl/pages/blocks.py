"""Splits the text of a page into blocks at block-level boundaries and line breaks, in reading order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise

from govcrawl.pages.fragment import Fragment, lines_of
from govcrawl.pages.markup import Markup
from govcrawl.pages.page import Block

_new = tuple.__new__  # as in `words`


def read_blocks(fragments: Sequence[Fragment], markup: Markup, inside: Mapping[int, int | None]) -> tuple[Block, ...]:
    """Returns the blocks of a page in reading order.

    `fragments` are those of the mark-up without hidden text. `inside` maps boundaries to tables, as in `Shape`.
    """
    lines = [fragment.lines for fragment in fragments]
    for first, last in _joined(markup):
        lines[first] = lines_of("".join(fragment.shown for fragment in fragments[first : last + 1]))
        lines[first + 1 : last + 1] = [()] * (last - first)
    return tuple(
        _new(Block, (text, table))
        for first, last, table in _stretches(inside, len(fragments))
        for said in lines[first:last]
        for text in said
    )


def _joined(markup: Markup) -> Iterator[tuple[int, int]]:
    """The first and the last of each run of fragments that only comments and the like separate: a line spans them."""
    joints = [place for place, tag in enumerate(markup.tags) if not tag.breaks]
    for _, run in groupby(enumerate(joints), lambda each: each[1] - each[0]):
        places = [place for _, place in run]
        yield places[0], places[-1] + 1


def _stretches(inside: Mapping[int, int | None], texts: int) -> Iterator[tuple[int, int, int | None]]:
    """The runs of fragments in one table or in none, as (first, last + 1, table)."""
    yield 0, min(inside, default=texts - 1) + 1, None
    for tag, following in pairwise([*sorted(inside), texts - 1]):
        yield tag + 1, following + 1, inside[tag]
