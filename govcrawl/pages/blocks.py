"""Prose in reading order: a page's text cut at block-level boundaries and line breaks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import accumulate, chain, compress, pairwise

from govcrawl.pages.markup import Markup, Tag
from govcrawl.pages.page import Block
from govcrawl.pages.visible import is_widget
from govcrawl.zh import squeeze

_new = tuple.__new__  # as in `tokens`
_END = "\0"  # of a line; no text of a page holds it
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def read_blocks(texts: Sequence[str], markup: Markup, inside: Mapping[int, int | None]) -> tuple[Block, ...]:
    """The blocks of a page.

    `texts` are those of the mark-up, empty where they are not shown; `inside` tells at which tags a table begins or
    ends, as in `Shape`.
    """
    ends = [_END if tag.breaks else "" for tag in markup.tags]
    shown = plain = _woven(texts, ends)
    if bold := _bold_texts(markup):
        plain = _woven(["" if weight else text for text, weight in zip(texts, bold, strict=True)], ends)
    blocks = []
    for first, last, table in _stretches(inside, len(texts)):
        stretch = slice(2 * first, 2 * last - 1)
        lines = list(map(str.strip, "".join(shown[stretch]).split(_END)))
        plain_lines = lines if plain is shown else "".join(plain[stretch]).split(_END)
        for line, plain_line in compress(zip(lines, plain_lines, strict=True), lines):
            text = squeeze(line)
            if not is_widget(text):
                blocks.append(_new(Block, (text, table, not plain_line.strip())))
    return tuple(blocks)


def _woven(texts: Sequence[str], ends: Sequence[str]) -> Sequence[str]:
    """Texts and what stands between them, by turns."""
    woven = [""] * (len(texts) + len(ends))
    woven[::2], woven[1::2] = texts, ends
    return woven


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
    return list(accumulate(steps[:-1]))


def _bold_ranges(markup: Markup, weighty: AbstractSet[Tag]) -> Iterator[tuple[int, int]]:
    """The texts in each bold element: first, and the one behind the last; one left open ends with its line."""
    opened: dict[str, list[int]] = {tag.name: [] for tag in weighty}
    for place in [place for place, tag in enumerate(markup.tags) if tag.name in opened]:
        tag = markup.tags[place]
        places = opened[tag.name]
        if not tag.closing:
            places.append(place)
        elif places:
            start = places.pop()
            if markup.tags[start] in weighty:
                yield start + 1, place + 1
    for start in chain.from_iterable(opened.values()):
        if markup.tags[start] in weighty:
            yield start + 1, bisect_right(markup.breaks, markup.breaks[start + 1])
