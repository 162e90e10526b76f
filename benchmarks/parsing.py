"""Bytes to checked facts, and everything `parse` does, over an lxml parse of the same pages.

The pages are those of the replica in all its mark-up styles, and real ones where their folder stands beside the
project. The first arm reads the tables by the grid reader and assesses every identity; the second does all that
`govcrawl parse` does, second reader, claims and JSON included. pandas and trafilatura, which are much slower, take
turns with the first arm on a few of the pages.

A reader remembers pieces of mark-up from page to page. It forgets them before each turn, so that every page is read as
one never seen before, with whatever it shares with the other pages of its turn.
"""

import io
import random
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pandas as pd
import trafilatura
from lxml import etree

from benchmarks.ratios import Ratio, interleaved, ratio
from govcrawl import pages
from govcrawl.models import Fact, Locator
from govcrawl.pages import markup
from govcrawl.pages.decoding import decoding_of
from govcrawl.pages.limits import PAGE_LIMITS
from govcrawl.publish.reading_json import reading_json
from govcrawl.reading import collector_at_rest, read_bytes
from govcrawl.reports.checks import judge
from govcrawl.reports.grid_reader import read_tables_in_grids
from govcrawl.reports.observations import Observations
from govcrawl.reports.reconciliation import reconcile

ROUNDS, ROUNDS_OF_SLOW = 9, 5
FEW = 12
REAL_PAGES = Path(__file__).parents[2] / "shared" / "real_pages"


def measure(bodies: Sequence[bytes]) -> tuple[Ratio, ...]:
    """All ratios: those over lxml on the replica's bodies and on the real pages, then those of other tools."""
    real = [path.read_bytes() for path in sorted(REAL_PAGES.glob("*.html"))]
    return (*over_lxml(bodies, "replica"), *(over_lxml(real, "real") if real else ()), *other_tools(bodies))


def over_lxml(bodies: Sequence[bytes], pages_of: str) -> tuple[Ratio, ...]:
    """The two ratios over an lxml parse."""
    arms: dict[str, Callable[[], None]] = {
        "lxml": lambda: each(bodies, etree.HTML),
        "facts": lambda: each(bodies, checked_facts, forget),
        "everything": lambda: each(bodies, everything, forget),
    }
    times = interleaved(arms, ROUNDS)
    return (
        ratio(f"bytes to checked facts, over lxml ({pages_of})", times["facts"], times["lxml"], "at most 2.3 (1.5)"),
        ratio(f"all of `parse` with JSON, over lxml ({pages_of})", times["everything"], times["lxml"], "at most 4"),
    )


def other_tools(bodies: Sequence[bytes]) -> tuple[Ratio, ...]:
    """What tools in common use take, over bytes to checked facts, on a few of the pages."""
    few = random.Random(1).sample(bodies, min(FEW, len(bodies)))
    arms: dict[str, Callable[[], None]] = {
        "facts": lambda: each(few, checked_facts, forget),
        "pandas": lambda: each(few, tables_by_pandas),
        "trafilatura": lambda: each(few, text_by_trafilatura),
    }
    times = interleaved(arms, ROUNDS_OF_SLOW)
    return (
        ratio("pandas.read_html, over bytes to checked facts", times["pandas"], times["facts"], "at least 4"),
        ratio("trafilatura.extract, over bytes to checked facts", times["trafilatura"], times["facts"], "at least 15"),
    )


def forget() -> None:
    """Let go of all that was remembered of pages; what forms and settings were made into stays."""
    markup.known.cache_clear()
    for name, module in sys.modules.items():
        if name.startswith(("govcrawl.pages", "govcrawl.reports", "govcrawl.zh")):
            for function in vars(module).values():
                if hasattr(function, "cache_parameters") and function.cache_parameters()["maxsize"]:
                    function.cache_clear()


def each(bodies: Sequence[bytes], work: Callable[[bytes], object], first: Callable[[], None] = lambda: None) -> None:
    """One turn of an arm; what it makes is let go page by page, as in a stream."""
    first()
    for body in bodies:
        work(body)


def checked_facts(body: bytes) -> object:
    """First reader and checks."""
    with collector_at_rest():
        encoding = decoding_of(body, None).encoding
        grids = pages.html_grids(body, encoding, PAGE_LIMITS)
        return judge(reconcile(read_tables_in_grids(grids), Observations()), partial(_verifies, body, encoding))


def _verifies(body: bytes, encoding: str, fact: Fact) -> bool:
    return isinstance(fact.locator, Locator) and pages.raw_at(body, fact.locator, encoding) == fact.raw


def everything(body: bytes) -> str:
    """Everything `govcrawl parse` does with a page but reading the file."""
    return reading_json(read_bytes(body, "text/html", None, None), "page.html")


def tables_by_pandas(body: bytes) -> object:
    """Every table of the page as a data frame, by pandas' fastest parser."""
    return pd.read_html(io.BytesIO(body), flavor="lxml", encoding=decoding_of(body, None).encoding)


def text_by_trafilatura(body: bytes) -> object:
    """The main text of the page with its tables."""
    return trafilatura.extract(body, include_tables=True)
