"""Writes the gold set: one folder a case under `tests/fixtures/reports/`, the page and what must be read from it.

What is expected comes from the figures a page was made of, never from what the reader said. Run it after adding a case:

    python tests/reports/gold.py
"""

from __future__ import annotations

import json
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import habits
import invention
import layouts
from case import FORMS, MIXED, Case, figures_for, forms_of
from invention import Figures
from layouts import Style, Td

from govcrawl import forms

FOLDER = Path(__file__).parents[1] / "fixtures" / "reports"
VARIANTS = {
    "joined": ("apart", "one_table", "blocks_apart", "nested", "split", "split_headed"),
    "heads": ("blank_rows", "two_rows"),
    "groups": ("twice", "each_row", "once_then_blank", "own_row"),
    "labels": ("traditional", "unnumbered", "circled", "guided", "spaced"),
    "markup": ("paragraphs", "letters", "unclosed", "th", "upper"),
    "figures": ("wide", "thousands", "unit", "spaced"),
    "extra": ("empty_column", "hidden_cell", "hidden_row", "remark_column"),
}


def cases() -> Iterator[Case]:
    """Every case of the gold set, the same ones on every run."""
    yield from _styled()
    yield from _mixed()
    yield from _flattened()
    yield from _figures_as_found()
    yield from _bent_heads()
    yield from _bent_rows()
    yield from _annexes()
    yield from habits.cases()


def _styled() -> Iterator[Case]:
    for field, values in VARIANTS.items():
        for value in values:
            for year, pair in FORMS.items():
                rng = random.Random(f"{field}{value}{year}")
                figures, of = figures_for(pair, rng), forms_of(pair)
                page = layouts.html(of, figures, Style(**{field: value}), rng)
                yield Case(f"{field}-{value}-{year}", page, figures, of)


def _mixed() -> Iterator[Case]:
    for name, pair in MIXED.items():
        for index in range(3):
            rng = random.Random(f"{name}{index}")
            figures, of = figures_for(pair, rng), forms_of(pair)
            style = Style(decoys=index > 0, groups=("spans", "each_row", "own_row")[index])
            yield Case(
                f"mixed-{name}-{index}", layouts.html(of, figures, style, rng), figures, of, issues=("mixed_forms",)
            )


def _flattened() -> Iterator[Case]:
    for how in ("lines", "pipes", "padded", "tabs", "spaces", "touching", "div"):
        for year, pair in {**FORMS, **MIXED}.items():
            rng = random.Random(f"{how}{year}")
            figures, of = figures_for(pair, rng), forms_of(pair)
            page = (
                layouts.div_html(of, figures, Style(), rng)
                if how == "div"
                else layouts.text(of, figures, Style(), how, rng)
            )
            yield Case(f"text-{how}-{year}", page, figures, of)


# ------------------------------------------------------------------------------------------------- what cells hold


def _figures_as_found() -> Iterator[Case]:
    for name, (year, respell) in _RESPELLED.items():
        rng = random.Random(name)
        pair = FORMS[year]
        figures = respell(figures_for(pair, rng))
        yield Case(f"cells-{name}", layouts.html(forms_of(pair), figures, Style(), rng), figures, forms_of(pair))


def _zeros(table: str, word: str) -> Callable[[Figures], Figures]:
    """Zeros of a table printed as something else, totals kept."""
    return lambda figures: {
        place: word if text == "0" and place[0] == table and "total" not in place[2] else text
        for place, text in figures.items()
    }


def _zeros_in(*rows: str) -> Callable[[Figures], Figures]:
    return lambda figures: {place: "0" if place[1] in rows else text for place, text in figures.items()}


def _at(place: str, text: str) -> Callable[[Figures], Figures]:
    table, row, column = place.split(".")
    return lambda figures: {**figures, (table, row, column): text}


