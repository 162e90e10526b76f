"""Splits text into words with byte offsets, for the second reader."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from govcrawl.pages.page import Separator, Token

NOTHING, SPACE, LINE, CELL_BORDER = range(4)
GAPS: tuple[Separator, ...] = ("", "space", "line", "cell")
"""The separators of two words, from the weakest to the strongest."""

_new = tuple.__new__  # half the time of calling the class; a page has hundreds of words
_AMPERSAND = ord("&")  # `in` is many times faster for an int than for bytes
_OF_GROUP = {"space": SPACE, "line": LINE, "last": LINE, "folio": LINE, "cell": CELL_BORDER, "nothing": NOTHING}

BARS = "|｜│┃║"
_BAR = re.compile(f"[{BARS}]")

# The kinds of runs in a text. In HTML a line break is white space; in a text page it ends a line. Bars at the end of a
# line are no borders if the next line has none, since the table ends there. A page number on a line of its own is no
# text. A word includes NULs, which are dropped before it is decoded, since one may stand inside a character.
IN_HTML = re.compile(
    r"(?P<entity>&(?:#\d+;?|#[xX][0-9a-fA-F]+;?|[a-zA-Z][a-zA-Z0-9]*;?))"
    rf"|(?P<cell>[{BARS}])|(?P<space>\s+)|(?P<nothing>[\ufeff\0]+)|(?P<word>[^\s\ufeff&{BARS}]+|&)"
)
IN_TEXT = re.compile(
    r"(?P<folio>(?m:^)[ \t]{0,40}(?:[-—–]{1,3}[ \t]?\d{1,3}[ \t]?[-—–]{1,3}|第[ \t]?\d{1,3}[ \t]?页)[ \t]*+(?m:$))"
    rf"|(?P<last>(?:(?<=[^\n\r][ \t])|(?<=\S))[{BARS}](?=[ \t{BARS}]{{0,40}}[\n\r]++(?![ \t]*\d|[^\n\r]*[{BARS}])))"
    rf"|(?P<cell>[{BARS}\t])"
    r"|(?P<line>[\n\r\f\v\x85\u2028\u2029]+)|(?P<space>\s)|(?P<nothing>[\ufeff\0]+)"
    rf"|(?P<word>[^\s\ufeff{BARS}]+)"
)


class Words:
    """A list of words being built, and the separators since the last one: a gap, and a number of cell borders."""

    def __init__(self, gap: int) -> None:
        self.made: list[Token] = []
        self.gap = gap
        self.borders = 0

    def border(self, strength: int, borders: int = 0) -> None:
        """Adds a separator of this strength and number of borders."""
        self.gap = max(self.gap, strength)
        self.borders += borders

    def line(self) -> None:
        """Ends the line. Bars right before it count as no borders."""
        self.gap = LINE
        self.borders = 0

    def word(self, text: str, start: int, end: int) -> None:
        """Adds a word and resets the separators."""
        self.made.append(_new(Token, (text, start, end, GAPS[self.gap], self.borders)))
        self.gap = NOTHING
        self.borders = 0

    def text(self, text: str, piece: bytes, start: int, encoding: str) -> None:
        """Adds the words of a text of an HTML page. `piece` holds its bytes, which begin at offset `start`."""
        words = text.split()
        if not words:
            self.border(SPACE if text else NOTHING)
        elif _AMPERSAND in piece or "\ufeff" in text or _BAR.search(text):
            self.runs(IN_HTML, piece, start, encoding)
        elif words[0] == text:
            self.word(text, start, start + len(piece))
        elif b"".join(sources := piece.split()) == "".join(words).encode(encoding, "replace"):
            self._parted(words, sources, piece, start)
        else:
            self.runs(IN_HTML, piece, start, encoding)

    def _parted(self, words: Sequence[str], sources: Sequence[bytes], piece: bytes, start: int) -> None:
        """Adds words that only white space separates, each with its bytes."""
        place = 0
        for word, source in zip(words, sources, strict=True):
            begin = piece.index(source, place)
            if begin > place:
                self.border(SPACE)
            place = begin + len(source)
            self.word(word, start + begin, start + place)
        if place < len(piece):
            self.border(SPACE)

    def runs(self, pattern: re.Pattern[str], piece: bytes, start: int, encoding: str) -> None:
        """Adds the words of a text that begins at byte `start`, run by run."""
        # Undecodable bytes become lone surrogates, so that the length of a run in bytes can be computed.
        for run in pattern.finditer(piece.decode(encoding, "surrogateescape")):
            kind, source = str(run.lastgroup), run[0]
            code = source.encode(encoding, "surrogateescape")
            end = start + len(code)
            if kind == "word":
                self.word(code.replace(b"\0", b"").decode(encoding, "replace"), start, end)
            elif kind == "entity":
                self._entity(source, start, end)
            else:
                self.border(_OF_GROUP[kind], kind == "cell")
            start = end

    def _entity(self, source: str, start: int, end: int) -> None:
        """Adds the text of an entity: white space, a word, or a word with white space around or in it."""
        text = html.unescape(source)
        parts = text.split()
        if not parts or text[0].isspace():
            self.border(SPACE)
        for part in parts:
            self.word(part, start, end)
