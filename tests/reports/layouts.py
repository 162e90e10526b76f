"""Statutory tables printed in the ways that real sites print them, from figures that are known.

A `Style` names one way of printing; `html(...)` and `text(...)` make a page of it. Layouts are built as rows of `Td`,
so that spans, empty cells and the order of heads can be bent before anything becomes mark-up.
"""

from __future__ import annotations

import html as escaping
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import opencc
from invention import Figures

from govcrawl import forms
from govcrawl.forms import FormRow, FormTable, TableBlock

Rows = list[list["Td"]]


@dataclass(frozen=True)
class Td:
    """A cell to be printed. `label` tells labels and heads from values."""

    text: str = ""
    rowspan: int = 1
    colspan: int = 1
    label: bool = True
    hidden: bool = False


@dataclass(frozen=True)
class Style:
    """One way of printing. Each field is a name of the variants below, the first being the form's own."""

    joined: str = "apart"  # apart | one_table | blocks_apart | nested | split | split_headed
    heads: str = "spans"  # spans | blank_rows | two_rows
    groups: str = "spans"  # spans | twice | each_row | once_then_blank | own_row
    labels: str = "printed"  # printed | traditional | unnumbered | circled | guided | spaced
    markup: str = "plain"  # plain | paragraphs | letters | unclosed | th | upper
    figures: str = "plain"  # plain | wide | thousands | unit | spaced
    extra: str = "none"  # none | empty_column | hidden_cell | hidden_row | remark_column
    decoys: bool = False


# ------------------------------------------------------------------------------------------------------ the tables


def proactive(form: str, figures: Figures) -> list[Rows]:
    """The rows of each block of the table of proactive disclosure."""
    table = forms.load_forms()[form].table("proactive")
    width = max(len(block.columns) for block in table.blocks)
    return [_block(block, figures, width) for block in table.blocks]


def _block(block: TableBlock, figures: Figures, width: int) -> Rows:
    spans = _spread(len(block.columns), width)
    head = [Td("信息内容"), *(Td(column.label, 1, span) for column, span in zip(block.columns, spans, strict=True))]
    rows = [[Td(block.anchor or "", 1, width + 1)], head]
    for row in block.rows:
        values = (figures["proactive", row.key, column.key] for column in block.columns)
        rows.append([Td(row.label), *(Td(value, 1, span, False) for value, span in zip(values, spans, strict=True))])
    return rows


def _spread(count: int, width: int) -> list[int]:
    return [1] * (count - 1) + [width - count + 1]


def application_heads(table: FormTable, style: Style) -> Rows:
    """The three head rows, in the form's own spans or in one of the ways they are broken."""
    own = [column for column in table.columns if not column.groups]
    grouped = [column for column in table.columns if column.groups]
    note = "(本列数据的勾稽关系为:第一项加第二项之和,等于第三项加第四项之和)"
    if style.heads == "blank_rows":
        blank = [Td()] * 3
        return [
            [Td(note, 1, 3), Td("申请人情况", 1, 7)],
            [*blank, Td(own[0].label), Td("法人或其他组织", 1, 5), Td(own[1].label)],
            [*blank, Td(), *(Td(column.label) for column in grouped), Td()],
        ]
    top = [
        [Td(note, 3, 3), Td("申请人情况", 1, 7)],
        [Td(own[0].label, 2), Td("法人或其他组织", 1, 5), Td(own[1].label, 2)],
    ]
    if style.heads == "two_rows":
        top[0][0], top[1][0], top[1][2] = Td(note, 4, 3), Td(own[0].label, 3), Td(own[1].label, 3)
        halves = [
            (column.label[:-2], column.label[-2:]) if len(column.label) > 2 else (column.label, "")
            for column in grouped
        ]
        first = [Td(one, 1 if two else 2) for one, two in halves]
        return [*top, first, [Td(two) for _, two in halves if two]]
    return [*top, [Td(column.label) for column in grouped]]


def applications(form: str, figures: Figures, style: Style) -> Rows:
    """The rows of the table of applications, head rows included."""
    table = forms.load_forms()[form].table("applications")
    rows = application_heads(table, style)
    children = _descendants(table)
    for row in table.rows:
        if row.data:
            values = [Td(figures["applications", row.key, column.key], 1, 1, False) for column in table.columns]
            rows.extend(_labelled(table, row, values, style, children))
    return rows


def _descendants(table: FormTable) -> dict[str, list[FormRow]]:
    """The rows of values under each group row."""
    under: dict[str, list[FormRow]] = {}
    parents = {row.key: row.parent for row in table.rows}
    for row in table.rows:
        parent = row.parent
        while parent and row.data:
            under.setdefault(parent, []).append(row)
            parent = parents[parent]
    return under


