"""The lists answer as the real interfaces do: rows, windows, pagers, viewers."""

import re
from html import unescape

import pytest

from govcrawl.replica import Replica
from govcrawl.replica.plan import load_plan

DATAPROXY = "/module/web/jpage/dataproxy.jsp"
HREF = re.compile(r"""<record><!\[CDATA\[<li>.*?href=['"]([^'"]+)['"]""")


def rows(replica, portal, kind):
    told = next(each for each in replica.manifest["portals"] if each["portal"] == portal)
    return [row["url"] for each in told["lists"] if each["kind"] == kind for row in each["rows"]]


def paths(urls):
    return [url.split(".gov.cn", 1)[1] if ".gov.cn/" in url else url for url in urls]


def hangzhou(query):
    return f"https://www.hangzhou.gov.cn{DATAPROXY}?columnid=1229063423&{query}"


def test_a_column_page_holds_three_display_pages_in_an_inert_block_and_an_empty_list(replica, ask):
    text = ask("https://www.hangzhou.gov.cn/col/col1229063423/index.html").body.decode()
    listed = paths(rows(replica, "330100", "column"))
    assert HREF.findall(text) == listed[:45]
    assert len(listed) > 45
    assert '<script type="text/xml"><datastore>' in text
    assert '<ul class="jpage-list"></ul>' in text
    assert "columnid=1229063423&unitid=6251736" in text
    assert ask("https://www.hangzhou.gov.cn/col/col1229063423/index.html?pageNum=2").body.decode() == text


def test_a_server_that_honours_the_window(replica, ask):
    listed = paths(rows(replica, "330100", "column"))
    answer = ask(hangzhou("startrecord=46&endrecord=90&perpage=15"))
    assert answer.media_type.startswith("text/xml")
    assert HREF.findall(answer.body.decode()) == listed[45:90]
    assert f"<totalrecord>{len(listed)}</totalrecord><totalpage>4</totalpage>" in answer.body.decode()


def test_get_and_post_answer_alike(ask):
    window = "startrecord=1&endrecord=45&perpage=15"
    posted = ask(f"https://www.hangzhou.gov.cn{DATAPROXY}", "POST", f"columnid=1229063423&{window}")
    assert posted.body == ask(hangzhou(window)).body


def test_a_server_that_knows_only_the_page_number(replica, ask):
    listed = paths(rows(replica, "330604", "column"))
    base = f"https://www.shangyu.gov.cn{DATAPROXY}?columnid=1229351148&perpage=10"
    assert HREF.findall(ask(f"{base}&startrecord=11&endrecord=20").body.decode()) == listed[:10]
    assert HREF.findall(ask(f"{base}&page=2").body.decode()) == listed[10:20]
    assert HREF.findall(ask(f"{base}&page=9").body.decode()) == []


def test_a_server_that_caps_its_groups(ask):
    long = Replica(scenario="long-list")
    url = f"https://www.hzxh.gov.cn{DATAPROXY}?columnid=1229312560&startrecord=1&endrecord=900&perpage=900"
    body = ask(url, of=long).body.decode()
    assert len(HREF.findall(body)) == 300
    assert "<totalpage>34</totalpage>" in body


def test_an_unknown_column_is_empty(ask):
    assert b"<totalrecord>0</totalrecord>" in ask(f"https://www.hangzhou.gov.cn{DATAPROXY}?columnid=1").body


def test_rows_come_in_two_shapes_with_debris_and_doubled_units(ask):
    titled = ask("https://www.hangzhou.gov.cn/col/col1229063423/index.html").body.decode()
    linked = ask("https://www.qz.gov.cn/col/col1229037201/index.html").body.decode()
    assert "<li><a title='" in titled
    assert '<li><span class="date">' in linked
    assert "..." in titled
    assert "<![CDATA[<li style=<br/]]>" in linked
    assert linked.count('<script type="text/xml">') == 2
    assert titled.count('<script type="text/xml">') == 1


def test_hidden_metadata_is_the_same_article(replica, ask):
    hidden = next(url for url in rows(replica, "330681", "column") if url.endswith("?xxgkhide=1"))
    shown = ask(hidden.removesuffix("?xxgkhide=1")).body.decode()
    text = ask(hidden).body.decode()
    assert "索 引 号" in shown
    assert "索 引 号" not in text
    assert "（五）监督保障" in text


def search(query):
    return f"http://www.ruian.gov.cn/module/xxgk/search.jsp?infotypeId=A0212&{query}"


