"""The visible text in reading order, straight from the bytes: what the second reader reads, which knows no tree."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from itertools import compress, count

from govcrawl.pages.limits import Limits
from govcrawl.pages.markup import BORDER, CELL, Markup
from govcrawl.pages.page import Gap, Token

_new = tuple.__new__  # half the price of calling a named tuple's class, which counts for hundreds a page
_LONG = 65_536  # bytes of a text that is not cut into words before they are counted
_AMPERSAND = ord("&")  # a byte is looked up by its number many times faster than as a piece of bytes
_GAPS: tuple[Gap, ...] = ("", "space", "line", "cell")
_NOTHING, _SPACE, _LINE, _CELL = range(4)
_OF_GROUP = {"space": _SPACE, "line": _LINE, "last": _LINE, "folio": _LINE, "cell": _CELL, "nothing": _NOTHING}

_BARS = "|｜│┃║"
_BAR = re.compile(f"[{_BARS}]")

# The kinds of runs in a text; in HTML a line break is white space, in a text page a line. Bars that end a line are no
# borders where the next line has none: there the table is over. The number of a page on a line of its own is no text.
_IN_HTML = re.compile(
    r"(?P<entity>&(?:#\d+;?|#[xX][0-9a-fA-F]+;?|[a-zA-Z][a-zA-Z0-9]*;?))"
    rf"|(?P<cell>[{_BARS}])|(?P<space>\s+)|(?P<nothing>[\ufeff\0]+)|(?P<word>[^\s\ufeff\0&{_BARS}]+|&)"
)
_IN_TEXT = re.compile(
    r"(?P<folio>(?m:^)[ \t]{0,40}(?:[-—–]{1,3}[ \t]?\d{1,3}[ \t]?[-—–]{1,3}|第[ \t]?\d{1,3}[ \t]?页)[ \t]*+(?m:$))"
    rf"|(?P<last>(?:(?<=[^\n\r][ \t])|(?<=\S))[{_BARS}](?=[ \t{_BARS}]{{0,40}}[\n\r]++(?![^\n\r]*[{_BARS}])))"
    rf"|(?P<cell>[{_BARS}\t])"
    r"|(?P<line>[\n\r\f\v\x85\u2028\u2029]+)|(?P<space>\s)|(?P<nothing>[\ufeff\0]+)"
    rf"|(?P<word>[^\s\ufeff\0{_BARS}]+)"
)
_APART = frozenset({"sup", "sub", "del", "s", "strike"})
_STRUCK = b"line-through"


class _Tokens:
    """Tokens in the making, and what stands between the last one and the next."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.made: list[Token] = []
        self.gap = _LINE
        self.borders = 0

    def border(self, strength: int, borders: int = 0) -> None:
        self.gap = max(self.gap, strength)
        self.borders += borders

    def word(self, text: str, start: int, end: int) -> None:
        self.made.append(_new(Token, (text, start, end, _GAPS[self.gap], self.borders)))
        self.gap = _NOTHING
        self.borders = 0

    def entity(self, source: str, start: int, end: int) -> None:
        """What an entity stands for: white space, a word, or a word with white space around or in it."""
        text = html.unescape(source)
        parts = text.split()
        if not parts or text[0].isspace():
            self.border(_SPACE)
        for part in parts:
            self.word(part, start, end)

    def words(self, words: Sequence[str], sources: Sequence[bytes], piece: bytes, start: int) -> None:
        """The words of a piece of text, each with its bytes, between which there is only white space."""
        place = 0
        for word, source in zip(words, sources, strict=True):
            begin = piece.index(source, place)
            if begin > place:
                self.border(_SPACE)
            place = begin + len(source)
            self.word(word, start + begin, start + place)
        if place < len(piece):
            self.border(_SPACE)
        self._limits.allow("tokens", len(self.made))

    def runs(self, pattern: re.Pattern[str], piece: bytes, start: int, encoding: str) -> None:
        """The words of a piece of text that begins at byte `start`."""
        # Undecodable bytes become lone surrogates, so that every run knows how many bytes it is.
        for run in pattern.finditer(piece.decode(encoding, "surrogateescape")):
            kind, source = str(run.lastgroup), run[0]
            code = source.encode(encoding, "surrogateescape")
            end = start + len(code)
            if kind == "word":
                self.word(code.decode(encoding, "replace"), start, end)
            elif kind == "entity":
                self.entity(source, start, end)
            else:
                self.border(_OF_GROUP[kind], kind == "cell")
            start = end
            if len(self.made) > self._limits.tokens:
                self._limits.allow("tokens", len(self.made))


def html_tokens(texts: Sequence[str], markup: Markup, limits: Limits) -> tuple[Token, ...]:
    """The tokens of an HTML page; `texts` are those of the mark-up, empty where they are not shown.

    Raises:
        LimitError: there are more than the limits allow.
    """
    tokens = _Tokens(limits)
    made, pieces, bounds, breaks = tokens.made, markup.pieces, markup.bounds, markup.breaks
    last = before = 0
    apart = _set_apart(markup)
    ruled = _BAR.search("\0".join(texts)) is not None
    for place in compress(count(), map(str.strip, texts)):
        since = breaks[place] - before
        if since:
            tokens.gap, tokens.borders = _CELL if since >= BORDER else _LINE, since // CELL
            before += since
        elif any(texts[last + 1 : place]) or (apart and not apart.isdisjoint(range(last, place))):
            tokens.border(_SPACE)
        last = place
        text, piece, start = texts[place], pieces[2 * place], bounds[2 * place]
        words = text.split()
        if _AMPERSAND in piece or "\ufeff" in text or len(piece) > _LONG or (ruled and _BAR.search(text)):
            tokens.runs(_IN_HTML, piece, start, markup.encoding)
        elif words[0] == text:
            made.append(_new(Token, (text, start, start + len(piece), _GAPS[tokens.gap], tokens.borders)))
            tokens.gap = tokens.borders = 0
        elif b"".join(sources := piece.split()) == "".join(words).encode(markup.encoding, "replace"):
            tokens.words(words, sources, piece, start)
        else:
            tokens.runs(_IN_HTML, piece, start, markup.encoding)
    return tuple(tokens.made)


def _set_apart(markup: Markup) -> set[int]:
    """The tags that begin or end a raised, lowered or struck text: a footnote's number is no figure of its cell."""
    kinds = {tag for tag in markup.kinds if tag.name in _APART or _STRUCK in tag.source}
    places: set[int] = set()
    awaited: set[str] = set()
    for place, tag in enumerate(markup.tags if kinds else ()):
        if tag in kinds or (tag.closing and tag.name in awaited):
            places.add(place)
            (awaited.discard if tag.closing else awaited.add)(tag.name)
    return places


def text_tokens(body: bytes, encoding: str, limits: Limits) -> tuple[Token, ...]:
    """The tokens of a text page: `|` and a tab are cell borders, a line break is a line, blanks are space.

    Raises:
        LimitError: there are more than the limits allow.
    """
    tokens = _Tokens(limits)
    tokens.runs(_IN_TEXT, body, 0, encoding)
    return tuple(tokens.made)
