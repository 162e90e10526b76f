"""The JSON of a reading: exactly the keys that other programs rely on, nulls where there is nothing."""

import json

from govcrawl.models import Locator, Reading
from govcrawl.publish.reading_json import locator_json, reading_json
from govcrawl.reading import read_bytes

PAGE = """<html><head><title>某市某局2023年政府信息公开工作年度报告</title></head><body>
<h1>某市某局2023年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>2023年未收到政府信息公开申请。</p>
<p>二、主动公开政府信息情况</p><table>
<tr><td colspan="4">第二十条第（一）项</td></tr>
<tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>
<tr><td>规章</td><td>0</td><td>0</td><td>0</td></tr><tr><td>行政规范性文件</td><td>1</td><td></td><td>/</td></tr>
</table></body></html>""".encode()

KEYS = {
    "source": {"path", "sha256", "media_type", "encoding"},
    "document": {
        "title", "index_number", "publisher", "published_on", "document_number", "disclosure_mode", "theme", "script",
    },
    "report": {"is_report", "agency", "year", "scope", "form"},
    "sections": {"key", "heading", "text"},
    "facts": {"table", "row", "column", "value", "status", "raw", "unit", "form", "locator"},
    "checks": {"identity", "at", "left", "right", "outcome"},
    "claims": {"kind", "value", "text", "outcome", "against"},
    "issues": {"kind", "severity", "where", "detail"},
}  # fmt: skip


def read() -> Reading:
    return read_bytes(PAGE, "text/html", None, None)


def test_the_object_has_the_promised_keys_and_no_others():
    found = json.loads(reading_json(read(), "page.html"))

    assert set(found) == set(KEYS)
    for name, keys in KEYS.items():
        parts = found[name] if isinstance(found[name], list) else [found[name]]
        assert all(set(part) == keys for part in parts), name


def test_a_cell_says_where_it_stands_and_what_stands_there():
    facts = {(fact["row"], fact["column"]): fact for fact in json.loads(reading_json(read(), "page.html"))["facts"]}
    issued, repealed = facts["normative_documents", "issued"], facts["normative_documents", "repealed"]

    place = issued["locator"]
    assert (issued["value"], issued["status"], issued["unit"]) == (1, "number", "件")
    assert (place["table"], place["row"], place["cell"]) == (0, 3, 1)
    assert PAGE[place["start"] : place["end"]] == b"1"
    assert (repealed["value"], repealed["status"]) == (None, "blank")
    assert facts["normative_documents", "in_force"]["status"] == "slash"


def test_locators_by_kind():
    assert locator_json(None) == "null"
    assert json.loads(locator_json(Locator(3, 5))) == {"start": 3, "end": 5}
    assert json.loads(locator_json(Locator(3, 5, 0, 1, 2))) == {"table": 0, "row": 1, "cell": 2, "start": 3, "end": 5}