_AMOUNT = "proactive.central_procurement.amount"
_RESPELLED: dict[str, tuple[str, Callable[[Figures], Figures]]] = {
    "blank-for-zero": ("2021", _zeros("applications", "")),
    "blank-for-zero-2019": ("2019", _zeros("applications", "")),
    "blank-review": ("2021", _zeros("review_litigation", "")),
    "slash-for-zero": ("2021", _zeros("proactive", "/")),
    "dash-for-zero": ("2021", _zeros("applications", "—")),
    "wide-slash": ("2021", _zeros("proactive", "／")),
    "wu-for-zero": ("2021", _zeros("proactive", "无")),
    "blank-all-review": (
        "2021",
        lambda figures: {p: "" if p[0] == "review_litigation" else t for p, t in figures.items()},
    ),
    "delta-fewer": ("2019", _at("proactive.administrative_licensing.items_delta", "减少8")),
    "delta-signed": ("2019", _at("proactive.administrative_penalties.items_delta", "+1036")),
    "delta-negative": ("2019", _at("proactive.administrative_fees.items_delta", "-3")),
    "amount-yuan": ("2019", _at(_AMOUNT, "251000元")),
    "amount-10k-yuan": ("2019", _at(_AMOUNT, "160.5964万元")),
    "amount-bare": ("2019", _at(_AMOUNT, "8040")),
    "amount-thousands": ("2019", _at(_AMOUNT, "1,152,790元")),
    "fee-decimal": ("2021", _at("proactive.administrative_fees.fee_amount_10k_yuan", "4166.241619")),
    "two-figures": ("2021", _at("proactive.rules.in_force", "1 2")),
    "remark-behind": ("2021", _at("proactive.rules.in_force", "3（其中修订1件）")),
    "footnote": ("2021", _at("proactive.rules.in_force", "3①")),
    "about": ("2021", _at("proactive.administrative_licensing.decisions", "约300")),
    "leading-zeros": ("2021", _at("proactive.rules.issued", "00")),
    "lone-one": ("2021", _at("proactive.rules.issued", "一")),
}


# --------------------------------------------------------------------------------------------------- heads and rows


def _page(of: dict[str, str], figures: Figures, name: str, bend: Callable[[layouts.Rows], layouts.Rows]) -> str:
    """A page on which one table was bent by hand."""
    style, table = Style(), name.partition(":")[0]
    tables = layouts.tables(of, figures, style)
    tables[table] = bend(tables[table])
    return layouts.print_tables(tables, style, random.Random(name))


def _retitled(words: tuple[tuple[str, str], ...]) -> Callable[[layouts.Rows], layouts.Rows]:
    """The rows with labels said in other words."""
    other = dict(words)
    return lambda rows: [
        [replace(cell, text=other.get(cell.text, cell.text)) if cell.label else cell for cell in row] for row in rows
    ]


_PARTLY = "(二)部分公开(区分处理的,只计这一情形,不计其他情形)"
_UNPAID = "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"
_STABLE = "3.危及“三安全一稳定”"
_HEADS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "proactive:both-reduced": ("2019", (("本年新制作数量", "本年新"), ("本年新公开数量", "本年新"))),
    "proactive:typed-twice": ("2019", (("本年新公开数量", "本年新制作数量"),)),
    "proactive:cut-delta": ("2019", (("本年增/减", "本年增/"),)),
    "proactive:cut-in-force": ("2021", (("现行有效件数", "现行有效件"),)),
    "proactive:swapped-words": ("2021", (("本年处理决定数量", "本年决定处理数量"),)),
    "proactive:fee-without-unit": ("2021", (("本年收费金额(单位:万元)", "本年收费金额"),)),
    "proactive:wide-anchor": ("2021", (("第二十条第(一)项", "第二十条  第（一）项"),)),
    "proactive:plain-normative": ("2021", (("行政规范性文件", "规范性文件"),)),
    "proactive:coercion-measure": ("2021", (("行政强制", "行政强制措施"),)),
    "applications:other-organization": ("2021", (("其他", "其他组织"),)),
    "applications:sum": ("2021", (("总计", "合计"),)),
    "applications:year-in-label": (
        "2021",
        (("一、本年新收政府信息公开申请数量", "一、2023年新收政府信息公开申请数量"),),
    ),
    "applications:short-partial": ("2021", ((_PARTLY, "(二)部分公开"),)),
    "applications:cut-label": ("2021", ((_UNPAID, "2.申请人逾期未按收费通知要求缴纳费用、行政机关"),)),
    "applications:plain-quotes": ("2021", ((_STABLE, '3.危及"三安全一稳定"'),)),
    "applications:corner-quotes": ("2021", ((_STABLE, "3.危及「三安全一稳定」"),)),
    "applications:other-spelling": ("2021", (("3.其他", "3.其它"),)),
    "applications:converter-errors": (
        "2021",
        (
            ("2.没有现成信息需要另行制作", "2.沒有現成信息需要另行製作"),
            ("2.重复申请", "2.重複申請"),
            (_PARTLY, "(二)部分公開(區分處理的,隻計這一情形,不計其他情形)"),
        ),
    ),
    "review_litigation:short-results": ("2021", (("结果维持", "维持"), ("结果纠正", "纠正"))),
}


