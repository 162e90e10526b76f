"""The grammar of titles: what each title says, and that all who ask about titles hear the same."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl import zh
from govcrawl.db.derived.listed_organs import organ_of
from govcrawl.db.derived.stated_years import wrong_title_year
from govcrawl.models import Document
from govcrawl.pages.metadata import read_metadata
from govcrawl.pages.page import Block, Page
from govcrawl.portals import load_registry
from govcrawl.replica import Replica
from govcrawl.reports.report_identity import identify
from govcrawl.titles import (
    Title,
    TitleKind,
    is_division,
    is_organ,
    is_wanted,
    looks_like_report,
    name_in,
    names_one_report,
    names_organ_group,
    names_report_column,
    names_year_column,
    read_title,
    report_year,
    scope_of,
    undated_summary,
)
from govcrawl.vocabulary import Scope

ROOT = Path(__file__).parents[1]
FIXTURES = Path(__file__).parent / "fixtures"
WRITTEN: dict[str, Any] = tomllib.loads((FIXTURES / "titles" / "written.toml").read_text("utf-8"))
COLUMNS: dict[str, list[str]] = WRITTEN.pop("columns")
TITLES = [(kind, said["title"], said.get("year"), said.get("organ")) for kind in WRITTEN for said in WRITTEN[kind]]
NAMES = {"report": names_report_column, "year": names_year_column, "organ_group": names_organ_group}

_QUOTED = re.compile(r">\s*([^<>]{2,80}?)\s*<|\"([^\"\\<>]{2,80})\"|'([^'\\<>]{2,80})'")
_OF_REPORTS = re.compile("[报報]告|年[报報]|[总總][结結]|[统統][计計]表|公[开開]")
_PLAIN = re.compile(r"(?P<organ>[^年]+)(?P<year>20\d\d)年政府信息公开(?:工作年度报告|年度报告|年报)")

_BODY = ("第二十条第（一）项", "本年制发件数", "一、本年新收政府信息公开申请数量")
_BANNER = "云川市1999年旧事"


def found() -> Iterator[str]:
    """The titles and names in the stored pages, lists and answers of the fixtures."""
    for path in sorted(FIXTURES.rglob("*")):
        if path.suffix in {".html", ".htm", ".json", ".js", ".xml", ".txt"}:
            text = path.read_bytes().decode("utf-8", "replace")
            yield from ("".join(groups) for groups in _QUOTED.findall(text) if _OF_REPORTS.search("".join(groups)))


FOUND = sorted(set(found()))


@pytest.fixture(scope="module")
def pages() -> list[dict[str, Any]]:
    """The report pages of the replica, with what is true of each."""
    return [page for page in Replica().manifest["pages"] if "report_year" in page]


# ---------------------------------------------------------------------------------------------- what a title says


@pytest.mark.parametrize(("kind", "title", "year", "organ"), TITLES, ids=[title for _, title, _, _ in TITLES])
def test_what_a_title_says(kind, title, year, organ):
    said = read_title(title)
    assert (str(said.kind), said.year, said.organ) == (kind, year, organ)
    assert (said.instead is not None) == (kind in {"about", "note", "other"})


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in NAMES for name in COLUMNS[kind]])
def test_names_of_columns_and_their_parts(kind, name):
    assert NAMES[kind](name)


@pytest.mark.parametrize("name", COLUMNS["none"])
def test_names_of_other_columns(name):
    assert not any(names(name) for names in NAMES.values())


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("2023年度政府信息公开工作年度报告（2022年，2023年）", (2023, 2022)),
        ("２０２３ 年", (2023,)),
        ("二○二三年度", (2023,)),
        ("2018-19年政府信息公开年报", (2018, 2019)),
        ("2022—2023学年", (2022, 2023)),
        ("年报2021", (2021,)),
        ("2022年年报（第2023号）", (2022,)),
        ("2024年1月20日", ()),
        ("2024-01-20 10:30", ()),
        ("202020年", ()),
        ("1999年 2100年", ()),
        ("〔2021〕30号", ()),
    ],
)
def test_the_years_a_title_states(title, years):
    assert read_title(title).years == years


@given(st.integers(2000, 2099))
def test_a_year_is_read_in_chinese_digits(year):
    digits = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(year))
    assert report_year(f"青河县财政局{digits}年度政府信息公开年报") == year


def test_in_the_reports_own_list_only_clear_strangers_are_left_out():
    assert is_wanted("2023年度报告", dedicated=True)
    assert is_wanted("市教育局", dedicated=True)
    assert not is_wanted("2023年度报告", dedicated=False)
    assert not is_wanted("关于报送2023年度报告的通知", dedicated=True)


@pytest.mark.parametrize(
    ("title", "of_one"),
    [
        ("市教育局2023年政府信息公开年报", True),
        ("孝感市司法局政府信息公开年报（2023年）", True),
        ("云梦县人民政府2023年政府信息公开年报", True),
        ("云梦县2023年政府信息公开年报", False),
        ("2023年政府信息公开年报", False),
        ("市级政府信息公开年报", False),
        ("2024年市级部门信息公开年报", False),
        ("市教育局政府信息公开年报", False),
    ],
)
def test_one_report_is_told_from_a_column_of_them(title, of_one):
    assert names_one_report(title) is of_one


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("浙江省人民政府", "government"),
        ("上虞区", "government"),
        ("於潜镇人民政府", "government"),
        ("巴音河苏木", "government"),
        ("杭州高新技术产业开发区管理委员会", "government"),
        ("浙江省人民政府办公厅", "office"),
        ("诸暨市人民政府办公室", "office"),
        ("平潭综合实验区管委会办公室", "office"),
        ("城口县人民政府机关", "office"),
        ("某街道办事处", "department"),
        ("某街道", "department"),
        ("国家税务总局杭州市税务局", "department"),
        ("杭州海关", "department"),
        ("市场监督管理局", "department"),
        ("某市城市建设集团有限公司", "department"),
        ("某某", "unknown"),
        (None, "unknown"),
    ],
)
def test_scopes(name, scope):
    assert str(scope_of(name)) == scope
    assert Title(organ=name).scope == scope


@pytest.mark.parametrize(
    "text",
    [
        "",
        "局",
        "市局",
        "办公室",
        "人民政府",
        "镇政府",
        "我局",
        "本中心",
        "我馆",
        "我苏木",
        "本机关",
        "市直部门",
        "各街道",
        "全市",
        "教育局、体育局",
        "网站",
        "做好青河县",
    ],
)
def test_what_is_no_name_of_one_organ(text):
    assert not is_organ(text)


def test_a_name_stands_alone_without_what_is_written_around_it():
    assert name_in("关于2023年度青河县财政局的") == "青河县财政局"
    assert name_in("2023年") is None
    assert is_division("青河县")
    assert not is_division("三溪乡")
    assert not is_division("青河县人民政府")


@given(st.text(max_size=120))
def test_any_text_is_read(text):
    said = read_title(text)
    assert read_title(text) == said
    assert said.organ is None or is_organ(said.organ)
    assert said.year is None or said.year in said.years


@given(st.text(alphabet="政府信息公开工作年度报告总结情况部门各区县市镇街（）[《…#@2023-、的 ", max_size=400))
def test_no_text_of_the_grammars_own_words_breaks_it(text):
    assert not (looks_like_report(text) and read_title(text).instead)
    assert all(names(text) in {True, False} for names in NAMES.values())


# ------------------------------------------------------------------------------------- all who ask hear the same


def told_of_page(title: str) -> tuple[bool, str | None, int | None]:
    """Whether a page of that title with the forms of a report is one, whose and of which year."""
    blocks = tuple(map(Block, _BODY))
    report, _ = identify(Page("", "text/html", "utf-8", Document(title=title), blocks))
    return report.is_report, report.agency, report.year


def assert_all_agree(title: str) -> None:
    """The askers: lists of portals, the ledger, the agencies of lists, pages and their metadata, checks of years."""
    said = read_title(title)
    is_own = said.kind in {TitleKind.REPORT, TitleKind.CUT}
    assert looks_like_report(title) is is_wanted(title, dedicated=False) is is_own
    assert is_wanted(title, dedicated=True) is (said.kind not in {TitleKind.ABOUT, TitleKind.OTHER})
    assert report_year(title) == said.year

    listed = said.organ if said.is_report and said.organ and not is_division(said.organ) else None
    assert organ_of(title) == (zh.narrow(listed) if listed else None)
    assert not (names_one_report(title) and names_report_column(title))

    whose = said if said.is_report else undated_summary(title) or Title()
    known = (whose.organ, whose.year)
    is_told_off = said.kind in {TitleKind.ABOUT, TitleKind.NOTE} or said.instead in {"part of a year", "comparison"}
    assert told_of_page(title) == (not is_told_off, *known)
    assert (said.organ is None) or said.scope is not Scope.UNKNOWN

    if (said.is_report or is_own) and said.years:
        assert read_metadata([Block(_BANNER)], {"articletitle": title}).document.title == zh.squeeze(title)
    assert bool(wrong_title_year(1999, title)) is bool(said.years)
    assert said.year is None or not wrong_title_year(said.year, title)


@pytest.mark.parametrize("title", [title for _, title, _, _ in TITLES])
def test_all_askers_agree_on_titles_in_usual_and_unusual_shapes(title):
    assert_all_agree(title)


def test_all_askers_agree_on_every_title_of_the_fixtures():
    assert len(FOUND) > 200
    for title in FOUND:
        assert_all_agree(title)
        if plain := _PLAIN.fullmatch(title):
            said = read_title(title)
            assert (said.kind, said.organ, said.year) == (TitleKind.REPORT, plain["organ"], int(plain["year"]))


def test_all_askers_agree_on_every_title_of_the_replica_and_it_is_true(pages):
    assert len(pages) > 100
    for page in pages:
        said = read_title(page["title"])
        assert (said.kind, said.year) == (TitleKind.REPORT, page["report_year"])
        assert said.organ
        assert said.organ in page["title"]
        assert_all_agree(page["title"])


def test_every_name_of_the_registry_is_read_as_it_stands():
    names = {portal.name for portal in load_registry().values() if "（" not in portal.name}
    assert len(names) > 2000
    for name in names:
        organs = (name, f"{name}人民政府", f"{name}人民政府办公室", f"{name}教育局")
        for organ in organs if name.endswith(tuple("省市州盟区县旗")) else (name,):
            assert read_title(f"{organ}2023年政府信息公开工作年度报告").organ == organ
            assert read_title(f"2023年度{organ}政府信息公开年报（图文版）.pdf").organ == organ


def test_no_other_module_has_patterns_of_titles():
    words = re.compile("年度报告|年报|工作报告")
    widgets = {"pages/widgets.py", "reports/sections.py"}  # the words of buttons that read a page aloud
    holders = set()
    for path in sorted((ROOT / "govcrawl").rglob("*.py")):
        name = path.relative_to(ROOT / "govcrawl").as_posix()
        tree = ast.parse(path.read_text("utf-8"))
        prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
        if not name.startswith("replica/") and any(words.search(s.value) for s in strings if id(s) not in prose):
            holders.add(name)
    assert holders - widgets == {"titles.py"}
