"""Lists by API and printed lists answer as those of real portals do; their documents read as the manifest says."""

import json

import pytest

from govcrawl.pages.page_reader import read_page
from govcrawl.pages.spans import raw_at
from govcrawl.replica.lists.addresses import address_templates
from govcrawl.replica.lists.entries import ExpectedOutcome
from govcrawl.replica.plan import load_plan
from govcrawl.reports import read_report

UNIT = "http://www.hhtz.gov.cn/api-gateway/jpaas-publish-server/front/page/build/unit?pageId=1229230631&tagId=信息列表"
COLUMN = "http://www.hhtz.gov.cn/col/col1229230631/index.html"
GKMLPT = "http://www.foshan.gov.cn/gkmlpt/api/all/5241?sid=757001"
YICHANG = "https://xxgkapi.yichang.gov.cn/show/lists?jsoncallback=cb&areaid=1&webid=&cid=97"
EPOINT = "https://www.xz.gov.cn/EWB-FRONT/rest/lightfrontaction/getgovinfolist"
GUID = "7eb5f7f1-9041-43ad-8e13-8fcb82ea831a"


def told(answer):
    return json.loads(answer.body)


def called(answer):
    return json.loads(answer.body.decode().removeprefix("cb(").removesuffix(");"))


def one_of_each():
    """A report of each family's portal."""
    plans = {plan.channels[0].kind: plan.portal.id for plan in load_plan().portals if plan.channels}
    return [(kind, plans[kind]) for kind in address_templates()]


@pytest.mark.parametrize(("kind", "portal"), one_of_each())
def test_a_report_reads_as_the_manifest_says(replica, ask, kind, portal):
    pages = [page for page in replica.manifest["pages"] if page["portal"] == portal]
    page = next(page for page in pages if page["expected"] is ExpectedOutcome.REPORT)
    answer = ask(page["url"])
    reading = read_report(read_page(answer.body, answer.media_type), page["url"])

    assert len(pages) >= 10
    assert {
        f"{fact.table}.{fact.row}.{fact.column}": fact.value for fact in reading.facts if fact.value is not None
    } == {place: value for place, value in page["facts"].items() if isinstance(value, int | float)}
    assert (reading.report.agency, reading.report.year) == (page["agency"], page["report_year"])
    assert reading.document.index_number == page["index_number"]
    assert all(raw_at(answer.body, fact.locator, reading.encoding) == fact.raw for fact in reading.facts)


def test_jpaas_answers_no_one_without_a_referer(ask):
    asked = f"{UNIT}&parseType=bulidstatic"
    assert ask(asked).status == 403
    assert told(ask(asked, referrer=COLUMN))["success"]


def test_jpaas_turns_pages_by_its_json_alone_and_knows_one_spelling(ask):
    first = ask(f"{UNIT}&parseType=bulidstatic&pageNo=2", referrer=COLUMN).body
    turned = ask(f'{UNIT}&parseType=bulidstatic&paramJson={{"pageNo":2,"pageSize":5}}', referrer=COLUMN)

    assert first == ask(f"{UNIT}&parseType=bulidstatic", referrer=COLUMN).body
    assert told(turned)["data"]["html"].count("<li>") == 5
    assert 'count="18"' in told(turned)["data"]["html"]
    assert turned.body != first
    assert not told(ask(f"{UNIT}&parseType=buildstatic", referrer=COLUMN))["success"]


def test_a_jpaas_column_names_several_units_in_single_quotes(ask):
    text = ask(COLUMN).body.decode()
    assert text.count("unitbuild.js") == 2
    assert "'parseType':'bulidstatic'" in text


def test_gkmlpt_counts_more_than_it_lists_and_has_no_page_past_the_end(ask):
    listed = told(ask(f"{GKMLPT}&page=1"))

    assert listed["classify"]["post_count"] > listed["total"] == len(listed["articles"]) == 18
    assert all("/2" in article["identifier"] for article in listed["articles"])
    assert ask(f"{GKMLPT}&page=2").status == 404


def test_yichang_answers_in_both_shapes_of_rows(ask):
    rows = called(ask(f"{YICHANG}&page=1&pagenums=18"))
    nested = [row for row in rows["lists"] if isinstance(row["n_id"], dict)]

    assert rows["allnums"] == len(rows["lists"]) == 18
    assert 0 < len(nested) < 18
    assert all(row["title"]["atitle"][0]["article_title"] for row in nested)
    assert all(row["vc_number"].startswith("011100269/") for row in rows["lists"])
    assert b"\\u" in ask(f"{YICHANG}&page=1&pagenums=1").body


def test_yichang_has_no_document_of_an_unknown_number(ask):
    assert called(ask("https://xxgkapi.yichang.gov.cn/show/detail?jsoncallback=cb&areaid=1&id=7")) == []


def test_epoint_takes_posted_json_with_the_sites_number(ask):
    fields = {"deptcode": "", "categorynum": "003001009", "pageIndex": 1, "pageSize": 5, "siteGuid": GUID}
    answer = told(ask(EPOINT, "POST", json.dumps(fields)))

    assert (answer["custom"]["total"], len(answer["custom"]["data"])) == (12, 5)
    assert "custom" not in told(ask(EPOINT, "POST", json.dumps({**fields, "siteGuid": "x"})))
    assert GUID in ask("https://www.xz.gov.cn/js/webBuilderCommon.js").body.decode()


@pytest.mark.parametrize(
    ("address", "portal"),
    [
        ("https://www.hg.gov.cn/zwgk/public/column/{organ}?type=4&catId=7025201&action=list", "421100"),
        ("https://www.mengcheng.gov.cn/OpennessContent/showList/{organ}/150101/page_1.html", "341622"),
    ],
)
def test_each_organ_has_a_list_of_its_own_that_links_to_the_others(ask, replica, address, portal):
    lists = [ask(address.format(organ=6636765 + place)).body.decode() for place in range(3)]
    pages = [page for page in replica.manifest["pages"] if page["portal"] == portal]

    assert all(text.count(f"/{6636765 + place}") for text in lists for place in range(3))
    assert len(set(lists)) == 3
    assert len({page["agency"] for page in pages}) == 3
    assert ask(address.format(organ=6636764)).status == 404


def test_lists_told_apart_by_their_query_share_a_path(ask):
    base = "https://zwgk.jingzhou.gov.cn/list.shtml"
    first, second = (ask(f"{base}?column_id=31725{more}").body for more in ("", "&page=2"))

    assert first != second
    assert ask(f"{base}?column_id=31725&page=1").body == first
    assert ask(f"{base}?column_id=1").status == 404


def test_a_directory_counts_its_pages_from_nought(ask):
    text = ask("https://www.bjdch.gov.cn/zwgk/gknb/").body.decode()

    assert 'createPageHTML(3,0,"index","html"' in text
    assert ask("https://www.bjdch.gov.cn/zwgk/gknb/index.html").body.decode() == text
    assert ask("https://www.bjdch.gov.cn/zwgk/gknb/index_2.html").status == 200
    assert ask("https://www.bjdch.gov.cn/zwgk/gknb/index_3.html").status == 404
