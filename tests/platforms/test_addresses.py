"""One address for one page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl.platforms.addresses import canonical, column_address, is_front_page, requery
from govcrawl.portals import load_registry

HANGZHOU, HUANGSHI, LIANDU = (load_registry()[code] for code in ("330100", "420200", "331102"))
ARTICLE = "https://www.hangzhou.gov.cn/art/2024/1/22/art_1229063423_4234590.html"


@pytest.mark.parametrize(
    "written",
    [
        ARTICLE,
        ARTICLE + "?xxgkhide=1",
        ARTICLE + "#zoom",
        ARTICLE.replace("https", "http"),
        ARTICLE.replace("www.", ""),
        ARTICLE.replace("www.hangzhou", "WWW.Hangzhou"),
        ARTICLE.replace("gov.cn/", "gov.cn:443/"),
        ARTICLE.replace(".html", ".html;jsessionid=AB12"),
        "/art/2024/1/22/art_1229063423_4234590.html",
        "../../22/art_1229063423_4234590.html",
        "  /art/2024/1/22/art_1229063423_4234590.html\n",
    ],
)
def test_spellings_of_one_address(written):
    assert canonical(written, HANGZHOU, "https://www.hangzhou.gov.cn/art/2024/1/22/x/a.html") == ARTICLE


def test_twins_for_apps_and_phones_are_the_page():
    page = "https://www.huangshi.gov.cn/a/202401/t20240129_1092698.html"

    assert canonical("http://huangshi.gov.cn/a/202401/t20240129_1092698_app.html", HUANGSHI) == page
    assert canonical(page.replace(".html", "_wap.html"), HUANGSHI) == page
    assert canonical(page.replace("_1092698.html", "_1092698_app.shtml"), HUANGSHI) == page.replace("html", "shtml")


def test_a_portal_known_to_be_http_only_keeps_its_scheme():
    assert canonical("https://www.liandu.gov.cn/a", LIANDU) == "http://www.liandu.gov.cn/a"


def test_other_hosts_and_ports_keep_their_own_scheme():
    assert canonical("http://jxj.hangzhou.gov.cn/a?b=1&xxgkhide=1", HANGZHOU) == "http://jxj.hangzhou.gov.cn/a?b=1"
    assert canonical("http://www.hangzhou.gov.cn:8080/a", HANGZHOU) == "http://www.hangzhou.gov.cn:8080/a"


@pytest.mark.parametrize(
    "written", ["javascript:void(0)", "mailto:a@b.cn", "http://[", "ftp://x.gov.cn/", "http://x:y/"]
)
def test_what_leads_to_no_page(written):
    assert canonical(written, HANGZHOU) is None


@given(st.text(max_size=80))
def test_any_text_gives_a_stable_address_or_none(text):
    first = canonical(text, HANGZHOU)

    assert first is None or canonical(first, HANGZHOU) == first
    assert first is None or (first.isascii() or "://" in first)


def test_front_pages():
    assert is_front_page("https://www.hangzhou.gov.cn/")
    assert is_front_page("https://www.hangzhou.gov.cn")
    assert is_front_page("https://www.hangzhou.gov.cn/index.html")
    assert not is_front_page("https://www.hangzhou.gov.cn/?id=3")
    assert not is_front_page("https://www.hangzhou.gov.cn/zwgk/index.html")


def test_a_column_has_one_spelling():
    assert column_address("https://a.gov.cn/zwgk/index.shtml") == "https://a.gov.cn/zwgk/"
    assert column_address("https://a.gov.cn/col/col12/") == "https://a.gov.cn/col/col12/index.html"
    assert (
        column_address("https://a.gov.cn/col/col12/index.html?number=B")
        == "https://a.gov.cn/col/col12/index.html?number=B"
    )


def test_requery_keeps_what_it_does_not_set_as_written():
    url = "https://a.gov.cn/x.jsp?page=1&appid=1&appid=1&webname=%25E6%259D%25AD&path=/"

    assert requery(url, page=2) == "https://a.gov.cn/x.jsp?page=2&appid=1&webname=%25E6%259D%25AD&path=/"


@pytest.mark.parametrize(
    "query",
    ["t=1701417600000", "T=1701417600", "_=20231201080000123", "rnd=0.8127364512", "r=.5", "v=1.2", "ver=", "t=a7f3",
     "time=Fri%20Dec%2001%202023", "nocache=12:30:01", "timestamp=x&random=99999999"],
)  # fmt: skip
def test_what_keeps_caches_from_answering_is_no_part_of_an_article_s_address(query: str):
    assert canonical(f"{ARTICLE}?{query}", HANGZHOU) == ARTICLE
    assert canonical(f"{ARTICLE}?a=1&{query}", HANGZHOU) == f"{ARTICLE}?a=1"


@pytest.mark.parametrize("query", ["t=1", "v=2", "r=sd", "time=2023", "id=1701417600000", "version=3.1.2"])
def test_what_may_tell_two_pages_apart_stays_where_the_path_names_none(query: str):
    address = f"https://www.hangzhou.gov.cn/detail.jsp?{query}"

    assert canonical(address, HANGZHOU) == address


@pytest.mark.parametrize("name", ["k", "sid", "math", "x1", "refresh"])
@pytest.mark.parametrize("value", ["0.8127364512345", ".81273645", "0.000001"])
def test_a_random_number_is_dropped_whatever_it_is_called(name: str, value: str):
    address = "https://www.hangzhou.gov.cn/detail.jsp?id=7"

    assert canonical(f"{address}&{name}={value}", HANGZHOU) == address


@pytest.mark.parametrize("query", ["edition=0.9", "size=0.25", "id=0.12345", "area=12.8127364512"])
def test_a_number_that_nobody_drew_stays(query: str):
    address = f"https://www.hangzhou.gov.cn/detail.jsp?{query}"

    assert canonical(address, HANGZHOU) == address


def test_a_moment_is_dropped_whatever_the_path():
    list_ = "https://www.hangzhou.gov.cn/list.jsp?id=7"

    assert canonical(f"{list_}&t=1701417600000", HANGZHOU) == list_
