"""Portals whose families nobody knows are walked by what their own pages tell, and told about at the end."""

import re

import pytest

from govcrawl.portals.loading import parse_portals
from govcrawl.warc import StoredCrawl, iter_stored

from .conftest import Crawls, Ended

FAMILIES = {
    "650000": "trs-igs",
    "650200": "c-column",
    "652700": "trs-static",
    "654301": "hanweb-jpage",
}
GENERIC = "652300"


@pytest.fixture(scope="module")
def run(healthy, tmp_path_factory) -> tuple[Crawls, Ended]:
    crawls = Crawls(tmp_path_factory.mktemp("detect"), healthy[1])
    portals = ",".join([*FAMILIES, GENERIC])
    ended = crawls.run("-a", f"portal={portals}", "-a", "year=2023", spider="xinjiang")
    assert ended.code == 0, ended.log
    return crawls, ended


@pytest.mark.parametrize("portal", [*FAMILIES, GENERIC])
def test_every_report_of_a_portal_of_unknown_family_is_found(healthy, run, portal):
    pages = [page for page in healthy[0].manifest["pages"] if page["portal"] == portal]
    listed = run[0].rows(f"SELECT url FROM listings WHERE portal_id = '{portal}'")
    stored = run[0].rows(f"SELECT url FROM reports WHERE agency_id LIKE '{portal}:%'")

    assert {page["url"] for page in pages} <= {url for (url,) in listed}
    assert {url for (url,) in stored} == {page["url"] for page in pages if page["report_year"] == 2023}


@pytest.mark.parametrize(("portal", "family"), FAMILIES.items())
def test_what_was_recognised_is_printed_as_a_line_the_registry_takes(run, portal, family):
    (line,) = re.findall(rf"(?<= INFO ){portal} = \{{.*$", run[1].log, re.MULTILINE)
    (entry,) = parse_portals({"xinjiang.toml": f'code = "650000"\n[portals]\n{line}'.encode()})

    assert family in entry.platforms
    assert "detect" not in entry.platforms
    assert entry.columns


def test_the_finding_is_kept_in_the_archive_with_the_end_of_the_run(run):
    ends = [one for one in iter_stored(run[0].archive) if isinstance(one, StoredCrawl) and one.event == "end"]

    assert [text.partition(" ")[0] for text in ends[0].fields["learnt"]] == sorted([*FAMILIES, GENERIC])


def test_a_rebuild_recognises_the_same(run, govcrawl):
    before = run[0].digest()

    assert govcrawl("rebuild", "--archive", run[0].archive).returncode == 0
    assert run[0].digest() == before
