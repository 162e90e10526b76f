"""HTML cut at its boundaries: the tags that shape tables, comments, and elements whose content is no text.

What stands between two of them is a `Fragment`, cut further by itself. Everything in this package that needs a byte
offset takes it from here, so that two readers cannot disagree about where a piece of text lies.
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
    """A page in pieces: `fragments[i]` stands before the boundary `tags[i]`, and one more behind the last.

    `bounds[2 * i]` is the byte offset of `fragments[i]`, `bounds[2 * i + 1]` that of `tags[i]`; the last bound is the
    length of the page. `kinds` hold each different tag once, those inside of fragments too: what depends on a tag alone
    is asked there, of dozens instead of thousands; so do `fragment_kinds` with fragments,
    and tell how many times each comes up.
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
        """All tags of the page in its order, those inside of fragments too."""
        return (tag for _, _, tag in self.in_order() if tag)

    def every_text(self) -> Iterator[str]:
        """All texts of the page in its order: one before each tag, and one more behind the last."""
        return (text for _, text, _ in self.in_order())

    def in_order(self) -> Iterator[tuple[bytes, str, Tag | None]]:
        """Each text of the page, as bytes and decoded, with the tag behind it; None behind the last."""
        for fragment, boundary in zip(self.fragments, (*self.tags, None), strict=True):
            yield from zip(fragment.pieces[::2], fragment.texts, (*fragment.tags, boundary), strict=True)


def _boundaries(pieces: Sequence[bytes], tags: Mapping[bytes, Tag]) -> list[bytes]:
    """A page that was cut at every tag as if it had been cut at its boundaries only."""
    joined: list[bytes] = []
    inside = [pieces[0]]
    for source, text in zip(pieces[1::2], pieces[2::2], strict=True):
        if tags[source].boundary:
            joined += (b"".join(inside), source)
            inside = [text]
        else:
            inside += (source, text)
    return [*joined, b"".join(inside)]


_SHORT, _MOST = 1_024, 1 << 14  # bytes of a piece that is remembered beyond its page, and how many are

_Kind = TypeVar("_Kind")


class _Known(dict[bytes, _Kind]):
    """What was made of pieces of mark-up: most are written the same many times over, on other pages too."""

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
    """The tags and the fragments of pages in one charset; tags are cut short at the first `>`."""
    tags = _Known(partial(Tag, encoding=encoding))
    return tags, _Known(partial(_fragment, INLINE, tags, encoding))


def _fragment(tag: re.Pattern[bytes], tags: Mapping[bytes, Tag], encoding: str, source: bytes) -> Fragment:
    pieces = tag.split(source)
    inner = list(map(tags.__getitem__, pieces[1::2]))
    return Fragment(pieces, inner, decoded(pieces[::2], encoding), encoding)
