"""Drops the text of small hidden elements.

Portals hide whole reports and show them by script. So a hidden element is dropped only if it is short and holds no
table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from govcrawl.pages.fragment import Fragment
from govcrawl.pages.html_tag import VOID, Tag
from govcrawl.pages.markup import Markup

_MOST_TAGS, _MOST_TEXT = 60, 400  # the largest hidden element that is dropped: tags, characters


def without_hidden(markup: Markup) -> Sequence[Fragment]:
    """Returns the fragments of a page with the texts of small hidden elements emptied."""
    if not any(tag.hidden for tag in markup.kinds):
        return markup.fragments
    tags, texts = list(markup.every_tag()), list(markup.every_text())
    for start in [place for place, tag in enumerate(tags) if tag.hidden]:
        end = _end_of(tags, start)
        if sum(map(len, texts[start + 1 : end + 1])) <= _MOST_TEXT:
            texts[start + 1 : end + 1] = [""] * (end - start)
    return list(_showing(markup.fragments, iter(texts)))


def _showing(fragments: Sequence[Fragment], texts: Iterator[str]) -> Iterator[Fragment]:
    """The fragments with these texts. An unchanged fragment stays the same object and keeps its cached values."""
    for fragment in fragments:
        shown = list(islice(texts, len(fragment.texts)))
        yield fragment if shown == fragment.texts else fragment.showing(shown)


def _end_of(tags: Sequence[Tag], start: int) -> int:
    """The place of an element's end tag; its start if it is void, long, never closed, or holds a table."""
    name, depth = tags[start].name, 0
    if name in VOID:
        return start
    for place in range(start, min(start + _MOST_TAGS, len(tags))):
        tag = tags[place]
        if tag.name == "table" and name != "table":
            return start
        if tag.name == name:
            depth += -1 if tag.closing else 1
            if depth == 0:
                return place
    return start
