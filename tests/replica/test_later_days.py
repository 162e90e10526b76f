"""A later day of the replica: the same in every process, with a manifest that is true of it."""

from collections import Counter

import pytest

from govcrawl.replica import Replica
from govcrawl.replica.later_days import FATE_WEIGHTS, FIRST_REPLICA_DAY, PageFate


@pytest.fixture(scope="module")
def days() -> dict[int, Replica]:
    return {day: Replica(day=day) for day in (0, 1, 2)}


def pages(replica: Replica) -> dict[str, dict]:
    return {page["url"]: page for page in replica.manifest["pages"] if page["expected"] == "report"}


def test_day_0_is_the_day_of_publication(days, replica):
    assert pages(days[0]) == pages(replica)


def test_a_day_is_the_same_for_everyone(days):
    assert Replica(day=1).manifest == days[1].manifest != days[2].manifest


def test_pages_are_edited_moved_removed_and_added_in_about_the_shares_planned(days):
    before, after = pages(days[0]), pages(days[1])
    stayed = before.keys() & after.keys()
    edited = sum(before[url]["facts"] != after[url]["facts"] for url in stayed)
    told = {
        PageFate.EDITED: edited,
        "left": len(before.keys() - after.keys()),
        "new": len(after.keys() - before.keys()),
    }

    planned = {
        PageFate.EDITED: FATE_WEIGHTS[PageFate.EDITED],
        "left": FATE_WEIGHTS[PageFate.MOVED] + FATE_WEIGHTS[PageFate.REMOVED],
    }
    for fate, percent in planned.items():
        assert 0.4 < told[fate] / (len(before) * percent / 100) < 1.6, told
    assert told["new"] > 5


def test_an_edit_changes_one_to_three_cells_and_no_claim(days):
    before, after = pages(days[0]), pages(days[1])
    edits = {
        url: {place for place in page["facts"] if page["facts"][place] != after[url]["facts"][place]}
        for url, page in before.items()
        if url in after
    }
    sizes = Counter(map(len, edits.values()))

    assert sizes.keys() == {0, 1, 2, 3}
    assert all(before[url]["claims"] == after[url]["claims"] for url in edits)
    stated = {url: {place for claim in before[url]["claims"] for place in claim["about"]} for url in edits}
    assert all(not edits[url] & stated[url] for url in edits)


def test_furniture_changes_bytes_and_date_and_no_figure(days, ask):
    before, after = pages(days[0]), pages(days[1])
    same = [url for url in before if url in after and before[url]["facts"] == after[url]["facts"]]
    answers = [(ask(url, of=days[0]), ask(url, of=days[1])) for url in same[:60]]
    furnished = [(old, new) for old, new in answers if old.body != new.body]

    assert 10 < len(furnished) < 50
    for old, new in furnished:
        assert new.changed_on == FIRST_REPLICA_DAY.replace(day=FIRST_REPLICA_DAY.day + 1).isoformat() != old.changed_on
        assert new.status == old.status == 200


def test_a_page_that_left_answers_that_it_is_not_there(days, ask):
    left = [url for url in pages(days[0]) if url not in pages(days[1])]

    assert left
    statuses = {ask(url, of=days[1]).status for url in left}
    assert statuses <= {404, 200}
    assert 404 in statuses
