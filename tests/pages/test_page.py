"""What every page promises: kinds of input, blocks, tokens, metadata rules that one line shows best."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from govcrawl.errors import InputError
from govcrawl.models import Locator
from govcrawl.pages.metadata import read_metadata
from govcrawl.pages.page import Block
from govcrawl.pages.page_reader import read_page
from govcrawl.pages.spans import raw_at

SHARED = Path(__file__).parents[3] / "shared"


def html(text: str):
    return read_page(f"<html><head><meta charset=utf-8></head><body>{text}".encode())


def head(*lines: str, meta: dict[str, str] | None = None, title: str = ""):
    return read_metadata([Block(line) for line in lines], meta or {}, title)


@pytest.mark.parametrize(
    ("body", "media_type", "kind"),
    [
        (b"<p>x", None, "text/html"),
        (b"\n <!DOCTYPE html><html>", "text/plain", "text/html"),
        (b"a < b, <p>", "text/plain", "text/plain"),
        (b"a | b |\n", None, "text/plain"),
        (b"", "text/html", "text/plain"),
    ],
)
def test_html_and_text_are_told_apart_by_the_bytes(body, media_type, kind):
    assert read_page(body, media_type).media_type == kind


@pytest.mark.parametrize("magic", [b"%PDF-1.7", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x89PNG"])
def test_other_files_are_refused_by_name(magic):
    with pytest.raises(InputError, match=r"page not read: it is a .+ file"):
        read_page(magic + b"\0" * 100)


def test_a_line_break_and_a_block_boundary_end_a_block_and_an_inline_tag_does_not():
    page = html("<div>一<p>二<br/>三<span>四</span> 五</p>六<ul><li>七<li>八</ul></div>")
    assert [block.text for block in page.blocks] == ["一", "二", "三四 五", "六", "七", "八"]


def test_a_hidden_piece_is_dropped_when_it_is_small_and_kept_when_it_may_be_the_report():
    long = "本年度主动公开情况。" * 50
    page = html(f"<span style='display:none'>计数</span><div hidden><p>{long}</p></div><input hidden>末")
    assert [block.text for block in page.blocks] == [long, "末"]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("索引号：002482025/2024-00012", "002482025/2024-00012"),
        ("索 引 号 : 002482025/2024-00012 公开方式：主动公开", "002482025/2024-00012"),
        ("【索引号】002482025/2024-00012", "002482025/2024-00012"),
        ("索　引　号：", None),
        ("索引号：无 文号：", None),
        ("公开方式：主动公开索引号：002482025/2024-00012", "002482025/2024-00012"),
        ("本索引号：3", None),
    ],
)
def test_a_label_is_found_however_it_is_written(line, value):
    assert head(line).document.index_number == value


def test_the_first_label_of_a_kind_counts_even_without_a_value():
    assert head("文号：", "发布机构：市统计局", "文号：某发〔2024〕1号").document.document_number is None


def test_labels_in_the_text_of_the_report_do_not_count():
    assert head("一、总体情况", "发布机构：市统计局", "索引号：1/2024-00001").document.publisher is None


@pytest.mark.parametrize(
    ("lines", "meta", "day"),
    [
        (("成文日期：2024-01-02", "公开日期：2024年1月5日"), {"pubdate": "2024-01-09"}, "2024-01-05"),
        (("成文日期：2024-01-02", "时间：2024-01-05"), {"pubdate": "2024-01-09"}, "2024-01-02"),
        (("时间：2024-01-05",), {"pubdate": "2024- 01- 09 16: 45"}, "2024-01-09"),
        (("时间：2024-01-05 08:33",), {}, "2024-01-05"),
        (("公开日期：待定", "时间：2024-01-05"), {}, "2024-01-05"),
        (("共3件",), {}, None),
    ],
)
def test_the_day_of_publication_is_taken_from_where_it_is_surest(lines, meta, day):
    assert head(*lines, meta=meta).document.published_on == day


@pytest.mark.parametrize(
    ("lines", "meta", "title", "expected"),
    [
        ((), {"articletitle": "甲局2023年年报"}, "乙_丙", "甲局2023年年报"),
        (("名称：甲局2023年度报告",), {"articletitle": "政府信息公开年报"}, "", "甲局2023年度报告"),
        (
            ("甲局2023年政府信息公开工作年度报告",),
            {"articletitle": "政府信息公开年报"},
            "",
            "甲局2023年政府信息公开工作年度报告",
        ),
        (("现将甲局2023年度报告公布如下：",), {}, "甲局2023年年报 - 某市政府", "甲局2023年年报"),
        ((), {}, "年报_某市", "年报"),
        ((), {}, "", None),
    ],
)
def test_the_title_is_the_first_that_names_a_report(lines, meta, title, expected):
    assert head(*lines, meta=meta, title=title).document.title == expected


OWN = "乌兰县教育局2019年政府信息公开工作年度报告"
BANNER = "云川市2020年政府信息公开年报"


@pytest.mark.parametrize(
    ("top", "title"),
    [
        (f"<h1>{OWN}</h1>", OWN),
        (f"<h2>{OWN}</h2>", OWN),
        (f"<title>{OWN}-云川市人民政府</title><div>{OWN}</div>", OWN),
        (f"<meta name=ArticleTitle content={OWN}><div>{OWN}</div>", OWN),
        (f"<div>{OWN}</div>", OWN),
        (f"<title>{BANNER}_云川市</title><div>{OWN}</div>", OWN),
        ("<h1>乌兰县教育局政府信息公开工作年度报告</h1>", "乌兰县教育局政府信息公开工作年度报告"),
        ("<h1>乌兰县教育局信息公开工作总结（2020年）</h1>", "乌兰县教育局信息公开工作总结（2020年）"),
        ("<h1>政府信息公开年报</h1>", BANNER),
        (f"<div>{OWN}</div><div>乌兰县民政局2019年政府信息公开年报</div>", BANNER),
    ],
)
def test_a_banner_is_not_the_title(top, title):
    head, _, body = top.rpartition("</title>") if "</title>" in top else ("", "", top)
    page = read_page(f"<html><meta charset=utf-8>{head}</title><body><p>{BANNER}</p>{body}<p>一、总体情况".encode())
    assert page.document.title == title


@pytest.mark.parametrize("line", [f"# {OWN}", f"#{OWN}", f"### {OWN}", f"**{OWN}**"])
def test_the_marks_of_markdown_are_no_part_of_a_title(line):
    assert read_page(f"{line}\n\n一、总体情况\n".encode()).document.title == OWN


@pytest.mark.parametrize(
    "body",
    [
        f"<ul><li>发布机构：</li></ul><h1>{OWN}</h1>",
        f"<ul><li>发布机构：</li><li>{OWN}</li></ul>",
        f"<table><tr><th>发布机构</th><td></td></tr></table><table><tr><td>{OWN}</td></tr></table>",
        "<table><tr><th>发布机构</th><td></td></tr></table><table><tr><td>乌兰县教育局</td></tr></table>",
        "<p>发布机构：</p><p>政府信息公开工作年度报告</p>",
        "<p>发布机构：</p><p>2020-01-01</p>",
        "<p>发布机构：</p><p>公 开 日 期：2020-01-01</p>",
        f"<p>发布机构：{OWN}</p>",
    ],
)
def test_a_blank_publisher_takes_nothing_else(body):
    assert html(f"{body}<p>一、总体情况").document.publisher is None


@pytest.mark.parametrize(
    ("cells", "number"),
    [
        ("〔〕号", None), ("〔2021〕号", None), ("[ ] 号", None), ("国办发〔〕号", None), ("第 号", None),
        ("公 开 日 期：2021-01-20", None), ("成文日期：2021-01-20", None),
        ("废 止 日 期：", None), ("主 题 词：公开", None),
        ("东政〔2021〕5号", "东政〔2021〕5号"), ("东政发[2021]12号", "东政发[2021]12号"),
        ("2021年第3号", "2021年第3号"), ("东政〔2021〕五号", "东政〔2021〕五号"),
    ],
)  # fmt: skip
def test_a_document_number_has_a_number(cells, number):
    page = html(f"<table><tr><td>索引号：</td><td>文 号：</td><td>{cells}</td></tr></table><p>一、总体情况")
    assert page.document.document_number == number


@pytest.mark.parametrize(
    ("lines", "day"),
    [
        ((OWN, "2020-01-05 20:51", "(点击: 12)"), "2020-01-05"),
        ((OWN, "2020年1月5日"), "2020-01-05"),
        ((OWN, "[2020/01/05]", "打印"), "2020-01-05"),
        ((OWN, "2020-01-05 09:10:11 来源：乌兰县教育局 点击：12"), "2020-01-05"),
        ((OWN, "来源：乌兰县教育局 2020.1.5 浏览次数：3"), "2020-01-05"),
        (("2020-01-05", "浏览：12", OWN), "2020-01-05"),
        (("今天是2026年11月30日 星期一", OWN), None),
        (("2026-11-30", "登录", "注册", "首页", "政务", "公开", OWN), None),
        ((OWN, "一、总体情况", "2020-01-05"), None),
        ((f"{OWN} 2020-01-05",), None),
    ],
)
def test_a_date_without_a_label_stands_beside_the_title_or_the_readers(lines, day):
    assert head(*lines).document.published_on == day


def test_raw_at_reads_text_spans_too():
    body = "收到 3　件".encode("gbk")
    assert raw_at(body, Locator(0, len(body)), "gb18030") == "收到3件"


@pytest.mark.shared
@pytest.mark.parametrize("folder", ["seeds", "real_pages"])
def test_real_pages_say_what_was_read_by_eye(folder):
    if not SHARED.is_dir():
        pytest.skip("the folder of real reports is not beside the project")
    for name, expected in json.loads((SHARED / folder / "expected.json").read_text()).items():
        body = (SHARED / folder / name).read_bytes()
        page = read_page(body)
        read = asdict(page.document)
        for key, value in expected["document"].items():
            assert read[key] in [value, *expected.get("document_any", {}).get(key, [])], f"{name}: {key}"
        for grid in page.grids:
            assert not grid.ragged
            for cell in (cell for row in grid.rows for cell in row if cell):
                assert raw_at(body, cell.locator, page.encoding) == cell.raw
