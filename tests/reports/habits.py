"""Cases of the gold set for the habits of people and their editors: rows added, heads respelled, mark-up left behind.

Each habit was met on pages that no reader had seen before, and was first read wrong or not at all.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import layouts
from case import FORMS, Case, figures_for, forms_of
from invention import Figures
from layouts import Rows, Style, Td

from govcrawl import forms

NO_NUMBER = "?"
"""Stands in a case's figures for a printed text that is no one number."""

Places = frozenset[tuple[str, str, str]]
_HEAD_ROWS = 3
_WIDTHS = {"applications": 7, "review_litigation": 15}
_UNITED = ("自然人", "商业企业", "科研机构", "其他", "总计", "法人或其他组织")
_OF_A_GROUP = ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")


def cases() -> Iterator[Case]:
    """Every habit on a page of the form of 2021."""
    for name, (table, bend, *open_rows) in _BENT.items():
        yield _bent(name, table, bend, *open_rows)
    yield _persons_and_total()
    for name, (text, mark) in _MARKED.items():
        yield _marked(name, text, mark)
    for name, flatten in _FLATTENED.items():
        yield _flattened(name, flatten)
    for name, dress in _DRESSED.items():
        yield _dressed(name, dress)


def _made(name: str) -> tuple[random.Random, Figures, dict[str, str]]:
    rng = random.Random(name)
    return rng, figures_for(FORMS["2021"], rng), forms_of(FORMS["2021"])


def _places(table: str, *rows: str) -> Places:
    return frozenset(item.at for item in forms.load_forms()["f2021"].items_of(table) if item.row in rows)


# ------------------------------------------------------------------------------------------------------ rows and heads


def _figure(text: object) -> Td:
    return Td(str(text), 1, 1, False)


def _behind_heads(row: Callable[[int], list[Td]]) -> Callable[[Rows], Rows]:
    """The rows with one more between the heads and the values."""
    return lambda rows: [*rows[:_HEAD_ROWS], row(sum(not cell.label for cell in rows[-1])), *rows[_HEAD_ROWS:]]


def _row_label(text: str, width: int) -> list[Td]:
    return [Td(text, 1, 3)] if width == _WIDTHS["applications"] else []


def _column_numbers(width: int) -> list[Td]:
    return [*_row_label("栏次", width), *(_figure(number) for number in range(1, width + 1))]


def _units(width: int) -> list[Td]:
    return [*_row_label("单位", width), *(Td("件") for _ in range(width))]


def _remarks(rows: Rows) -> Rows:
    """A column of remarks behind the values, figures among them."""
    first, *rest = rows
    bent = [[*first, Td("备注", _HEAD_ROWS)], *rest[: _HEAD_ROWS - 1]]
    values = rest[_HEAD_ROWS - 1 :]
    return [*bent, *([*row, _figure(("", "3", "含上年")[at % 3])] for at, row in enumerate(values))]


def _respelled(words: dict[str, str]) -> Callable[[Rows], Rows]:
    return lambda rows: [
        [replace(cell, text=words.get(cell.text, cell.text)) if cell.label else cell for cell in row] for row in rows
    ]


def _total_first(rows: Rows) -> Rows:
    def moved(row: list[Td]) -> list[Td]:
        values = [cell for cell in row if not cell.label]
        return [*(cell for cell in row if cell.label), *values[-1:], *values[:-1]]

    first, second, *rest = rows
    return [first, [second[-1], *second[:-1]], *map(moved, rest)]


def _subtotal(rows: Rows) -> Rows:
    """A row 小计 behind the refusals, and the groups around it one row taller."""
    at = next(index for index, row in enumerate(rows) if any("行政查询事项" in cell.text for cell in row))
    taller = [
        [replace(cell, rowspan=cell.rowspan + 1) if cell.text.startswith(("三、", "(三)")) else cell for cell in row]
        for row in rows
    ]
    return [*taller[: at + 1], [Td("小计"), *(_figure(number) for number in range(11, 18))], *taller[at + 1 :]]


def _sums_of_groups(rows: Rows) -> Rows:
    """Each group on a line of its own, with a sum of its own in every column."""
    bent: Rows = rows[:_HEAD_ROWS]
    for row in rows[_HEAD_ROWS:]:
        *groups, own = (cell for cell in row if cell.label)
        bent.extend([Td(group.text, 1, 3), *(_figure(number) for number in range(21, 28))] for group in groups)
        bent.append([Td(own.text, 1, 3), *(cell for cell in row if not cell.label)])
    return bent


def _label_in_two(rows: Rows) -> Rows:
    def cut(cell: Td) -> list[Td]:
        return [Td(cell.text[:5]), Td(cell.text[5:], 1, 2)] if cell.label and cell.colspan == 3 else [cell]

    return [*rows[:_HEAD_ROWS], *([part for cell in row for part in cut(cell)] for row in rows[_HEAD_ROWS:])]


