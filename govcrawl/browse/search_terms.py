"""Terms of full-text search. Chinese has no spaces, so every pair of neighbouring characters is a term.

A run is characters without punctuation between them; white space is left out. It becomes one term for each of its
places: the character there with the one behind it, the last character by itself. So a word of two characters and more
is a phrase of terms, found wherever it stands and nowhere else. Single characters are kept apart, once a text. Widths,
letter case and traditional characters make no difference. Pure: no SQL, no files.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from govcrawl import zh

SNIPPET_LENGTH = 120
"""Characters of a section that a hit is shown with."""

_BEFORE = 30  # of them before the first hit
_SPACE = re.compile(r"\s+")
_RUN = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class SnippetPiece:
    """A piece of a section's text."""

    text: str  # the pieces together are the snippet
    hit: bool  # true: it was searched for


def text_runs(text: str) -> list[str]:
    """The runs of a text, as they are compared."""
    return _RUN.findall(_SPACE.sub("", zh.aligned(text)).lower())


def pair_terms(text: str) -> str:
    """The terms of a text in its order, one space between two."""
    return " ".join(run[place : place + 2] for run in text_runs(text) for place in range(len(run)))


def single_terms(text: str) -> str:
    """The characters of a text's runs, each once, one space between two."""
    return " ".join(sorted(set("".join(text_runs(text)))))


def match_expression(query: str) -> str | None:
    """The FTS5 expression for texts that hold every word of `query`; None where it has none.

    It asks the columns `pairs` and `singles`, which hold `pair_terms` and `single_terms`.
    """
    return " AND ".join(map(_phrase, query_words(query))) or None


def query_words(query: str) -> list[str]:
    """The words of a query: its runs, also parted by white space."""
    return [run for part in query.split() for run in text_runs(part)]


def _phrase(run: str) -> str:
    if len(run) == 1:
        return f'singles : "{run}"'
    return f'pairs : "{" ".join(run[place : place + 2] for place in range(len(run) - 1))}"'


def snippet(text: str, query: str) -> list[SnippetPiece]:
    """The part of a text about its first hit, cut at the hits; its beginning where it has no hit."""
    compared = zh.aligned(text)
    spans = [match.span() for match in _pattern(query).finditer(compared)] if query_words(query) else []
    first = spans[0][0] if spans else 0
    start = max(0, min(first - _BEFORE, len(text) - SNIPPET_LENGTH))
    end = min(len(text), max(start + SNIPPET_LENGTH, spans[0][1] if spans else 0))
    return list(_cut(text, start, end, spans))


def _pattern(query: str) -> re.Pattern[str]:
    spelled = (r"\s*".join(map(re.escape, word)) for word in sorted(set(query_words(query)), key=len, reverse=True))
    return re.compile("|".join(spelled), re.IGNORECASE)


def _cut(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> Iterator[SnippetPiece]:
    done = start
    for first, last in spans:
        if first >= end:
            break
        yield from _piece(text[done:first], hit=False)
        done = min(last, end)
        yield from _piece(text[first:done], hit=True)
    yield from _piece(text[done:end], hit=False)


def _piece(text: str, *, hit: bool) -> Iterator[SnippetPiece]:
    if text:
        yield SnippetPiece(text, hit)
