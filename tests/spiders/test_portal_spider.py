from dataclasses import replace
from datetime import date

import pytest
from scrapy.spiderloader import get_spider_loader
from scrapy.utils.project import get_project_settings

from govcrawl import platforms, portals
from govcrawl.errors import UsageError
from govcrawl.spiders.portal_spider import not_crawled, portals_wanted, years_wanted
from govcrawl.spiders.zhejiang import ZhejiangSpider

DAY = date(2026, 2, 1)


@pytest.mark.parametrize(
    ("text", "years"),
    [("2024", (2024,)), ("2025,2008", (2008, 2025)), ("2024, 2024", (2024,)), ("", tuple(range(2008, 2026)))],
)
def test_years_are_a_sorted_list_of_report_years(text: str, years: tuple[int, ...]):
    assert years_wanted(text, DAY) == years


@pytest.mark.parametrize("text", ["1999", "2007", "2026", "2024,2099", "last", "2024,", "-2024", "2024.0"])
def test_a_year_without_reports_is_refused_with_the_range(text: str):
    with pytest.raises(UsageError, match="from 2008 to 2025"):
        years_wanted(text, DAY)


def test_portals_are_chosen_by_id_in_the_order_of_the_registry():
    known = portals.load_registry().province("zhejiang")
    first, second = known[0].id, known[1].id

    assert [portal.id for portal in portals_wanted(f"{second}, {first}", known)] == [first, second]


def test_an_unknown_portal_is_refused_with_examples():
    with pytest.raises(UsageError, match="no portal '999999'"):
        portals_wanted("330100,999999", portals.load_registry().province("zhejiang"))


def test_a_pinned_day_moves_the_last_year(monkeypatch):
    monkeypatch.setenv("GOVCRAWL_TODAY", "2021-03-01")

    assert ZhejiangSpider(year="2020").years == (2020,)
    with pytest.raises(UsageError):
        ZhejiangSpider(year="2021")


def test_a_day_that_is_none_is_refused(monkeypatch):
    monkeypatch.setenv("GOVCRAWL_TODAY", "tomorrow")

    with pytest.raises(UsageError, match="GOVCRAWL_TODAY"):
        ZhejiangSpider()


def test_unknown_arguments_are_refused():
    with pytest.raises(UsageError, match="unknown argument yaer"):
        ZhejiangSpider(yaer="2024")


def test_portals_nothing_is_asked_of_are_told_in_one_line_with_their_reasons():
    known = portals.load_registry()
    idle = [replace(known["650000"], platforms=("someday",)), known["460301"]]

    assert not_crawled(idle, 3) == (
        "2 of 3 portals are planned, not crawled: 1 someday; 1 no address (no portal of its own known, 2026-04); "
        "the first: 650000 新疆维吾尔自治区, 460301 西沙区"
    )


@pytest.mark.parametrize("portal_id", ["460301", "350527"])
def test_a_portal_without_an_address_begins_with_nothing(portal_id: str):
    assert platforms.start(portals.load_registry()[portal_id], (2024,)) == ()


def test_a_portal_of_unknown_families_begins_with_its_front_page():
    (home,) = platforms.start(portals.load_registry()["650000"], (2024,))

    assert (home.url, home.platform) == ("https://www.xinjiang.gov.cn/", "detect")


@pytest.mark.parametrize("name", portals.load_registry().provinces)
def test_a_province_spider_names_its_province_and_nothing_else(name: str):
    spider = spiders().load(name)

    assert spider.name == spider.province == name
    assert vars(spider).keys() <= {"name", "province", "__module__", "__doc__"}
    assert spider().portals == portals.load_registry().province(name)


def test_there_is_a_spider_for_every_province_and_for_nothing_else():
    assert sorted(spiders().list()) == sorted(portals.load_registry().provinces)


def spiders():
    return get_spider_loader(get_project_settings())