def _labelled(table: FormTable, row: FormRow, values: list[Td], style: Style, under: dict[str, list[FormRow]]) -> Rows:
    """A row of values with the labels of its groups before it, as the style prints groups."""
    names = {each.key: each for each in table.rows}
    lineage = []
    parent = row.parent
    while parent:
        lineage.insert(0, names[parent])
        parent = names[parent].parent
    own = Td(row.label, 1, 3 - len(lineage))
    cells: list[Td] = []
    before: Rows = []
    for group in lineage:
        members = under[group.key]
        first = members[0].key == row.key
        if style.groups == "own_row":
            if first:
                before.append([Td(group.label, 1, 10)])
            continue
        cells.extend(_group_cell(group.label, members, row, style.groups))
    if style.groups == "own_row":
        own = replace(own, colspan=3)
    return [*before, [*cells, own, *values]]


def _group_cell(label: str, members: list[FormRow], row: FormRow, how: str) -> list[Td]:
    place, size = members.index(row), len(members)
    if how == "each_row":
        return [Td(label)]
    if how == "once_then_blank":
        return [Td(label if place == 0 else "")]
    if how == "twice" and size > 8:
        half = size // 2
        return [Td(label, half if place == 0 else size - half)] if place in (0, half) else []
    return [Td(label, size)] if place == 0 else []


def review(form: str, figures: Figures, style: Style) -> Rows:
    """The rows of the table of review and litigation."""
    columns = forms.load_forms()[form].table("review_litigation").columns
    values = [Td(figures["review_litigation", "cases", column.key], 1, 1, False) for column in columns]
    first, rest = [Td(column.label, 2) for column in columns[:5]], [Td(column.label) for column in columns[5:]]
    head = [Td("行政复议", 1, 5), Td("行政诉讼", 1, 10)]
    groups = [Td("未经复议直接起诉", 1, 5), Td("复议后起诉", 1, 5)]
    if style.heads == "blank_rows":
        blanks = [Td()] * 5
        return [head, [*blanks, *groups], [*(Td(cell.text) for cell in first), *rest], values]
    return [head, [*first, *groups], rest, values]


# ------------------------------------------------------------------------------------------------------ bending


def bent(rows: Rows, style: Style, rng: random.Random) -> Rows:
    """The rows with labels and figures respelled and extra cells put in."""
    spelled = [[replace(cell, text=_spell(cell, style, rng)) for cell in row] for row in rows]
    return _EXTRAS[style.extra](spelled)


def _spell(cell: Td, style: Style, rng: random.Random) -> str:
    return _LABELS[style.labels](cell.text, rng) if cell.label else _FIGURES[style.figures](cell.text)


_TRADITIONAL = opencc.OpenCC("s2t")
_CIRCLED = dict(zip("123456789", "①②③④⑤⑥⑦⑧⑨", strict=True))
_IN_CIRCLES = dict(zip("一二三四五六七八九十", "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩", strict=True))


def _unnumbered(text: str, _: random.Random) -> str:
    for mark in ("、", ".", ")"):
        head, found, tail = text.partition(mark)
        if found and len(head) <= 2:
            return tail
    return text


def _circled(text: str, _: random.Random) -> str:
    if len(text) > 2 and text[1] == "." and text[0] in _CIRCLED:
        return _CIRCLED[text[0]] + text[2:]
    if len(text) > 3 and text[0] == "(" and text[2] == ")" and text[1] in _IN_CIRCLES:
        return _IN_CIRCLES[text[1]] + text[3:]
    return text


def _guided(text: str, _: random.Random) -> str:
    guidance = {
        "规章": "(设区的市、自治州人民政府应提供相关数据)",
        "行政许可": "(含备案)",
        "现行有效件数": "(截至年底)",
    }
    return text + guidance.get(text, "")


def _spaced(text: str, rng: random.Random) -> str:
    gaps = ("", "", " ", "\u3000", "\u00a0")
    pairs = zip(text, (*text[1:], "."), strict=False)
    return "".join(one + rng.choice(gaps if one.isalpha() and two.isalpha() else gaps[:1]) for one, two in pairs)