def _two_years(rows: Rows) -> Rows:
    first, *heads, values = rows
    earlier = [_figure(number) for number in (1, 2, 3, 4, 10) * 3]
    return [[Td("年度", 3), *first], *heads, [Td("2022年"), *earlier], [Td("2023年"), *values]]


def _numbered_case(rows: Rows) -> Rows:
    first, *heads, values = rows
    return [[Td("序号", 3), *first], *heads, [_figure(1), *values]]


def _groups_moved(rows: Rows) -> Rows:
    (review, suits), second, results, values = rows
    return [[suits, review], second[5:] + second[:5], results, values[5:] + values[:5]]


def _without_groups(rows: Rows) -> Rows:
    leaves = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3
    return [[Td(leaf) for leaf in leaves], rows[-1]]


_BENT: dict[str, tuple[str, Callable[[Rows], Rows], *tuple[str, ...]]] = {
    "column-numbers": ("applications", _behind_heads(_column_numbers)),
    "column-numbers-of-cases": ("review_litigation", _behind_heads(_column_numbers)),
    "row-of-units": ("applications", _behind_heads(_units)),
    "row-of-units-of-cases": ("review_litigation", _behind_heads(_units)),
    "remarks-behind-blanks": ("applications", _remarks),
    "units-in-heads": ("applications", _respelled({word: f"{word}（件）" for word in _UNITED})),
    "group-in-names": ("applications", _respelled({word: f"法人或其他组织—{word}" for word in _OF_A_GROUP})),
    "total-first": ("applications", _total_first),
    "subtotal": ("applications", _subtotal),
    "sums-of-groups": ("applications", _sums_of_groups),
    "label-in-two-cells": ("applications", _label_in_two),
    "numbered-case": ("review_litigation", _numbered_case),
    "groups-moved": ("review_litigation", _groups_moved),
    "groups-lost": ("review_litigation", _without_groups),
    "cases-of-two-years": ("review_litigation", _two_years, "cases"),
}


_BLANK_FOR_ZERO = frozenset({"remarks-behind-blanks"})


def _bent(name: str, table: str, bend: Callable[[Rows], Rows], *open_rows: str) -> Case:
    rng, figures, of = _made(name)
    if name in _BLANK_FOR_ZERO:
        figures |= {place: "" for place, text in figures.items() if place[0] == table and text == "0"}
    if open_rows:
        figures |= dict.fromkeys(_places(table, *open_rows), "5")  # none is what another row may say
    made = layouts.tables(of, figures, Style())
    made[table] = bend(made[table])
    page = layouts.print_tables(made, Style(), rng)
    issues = ("ambiguous_layout",) if open_rows else ()
    return Case(f"habits-{name}", page, figures, of, _places(table, *open_rows), issues)


def _persons_and_total() -> Case:
    """Of the applicants only persons, organizations as one column, and the sum."""
    rng, figures, of = _made("persons-and-total")
    made = layouts.tables(of, figures, Style())
    rows = []
    for row in made["applications"][_HEAD_ROWS:]:
        natural, *others, total = (cell for cell in row if not cell.label)
        joined = _figure(sum(int(cell.text) for cell in others))
        rows.append([*(cell for cell in row if cell.label), natural, joined, total])
    heads = [[Td("", 2, 3), Td("申请人情况", 1, 3)], [Td(word) for word in ("自然人", "法人或其他组织", "总计")]]
    made["applications"] = [*heads, *rows]
    lost = frozenset(
        item.at
        for item in forms.load_forms()["f2021"].items_of("applications")
        if item.column not in ("natural_person", "total")
    )
    return Case("habits-persons-and-total", layouts.print_tables(made, Style(), rng), figures, of, lost)


# ------------------------------------------------------------------------------------------------------------- figures

_FIRST = ("proactive", "rules", "issued")
_MARKED = {
    "footnote-raised": ("12", "12<sup>1</sup>"),
    "footnote-linked": ("12", '12<sup><a href="#n1">[1]</a></sup>'),
    "figure-struck": ("12", "<del>7</del>12"),
    "figure-struck-by-style": ("12", '<span style="text-decoration: line-through">7</span>12'),
    "thousands-by-point": ("37556", "37.556"),
    "thousands-by-space": ("37556", "37 556"),
    "thousands-by-thin-space": ("37556", "37&thinsp;556"),
}


def _marked(name: str, text: str, mark: str) -> Case:
    """A page on which one figure is printed so that it cannot be told."""
    rng, figures, of = _made(name)
    made = layouts.tables(of, figures | {_FIRST: text}, Style())
    page = layouts.print_tables(made, Style(), rng).replace(f"<td>{text}</td>", f"<td>{mark}</td>", 1)
    return Case(f"habits-{name}", page, figures | {_FIRST: NO_NUMBER}, of, issues=("value_unreadable",))


