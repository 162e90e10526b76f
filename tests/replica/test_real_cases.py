"""The five real cases are on their portals, with the figures that were read from the real pages by eye."""

import json
import re
from pathlib import Path

import pytest

CASES = {
    "000": "https://www.hangzhou.gov.cn/art/2024/1/22/art_1229063423_4234590.html",
    "001": "https://www.yuhang.gov.cn/module/xxgk/xxgkAnnualReport.jsp?area=002510119&fbtime=2022",
    "002": "https://www.shangyu.gov.cn/art/2025/1/22/art_1229351148_4209864.html",
    "003": "https://www.huangshi.gov.cn/xxxgk/gknb/2023_nd/2023_szbm/202401/t20240129_1092698.html",
    "004": "https://www.yuhang.gov.cn/art/2025/1/17/art_1229850470_4350127.html",
}
SEEDS = Path(__file__).parents[3] / "shared" / "seeds" / "expected.json"


def page_at(replica, url):
    return next(page for page in replica.manifest["pages"] if page["url"] == url)


@pytest.mark.parametrize("url", CASES.values(), ids=CASES)
def test_a_case_is_served_at_its_address(replica, ask, url):
    page, text = page_at(replica, url), ask(url).body.decode()
    assert page["title"] in text
    assert (page["index_number"] or "") in text
    assert not page["failing"]


@pytest.mark.parametrize("url", CASES.values(), ids=CASES)
def test_no_telephone_number_stands_on_a_case(ask, url):
    text = re.sub(r"<[^>]*>", "", ask(url).body.decode())
    assert not re.search(r"电话|(?<![\d_/-])\d{3,4}-\d{7,8}|(?<![\d_./-])1[3-9]\d{9}(?!\d)", text)


@pytest.mark.shared
@pytest.mark.parametrize("key", CASES)
def test_a_case_has_the_figures_and_claims_of_the_real_report(replica, key):
    if not SEEDS.exists():
        pytest.skip("the real reports' expected values are not beside the project")
    real = next(told for name, told in json.loads(SEEDS.read_text(encoding="utf-8")).items() if name.startswith(key))
    page = page_at(replica, CASES[key])
    assert page["facts"] == {place: value for place, value in real["facts"].items() if place in page["facts"]}
    assert set(real["facts"]) <= set(page["facts"])
    stated = {(claim["value"], claim["outcome"]) for claim in page["claims"]}
    assert stated == {(claim["value"], claim["outcome"]) for claim in real["claims"]}
    assert page["index_number"] == real["document"]["index_number"]
    assert page["report_year"] == real["report"]["year"]