_LABELS: dict[str, Callable[[str, random.Random], str]] = {
    "printed": lambda text, _: text,
    "traditional": lambda text, _: str(_TRADITIONAL.convert(text)),
    "unnumbered": _unnumbered,
    "circled": _circled,
    "guided": _guided,
    "spaced": _spaced,
}
_WIDE = {ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789.,-"}
_FIGURES: dict[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "wide": lambda text: text.translate(_WIDE),
    "thousands": lambda text: f"{int(text):,}" if text.lstrip("-").isdigit() else text,
    "unit": lambda text: f"{text}件" if text.isdigit() else text,
    "spaced": lambda text: f"\u3000{text} ",
}


def _columns_added(rows: Rows, make: Callable[[int], list[Td]]) -> Rows:
    """The rows with cells put behind them; a row that a span reaches into is left alone where nothing is made."""
    return [[*row, *make(number)] for number, row in enumerate(rows)]


_EXTRAS: dict[str, Callable[[Rows], Rows]] = {
    "none": lambda rows: rows,
    "empty_column": lambda rows: _columns_added(rows, lambda _: [Td(), Td()]),
    "hidden_cell": lambda rows: _columns_added(rows, lambda _: [Td("7", hidden=True)]),
    "hidden_row": lambda rows: [*rows[:-1], [Td("88", hidden=True)] * 3, *rows[-1:]],
    "remark_column": lambda rows: _columns_added(rows, lambda number: [Td("备注" if number == 0 else "")]),
}


# ------------------------------------------------------------------------------------------------------- mark-up


def table_html(rows: Rows, style: Style, caption: str = "") -> str:
    """A `<table>` of rows."""
    lines = "".join(_line(row, style) for row in rows)
    return f'<table border="1" cellspacing="0">{caption}<tbody>{lines}</tbody></table>'


def _line(row: Sequence[Td], style: Style) -> str:
    cells = "".join(_cell(cell, style) for cell in row)
    if row and all(cell.hidden for cell in row):
        return f'<tr style="display:none">{cells}</tr>'
    return f"<tr>{cells}" if style.markup == "unclosed" else f"<tr>{cells}</tr>"


def _cell(cell: Td, style: Style) -> str:
    name = "th" if style.markup == "th" and cell.label else "TD" if style.markup == "upper" else "td"
    spans = "".join(
        f' {attribute}="{size}"'
        for attribute, size in (("rowspan", cell.rowspan), ("colspan", cell.colspan))
        if size > 1
    )
    hidden = ' style="display: none"' if cell.hidden else ""
    content = _CONTENT[style.markup](escaping.escape(cell.text))
    return (
        f"<{name}{spans}{hidden}>{content}"
        if style.markup == "unclosed"
        else f"<{name}{spans}{hidden}>{content}</{name}>"
    )


def _letters(text: str) -> str:
    return (
        "<p><span lang=EN-US>" + "</span><span style='font-family:宋体'>".join(text) + "</span></p>"
        if text
        else "<p>&nbsp;</p>"
    )


_CONTENT: dict[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "paragraphs": lambda text: f'<p align="center">{text or "&nbsp;"}</p>',
    "letters": lambda text: _letters(escaping.unescape(text)),
    "unclosed": lambda text: f"<p>{text}",
    "th": lambda text: f"<b>{text}</b>",
    "upper": lambda text: f"<P>{text}</P>\n",
}

TITLE = "某某区发展局2023年政府信息公开工作年度报告"
TITLES = {
    "proactive": "二、主动公开政府信息情况",
    "applications": "三、收到和处理政府信息公开申请情况",
    "review_litigation": "四、政府信息公开行政复议、行政诉讼情况",
}
_DECOY = (
    "<table><tr><td>首页</td><td>行政许可</td><td>行政处罚</td><td>规章</td></tr></table>",
    "<table><tr><th>日</th><th>一</th><th>二</th></tr><tr><td>1</td><td>2</td><td>3</td></tr></table>",
    "<table><tr><td>申请方式</td><td>数量</td></tr><tr><td>当面申请</td><td>3</td></tr><tr><td>总计</td><td>8</td></tr></table>",
    "<table><tr><td>联系部门</td><td>办公室</td></tr><tr><td>行政许可</td><td>12</td></tr></table>",
)


TABLES = tuple(TITLES)


def tables(forms_of: dict[str, str], figures: Figures, style: Style) -> dict[str, Rows]:
    """The rows of the three tables; `forms_of` gives the form of each."""
    return {
        "proactive": [row for block in proactive(forms_of["proactive"], figures) for row in block],
        "applications": applications(forms_of["applications"], figures, style),
        "review_litigation": review(forms_of["applications"], figures, style),
    }


def html(forms_of: dict[str, str], figures: Figures, style: Style, rng: random.Random) -> str:
    """A page with the three tables."""
    made = tables(forms_of, figures, style)
    if style.joined == "one_table":
        rows = [row for name, part in made.items() for row in ([Td(TITLES[name], 1, 15)], *bent(part, style, rng))]
        return page(table_html(rows, style), style)
    blocks = proactive(forms_of["proactive"], figures)
    return page("".join(_titled(name, rows, blocks, style, rng) for name, rows in made.items()), style)


def print_tables(made: dict[str, Rows], style: Style, rng: random.Random) -> str:
    """A page with tables that were made before, each under its title."""
    return page("".join(_titled(name, rows, [], style, rng) for name, rows in made.items()), style)


def _titled(name: str, rows: Rows, blocks: list[Rows], style: Style, rng: random.Random) -> str:
    title = f"<p>{TITLES[name]}</p>"
    if style.joined == "blocks_apart" and name == "proactive":
        return title + "".join(table_html(bent(block, style, rng), style) for block in blocks)
    if style.joined.startswith("split") and name == "applications":
        return title + _split(rows, style, rng)
    table = table_html(bent(rows, style, rng), style)
    return f"{title}<table><tr><td>{table}</td></tr></table>" if style.joined == "nested" else title + table


def _split(rows: Rows, style: Style, rng: random.Random) -> str:
    """The table of applications cut in two behind its second row of values, where no span crosses."""
    heads = 4 if style.heads == "two_rows" else 3
    cut = heads + 2
    again = rows[:heads] if style.joined == "split_headed" else []
    parts = (rows[:cut], [*again, *rows[cut:]])
    return "<p>(续表)</p>".join(table_html(bent(part, style, rng), style) for part in parts)


def page(body: str, style: Style) -> str:
    """A page around some tables: title, headings, a little prose, decoys where the style wants them."""
    before, after = ("".join(_DECOY[:2]), "".join(_DECOY[2:])) if style.decoys else ("", "")
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{TITLE}</title></head>'
        f"<body>{before}<h1>{TITLE}</h1><p>一、总体情况</p><p>本局按规定编制本报告。</p>"
        f"{body}<p>五、存在的主要问题及改进情况</p><p>不足之处将继续改进。</p><p>六、其他需要报告的事项</p><p>无。</p>"
        f"{after}</body></html>"
    )


