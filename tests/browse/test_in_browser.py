"""The pages in a real browser: no complaint, no shift, no sideways scrolling on a phone, a number led to its cell."""

import re
import sqlite3
from contextlib import closing

import pytest

from govcrawl.archive.layout import database_of

# Runs before a page does: adds up how far its parts moved after they were first shown.
SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shifted += entry.value; })
  .observe({ type: "layout-shift", buffered: true });
"""

# Writes a page again as a slow network would bring it: piece by piece, each of them painted before the next.
IN_PIECES = """
async (size) => {
  const text = await (await fetch(location)).text();
  window.shifted = 0;
  document.open();
  for (let at = 0; at < text.length; at += size) {
    document.write(text.slice(at, at + size));
    await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted, 30)));
  }
  document.close();
  return window.shifted;
}
"""


@pytest.fixture(scope="module")
def paths(served) -> dict[str, str]:
    """An address of each page."""
    with closing(sqlite3.connect(f"file:{database_of(served.archive)}?mode=ro", uri=True)) as database:
        query = (
            "SELECT r.id, v.id, v.capture_id, other.current_version_id FROM reports AS r"
            " JOIN report_versions AS v ON v.id = r.current_version_id"
            " JOIN reports AS other ON other.agency_id = r.agency_id AND other.year = r.year - 1"
            " WHERE v.form = 'f2021' ORDER BY r.id LIMIT 1"
        )
        report, version, capture, before = database.execute(query).fetchone()
    return {
        "report": f"/-/report/{report}",
        "cell": f"/-/cell/{version}-1011",
        "capture": f"/-/capture/{capture}",
        "diff": f"/-/diff/{before}/{version}",
        "issues": "/-/issues?state=all",
        "login": "/-/login",
        "missing": "/-/report/nothing",
    }


PAGES = ("report", "cell", "capture", "diff", "issues", "login", "missing")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_without_complaint_and_stays_where_it_is(served, paths, tab, name: str):
    tab.add_init_script(SHIFTS)
    tab.goto(served.address + paths[name])
    tab.wait_for_load_state("networkidle")

    assert tab.locator("h1").count() == 1
    assert tab.evaluate("window.shifted") == 0
    assert tab.evaluate("document.documentElement.lang") == "zh-Hans"


@pytest.mark.parametrize("size", [500, 700, 1100])
def test_filters_stay_where_they_are_while_the_page_arrives(served, paths, tab, size: int):
    tab.add_init_script(SHIFTS)
    tab.goto(served.address + paths["issues"])

    assert tab.evaluate(IN_PIECES, size) == 0
    assert tab.locator("form.filters select").count() == 4


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone(served, paths, tab, name: str):
    tab.set_viewport_size({"width": 360, "height": 740})
    tab.goto(served.address + paths[name])

    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_number_is_followed_to_its_highlighted_cell(served, paths, tab):
    tab.goto(served.address + paths["report"])
    link = tab.locator("#table-applications td.value a[href*='/-/cell/']").first
    figure = link.inner_text()
    link.click()
    tab.wait_for_url("**/-/cell/**")
    marked = tab.frame_locator("iframe.archived-page").locator("#govcrawl-cell")
    marked.wait_for()

    assert marked.inner_text().strip() == figure
    assert tab.locator("pre.bytes mark").first.inner_text().strip() == figure
    frame = tab.locator("iframe.archived-page").bounding_box()

    def in_sight() -> bool:
        box = marked.bounding_box()
        return frame["y"] <= box["y"] <= frame["y"] + frame["height"] - box["height"]

    for _ in range(30):  # the frame goes to its mark a moment after it has loaded
        if not in_sight():
            tab.wait_for_timeout(100)
    assert in_sight()


def test_the_language_is_kept_from_page_to_page(served, paths, tab):
    tab.goto(served.address + paths["report"])
    tab.get_by_role("link", name="English").click()
    tab.locator("#table-applications td.value a[href*='/-/cell/']").first.click()
    tab.wait_for_url("**/-/cell/**")

    assert "Evidence" in tab.locator("h2").first.inner_text()
    assert "lang=en" in tab.url


def test_the_report_leads_to_its_other_years_side_by_side(served, paths, tab):
    tab.goto(served.address + paths["report"])
    tab.locator("#years + ul a", has_text=re.compile("比较")).first.click()
    tab.wait_for_url("**/-/diff/**")

    assert tab.locator("td.changed").count() > 0
    assert tab.locator(".side-by-side").count() > 0


def test_a_page_is_walked_by_keyboard(served, paths, tab):
    tab.goto(served.address + paths["report"])
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip-link"
    tab.keyboard.press("Enter")
    tab.wait_for_url("**#content")
    tab.locator("#table-applications td.value a").first.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/-/cell/**")

    assert tab.locator("iframe.archived-page").count() == 1
