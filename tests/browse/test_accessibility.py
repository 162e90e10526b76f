"""Every page as those who cannot see it or cannot use a mouse meet it, judged by axe in a real browser."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from govcrawl.archive.layout import database_of
from govcrawl.browse.search_index import make_index
from govcrawl.db.connection import read_database

AXE = Path(__file__).parent / "axe" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = {"serious", "critical"}

_PLACES = """
SELECT report.agency_id AS agency, report.id AS report, version.capture_id AS capture, version.id AS version,
  (SELECT id FROM facts WHERE report_version_id = version.id LIMIT 1) AS fact,
  (SELECT current_version_id FROM reports WHERE agency_id = report.agency_id AND year = report.year - 1) AS before
FROM reports AS report JOIN report_versions AS version ON version.id = report.current_version_id
WHERE report.agency_id LIKE '330604:%' AND before IS NOT NULL LIMIT 1"""

PAGES = {
    "home": "/",
    "organs": "/?division=330604",
    "agency": "/-/agency/{agency}",
    "report": "/-/report/{report}",
    "cell": "/-/cell/{fact}",
    "capture": "/-/capture/{capture}",
    "diff": "/-/diff/{before}/{version}",
    "compare": "/-/compare",
    "compared organs": "/-/compare?by=organ",
    "issues": "/-/issues",
    "search": "/-/search?q=公开",
    "tables": "/-/dictionary",
    "words": "/-/dictionary?part=words",
    "forms": "/-/dictionary?part=forms",
    "about": "/-/about",
    "login": "/-/login",
    "fault": "/-/report/none",
}


@pytest.fixture(scope="module")
def places(crawled: Path, served: Any) -> dict[str, str]:
    make_index(served.archive)
    with read_database(database_of(crawled)) as connection:
        cursor = connection.execute(_PLACES)
        return dict(zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True))


def faults(tab: Any) -> list[str]:
    """What axe calls grave, with where it stands."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: `make axe` installs it")
    tab.evaluate(AXE.read_text(encoding="utf-8"))
    found = tab.evaluate("axe.run(document, {iframes: false, resultTypes: ['violations']})")
    assert len(found["passes"]) > 5
    return [
        f"{fault['id']} ({fault['impact']}): {node['target']} {node['failureSummary']}"
        for fault in found["violations"]
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
    ]


def address(served: Any, places: dict[str, str], name: str) -> str:
    return served.address + quote(PAGES[name].format(**places), safe="/:?&=")


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_a_grave_fault_or_is_wider_than_a_phone(served: Any, tab: Any, places: dict[str, str], name: str):
    tab.goto(address(served, places, name))

    assert faults(tab) == []
    tab.set_viewport_size({"width": 375, "height": 700})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 375


@pytest.mark.parametrize("name", ["home", "agency", "compare"])
def test_dark_colours_can_be_read_too(served: Any, tab: Any, places: dict[str, str], name: str):
    tab.emulate_media(color_scheme="dark")
    tab.goto(address(served, places, name))

    assert faults(tab) == []


@pytest.mark.parametrize("name", ["home", "agency", "compare", "report"])
def test_nothing_moves_while_a_page_loads(served: Any, tab: Any, places: dict[str, str], name: str):
    tab.goto(address(served, places, name), wait_until="load")
    shift = tab.evaluate("""() => new Promise(done => {
        let moved = 0;
        new PerformanceObserver(list => { for (const entry of list.getEntries()) moved += entry.value; })
            .observe({type: "layout-shift", buffered: true});
        setTimeout(() => done(moved), 300);
    })""")

    assert shift < 0.01