def div_html(forms_of: dict[str, str], figures: Figures, style: Style, rng: random.Random) -> str:
    """The same page with `<div>`s in place of tables."""
    made = html(forms_of, figures, replace(style, markup="plain", joined="apart"), rng)
    for name in ("table", "tbody", "tr", "td"):
        made = made.replace(f"<{name}", "<div").replace(f"</{name}", "</div")
    return made


# ----------------------------------------------------------------------------------------------------------- text


def text(forms_of: dict[str, str], figures: Figures, style: Style, how: str, rng: random.Random) -> str:
    """The same report as plain text: `lines` (a cell each), `pipes`, `padded` (rows filled up), `tabs`, `spaces`."""
    return write_tables(tables(forms_of, figures, style), style, how, rng)


def write_tables(made: dict[str, Rows], style: Style, how: str, rng: random.Random) -> str:
    """A text with tables that were made before."""
    parts = [f"{TITLES[name]}\n{_FLAT[how](bent(rows, style, rng))}" for name, rows in made.items()]
    return "\n".join((
        TITLE, "一、总体情况", "本局按规定编制本报告。", *parts,
        "五、存在的主要问题及改进情况", "不足之处将继续改进。", "六、其他需要报告的事项", "无。", "",
    ))  # fmt: skip


def _filled(row: list[Td], width: int) -> list[str]:
    texts = [cell.text for cell in row if not cell.hidden]
    return texts + [""] * (width - len(texts))


def _pipes(rows: Rows, *, padded: bool) -> str:
    width = max(sum(cell.colspan for cell in row) for row in rows) if padded else 0
    return "\n".join(" | ".join(_filled(row, width)) + " |" for row in rows)


def _touching(rows: Rows) -> str:
    """Blanks between the figures only: a label touches what is before it."""
    cells = [cell for row in rows for cell in row if cell.text and not cell.hidden]
    return "".join(cell.text.strip() if cell.label else f" {cell.text.strip()}" for cell in cells)


_FLAT: dict[str, Callable[[Rows], str]] = {
    "lines": lambda rows: "\n\n".join(cell.text for row in rows for cell in row if cell.text and not cell.hidden),
    "pipes": lambda rows: _pipes(rows, padded=False),
    "padded": lambda rows: _pipes(rows, padded=True),
    "tabs": lambda rows: "\n".join("\t" + "\t".join(_filled(row, 0)) for row in rows),
    "touching": _touching,
    "spaces": lambda rows: " ".join(cell.text.strip() for row in rows for cell in row if cell.text and not cell.hidden),
}


def flat(rows: Rows, how: str) -> str:
    """Rows as plain text, `how` as in `text`."""
    return _FLAT[how](rows)
