"""Good pages with something done to them: each is read at a bounded cost, and says only what its bytes say."""

import random
from functools import partial
from pathlib import Path

import pytest

from govcrawl.errors import LimitError
from govcrawl.pages.page_reader import read_page
from govcrawl.pages.spans import raw_at
from govcrawl.reports import read_report
from govcrawl.reports.cell_values import read_cell
from govcrawl.reports.identities import expected_checks
from govcrawl.vocabulary import Status

from ..growth import cost, timed

FIXTURES = Path(__file__).parents[1] / "fixtures"
MOST = 250  # times what a good page costs on average


def good_pages():
    """Every page of the fixtures with its media type: pages for their mark-up, gold cases for their tables."""
    files = [*sorted((FIXTURES / "pages").glob("*/page.html")), *sorted((FIXTURES / "reports").glob("*/input.*"))]
    return [(file.read_bytes(), "text/html" if file.suffix == ".html" else "text/plain") for file in files]


def mutated(body, chance):
    """The page with up to four things done to it: bytes flipped, a stretch or a tag lost or doubled, its end cut."""
    page = bytearray(body)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(page) + 1)
        until = min(len(page), at + chance.choice((1, 1, 3, 20, 200)))
        change = chance.choice(("flip", "drop", "double", "cut", "tag"))
        if change == "flip":
            page[at:until] = bytes(chance.randrange(256) for _ in range(until - at))
        elif change == "drop":
            del page[at:until]
        elif change == "double":
            page[at:at] = page[at:until]
        elif change == "cut" and at > 40:
            del page[at:]
        elif change == "tag" and (start := page.find(b"<", at)) >= 0:
            del page[start : page.find(b">", start) + 1 or len(page)]
    return bytes(page)


def read(body, media_type):
    """A page and its reading, None for both where the page is refused."""
    try:
        page = read_page(body, media_type)
    except LimitError:
        return None, None
    return page, read_report(page)


def check_page(body, page):
    for grid in page.grids:
        for cell in {id(cell): cell for row in grid.rows for cell in row if cell}.values():
            assert raw_at(body, cell.locator, page.encoding) == cell.raw
    assert all(0 <= token.start <= token.end <= len(body) for token in page.tokens)


def check_reading(body, page, reading):
    assert len(reading.checks) == expected_checks({fact.table: fact.form for fact in reading.facts})
    for fact in reading.facts:
        if fact.locator is None:
            assert (fact.status, fact.value, fact.raw) == (Status.MISSING, None, None)
            continue
        assert raw_at(body, fact.locator, page.encoding) == fact.raw
        assert (fact.value is not None) == (fact.status is Status.NUMBER)
        assert fact.value is None or fact.value == read_cell(fact.raw).value


def check_mutations(count):
    chance = random.Random(20_240_119)
    pages = good_pages()
    measured = cost(*(partial(read, *page) for page in chance.sample(pages, 40)), rounds=1)
    most = MOST * sum(measured) / len(measured)
    refused = 0
    for _ in range(count):
        good, media_type = chance.choice(pages)
        body = mutated(good, chance)
        spent, (page, reading) = timed(partial(read, body, media_type))
        assert spent < most
        if page is None:
            refused += 1
            continue
        check_page(body, page)
        check_reading(body, page, reading)
    assert refused < count / 100


def test_two_hundred_mutations_run_clean():
    check_mutations(200)


@pytest.mark.soak
def test_twenty_thousand_mutations_run_clean():
    check_mutations(20_000)
