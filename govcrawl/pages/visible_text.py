"""Cuts the visible text of a page into tokens in reading order, from its bytes. The second reader reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate, compress, count
from operator import attrgetter

from govcrawl.pages.fragment import Fragment
from govcrawl.pages.html_tag import BORDER, CELL
from govcrawl.pages.limits import Limits
from govcrawl.pages.markup import Markup
from govcrawl.pages.page import Separator, Token
from govcrawl.pages.text_words import BARS, GAPS, IN_TEXT, LINE, Words

_new = tuple.__new__  # as in `words`
_LONG = 65_536  # characters; the words of a longer text are counted before they are cut
_WORD = re.compile(rf"[^\s\ufeff\0{BARS}]+")


def html_tokens(fragments: Sequence[Fragment], markup: Markup, limits: Limits) -> tuple[Token, ...]:
    """Returns the tokens of an HTML page. `fragments` are those of the mark-up without hidden text.

    Raises:
        LimitError: there are more than the limits allow.
    """
    if markup.bounds[-1] > _LONG:
        _check_count((fragment.shown for fragment in fragments), limits)
    tokens: list[Token] = []
    bounds, breaks = markup.bounds, list(accumulate(map(attrgetter("breaks"), markup.tags), initial=1))
    last = before = 0
    for place in compress(count(), map(attrgetter("raw"), fragments)):
        words = fragments[place].words.made
        if not words:
            continue
        since, start = breaks[place] - before, bounds[2 * place]
        text, begin, end, gap, borders = words[0]
        if since >= BORDER:
            gap, borders = "cell", borders + since // CELL
        elif since:
            gap = gap if borders else "line"
        else:
            gap, borders = _joined(words[0], fragments[last:place])
        tokens.append(_new(Token, (text, start + begin, start + end, gap, borders)))
        if len(words) > 1:
            tokens += [
                _new(Token, (text, start + begin, start + end, gap, borders))
                for text, begin, end, gap, borders in words[1:]
            ]
        last, before = place, breaks[place]
    limits.allow("tokens", len(tokens))
    return tuple(tokens)


def _joined(word: Token, before: Sequence[Fragment]) -> tuple[Separator, int]:
    """The gap and borders of a first word whose fragment follows the others with only comments and the like between."""
    strength = max(GAPS.index(word.gap), *(fragment.words.gap for fragment in before))
    return GAPS[strength], word.borders + sum(fragment.words.borders for fragment in before)


def _check_count(texts: Iterable[str], limits: Limits) -> None:
    """Refuses a page if a long text holds too many words, before they are cut."""
    for text in texts:
        if len(text) > _LONG:
            limits.allow("tokens", sum(1 for _ in _WORD.finditer(text)))


def text_tokens(body: bytes, encoding: str, limits: Limits) -> tuple[Token, ...]:
    """Returns the tokens of a text page. `|` and a tab are cell borders, a line break is a line end, a blank is space.

    Raises:
        LimitError: there are more than the limits allow.
    """
    _check_count((body.decode(encoding, "replace"),), limits)
    words = Words(LINE)
    words.runs(IN_TEXT, body, 0, encoding)
    limits.allow("tokens", len(words.made))
    return tuple(words.made)
