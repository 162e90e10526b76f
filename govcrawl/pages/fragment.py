"""A fragment: the mark-up between two boundaries of a page, such as the content of a cell or a stretch of prose.

A few fragments make up most of a page and of the other pages of its portal: labels, zeros, blanks in the mark-up of
one editor. So everything that follows from a fragment alone is computed here once and cached with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

from govcrawl.pages.html_tag import UNCOUNTED, Tag
from govcrawl.pages.text_words import NOTHING, SPACE, Words
from govcrawl.pages.widgets import is_widget
from govcrawl.zh import raw, squeeze

END = "\0"
"""Marks the end of a line in `Fragment.shown`. No text of a page contains it."""


class Fragment:
    """Texts and inner tags: `texts[i]` precedes `tags[i]`, and the last text follows the last tag.

    `pieces` alternates texts and tags, in bytes. `texts` have entities decoded and NULs dropped.
    """

    def __init__(self, pieces: Sequence[bytes], tags: Sequence[Tag], texts: Sequence[str], encoding: str) -> None:
        self.pieces = pieces
        self.tags = tags
        self.texts = texts
        self.encoding = encoding

    def showing(self, texts: Sequence[str]) -> Fragment:
        """The same fragment with some of its texts emptied."""
        return Fragment(self.pieces, self.tags, texts, self.encoding)

    @cached_property
    def raw(self) -> str:
        """All its text without white space."""
        return raw("".join(self.texts))

    @cached_property
    def shown(self) -> str:
        """All its text, with `END` where a line ends."""
        shown = [text + END * bool(tag.breaks) for text, tag in zip(self.texts, self.tags, strict=False)]
        return "".join((*shown, self.texts[-1]))

    @cached_property
    def lines(self) -> Sequence[str]:
        """Its lines with white space collapsed, without empty lines and page widgets."""
        return lines_of(self.shown)

    @cached_property
    def words(self) -> Words:
        """Its words, with offsets from its first byte. The gap of the result is the separator behind the last word."""
        words = Words(NOTHING)
        starts = list(accumulate(map(len, self.pieces), initial=0))
        awaited: set[str] = set()
        for place, text in enumerate(self.texts):
            words.text(text, self.pieces[2 * place], starts[2 * place], self.encoding)
            if place < len(self.tags):
                _part(words, self.tags[place], awaited)
        return words

    @property
    def deepest(self) -> int:
        """The most elements open at once in it, of those that need an end tag."""
        return self._depths[0]

    @property
    def opened(self) -> int:
        """The number of elements that need an end tag and have none in it."""
        return self._depths[1]

    @cached_property
    def _depths(self) -> tuple[int, int]:
        opened = deepest = 0
        for tag in self.tags:
            if tag.name not in UNCOUNTED:
                opened = max(0, opened - 1) if tag.closing else opened + 1
                deepest = max(deepest, opened)
        return deepest, opened


def _part(words: Words, tag: Tag, awaited: set[str]) -> None:
    """Adds the separator of a tag. `awaited` holds the names of open elements whose end tag separates words too."""
    if tag.breaks:
        words.line()
    elif tag.apart or (tag.closing and tag.name in awaited):
        words.border(SPACE)
        (awaited.discard if tag.closing else awaited.add)(tag.name)


def lines_of(shown: str) -> tuple[str, ...]:
    """The lines of a text with `END` marks, with white space collapsed, without empty lines and page widgets."""
    return tuple(line for line in map(squeeze, shown.split(END)) if line and not is_widget(line))
