"""Mark-up of a report's body: paragraphs, headings and tables in the ways of different editors.

The styles are data (`styles.toml`); painting is the same for all of them. A painted table has the boxes of `layout`
and nothing else, so its truth is that of the cells.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from importlib.resources import files

from govcrawl.replica.annual_report import AnnualReport
from govcrawl.replica.layout import Box, BoxRow, lay_out


@dataclass(frozen=True, slots=True)
class Style:
    """One editor's mark-up, as `styles.toml` explains."""

    table: str
    row: str
    head: str
    cell: str
    text: str
    paragraph: str
    heading: str
    run: str = "{text}"
    blank: str = ""
    table_end: str = "</table>"
    cut: int = 0
    broken: bool = False
    apart: bool = False

    def paint(self, part: Sequence[BoxRow]) -> str:
        """The rows as one table."""
        rows = (f"{self.row}{''.join(_painted(self, box) for box in row)}</tr>" for row in part)
        return f"{self.table}{''.join(rows)}{self.table_end}"

    def box(self, box: Box) -> str:
        """One cell with its spans."""
        spans = "".join(
            f' {name}="{span}"' for name, span in (("colspan", box.colspan), ("rowspan", box.rowspan)) if span > 1
        )
        template = self.head if box.head else self.cell
        return template.format(spans=spans, text=self.text.format(text=self._inner(box)))

    def _inner(self, box: Box) -> str:
        if not box.text:
            return self.blank
        if box.head and self.broken and len(box.text) == 4:
            return "<br/>".join(self._runs(half) for half in (box.text[:2], box.text[2:]))
        return self._runs(box.text)

    def _runs(self, text: str) -> str:
        step = self.cut or len(text)
        return "".join(self.run.format(text=spell(text[at : at + step])) for at in range(0, len(text), step))


@lru_cache(maxsize=1 << 14)
def _painted(style: Style, box: Box) -> str:
    """A cell as painted; labels and small numbers come again and again."""
    return style.box(box)


def spell(text: str) -> str:
    """The text as HTML, no-break spaces by name."""
    return escape(text, quote=False).replace("\u00a0", "&nbsp;")


@cache
def styles() -> Mapping[str, Style]:
    """The styles by name."""
    text = files("govcrawl.replica").joinpath("styles.toml").read_text(encoding="utf-8")
    return {name: Style(**style) for name, style in tomllib.loads(text).items()}


def body(report: AnnualReport, style: Style) -> str:
    """A report's body: preamble, then each section with its heading, its paragraphs and its table."""
    parts = [style.paragraph.format(text=spell(text)) for text in report.prose.preamble]
    for passage in report.prose.passages:
        parts.append(style.heading.format(text=spell(passage.heading)))
        parts += (style.paragraph.format(text=spell(text)) for text in passage.paragraphs)
        parts += _tables(report, passage.key, style) if passage.key in report.forms else ()
    return "\n".join(parts)


def _tables(report: AnnualReport, key: str, style: Style) -> Iterable[str]:
    labels = report.case.labels if report.case else {}
    parts = lay_out(report.forms[key].table(key), report.cells, labels)
    runs = parts if style.apart else (tuple(row for part in parts for row in part),)
    return (style.paint(run) for run in runs)