def _bent_heads() -> Iterator[Case]:
    for name, (year, words) in _HEADS.items():
        pair = FORMS[year]
        figures, of = figures_for(pair, random.Random(name)), forms_of(pair)
        yield Case(f"words-{name.replace(':', '-')}", _page(of, figures, name, _retitled(words)), figures, of)


def _in_row(label: str, bend: Callable[[list[Td]], list[Td]]) -> Callable[[layouts.Rows], layouts.Rows]:
    """The rows with the first one of that label bent."""

    def bent(rows: layouts.Rows) -> layouts.Rows:
        at = next(index for index, row in enumerate(rows) if any(cell.text == label for cell in row))
        return [*rows[:at], bend(rows[at]), *rows[at + 1 :]]

    return bent


def _first_and_last(row: list[Td]) -> list[Td]:
    values = [cell for cell in row if not cell.label]
    return [*(cell for cell in row if cell.label), values[0], values[-1]]


def _without(label: str) -> Callable[[layouts.Rows], layouts.Rows]:
    return lambda rows: [row for row in rows if row[0].text != label]


def _labels_narrow(rows: layouts.Rows) -> layouts.Rows:
    return [[replace(cell, colspan=1) if cell.label and not _is_head(row) else cell for cell in row] for row in rows]


def _is_head(row: list[Td]) -> bool:
    return all(cell.label for cell in row)


def _shifted(rows: layouts.Rows) -> layouts.Rows:
    """Heads with the wide column in one place, values with it in another."""
    wide = [
        [replace(cell, colspan=2) if _is_head(row) and index == 2 else cell for index, cell in enumerate(row)]
        for row in rows
    ]
    return [
        [replace(cell, colspan=2) if not cell.label and index == 1 else cell for index, cell in enumerate(row)]
        for row in wide
    ]


def _merged(rows: layouts.Rows) -> layouts.Rows:
    """The value of the first row stretched over the second, whose own is gone."""
    first, second = (
        next(i for i, row in enumerate(rows) if row[0].text == label) for label in ("行政处罚", "行政强制")
    )
    return [
        [*row[:-1], replace(row[-1], rowspan=2)] if index == first else row[:-1] if index == second else row
        for index, row in enumerate(rows)
    ]


def _places(of: dict[str, str], table: str, *rows: str) -> frozenset[tuple[str, str, str]]:
    return frozenset(item.at for item in forms.load_forms()[of[table]].items_of(table) if item.row in rows)


def _bent_rows() -> Iterator[Case]:
    of, pair = forms_of(FORMS["2021"]), FORMS["2021"]

    def case(name: str, bend, *lost: str, change: Callable[[Figures], Figures] = dict, issues: tuple[str, ...] = ()):
        figures = change(figures_for(pair, random.Random(name)))
        table = name.partition(":")[0]
        page = _page(of, figures, name, bend)
        return Case(f"rows-{name.replace(':', '-')}", page, figures, of, _places(of, table, *lost), issues)

    nonzero = _at("proactive.administrative_penalties.decisions", "644")
    both = ("administrative_penalties", "administrative_coercion")
    yield case(
        "applications:two-cells-left",
        _in_row("1.属于国家秘密", _first_and_last),
        "refused_state_secret",
        issues=("ambiguous_layout",),
    )
    yield case(
        "applications:cell-lost",
        _in_row("四、结转下年度继续办理", lambda row: row[:-1]),
        "carried_forward",
        issues=("ambiguous_layout",),
    )
    yield case("applications:labels-narrow", _labels_narrow)
    yield case("proactive:spans-shifted", lambda rows: [*_shifted(rows[:4]), *rows[4:]])
    yield case("proactive:one-cell-two-rows", _merged, *both, change=nonzero, issues=("ambiguous_layout",))
    yield case("proactive:one-zero-two-rows", _merged, change=_zeros_in(*both))
    yield case(
        "applications:row-lost", _without("二、上年结转政府信息公开申请数量"), "carried_over", issues=("row_missing",)
    )
    yield case(
        "proactive:extra-row",
        lambda rows: [
            *rows[:4],
            [Td("其他主动公开文件"), Td("5", 1, 1, False), Td("", 1, 1, False), Td("", 1, 1, False)],
            *rows[4:],
        ],
    )
    yield case(
        "proactive:unknown-row",
        lambda rows: [
            *rows[:4],
            [Td("其他文件"), Td("5", 1, 1, False), Td("6", 1, 1, False), Td("7", 1, 1, False)],
            *rows[4:],
        ],
        issues=("cell_unclaimed",),
    )


