"""Prose in reading order: a page's text cut at block-level boundaries and line breaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby, pairwise

from govcrawl.pages.markup import Markup
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
    for first, last, table in _stretches(inside, len(texts)):
        shown = [place for place in range(first, last) if texts[place]]
        for _, group in groupby(shown, markup.lines.__getitem__):
            places = list(group)
            text = squeeze("".join([texts[place] for place in places]))
            if text and not is_widget(text):
                heading = bool(bold) and all(place in bold or texts[place].isspace() for place in places)
                blocks.append(Block(text, table, heading))
    return tuple(blocks)


def _stretches(inside: Mapping[int, int | None], texts: int) -> Iterator[tuple[int, int, int | None]]:
    """The stretches of texts that stand in one table, or in none: first text, text behind the last, table."""
    yield 0, min(inside, default=texts - 1) + 1, None
    for tag, following in pairwise([*sorted(inside), texts - 1]):
        yield tag + 1, following + 1, inside[tag]


def _bold_texts(markup: Markup) -> AbstractSet[int]:
    """The texts that stand in a heading or are bold; an element that is left open ends with its line."""
    weighty = {tag for tag in markup.kinds if (tag.bold or tag.name in _HEADINGS) and not tag.closing}
    names = {tag.name for tag in weighty}
    bold: set[int] = set()
    if not names:
        return bold
    lines = markup.lines
    opened: dict[str, list[int]] = {name: [] for name in names}
    for place, tag in enumerate(markup.tags):
        if tag.name not in names:
            continue
        if not tag.closing:
            opened[tag.name].append(place)
        elif opened[tag.name]:
            start = opened[tag.name].pop()
            if markup.tags[start] in weighty:
                bold.update(range(start + 1, place + 1))
    for start in (place for places in opened.values() for place in places if markup.tags[place] in weighty):
        end = next((text for text in range(start + 1, len(lines)) if lines[text] != lines[start + 1]), len(lines))
        bold.update(range(start + 1, end))
    return bold
