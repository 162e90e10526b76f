"""The last lines of a run, each from what it tells."""

from collections import Counter

from govcrawl import portals
from govcrawl.crawl import run_summary
from govcrawl.db.queries.new_addresses import NewAddress
from govcrawl.db.queries.portal_answers import PortalAnswers
from govcrawl.db.queries.run_totals import RestingHost
from govcrawl.vocabulary import CoverageState, Outcome

REGISTRY = portals.shipped()


def test_found_are_the_reports_that_are_there_and_expected_what_was_due():
    states = Counter(
        {
            CoverageState.OK: 20,
            CoverageState.IMAGE_ONLY: 3,
            CoverageState.NOT_FOUND: 4,
            CoverageState.ELSEWHERE: 1,
            CoverageState.NOT_DUE: 7,
            CoverageState.EXEMPT: 2,
        }
    )

    assert run_summary.found_of_expected(states, (2024,)) == "found 23 of 28 reports expected of 2024, 20 with figures"
    assert run_summary.found_of_expected(states, (2022, 2024)).endswith("of 2022 to 2024, 20 with figures")
    assert run_summary.found_of_expected(Counter(), ()) == "found 0 of 0 reports expected, 0 with figures"


def test_walls_and_lists_without_an_end_are_named_or_said_to_be_none():
    answers = {
        "330782": PortalAnswers(Counter({Outcome.BLOCKED: 3})),
        "330110": PortalAnswers(Counter({Outcome.OK: 3, Outcome.TIMEOUT: 1})),
    }

    assert run_summary.blocked(answers, REGISTRY) == "blocked: 330782 义乌市"
    assert run_summary.blocked({}, REGISTRY) == "blocked: none"
    assert run_summary.unknown_length({"330110": 2, "330782": 1}) == "lists of unknown length: 330110 (2), 330782 (1)"


def test_rows_under_other_addresses_are_counted_with_one_of_them():
    rows = tuple(NewAddress(f"http://a.gov.cn/{number}?k=1", f"http://a.gov.cn/{number}?k=2") for number in range(3))

    assert list(run_summary.new_addresses({})) == []
    (line,) = run_summary.new_addresses({"330110": rows})
    assert line == (
        "330110: 3 rows came back under other addresses, each counts as another document;"
        " the first was http://a.gov.cn/0?k=1 and is http://a.gov.cn/0?k=2"
    )


def test_of_many_names_the_first_are_told_and_the_others_counted():
    lists = {f"3301{number:02d}": 1 for number in range(20)}

    assert run_summary.unknown_length(lists).endswith("330111 (1) and 8 more")


def test_a_rest_is_told_with_its_end_and_its_cause():
    told = run_summary.resting([RestingHost("yw.gov.cn", 1_767_225_600.0, Outcome.BLOCKED)])

    assert told == "resting: yw.gov.cn until 2026-01-01 00:00 UTC (blocked)"


def test_hosts_are_told_with_the_line_that_adds_them_to_those_of_the_entry():
    asked = {"421000": ("a.jingzhou.gov.cn",)}
    refused = {"421000": ("www.new.gov.cn", "www.example.com", "www.zj.gov.cn"), "330110": ("mp.weixin.qq.com",)}

    first, *lines = run_summary.to_register(asked, refused, REGISTRY)

    assert first == "hosts to register: a.jingzhou.gov.cn, www.new.gov.cn"
    assert lines == [
        "荆州市: asked: a.jingzhou.gov.cn, not asked: www.new.gov.cn; into portals/hubei.toml, after a look at it:",
        '421000 = { more_hosts = ["zwgk.jingzhou.gov.cn", "a.jingzhou.gov.cn", "www.new.gov.cn"] }',
    ]
    assert list(run_summary.to_register({}, {}, REGISTRY)) == ["hosts to register: none"]
