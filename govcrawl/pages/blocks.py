"""Prose in reading order: a page's text cut at block-level boundaries and line breaks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import accumulate, chain, groupby, pairwise

from govcrawl.pages.markup import Markup, Tag
from govcrawl.pages.page import Block
from govcrawl.pages.visible import is_widget
from govcrawl.zh import squeeze

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def read_blocks(texts: Sequence[str], markup: Markup, inside: Mapping[int, int | None]) -> tuple[Block, ...]:
    """The blocks of a page.

    `texts` are those of the mark-up, empty where they are not shown; `inside` tells at which tags a table begins or
    ends, as in `Shape`.
    """
    blocks = []
    bold = _bold_texts(markup)
    breaks = markup.breaks
    for first, last, table in _stretches(inside, len(texts)):
        shown = [place for place in range(first, last) if texts[place]]
        for _, group in groupby(shown, breaks.__getitem__):
            places = list(group)
            text = squeeze("".join([texts[place] for place in places]))
            if text and not is_widget(text):
                blocks.append(Block(text, table, bool(bold) and _all_bold(texts, places, bold)))
    return tuple(blocks)


def _all_bold(texts: Sequence[str], places: Sequence[int], bold: Sequence[int]) -> bool:
    return all(bold[place] or texts[place].isspace() for place in places)


def _stretches(inside: Mapping[int, int | None], texts: int) -> Iterator[tuple[int, int, int | None]]:
    """The stretches of texts that stand in one table, or in none: first text, text behind the last, table."""
    yield 0, min(inside, default=texts - 1) + 1, None
    for tag, following in pairwise([*sorted(inside), texts - 1]):
        yield tag + 1, following + 1, inside[tag]


def _bold_texts(markup: Markup) -> Sequence[int]:
    """For each text how many bold elements and headings it stands in; nothing where the page has none."""
    weighty = {tag for tag in markup.kinds if (tag.bold or tag.name in _HEADINGS) and not tag.closing}
    if not weighty:
        return ()
    steps = [0] * (len(markup.texts) + 1)
    for start, end in _bold_ranges(markup, weighty):
        steps[start] += 1
        steps[end] -= 1
    return list(accumulate(steps))


def _bold_ranges(markup: Markup, weighty: AbstractSet[Tag]) -> Iterator[tuple[int, int]]:
    """The texts in each bold element: first, and the one behind the last; one left open ends with its line."""
    opened: dict[str, list[int]] = {tag.name: [] for tag in weighty}
    for place, tag in enumerate(markup.tags):
        places = opened.get(tag.name)
        if places is None:
            continue
        if not tag.closing:
            places.append(place)
        elif places:
            start = places.pop()
            if markup.tags[start] in weighty:
                yield start + 1, place + 1
    for start in chain.from_iterable(opened.values()):
        if markup.tags[start] in weighty:
            yield start + 1, bisect_right(markup.breaks, markup.breaks[start + 1])
