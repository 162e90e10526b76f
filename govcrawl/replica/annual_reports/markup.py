"""The HTML of a report's body: paragraphs, headings and tables as different editors mark them up.

The styles are data (`markup_styles.toml`). A table in HTML has the boxes of `table_layout.py` and nothing else, so that
it says what its cells say.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from importlib.resources import files

from govcrawl.replica.annual_reports.annual_report import AnnualReport
from govcrawl.replica.annual_reports.table_layout import TableBox, TableBoxRow, lay_out_table


@dataclass(frozen=True, slots=True)
class MarkupStyle:
    """The mark-up of one editor; `markup_styles.toml` explains the fields."""

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

    def table_html(self, part: Sequence[TableBoxRow]) -> str:
        """The rows as one table."""
        rows = (f"{self.row}{''.join(_box_html(self, box) for box in row)}</tr>" for row in part)
        return f"{self.table}{''.join(rows)}{self.table_end}"

    def box_html(self, box: TableBox) -> str:
        """One cell with its spans."""
        spans = "".join(
            f' {name}="{span}"' for name, span in (("colspan", box.colspan), ("rowspan", box.rowspan)) if span > 1
        )
        template = self.head if box.head else self.cell
        return template.format(spans=spans, text=self.text.format(text=self._inner(box)))

    def _inner(self, box: TableBox) -> str:
        if not box.text:
            return self.blank
        if box.head and self.broken and len(box.text) == 4:
            return "<br/>".join(self._runs(half) for half in (box.text[:2], box.text[2:]))
        return self._runs(box.text)

    def _runs(self, text: str) -> str:
        step = self.cut or len(text)
        return "".join(self.run.format(text=escape_text(text[at : at + step])) for at in range(0, len(text), step))


@lru_cache(maxsize=1 << 14)
def _box_html(style: MarkupStyle, box: TableBox) -> str:
    """A cell as HTML, kept because labels and small numbers are repeated."""
    return style.box_html(box)


def escape_text(text: str) -> str:
    """The text as HTML, with no-break spaces as `&nbsp;`."""
    return escape(text, quote=False).replace("\u00a0", "&nbsp;")


@cache
def markup_styles() -> Mapping[str, MarkupStyle]:
    """The styles by name."""
    text = files("govcrawl.replica.annual_reports").joinpath("markup_styles.toml").read_text(encoding="utf-8")
    return {name: MarkupStyle(**style) for name, style in tomllib.loads(text).items()}


def report_body(report: AnnualReport, style: MarkupStyle) -> str:
    """A report's body as HTML: the preamble, then each section's heading, paragraphs and table."""
    parts = [style.paragraph.format(text=escape_text(text)) for text in report.prose.preamble]
    for section in report.prose.sections:
        parts.append(style.heading.format(text=escape_text(section.heading)))
        parts += (style.paragraph.format(text=escape_text(text)) for text in section.paragraphs)
        parts += _tables(report, section.key, style) if section.key in report.forms else ()
    return "\n".join(parts)


def _tables(report: AnnualReport, key: str, style: MarkupStyle) -> Iterable[str]:
    labels = report.case.labels if report.case else {}
    parts = lay_out_table(report.forms[key].table(key), report.cells, labels)
    tables = parts if style.apart else (tuple(row for part in parts for row in part),)
    return (style.table_html(rows) for rows in tables)
