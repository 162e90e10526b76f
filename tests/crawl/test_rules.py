"""The rules of a crawl, each by itself and each on a replica that breaks it: named, exit code 1, nothing lost."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from govcrawl import portals
from govcrawl.crawl.endless import PAGES_WITHOUT_REPORT, Broken, Watch
from govcrawl.crawl.expectations import as_expected, fewer, shrunk, unanswered
from govcrawl.db.arrival import Arrival
from govcrawl.db.portal_answers import PortalAnswers
from govcrawl.models import Listing, ListPage, Request
from govcrawl.platforms.crawl_context import Stage, Trail
from govcrawl.platforms.discovery import MAX_DEPTH
from govcrawl.replica import Replica, running
from govcrawl.vocabulary import Outcome, Role

from .conftest import Crawls

LIST = Request("330110", "static-dir", Role.LIST, "https://www.yuhang.gov.cn/gknb/", "/gknb/")
TODAY = date(2026, 11, 22)


# ------------------------------------------------------------------------------------------------------ shrinking


@pytest.mark.parametrize(
    ("seen", "known", "broken"),
    [
        ({"330100": 79}, {"330100": 100}, True),
        ({"330100": 80}, {"330100": 100}, False),
        ({}, {"330100": 100}, True),
        ({}, {"330100": 9}, False),
        ({"330100": 120}, {"330100": 100}, False),
        ({}, {}, False),
    ],
)
def test_lists_may_not_lose_a_fifth_of_what_is_known(seen, known, broken):
    assert bool(shrunk(seen, known)) is broken


def test_a_broken_rule_names_the_portal_and_both_counts():
    assert shrunk({"330100": 3}, {"330100": 24, "330110": 8}) == (
        "portal 330100 listed 3 of the 24 rows known of it; look at its lists",
    )


# ---------------------------------------------------------------------------------------------------- last year


@pytest.mark.parametrize(
    ("found", "last_year", "named", "broken"),
    [
        (7, 9, 0, True),
        (8, 9, 0, False),
        (0, 9, 0, True),
        (0, 4, 0, False),
        (4, 0, 6, True),
        (5, 0, 6, False),
        (20, 9, 0, False),
    ],
)
def test_a_year_has_as_many_reports_as_the_year_before_or_the_registry_has_organs(found, last_year, named, broken):
    reports = {("330100", 2024): found, ("330100", 2023): last_year, ("420200", 2024): 5}

    assert bool(fewer(reports, {"330100": named}, (2023, 2024), TODAY)) is broken


def test_only_the_latest_year_that_is_due_is_judged():
    reports = {("330100", year): count for year, count in ((2021, 9), (2022, 1), (2023, 9), (2024, 9), (2026, 1))}

    assert fewer(reports, {"330100": 0}, (2022, 2023, 2024, 2026), TODAY) == ()
    assert fewer(reports, {"330100": 0}, (2022,), TODAY) == (
        "portal 330100 has 1 reports of 2022 where 9 were to be expected; look at its coverage",
    )
    assert fewer({("330100", 2024): 9}, {"330100": 0}, (2025,), TODAY)
    assert fewer({("330100", 2024): 9}, {"330100": 0}, (2025,), date(2026, 3, 31)) == ()
    assert fewer({("330100", 2024): 9}, {"330100": 0}, (), TODAY) == ()


# ----------------------------------------------------------------------------------------------------- no answer


OK, BLOCKED, DNS, ROBOTS = Outcome.OK, Outcome.BLOCKED, Outcome.DNS, Outcome.ROBOTS
SILENT = PortalAnswers(Counter({DNS: 2}), {DNS: "no such name"})


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (PortalAnswers(Counter({OK: 3}), listed=9), None),
        (PortalAnswers(Counter({OK: 3, BLOCKED: 2}), listed=9), None),
        (PortalAnswers(Counter({OK: 3})), "gave no list of annual reports"),
        (PortalAnswers(Counter({BLOCKED: 3})), "gave only challenges: blocked (3)"),
        (PortalAnswers(Counter({BLOCKED: 3}), listed=9), "gave only challenges: blocked (3)"),
        (SILENT, "gave no answer: dns (2: no such name)"),
        (PortalAnswers(Counter({BLOCKED: 1, DNS: 1})), "gave no answer: blocked (1), dns (1)"),
        (
            PortalAnswers(Counter({ROBOTS: 2}), {ROBOTS: "could not be read (status 503)"}),
            "gave no answer: robots (2: ",
        ),
        (PortalAnswers(Counter({ROBOTS: 2}), forbidden=2), None),
        (PortalAnswers(Counter({OK: 1, ROBOTS: 2}), forbidden=2), None),
        (PortalAnswers(Counter({OK: 3, BLOCKED: 5}), unasked=4, listed=9), "rests, with 4 requests unasked"),
    ],
)
def test_a_portal_that_was_asked_gives_an_answer_and_a_list(answers: PortalAnswers, words: str | None):
    lines = unanswered({"330110": answers}, portals.shipped())

    assert bool(lines) == bool(words)
    assert all(line.startswith(f"portal 330110 余杭区 {words}") for line in lines)


def test_a_wall_that_the_entry_expects_is_told_and_breaks_nothing():
    portal = replace(portals.shipped()["330110"], expect="blocked", since="2026-01-05")
    registry = {"330110": portal}

    assert unanswered({"330110": SILENT}, registry) == ()
    assert as_expected({"330110": SILENT}, registry) == (
        "portal 330110 余杭区 gave no answer: dns (2: no such name), expected: blocked since 2026-01-05",
    )
    answering = {"330110": PortalAnswers(Counter({OK: 1}), listed=3)}
    assert as_expected(answering, registry) == (
        "portal 330110 余杭区 answers, take `expect` out, expected: blocked since 2026-01-05",
    )
    listless = {"330110": PortalAnswers(Counter({OK: 1}))}
    assert unanswered(listless, registry) == ("portal 330110 余杭区 gave no list of annual reports",)


# ------------------------------------------------------------------------------------------------------ no end


def page(number: int, *titles: str, goes_on: bool = True) -> Arrival:
    request = replace(LIST, url=f"{LIST.url}index_{number}.html")
    rows = tuple(Listing("330110", f"{LIST.url}{number}-{place}.html", title) for place, title in enumerate(titles))
    further = (replace(LIST, url=f"{LIST.url}index_{number + 1}.html"),) if goes_on else ()
    return Arrival(request, Outcome.OK, "2026-01-01T08:00:00Z", 200, page=ListPage(rows, further))


def rules_of(arrivals) -> list[str]:
    watch = Watch()
    return [broken.rule for arrival in arrivals if (broken := watch.look(arrival))]


def test_a_list_that_goes_on_without_a_report_is_stopped_and_one_with_reports_is_not():
    news = [page(number, "工作动态") for number in range(PAGES_WITHOUT_REPORT)]
    reports = [page(number, f"余杭区第{number}局2023年政府信息公开年报") for number in range(200)]

    assert rules_of(news) == ["lists_come_to_reports"]
    assert rules_of(news[:-1]) == []
    assert rules_of(reports) == []


def test_a_list_that_says_at_once_how_far_it_goes_is_walked_to_its_end():
    assert rules_of(page(number, "工作动态", goes_on=number == 0) for number in range(500)) == []


def test_the_rows_of_another_page_again_are_a_circle_and_the_same_page_again_is_none():
    first = page(1, "余杭区商务局2023年政府信息公开年报")
    again = replace(page(2), page=first.page)

    assert rules_of([first, again]) == ["pages_do_not_repeat"]
    assert rules_of([first, first]) == []
    assert rules_of([page(1), page(2)]) == []


def test_what_the_reading_of_a_list_found_to_repeat_breaks_the_same_rule():
    told = replace(
        page(2), page=None, outcome=Outcome.ERROR, detail="page 2 of list x repeats the first page; ask later"
    )

    assert rules_of([told]) == ["pages_do_not_repeat"]
    assert rules_of([replace(told, detail="not a list")]) == []


@pytest.mark.parametrize(("depth", "broken"), [(MAX_DEPTH - 1, []), (MAX_DEPTH, ["columns_come_to_lists"])])
def test_the_way_to_the_lists_is_short(depth, broken):
    context = Trail((2023,), Stage.REPORTS, depth).context()

    assert rules_of([replace(page(1), request=replace(LIST, role=Role.COLUMN, context=context))]) == broken


def test_a_portal_has_an_end(monkeypatch):
    monkeypatch.setattr("govcrawl.crawl.endless.MOST_PAGES", 3)
    watch = Watch()
    found = [watch.look(page(number, "年报", goes_on=False)) for number in range(4)]

    assert found[:3] == [None] * 3
    assert isinstance(found[3], Broken)
    assert (found[3].rule, found[3].key) == ("portals_have_an_end", None)


# ------------------------------------------------------------------------------------------------- on the replica


@pytest.fixture(scope="module")
def trapped(tmp_path_factory):
    """One crawl through four portals, each with a trap of its own; how it ended, and what the replica was asked."""
    replica = Replica(scenario="endless-pages,endless-queries,calendar,sessions")
    with running(replica) as base:
        crawls = Crawls(tmp_path_factory.mktemp("trapped"), base)
        ended = crawls.run("-a", "portal=420900,420100,420281,421300", spider="hubei")
    return crawls, ended


@pytest.mark.parametrize(
    ("rule", "portal"),
    [
        ("lists_come_to_reports", "420900"),
        ("pages_do_not_repeat", "420100"),
        ("columns_come_to_lists", "420281"),
    ],
)
def test_each_trap_is_stopped_by_a_rule_that_is_named(trapped, rule, portal):
    crawls, ended = trapped

    assert ended.code == 1
    assert "Traceback" not in ended.log
    assert sum(f"ERROR {rule}: portal {portal}" in line for line in ended.log.splitlines()) == 1
    ((told,),) = crawls.rows("SELECT rules_broken FROM crawls")
    assert sum(line.startswith(f"{rule}: portal {portal}") for line in json.loads(told)) == 1
    asked = crawls.rows(f"SELECT count(*) FROM attempts WHERE portal_id = '{portal}' AND role IN ('column', 'list')")
    assert asked[0][0] <= 2 * PAGES_WITHOUT_REPORT, asked


def test_a_portal_whose_sessions_change_with_each_page_is_walked_once(trapped):
    crawls, ended = trapped

    assert "portal 421300" not in ended.log
    assert crawls.rows("SELECT count(DISTINCT url), count(*) FROM documents WHERE portal_id = '421300'") == [(18, 18)]


def test_what_a_rule_stopped_is_not_called_read(trapped):
    crawls, _ = trapped

    query = "SELECT DISTINCT state FROM coverage WHERE agency_id LIKE '420900%' AND year BETWEEN 2019 AND 2023"
    assert crawls.rows(query) == [("never_listed",)]


def test_a_year_whose_pages_hold_nothing_breaks_the_rule_of_last_year(tmp_path):
    with running(Replica(scenario="hollow-year")) as base:
        ended = Crawls(tmp_path, base).run("-a", "portal=330100", "-a", "year=2023,2024")

    assert ended.code == 1
    assert "as_many_as_last_year: portal 330100 has 0 reports of 2024 where 9 were to be expected" in ended.log


@pytest.mark.parametrize("scenario", ["half-gone", "hollow"])
def test_a_portal_that_lost_half_its_rows_or_all_its_words_is_told_and_nothing_is_deleted(healthy, tmp_path, scenario):
    counts = "SELECT (SELECT count(*) FROM listings), (SELECT count(*) FROM reports), (SELECT count(*) FROM facts)"
    crawls = Crawls(tmp_path, healthy[1])
    assert crawls.run("-a", "portal=330100").code == 0
    before = crawls.rows(counts)
    with running(Replica(scenario=scenario)) as base:
        ended = Crawls(tmp_path, base).run("-a", "portal=330100")

    assert ended.code == 1
    assert "lists_do_not_shrink: portal 330100 listed" in ended.log
    assert crawls.rows(counts) == before
