"""What stands between two boundaries of a page: a cell's content, a stretch of prose, most often a single line break.

The same few fragments make up most of a page, and of the other pages of its portal: labels, noughts, blanks in the
mark-up of one editor. So everything that a fragment says by itself is worked out here and remembered with it.
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
"""The end of a line in `Fragment.shown`; no text of a page holds it."""


class Fragment:
    """Text and inner tags: `texts[i]` stands before `tags[i]`, and one more text after the last tag.

    `pieces` are texts and tags by turns in bytes; `texts` have their entities decoded and NULs dropped.
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
        """Its lines that say something, with white space collapsed; widgets say nothing."""
        return lines_of(self.shown)

    @cached_property
    def words(self) -> Words:
        """Its words, whose offsets count from its first byte; the gap is what stands behind the last of them."""
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
        """The most elements that are open at once in it and need an end tag."""
        return self._depths[0]

    @property
    def opened(self) -> int:
        """How many of them it leaves open."""
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
    """What a tag does between two words; `awaited` are the names of open elements whose end parts them too."""
    if tag.breaks:
        words.line()
    elif tag.apart or (tag.closing and tag.name in awaited):
        words.border(SPACE)
        (awaited.discard if tag.closing else awaited.add)(tag.name)


def lines_of(shown: str) -> tuple[str, ...]:
    """The lines of a text with line ends that say something."""
    return tuple(line for line in map(squeeze, shown.split(END)) if line and not is_widget(line))
