"""Regional annexes of 2008 to 2013: heads of one value, two years, none, and rows that run together."""

import pytest

from govcrawl.pages.page_reader import read_page
from govcrawl.reports import read_report
from govcrawl.vocabulary import IssueKind

TITLE = "青河县交通局2009年度政府信息公开年度报告"
HEADINGS = (
    "一、概述", "二、主动公开政府信息情况", "三、依申请公开政府信息情况", "四、政府信息公开的收费及减免情况",
    "五、因政府信息公开申请行政复议、提起行政诉讼的情况", "六、政府信息公开工作存在的主要问题及改进情况",
)  # fmt: skip
PROSE = "\n".join((TITLE, *(f"{heading}\n工作平稳。" for heading in HEADINGS), "附表\n"))
ROWS = (
    ("l_proactive", "主动公开信息数", "条", 46, 1516),
    ("", "其中：1．网站公开", "条", 41, 1509),
    ("l_received", "受理依申请公开信息总数", "条", 3, 8),
    ("l_in_person", "其中：1．当面申请数", "条", 1, 2),
    ("l_fax", "2．传真申请数", "条", 0, 1),
    ("l_email", "3．电子邮件申请数", "条", 2, 12),
    ("l_answered", "对申请的答复总数", "条", 3, 8),
    ("l_granted", "其中：1．同意公开答复数", "条", 2, 7),
    ("l_reviews", "行政复议数", "件", 0, 1),
    ("l_suits", "行政诉讼数", "件", 12, 14),
)
CURRENT = [row[3] for row in ROWS if row[0]]
CUMULATIVE = [row[4] for row in ROWS if row[0]]


def html(heads, width):
    lines = [heads, *(row[1 : 3 + width] for row in ROWS)]
    made = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines)
    prose = "".join(f"<p>{line}</p>" for line in PROSE.splitlines())
    return f"<html><body>{prose}<table>{made}</table></body></html>"


def text(heads, width, between=" ", cell=" "):
    rows = between.join(cell.join(map(str, row[1 : 3 + width])) for row in ROWS)
    return f"{PROSE}{cell.join(heads)}{between}{rows}"


LAYOUTS = {
    "html": html,
    "blanks": text,
    "lines": lambda heads, width: text(heads, width, "\n", "\n"),
    "bars": lambda heads, width: text(heads, width, " |\n", " | "),
    "touching": lambda heads, width: text(heads, width, ""),
}


def read(page):
    reading = read_report(read_page(page.encode()))
    told = {(fact.row, fact.column): fact.value for fact in reading.facts if fact.value is not None}
    columns = [[told.get((row[0], column)) for row in ROWS if row[0]] for column in ("current", "cumulative")]
    return columns, {issue.kind for issue in reading.issues}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("head", ["年末统计", "数量", "统计数", "2009年", "年末数", "数值", "全年统计数"])
def test_one_column_of_figures_is_the_years(layout, head):
    columns, said = read(LAYOUTS[layout](["指标名称", "计量单位", head], 1))
    assert columns == [CURRENT, [None] * len(CURRENT)]
    assert IssueKind.AMBIGUOUS_LAYOUT not in said


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("heads", [("2009年度", "历年累计"), ("本期实际", "本年累计")])
def test_two_columns_are_told_by_their_heads(layout, heads):
    assert read(LAYOUTS[layout](["指标名称", "计量单位", *heads], 2))[0] == [CURRENT, CUMULATIVE]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("heads", "width"),
    [
        (("2008年度", "2009年度"), 2),
        (("2009年", "2008年"), 2),
        (("上年数", "本年数"), 2),
        ((), 1),
        (("数量", "全年"), 2),
    ],
)
def test_figures_under_no_certain_head_are_left_open_and_said(layout, heads, width):
    beside = ["指标名称", "计量单位"] if heads else []
    columns, said = read(LAYOUTS[layout]([*beside, *heads], width))
    assert columns[1] == [None] * len(CURRENT)
    assert columns[0] in ([None] * len(CURRENT), CURRENT if heads[:1] != ("上年数",) else CUMULATIVE)
    assert IssueKind.AMBIGUOUS_LAYOUT in said or columns[0] == CUMULATIVE
    assert IssueKind.TABLE_NOT_FOUND not in said


@pytest.mark.parametrize("width", [1, 2])
@pytest.mark.parametrize("heads", [("2009年度", "历年累计"), ("年末统计", "其他"), ("统计数", "累计")])
def test_an_annex_that_runs_together_is_no_missing_table(heads, width):
    columns, said = read(text(["指标名称", "计量单位", *heads[:width]], width, "", ""))
    assert columns == [[None] * len(CURRENT)] * 2
    assert IssueKind.AMBIGUOUS_LAYOUT in said
    assert IssueKind.TABLE_NOT_FOUND not in said
