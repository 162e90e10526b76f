"""Rows that a list gives other addresses at each visit are told; rows that are new, or seen at both, are not."""

import pytest

from govcrawl.db import store
from govcrawl.db.arrival import Crawl
from govcrawl.db.frontier.ledger import Ledger, Wanted
from govcrawl.db.queries.new_addresses import NewAddress, rows_with_new_addresses
from govcrawl.db.store.crawls import crawl_started

TITLE = "余杭区商务局2023年政府信息公开工作年度报告"


@pytest.fixture
def seen(connection, make):
    """Stores a list in a run of a day; the rows that the run told of."""

    def seen(day: str, *rows, wanted: Wanted | None = None):
        crawl = day.replace("-", "") * 2
        crawl_started(connection, Crawl(crawl, "zhejiang", f"{day}T07:00:00Z", "1"))
        ledger = Ledger(connection, lambda url: url.split("/")[2], crawl=crawl)
        store.arrive(connection, ledger, make.listed("/list", *rows, day=day))
        return rows_with_new_addresses(connection, crawl, wanted or Wanted())

    return seen


def test_rows_that_return_under_other_addresses_are_told_with_both(seen, make):
    first = seen("2024-01-21", make.listing("/view?k=1", TITLE, listed_on="2024-01-20"))
    second = seen("2024-02-21", make.listing("/view?k=2", TITLE, listed_on="2024-01-20"))
    elsewhere = seen(
        "2024-03-21", make.listing("/view?k=3", TITLE, listed_on="2024-01-20"), wanted=Wanted(frozenset({"330100"}))
    )

    assert first == elsewhere == {}
    before, now = (make.listing(f"/view?k={number}", TITLE).url for number in (1, 2))
    assert second == {"330110": (NewAddress(before, now),)}


def test_a_row_is_known_by_its_index_number_though_its_words_changed(seen, make):
    number = "002489452/2024-00230"
    seen("2024-01-21", make.listing("/view?k=1", TITLE, number, listed_on="2024-01-20"))

    found = seen("2024-02-21", make.listing("/view?k=2", f"{TITLE}(更正)", number, listed_on="2024-02-20"))

    assert [pair.now for pair in found["330110"]] == [make.listing("/view?k=2", TITLE).url]


@pytest.mark.parametrize(
    ("title", "day", "is_left"),
    [
        (TITLE.replace("2023", "2024"), "2024-01-20", False),  # another report
        (TITLE, "2024-02-20", False),  # of another day
        (TITLE, "2024-01-20", True),  # the earlier address is in the list still: two documents
    ],
)
def test_rows_that_are_not_the_same_are_new(seen, make, title: str, day: str, is_left: bool):
    known = make.listing("/1.html", TITLE, listed_on="2024-01-20")
    seen("2024-01-21", known)

    assert seen("2024-02-21", make.listing("/2.html", title, listed_on=day), *((known,) if is_left else ())) == {}
