"""Families recognised on stored pages of each, and on none of what only looks like them."""

import json
from pathlib import Path

import pytest

from govcrawl import platforms
from govcrawl.models import Exchange, Request, Response
from govcrawl.platforms.fingerprint import DIRECTORIES, MARKS
from govcrawl.vocabulary import BUILT_PLATFORMS, Role

from ..growth import LINEAR, growth

LISTINGS = Path(__file__).parents[1] / "fixtures" / "listings"
PAGES = sorted(path.parent for path in LISTINGS.glob("*/*/exchange.json") if not path.parent.name.startswith("broken_"))
WAY = {Role.HOME, Role.COLUMN}
SAYS_TOO_LITTLE = {
    "hanweb-jpage/column_is_the_article",  # one article, and no link
    "trs-static/folder_of_years",  # links to folders alone
    "trs-static/list_in_table_with_meta",  # fewer articles than are evidence
    "jingzhou-zwgk/column_in_a_table",  # no host of its own, one pager link
    "jingzhou-zwgk/column_with_short_titles",
    "list-n/column_counted",  # one pager link; the addresses of its articles are those of many
}
BESIDE = {"hanweb-jpaas": {"hanweb-jpage"}}
"""Families whose marks stand on one page, as the older interface of a product beside its newer one."""


def exchange(body: str, url: str = "https://www.yuhang.gov.cn/", role: Role = Role.HOME) -> Exchange:
    return Exchange(Request("330110", "detect", role, url), Response(url, 200, (), body.encode()))


def links(*addresses: str) -> str:
    return "<html><body>" + "".join(f'<a href="{address}">x</a>' for address in addresses) + "</body></html>"


def pages() -> list[tuple[Path, str]]:
    """The stored pages on the way to a list, each with its address; printed lists are of many families or of none."""
    asked = [(case, json.loads((case / "exchange.json").read_text(encoding="utf-8"))["request"]) for case in PAGES]
    return [(case, one["url"]) for case, one in asked if one["role"] in WAY and case.parent.name != "printed"]


@pytest.mark.parametrize(("case", "url"), pages(), ids=lambda value: getattr(value, "name", None))
def test_a_stored_page_is_recognised_as_of_its_family(case: Path, url: str):
    name = f"{case.parent.name}/{case.name}"
    stored = json.loads((case / "exchange.json").read_text(encoding="utf-8"))["response"]["body"]
    found = platforms.recognise(exchange((case / stored).read_text(encoding="utf-8", errors="replace"), url))

    if case.parent.name == "generic":  # that of no family bears no mark
        assert found == ()
    elif name in SAYS_TOO_LITTLE:
        assert set(found) <= {"static-dir"}
    elif case.parent.name == "script-list":  # read where no family of its own asks
        assert set(found) <= {"query-list"}
    elif case.parent.name in platforms.PLATFORMS:
        assert case.parent.name in found
        beside = BESIDE.get(case.parent.name, {"trs-static"})
        assert set(found) - {case.parent.name} <= beside, "a plain directory may have the pager of TRS"
    else:
        assert set(found) <= {"hanweb-jpage"}, "the pages of discovery are of one family or tell none"


def test_every_family_that_is_built_has_a_mark_but_those_without_a_shape():
    assert {mark.platform for mark in (*MARKS, DIRECTORIES)} == set(BUILT_PLATFORMS) - {"generic", "script-list"}


@pytest.mark.parametrize("count", [2, 3])
def test_a_shape_is_evidence_when_several_addresses_have_it(count: int):
    body = links(*(f"/col/col{number}/index.html" for number in range(count)), "/col/col0/index.html#again")

    assert platforms.recognise(exchange(body)) == (("hanweb-jpage",) if count == 3 else ())


def test_addresses_on_other_portals_are_no_evidence():
    elsewhere = [f"http://www.linping.gov.cn/col/col{number}/index.html" for number in range(9)]
    interface = "http://www.ruian.gov.cn/module/xxgk/xxgkAnnualReport.jsp?area=001008003004069"

    assert platforms.recognise(exchange(links(*elsewhere, interface))) == ()


def test_addresses_below_the_portals_domain_are_its_own():
    body = links(*(f"https://czj.yuhang.gov.cn/art/2024/1/2/art_1_{number}.html" for number in range(3)))

    assert platforms.recognise(exchange(body)) == ("hanweb-jpage",)


def test_the_strongest_family_comes_first():
    body = (
        links(*(f"/col/col{number}/index.html" for number in range(3)))
        + "<script>load('/module/xxgk/tree.jsp')</script>"
    )

    assert platforms.recognise(exchange(body)) == ("hanweb-xxgk", "hanweb-jpage")


def test_an_address_that_cannot_be_read_costs_nothing():
    body = links("http://[", "//", "javascript:void(0)", *(f"/x/202401/t20240101_{number}.html" for number in range(3)))

    assert platforms.recognise(exchange(body)) == ("trs-static",)


@pytest.mark.parametrize(
    "piece", ["/module/", "/c1234/", "createPageHTML", "_CONFIG = {", "<a href='/2024/01/'>", "/list"]
)
def test_a_hostile_page_is_told_in_linear_time(piece: str):
    def task(size):
        page = exchange(piece * (size // len(piece)))
        return lambda: platforms.recognise(page)

    assert growth(task, 250_000) < LINEAR
