"""What the manifest says of coverage and of index numbers is true of the replica."""

import json
from collections import Counter
from datetime import date

import pytest

from govcrawl.index_number import parse_index_number
from govcrawl.replica import Replica
from govcrawl.replica.expected_coverage import expected_coverage
from govcrawl.replica.lists.entries import ExpectedOutcome
from govcrawl.replica.plan import load_plan
from govcrawl.vocabulary import CoverageState

SUMMER = date(2026, 6, 1)


@pytest.fixture(scope="module")
def absences():
    return Replica(scenario="absences")


def cells(replica, day=SUMMER):
    rows = expected_coverage(replica.portals, replica.scenario, day)
    return {(row["agency_id"], row["year"]): row["state"] for row in rows}


def test_no_cell_is_empty_and_none_is_told_twice(replica):
    rows = expected_coverage(replica.portals, replica.scenario, SUMMER)
    agencies = {row["agency_id"] for row in rows}

    assert len(rows) == len(agencies) * len(range(2008, SUMMER.year + 1)) == len(cells(replica))
    assert {row["portal_id"] for row in rows} <= {plan.portal.id for plan in load_plan().portals}


def test_every_state_of_the_closed_list_is_planted(absences):
    states = Counter(cells(absences).values())

    unplanted = {CoverageState.LIST_UNREAD, CoverageState.OUT_OF_SCOPE}  # every list ends, every year is asked for
    assert set(CoverageState) - set(states) == unplanted, states


@pytest.mark.parametrize(
    ("year", "state"),
    [
        (2018, CoverageState.NOT_FOUND),
        (2019, CoverageState.GONE),
        (2020, CoverageState.IMAGE_ONLY),
        (2021, CoverageState.ATTACHMENT_ONLY),
        (2022, CoverageState.PARSE_FAILED),
        (2023, CoverageState.UNREACHABLE),
        (2024, CoverageState.OK),
        (2025, CoverageState.OVERDUE),
        (2026, CoverageState.NOT_DUE),
    ],
)
def test_a_portal_whose_years_go_wrong_in_turn(absences, year, state):
    assert cells(absences)["330703:金东区司法局", year] is state


def test_the_healthy_world_has_none_of_these(replica, absences):
    healthy = cells(replica)
    changed = {place for place, state in cells(absences).items() if healthy.get(place) is not state}

    assert {agency[:6] for agency, _ in changed} == {"330703", "330402"}


def test_one_organ_on_two_portals_has_one_row_of_cells(replica):
    rows = expected_coverage(replica.portals, replica.scenario, SUMMER)
    organ = [row for row in rows if row["agency_id"] == "330100:杭州市经济和信息化局"]

    assert {row["portal_id"] for row in organ} == {"330100-jxj"}
    assert len(organ) == len({row["year"] for row in organ})


def test_the_calendar_moves_the_newest_years(replica):
    january = cells(replica, date(2026, 1, 15))

    assert january["420323:竹山县教育局", 2025] is CoverageState.NOT_DUE
    assert cells(replica)["420323:竹山县教育局", 2025] is CoverageState.OVERDUE


def test_a_catalogue_numbers_every_piece_once_and_keeps_back_what_it_says(replica):
    kept_back = {
        (series["portal"], series["index_prefix"], series["year"], serial)
        for series in replica.manifest["withheld"]
        for serial in series["serials"]
    }
    assert len(kept_back) >= 12
    for portal in replica.portals:
        channels = {channel: entries for channel, entries in portal.lists.items() if channel.catalogue}
        for channel, entries in channels.items():
            numbers = [parse_index_number(entry.index_number) for entry in entries if entry.index_number]
            serials = {(portal.plan.portal.id, each.prefix, each.year, each.serial) for each in numbers}
            assert len(serials) == len(numbers)
            assert serials.isdisjoint(kept_back)
            for series in {each[:3] for each in serials}:
                known = {each[3] for each in serials | kept_back if each[:3] == series}
                assert known == set(range(1, channel.catalogue + 1))


def test_an_unlisted_report_answers_to_its_number_alone(replica, ask):
    (page,) = [page for page in replica.manifest["pages"] if page["expected"] is ExpectedOutcome.UNLISTED]
    search = f"http://{page['host']}/igs/front/search/list.html?type=nb422800&pageSize=500"

    def titles(url: str) -> set[str]:
        return {record["DOCTITLE"] for record in json.loads(ask(url).body)["page"]["content"]}

    assert page["title"] not in titles(search)
    assert titles(f"{search}&filter[IdxID]={page['index_number']}") == {page["title"]}