# ---------------------------------------------------------------------------------------------------------------- text


def _markdown(rows: Rows) -> str:
    first, *rest = (f"| {' | '.join(cell.text for cell in row)} |" for row in rows)
    return "\n".join((first, "|" + " --- |" * len(rows[0]), *rest, "", "## 下一节"))


def _boxes(rows: Rows) -> str:
    line = "+" + "-" * 40 + "+"
    return "\n".join((*(f"{line}\n│ {' │ '.join(cell.text for cell in row)} │" for row in rows), line))


def _pages(rows: Rows) -> str:
    lines = "\n".join(cell.text for row in rows for cell in row if cell.text).split("\n")
    return "\n".join(f"{line}\n- {at // 40} -\n\f" if at % 40 == 39 else line for at, line in enumerate(lines))


_FLATTENED: dict[str, Callable[[Rows], str]] = {"markdown": _markdown, "boxes": _boxes, "page-numbers": _pages}


def _flattened(name: str, flatten: Callable[[Rows], str]) -> Case:
    _, figures, of = _made(name)
    made = layouts.tables(of, figures, Style())
    parts = (f"{layouts.TITLES[table]}\n{flatten(rows)}" for table, rows in made.items())
    page = "\n".join(
        (layouts.TITLE, "一、总体情况", "本局按规定编制本报告。", *parts, "五、存在的主要问题及改进情况", "")
    )
    return Case(f"habits-{name}", page, figures, of)


# ------------------------------------------------------------------------------------------------------------- mark-up


def _word(rows: Rows) -> str:
    """As Word pastes it: every text in a paragraph and a span of its own, a row of no height that holds the widths."""
    style = "border:solid windowtext 1.0pt;mso-border-alt:solid windowtext .5pt;padding:0cm 5.4pt 0cm 5.4pt"
    span = "<span lang=EN-US style='font-size:12.0pt;mso-hansi-font-family:宋体'>"

    def cell(td: Td) -> str:
        half = len(td.text) // 2
        text = f"{span}{td.text[:half]}</span>{span}{td.text[half:]}<o:p></o:p></span>"
        spans = f"rowspan={td.rowspan} colspan={td.colspan}"
        return f"<td width=64 {spans} style='{style}'>\n  <p class=MsoNormal align=center>{text}</p>\n  </td>"

    lines = "".join(f" <tr style='mso-yfti-irow:0;height:24.0pt'>\n{''.join(map(cell, row))} </tr>\n" for row in rows)
    widths = "<td width=44 style='border:none'></td>" * sum(td.colspan for td in rows[0])
    return (
        f"<table class=MsoNormalTable border=0 cellspacing=0>\n{lines}"
        f" <![if !supportMisalignedColumns]>\n <tr height=0>{widths}</tr>\n <![endif]>\n</table>"
    )


def _editor(rows: Rows) -> str:
    """As a web editor writes it: every span said, labels broken by hand, blanks kept by a line break."""

    def cell(td: Td) -> str:
        text = f"{td.text[:4]}<br/>{td.text[4:]}" if td.label and len(td.text) > 5 else td.text or "<br/>"
        spans = f'rowspan="{td.rowspan}" colspan="{td.colspan}"'
        return f'<td valign="center" {spans} style="word-break: break-all;"><strong><p>{text}</p></strong></td>'

    lines = "".join(f'<tr class="firstRow">{"".join(map(cell, row))}</tr>' for row in rows)
    return f'<table data-sort="sortDisabled"><tbody>{lines}</tbody></table>'


def _replaced(rows: Rows) -> str:
    """The table as it is, behind another one that nobody sees: commented out, and once more in a template."""
    old = re.sub(r"\d+", "77", layouts.table_html(rows, Style()))
    return f"<!-- {old} -->{layouts.table_html(rows, Style())}<template>{old}</template>"


def _barred(rows: Rows) -> str:
    """Rows as paragraphs with bars between the cells."""
    return "".join(f"<p>{' | '.join(cell.text for cell in row)}</p>" for row in rows)


def _in_one_cell(rows: Rows) -> str:
    """Each row in one cell, its texts parted by wide blanks."""
    lines = ("\u3000".join(cell.text for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr><td>{line}</td></tr>' for line in lines)}</table>"


_DRESSED: dict[str, Callable[[Rows], str]] = {
    "word": _word,
    "web-editor": _editor,
    "replaced-tables": _replaced,
    "bars-in-paragraphs": _barred,
    "rows-in-one-cell": _in_one_cell,
}


def _dressed(name: str, dress: Callable[[Rows], str]) -> Case:
    _, figures, of = _made(name)
    made = layouts.tables(of, figures, Style())
    body = "".join(f"<p>{layouts.TITLES[table]}</p>{dress(rows)}" for table, rows in made.items())
    return Case(f"habits-{name}", layouts.page(body, Style()), figures, of)
