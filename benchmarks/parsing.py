"""Bytes to checked facts, and everything `parse` does, over an lxml parse of the same pages.

The pages are those of the replica in all its mark-up styles. The first arm reads the tables by the grid reader and
assesses every identity; the second does all that `govcrawl parse` does, second reader, claims and JSON included.
"""

import json
from collections.abc import Callable, Sequence

from lxml import etree

from benchmarks.ratios import Ratio, interleaved, ratio
from govcrawl import pages
from govcrawl.pages.decoding import decoding_of
from govcrawl.pages.limits import LIMITS
from govcrawl.reading import read_bytes
from govcrawl.reading_json import reading_json
from govcrawl.reports.grid_reader import read_grids
from govcrawl.reports.judge import judge
from govcrawl.reports.reconcile import reconcile
from govcrawl.reports.text_reader import read_tokens

ROUNDS = 9


def measure(bodies: Sequence[bytes]) -> tuple[Ratio, ...]:
    """The two ratios over all the bodies."""
    arms: dict[str, Callable[[], None]] = {
        "lxml": lambda: each(bodies, etree.HTML),
        "facts": lambda: each(bodies, checked_facts),
        "everything": lambda: each(bodies, everything),
    }
    times = interleaved(arms, ROUNDS)
    return (
        ratio("bytes to checked facts, over lxml.etree.HTML", times["facts"], times["lxml"], "at most 2.3 (1.5)"),
        ratio("all of `parse` with JSON, over lxml.etree.HTML", times["everything"], times["lxml"], "at most 4"),
    )


def each(bodies: Sequence[bytes], work: Callable[[bytes], object]) -> None:
    """One turn of an arm; what it makes is let go page by page, as in a stream."""
    for body in bodies:
        work(body)


def checked_facts(body: bytes) -> object:
    """First reader and checks."""
    grids = pages.html_grids(body, decoding_of(body, None).encoding, LIMITS)
    return judge(reconcile(read_grids(grids), read_tokens(())))


def everything(body: bytes) -> str:
    """Everything `govcrawl parse` does with a page but reading the file."""
    return json.dumps(reading_json(read_bytes(body, "text/html", None, None), "page.html"), ensure_ascii=False)
