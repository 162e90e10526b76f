import json

import pytest

from govcrawl.errors import UsageError
from govcrawl.replica import Replica
from govcrawl.replica.lists.entries import ExpectedOutcome

PAGE = "<html><body>报告正文</body></html>".encode("gb18030")
REPORT = {
    "file": "one.html",
    "title": "某局2023年政府信息公开工作年度报告",
    "published_on": "2024-01-20",
    "index_number": "X/2024-1",
}


def publish(folder, portal="330110", reports=(REPORT,)):
    (folder / "portal.json").write_text(json.dumps({"portal": portal, "reports": list(reports)}), encoding="utf-8")
    (folder / "one.html").write_bytes(PAGE)
    return folder


@pytest.mark.parametrize(
    ("portal", "listing"),
    [
        ("330110", "https://www.yuhang.gov.cn/module/web/jpage/dataproxy.jsp?columnid=1229850470"),
        ("330381", "http://www.ruian.gov.cn/module/xxgk/search.jsp?infotypeId=A0212&vc_number=X/2024-1"),
        ("420200", "https://www.huangshi.gov.cn/xxxgk/gknb/2024_nd/2025_xsq/"),
        ("330727", "https://www.panan.gov.cn/col/col1229900001/index.html"),
        ("420102", "https://www.jiangan.gov.cn/jaxxw/zfxxgk/zfxxgknb/zfxxgknb_2023/"),
        ("330522", "https://www.zjcx.gov.cn/col/col1229900001/index.html"),
        ("330726", "https://www.pj.gov.cn/col/col1229900001/index.html"),
        ("420984", "http://www.hanchuan.gov.cn/c/www/zfxxgknb.jhtml"),
        ("421181", "http://www.macheng.gov.cn/zwgk/public/column/6636765?type=4&catId=9900001&action=list"),
        ("440305", "http://www.szns.gov.cn/gkmlpt/api/all/9900?page=1&sid=9900"),
        ("420500", "https://xxgkapi.yichang.gov.cn/show/lists?cid=97&page=1&pagenums=20"),
    ],
)
def test_a_folders_pages_are_listed_and_served_as_they_are(tmp_path, ask, portal, listing):
    replica = Replica(extra=publish(tmp_path, portal))

    page = next(page for page in replica.manifest["pages"] if page["expected"] is ExpectedOutcome.UNKNOWN)
    assert ask(page["url"], of=replica).body == PAGE
    assert ask(page["url"], of=replica).media_type == "text/html"
    listed = ask(listing, of=replica).body.decode()
    assert REPORT["title"] in listed or json.dumps(REPORT["title"]) in listed
    assert page["host"] in replica.hosts


@pytest.mark.parametrize(
    ("portal", "reports", "message"),
    [
        ("999999", [REPORT], "not in the registry"),
        ("420300", [REPORT], "no platform that the replica has"),
        (330110, [REPORT], "not in the registry"),
        ("330110", [{**REPORT, "file": "two.html"}], "two.html"),
        ("330110", [{**REPORT, "published_on": "2024-13-01"}], "no day"),
        ("330110", [{"file": "one.html"}], "every report needs"),
        ("330110", ["one.html"], "every report needs"),
    ],
)
def test_a_wrong_folder_is_one_line_of_wrong_usage(tmp_path, portal, reports, message):
    with pytest.raises(UsageError, match=message) as caught:
        Replica(extra=publish(tmp_path, portal, reports))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["{", "[]", '{"portal": "330110"}'])
def test_a_portal_json_that_is_none_is_named(tmp_path, text):
    (tmp_path / "portal.json").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"portal\.json"):
        Replica(extra=tmp_path)


def test_a_folder_without_portal_json_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"needs a folder with a portal\.json"):
        Replica(extra=tmp_path)
