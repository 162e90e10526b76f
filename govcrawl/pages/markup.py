"""Splits HTML at its boundaries: tags that shape tables, comments, elements whose content is not text.

The mark-up between two boundaries is a `Fragment`. Every byte offset of this package comes from here, so two readers
cannot disagree about the place of a text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache, cached_property, partial
from itertools import accumulate, chain
from operator import attrgetter
from typing import TypeVar

from govcrawl.pages.fragment import Fragment
from govcrawl.pages.html_syntax import BOUNDARY, INLINE, TAG, decoded
from govcrawl.pages.html_tag import Tag


class Markup:
    """A page in pieces: `fragments[i]` precedes the boundary `tags[i]`, and the last fragment follows the last tag.

    `bounds[2 * i]` is the byte offset of `fragments[i]`, `bounds[2 * i + 1]` that of `tags[i]`; the last bound is the
    length of the page. `kinds` holds each distinct tag once, those inside fragments included: a question about tags is
    asked of dozens instead of thousands. `fragment_kinds` counts each distinct fragment.
    """

    def __init__(self, body: bytes, encoding: str) -> None:
        self.encoding = encoding
        tags, fragments = known(encoding)
        self._place(BOUNDARY.split(body), tags, fragments)
        if not all(map(attrgetter("whole"), self.kinds)):
            self._place(_boundaries(TAG.split(body), tags), tags, _Known(partial(_fragment, TAG, tags, encoding)))

    def _place(self, pieces: Sequence[bytes], tags: Mapping[bytes, Tag], fragments: Mapping[bytes, Fragment]) -> None:
        self.bounds: Sequence[int] = list(accumulate(map(len, pieces), initial=0))
        self.tags: Sequence[Tag] = list(map(tags.__getitem__, pieces[1::2]))
        self.fragments: Sequence[Fragment] = list(map(fragments.__getitem__, pieces[::2]))
        self.fragment_kinds: Mapping[Fragment, int] = Counter(self.fragments)
        inner = chain.from_iterable(map(attrgetter("tags"), self.fragment_kinds))
        self.kinds: Collection[Tag] = dict.fromkeys(chain(self.tags, inner))

    @cached_property
    def codes(self) -> str:
        """The codes of all boundaries, one character each."""
        return "".join(map(attrgetter("code"), self.tags))

    def every_tag(self) -> Iterator[Tag]:
        """Yields all tags of the page in order, those inside fragments included."""
        return (tag for _, _, tag in self.in_order() if tag)

    def every_text(self) -> Iterator[str]:
        """Yields all texts of the page in order: one before each tag, and one behind the last."""
        return (text for _, text, _ in self.in_order())

    def in_order(self) -> Iterator[tuple[bytes, str, Tag | None]]:
        """Yields (bytes, decoded text, tag behind it) for each text of the page; the tag behind the last is None."""
        for fragment, boundary in zip(self.fragments, (*self.tags, None), strict=True):
            yield from zip(fragment.pieces[::2], fragment.texts, (*fragment.tags, boundary), strict=True)


def _boundaries(pieces: Sequence[bytes], tags: Mapping[bytes, Tag]) -> list[bytes]:
    """Joins the pieces of a page that was cut at every tag into pieces cut at boundaries only."""
    joined: list[bytes] = []
    inside = [pieces[0]]
    for source, text in zip(pieces[1::2], pieces[2::2], strict=True):
        if tags[source].boundary:
            joined += (b"".join(inside), source)
            inside = [text]
        else:
            inside += (source, text)
    return [*joined, b"".join(inside)]


_SHORT, _MOST = 1_024, 1 << 14  # the longest piece that is cached beyond its page, in bytes, and the most pieces

_Kind = TypeVar("_Kind")


class _Known(dict[bytes, _Kind]):
    """A cache of objects made of pieces of mark-up. Most pieces repeat within a page and on other pages."""

    def __init__(self, make: Callable[[bytes], _Kind]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, source: bytes) -> _Kind:
        made = self._make(source)
        if len(source) <= _SHORT:
            if len(self) == _MOST:
                self.clear()
            self[source] = made
        return made


@cache
def known(encoding: str) -> tuple[_Known[Tag], _Known[Fragment]]:
    """Returns the caches of tags and fragments for one charset. Their tags are cut at the first `>`."""
    tags = _Known(partial(Tag, encoding=encoding))
    return tags, _Known(partial(_fragment, INLINE, tags, encoding))


def _fragment(tag: re.Pattern[bytes], tags: Mapping[bytes, Tag], encoding: str, source: bytes) -> Fragment:
    pieces = tag.split(source)
    inner = list(map(tags.__getitem__, pieces[1::2]))
    return Fragment(pieces, inner, decoded(pieces[::2], encoding), encoding)