def test_search_rows_carry_the_index_number(replica, ask):
    text = ask(search("currpage=1")).body.decode()
    attributes = re.findall(
        r'<a href="([^"]+)" target="_blank" title="([^"]+)" syh="([^"]+)" mc="\2" wh="" rq="([-\d]+)" gkfs="主动公开">',
        text,
    )
    assert [address for address, *_ in attributes] == paths(rows(replica, "330381", "search"))[:5]
    assert all(number.startswith("001008003004") for *_, number, _ in attributes)
    assert "共3页" in text
    assert "tr_main_value_odd" in text
    assert "tr_main_value_even" in text


def test_search_filters_by_organ_year_and_number(ask):
    text = ask(search("area=001008003004069")).body.decode()
    numbers = re.findall(r'syh="([^"]+)"', text)
    assert len(numbers) == 3
    assert re.findall(r'syh="([^"]+)"', ask(search(f"vc_number={numbers[0]}")).body.decode()) == numbers[:1]
    assert len(re.findall("syh=", ask(search("fbtime=2024")).body.decode())) == 4
    assert "syh=" not in ask("http://www.ruian.gov.cn/module/xxgk/search.jsp?infotypeId=B0001").body.decode()


def test_search_past_the_end_is_empty_with_the_same_pager(ask):
    text = ask(search("currpage=4")).body.decode()
    assert "syh=" not in text
    assert "共3页" in text


def test_a_search_may_ignore_the_column(ask):
    text = ask("https://www.linhai.gov.cn/module/xxgk/search.jsp?infotypeId=B0001&currpage=1").body.decode()
    assert "zfxxgk_zdgkc" in text
    assert "art_1229439290_" in text


def test_the_tree_is_in_a_frame(ask):
    shell = ask("http://www.ruian.gov.cn/col/col1229732460/index.html").body.decode()
    frame = unescape(re.search(r'<iframe src="([^"]+)"', shell).group(1))
    assert "funclick('A0212'" in ask(f"http://www.ruian.gov.cn{frame}").body.decode()


def test_the_viewer_shows_an_organs_report_of_a_year_without_metadata(ask):
    base = "https://www.yuhang.gov.cn/module/xxgk/xxgkAnnualReport.jsp"
    text = ask(f"{base}?fbtime=2022&area=002510119").body.decode()
    assert "余杭区商务局2022年政府信息公开工作年度报告" in text
    assert "索引号" not in text
    assert "7件，均已办结" in text
    assert "2023年度" in re.search("<h1[^>]*>(.*?)</h1>", ask(f"{base}?area=002510696").body.decode()).group(1).replace(
        "2023年政", "2023年度"
    )
    for absent in ("fbtime=2017&area=002510119", "fbtime=2022&area=000000000"):
        answer = ask(f"{base}?{absent}")
        assert answer.status == 200
        assert "暂无数据" in answer.body.decode()


@pytest.mark.parametrize(
    ("host", "folder", "pager", "second"),
    [
        (
            "https://www.huangshi.gov.cn",
            "/xxxgk/gknb/2023_nd/2023_szbm/",
            'createPageHTML(3,0,"index","html","black2",5);',
            "index_1.html",
        ),
        (
            "http://www.suizhou.gov.cn",
            "/zwgk/xxgknb/2024gznb/",
            "createPageHTML('paging',3,1,'index','html',9);",
            "index_2.html",
        ),
    ],
)
def test_folders_count_from_nought_or_from_one(replica, ask, host, folder, pager, second):
    first, after = (ask(f"{host}{folder}{name}").body.decode() for name in ("", second))
    assert pager in first
    listed = [path for path in paths([page["url"] for page in replica.manifest["pages"]]) if path.startswith(folder)]
    links = [folder + link for text in (first, after) for link in re.findall(r'href="\./([^"]+)"', text)]
    assert links == listed[: len(links)]
    assert ask(f"{host}{folder}index.html").body.decode() == first
    assert ask(f"{host}{folder}index_9.html").status == 404


def test_twins_of_an_article_are_listed_and_served(replica, ask):
    twin = next(url for url in rows(replica, "420281", "folder") if url.endswith("_app.shtml"))
    assert ask(twin).body == ask(twin.replace("_app.shtml", ".shtml")).body


def test_front_pages_lead_to_every_list(ask):
    for plan in load_plan().portals:
        if not plan.channels:
            continue
        home = ask(f"{plan.root}/").body.decode()
        assert plan.disclosure in home
        disclosure = ask(plan.root + plan.disclosure).body.decode()
        annual = re.search(r'<a href="([^"]+)" title="政府信息公开年报">', disclosure).group(1)
        text = ask(plan.root + annual).body.decode()
        assert 'name="ColumnType" content="信息公开年报"' in text
