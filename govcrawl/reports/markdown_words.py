"""Removes the marks of Markdown from the words of a text page: rules between rows, line breaks in cells, emphasis.

A converter prints `|---|---|` below a row, and `<br>` and `**` within a cell. They are no words of the report. A row of
dashes with a label before it holds values.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from govcrawl.pages.page import Separator, Token

_RULE = re.compile(
    rb"(?m:^)[ \t]{0,9}+\|?(?:[ \t]{0,9}+:?-{2,40}+:?[ \t]{0,9}+\|){1,60}+"
    rb"(?:[ \t]{0,9}+:?-{2,40}+:?)?[ \t\r]{0,9}+(?m:$)"
)
_MARK = re.compile(r"(?P<line><br ?/?>)|\*\*|__", re.IGNORECASE)
_INVENTED = re.compile(r"(?:数据|列|字段|栏目?|[Cc]olumn|[Uu]nnamed:?)_?\d{1,2}")
"""Heads that a converter invents for columns."""
_PAIRS = ("**", "__")


def without_marks(tokens: Sequence[Token], body: bytes, encoding: str) -> Sequence[Token]:
    """Returns the tokens of a text page without the marks of Markdown. Tokens with other bytes than their text stay."""
    if not any(mark in body for mark in (b"--", b"<br", b"**", b"__")):
        return tokens
    rules = [place for found in _RULE.finditer(body) for place in found.span()]
    kept = (token for token in tokens if not bisect_right(rules, token.start) % 2)
    if rules:
        kept = (token for token in kept if not _INVENTED.fullmatch(token.text))
    return [each for token in kept for each in _parts(token, body, encoding)]


def _parts(token: Token, body: bytes, encoding: str) -> Iterator[Token]:
    odd = any(token.text.count(mark) % 2 for mark in _PAIRS)  # `12**` is a figure with a note
    if odd or not _MARK.search(token.text) or body[token.start : token.end] != token.text.encode(encoding, "replace"):
        yield token
        return
    first = True
    for begin, end, gap in _spans(token.text):
        start, stop = (token.start + len(token.text[:place].encode(encoding)) for place in (begin, end))
        yield Token(token.text[begin:end], start, stop, token.gap if first else gap, token.borders if first else 0)
        first = False


def _spans(text: str) -> Iterator[tuple[int, int, Separator]]:
    """The stretches of a text between its marks, and what sets each apart from the one before."""
    place = 0
    gap: Separator = ""
    for found in _MARK.finditer(text):
        if found.start() > place:
            yield place, found.start(), gap
            gap = ""
        gap = "space" if found["line"] else gap
        place = found.end()
    if place < len(text):
        yield place, len(text), gap
