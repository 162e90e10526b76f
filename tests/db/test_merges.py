"""No report may hold documents of different organs or years, however little their pages say of either."""

import random
import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from govcrawl.agencies.naming import is_of_unknown_organ, name_agency
from govcrawl.db.connection_cache import portal_gazetteer
from govcrawl.reading import read_bytes

HABITS = tomllib.loads((Path(__file__).parents[1] / "fixtures/openings/habits.toml").read_text("utf-8"))["habits"]
PRONOUNS = {
    "余杭区人民政府": "我区",
    "余杭区人民政府办公室": "本机关",
    "余杭区教育局": "我局",
    "余杭区民政局": "我局",
    "余杭区发展和改革局": "我局",
    "余杭区卫生健康委员会": "我委",
    "余杭区瓶窑镇人民政府": "我镇",
    "余杭区仓前街道办事处": "我街道",
    "余杭区司法局": "本单位",
    "余杭区大数据管理服务中心": "本中心",
}
TITLES = (
    "{organ}{year}年政府信息公开工作年度报告",
    "{year}年政府信息公开工作年度报告",
    "{year}年政府信息公开工作年度报告",
    "{organ}政府信息公开工作年度报告",
    "政府信息公开工作年度报告",
    "我局{year}年政府信息公开年报",
    "关于报送{year}年度政府信息公开工作年度报告的函",
    "",
)
PUBLISHERS = ("{organ}", "{organ}", "", "", "区府办", "综合办公室", "余杭区人民政府办公室", "管理员")
PAGE = """<html><head><meta charset="utf-8"><title>{title}</title></head><body><h1>{title}</h1>
<p>发布机构：{publisher}</p><p>{sentence}</p><p>一、总体情况</p><p>各项工作有序推进。</p>
<p>二、主动公开政府信息情况</p><table><tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td>
<td>现行有效件数</td></tr><tr><td>规章</td><td>{first}</td><td>0</td><td>{last}</td></tr></table>
<p>三、收到和处理政府信息公开申请情况</p><p>六、其他需要报告的事项</p></body></html>"""


@dataclass(frozen=True)
class Truth:
    """What is true of a generated document: an office may publish it for another organ."""

    organ: str
    year: int


def generated(rng: random.Random) -> tuple[Truth, str]:
    """A document of a random organ and year, of which its page says much or little, and nothing that is not true."""
    truth = Truth(rng.choice(list(PRONOUNS)), rng.randint(2019, 2024))
    told = {"organ": truth.organ, "year": truth.year, "pronoun": PRONOUNS[truth.organ], "above": "省政府办公厅"}
    title = rng.choice(TITLES).format(**told).replace("我局", PRONOUNS[truth.organ])
    sentence = rng.choice(HABITS)["text"].format(**told, last=truth.year - 1, next=truth.year + 1)
    publisher = rng.choice(PUBLISHERS).format(**told)
    if publisher in {"区府办", "余杭区人民政府办公室"} and truth.organ != "余杭区人民政府办公室":
        title = TITLES[0].format(**told)  # an office that publishes for another organ names it
    first, last = rng.sample(range(1000), 2)
    return truth, PAGE.format(title=title, sentence=sentence, publisher=publisher, first=first, last=last)


@pytest.mark.parametrize("documents", [60, pytest.param(2_000, marks=pytest.mark.soak)])
def test_no_report_holds_documents_of_different_organs_or_years(connection, arrive, make, documents):
    rng, truths = random.Random(documents), {}
    for number in range(documents):
        truth, page = generated(rng)
        request = make.request(f"/{number}.html")
        reading = read_bytes(page.encode(), "text/html", None, request.url, request.portal)
        facts = tuple(fact for fact in reading.facts if fact.item in {cell.number for cell in make.cells})
        assert reading.report.is_report, page
        arrive(make.read(f"/{number}.html", replace(reading, facts=facts, sections=(), checks=(), claims=())))
        truths[request.url] = truth

    known = portal_gazetteer(connection)
    place = known.portals["330110"]
    held: dict[str, set[Truth]] = {}
    told = Counter()
    for report, agency, year, url in connection.execute(
        "SELECT report.id, report.agency_id, report.year, document.url FROM reports AS report"
        " JOIN report_copies AS copy ON copy.report_id = report.id"
        " JOIN documents AS document ON document.id = copy.document_id"
    ):
        held.setdefault(report, set()).add(truths[url])
        told["unknown organ" if is_of_unknown_organ(agency) else "organ"] += 1
        told["unknown year" if year is None else "year"] += 1
        assert is_of_unknown_organ(agency) or agency == name_agency(truths[url].organ, place, known).id, url
        assert year in {None, truths[url].year}, url

    assert told["organ"] + told["unknown organ"] == documents
    assert {report: merged for report, merged in held.items() if len(merged) > 1} == {}
    assert told["organ"] > documents / 2
    assert told["year"] > documents / 2