# ----------------------------------------------------------------------------------------------------------- annexes


def _annexes() -> Iterator[Case]:
    for form, table, head in (
        ("f2014_stat", "statistics_2014", "统计指标"),
        ("f2008_narrative", "legacy_annex", "指标名称"),
    ):
        for how in ("html", "codes", "pipes", "lines", "tabs"):
            figures = _annex_figures(form, random.Random(f"{form}{how}"))
            yield Case(f"annex-{form}-{how}", _annex(form, table, head, figures, how), figures, {table: form})


def _annex_figures(form: str, rng: random.Random) -> Figures:
    return {place: str(rng.randint(0, 400)) for place in invention.places(form)}


def _annex(form: str, table: str, head: str, figures: Figures, how: str) -> str:
    shape = forms.load_forms()[form].table(table)
    rows = [[Td(head), Td("单位"), *(Td(column.label) for column in shape.columns)]]
    for row in shape.rows:
        values = [Td(figures.get((table, row.key, column.key), ""), 1, 1, False) for column in shape.columns]
        rows.append([Td(row.label), Td((row.unit or "") if row.data else ""), *values])
    if how == "codes":
        rows = [[*row[:2], Td(f"{number:02}" if number else "代码"), *row[2:]] for number, row in enumerate(rows)]
    if how in ("html", "codes"):
        return layouts.page(layouts.table_html(rows, Style()), Style())
    return f"某某区发展局2016年政府信息公开工作年度报告\n概述\n本局按规定编制本报告。\n{layouts.flat(rows, how)}\n"


# ----------------------------------------------------------------------------------------------------------- writing


_SAID: dict[str, int | float | str] = {
    "": "blank", "/": "slash", "／": "slash", "—": "slash", "无": "text", "1 2": "text", "3（其中修订1件）": "text",
    "3①": "text", "约300": "text", "00": "text", "一": "text", "减少8": -8, "+1036": 1036, "251000元": 251000,
    "160.5964万元": 160.5964, "1,152,790元": 1152790, habits.NO_NUMBER: "text",
}  # fmt: skip


def reading_of(text: str) -> int | float | str:
    """What a printed text must be read as: a number, or the status of what is none."""
    if text in _SAID:
        return _SAID[text]
    value = float(text)
    return int(value) if value.is_integer() else value


def expected(case: Case) -> dict[str, object]:
    """What must be read: the form of each table, the values or statuses of each row in column order, the issues."""
    facts: dict[str, dict[str, list[int | float | str]]] = {}
    for table, form in case.forms_of.items():
        for item in forms.load_forms()[form].items_of(table):
            told = "missing" if item.at in case.open_places else reading_of(case.told[item.at])
            facts.setdefault(table, {}).setdefault(item.row, []).append(told)
    return {"forms": case.forms_of, "issues": list(case.issues), "facts": facts}


def write(case: Case) -> None:
    """Write a case's folder."""
    folder = FOLDER / case.name
    folder.mkdir(parents=True)
    (folder / ("input.html" if case.page.startswith("<") else "input.txt")).write_text(case.page, "utf-8")
    rows = json.dumps(expected(case), ensure_ascii=False, indent=1)
    (folder / "expected.json").write_text(_on_one_line(rows), "utf-8")


def _on_one_line(text: str) -> str:
    """JSON with each innermost list on a line of its own."""
    head, *lists = text.split("[\n")
    return head + "".join(
        "[" + " ".join(part.strip() for part in inner.split("\n")).strip() + "]" + rest
        for inner, _, rest in (each.partition("]") for each in lists)
    )


if __name__ == "__main__":
    shutil.rmtree(FOLDER, ignore_errors=True)
    for each in cases():
        write(each)
    sys.stdout.write(f"{len(list(FOLDER.iterdir()))} cases\n")
