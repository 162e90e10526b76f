"""Coverage after a crawl of the replica: the matrix is its manifest's, cell by cell; every absence has its reason.

With it what the index numbers tell: planted gaps are found, none is called withdrawn, and a report that no list shows
is found by asking for its number.
"""

import io
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from govcrawl.publish.coverage_report import write_coverage
from govcrawl.replica import Replica, running
from govcrawl.replica.lists.entries import ExpectedOutcome
from govcrawl.vocabulary import CoverageState, GapAssessment, Outcome

from .conftest import Crawls

CATALOGUES = ("420323", "422800")
ABSENCES = {
    "zhejiang": ("330100", "330100-jxj", "330402", "330522", "330703", "330922"),
    "hubei": (*CATALOGUES, "420600"),
}
"""Portals that between them lack reports for every reason there is."""


@dataclass(frozen=True)
class Crawled:
    """What was crawled, where it lies, and what the replica says of it."""

    crawls: Crawls
    portals: Sequence[str]
    manifest: dict[str, Any]

    def matrix(self) -> dict[tuple[str, int], dict[str, Any]]:
        """The cells of the crawled portals as `govcrawl coverage --format json` gives them."""
        out = io.StringIO()
        write_coverage(self.crawls.archive, None, None, self.as_of, "json", out)
        return {
            (row["agency_id"], row["year"]): row
            for row in json.loads(out.getvalue())
            if row["portal_id"] in self.portals
        }

    @property
    def as_of(self) -> date:
        """The day the manifest speaks of."""
        return date.fromisoformat(self.manifest["coverage"]["as_of"])

    def expected(self) -> dict[tuple[str, int], str]:
        """The same cells as the manifest has them."""
        cells = self.manifest["coverage"]["cells"]
        return {(cell["agency_id"], cell["year"]): cell["state"] for cell in cells if cell["portal_id"] in self.portals}

    def assert_as_expected(self) -> None:
        """Every cell has the manifest's state, none is lacking and none is too much."""
        found = {place: row["state"] for place, row in self.matrix().items()}
        wrong = {place: (state, found.get(place)) for place, state in self.expected().items()}
        wrong = {place: states for place, states in wrong.items() if states[0] != states[1]}
        assert not wrong, f"{len(wrong)} of {len(self.expected())} cells: {list(wrong.items())[:10]}"
        assert set(found) == set(self.expected())


def unreadable(replica: Replica) -> set[str]:
    """The portals that no crawl can read, or that have no list."""
    portals = replica.manifest["portals"]
    return {
        one["portal"]
        for one in portals
        if one["expected"] != Outcome.OK or not any(each["rows"] for each in one["lists"])
    }


def crawl(scenario: str, folder, portals: dict[str, Sequence[str]]) -> Crawled:
    replica = Replica(scenario=scenario)
    with running(replica) as base:
        crawls = Crawls(folder, base)
        for spider, chosen in portals.items():
            ended = crawls.run("-a", f"portal={','.join(chosen)}", spider=spider)
            walled = [one for one in chosen if one in unreadable(replica)]
            assert ended.code == int(bool(walled)), ended.log
            assert all(f"portals_answer: portal {one} " in ended.log for one in walled)
    return Crawled(crawls, [portal for chosen in portals.values() for portal in chosen], replica.manifest)


@pytest.fixture(scope="module")
def absences(tmp_path_factory) -> Crawled:
    return crawl("absences", tmp_path_factory.mktemp("absences"), ABSENCES)


def test_the_matrix_is_the_manifests_cell_by_cell(absences):
    absences.assert_as_expected()


def test_every_state_there_is_was_planted_and_has_a_reason(absences):
    rows = absences.matrix().values()
    states = Counter(row["state"] for row in rows)
    calendar = {CoverageState.OVERDUE} if absences.as_of < date(absences.as_of.year, 4, 1) else set()
    unplanted = {CoverageState.LIST_UNREAD, CoverageState.OUT_OF_SCOPE}  # every list ends, every year is asked for

    assert set(CoverageState) - set(states) <= calendar | unplanted, states
    assert all(bool(row["reason"]) == (row["state"] != CoverageState.OK) for row in rows)


def test_before_the_crawl_nothing_was_known(absences):
    out = io.StringIO()
    write_coverage(absences.crawls.archive, "hubei", None, date(2026, 1, 2), "json", out)

    states = {row["state"] for row in json.loads(out.getvalue())}
    assert states <= {CoverageState.NEVER_LISTED, CoverageState.NOT_DUE, CoverageState.EXEMPT}


def test_the_same_organ_on_two_portals_is_one_agency_whose_copies_agree(absences):
    query = """
    SELECT count(DISTINCT document.portal_id), count(DISTINCT report.agency_id), count(DISTINCT report.id)
    FROM reports AS report
    JOIN report_copies AS copy ON copy.report_id = report.id
    JOIN documents AS document ON document.id = copy.document_id
    WHERE report.agency_id = '330100:杭州市经济和信息化局'"""

    assert absences.crawls.rows(query) == [(2, 1, 6)]
    preferred = """
    SELECT DISTINCT document.portal_id FROM report_copies AS copy JOIN documents AS document
    ON document.id = copy.document_id WHERE copy.preferred AND copy.report_id LIKE '330100:杭州市经济%'"""
    assert absences.crawls.rows(preferred) == [("330100-jxj",)]
    assert absences.crawls.rows("SELECT count(*) FROM copy_differences") == [(0,)]


def test_planted_gaps_are_found_and_none_is_called_withdrawn(absences):
    gaps = absences.crawls.rows("SELECT portal_id, index_prefix, year, first_serial, last_serial FROM serial_gaps")
    planted = [
        (series["portal"], series["index_prefix"], series["year"], serial)
        for series in absences.manifest["withheld"]
        for serial in series["serials"]
    ]
    found = [each for each in planted if any(each[:3] == gap[:3] and gap[3] <= each[3] <= gap[4] for gap in gaps)]
    recall = len(found) / len(planted)

    assert len(planted) >= 12
    assert recall >= 0.99, f"recall {recall:.3f}: {len(found)} of {len(planted)} planted serials"
    in_gaps = sum(last - first + 1 for portal, _, _, first, last in gaps if portal in CATALOGUES)
    assert in_gaps == len(planted), f"{in_gaps} serials in gaps, {len(planted)} planted"
    assessed = {row[0] for row in absences.crawls.rows("SELECT DISTINCT assessment FROM serial_gaps")}
    assert assessed <= set(GapAssessment)
    assert not any("withdrawn" in each for each in assessed)


def test_what_serials_count_is_learnt_from_each_host(absences):
    learnt = dict(absences.crawls.rows("SELECT portal_id, group_concat(DISTINCT scope) FROM serial_scopes GROUP BY 1"))

    assert learnt["422800"] == "site"
    assert learnt["420323"] == "organ"


def test_a_report_that_no_list_shows_is_found_by_its_number(absences):
    (page,) = [page for page in absences.manifest["pages"] if page["expected"] == ExpectedOutcome.UNLISTED]

    assert absences.crawls.rows(f"SELECT count(*) FROM reports WHERE url = '{page['url']}'") == [(1,)]
    probes = absences.crawls.rows("SELECT count(*) FROM attempts WHERE url LIKE '%filter[IdxID]=%'")
    assert probes[0][0] <= 40 * len(CATALOGUES), f"{probes} probes"


@pytest.mark.soak
def test_the_matrix_of_the_whole_healthy_world_is_the_manifests(tmp_path):
    provinces: dict[str, list[str]] = {}
    for portal in Replica().manifest["portals"]:
        provinces.setdefault(portal["province"], []).append(portal["portal"])

    crawl("healthy", tmp_path, provinces).assert_as_expected()
