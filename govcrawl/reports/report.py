"""`read_report`: everything one page says as a report, from what is printed to what it amounts to.

Both readers look at the page, their sights are reconciled into facts, the identities judge the facts, the prose is
split and its claims are held against the tables. A page that is no report gives no facts, and an issue says why.
"""

from __future__ import annotations

from dataclasses import replace

from govcrawl.models import Reading
from govcrawl.pages.page import Page
from govcrawl.reports import claims, forms, identify, mirror, repair, sections
from govcrawl.reports.choice import tables_met
from govcrawl.reports.flat import note_flat
from govcrawl.reports.grid_reader import read_grids
from govcrawl.reports.judge import judge
from govcrawl.reports.reconcile import Tables, reconcile
from govcrawl.reports.text_reader import read_tokens


def read_report(page: Page, url: str | None = None) -> Reading:
    """The reading of a page: always one, whatever the page holds; the same for the same page on every day.

    `url` is where the page was found, for what an address tells about a report.
    """
    report, said = identify.identify(page, url)
    reading = Reading(page.sha256, page.media_type, page.encoding, page.document, report)
    reading = replace(reading, attachments=page.attachments, extra=page.extra)
    issues = (*page.issues, *said, *mirror.marks(page, url))
    if not report.is_report:
        return replace(reading, issues=issues)
    return _with_tables(replace(reading, issues=issues), page)


def _with_tables(reading: Reading, page: Page) -> Reading:
    tables = read_tables(page)
    checks, judged = judge(tables)
    facts = tuple(fact for table in tables.facts.values() for fact in table)
    report = replace(reading.report, form=_form_of(tables))
    parts, unsplit = sections.split(page, forms.load())
    found, contradicted = claims.find(parts, facts, report)
    return replace(
        reading,
        report=report,
        sections=parts,
        facts=facts,
        checks=checks,
        claims=found,
        issues=(*reading.issues, *tables.issues, *judged, *repair.propose(tables), *unsplit, *contradicted),
    )


def read_tables(page: Page) -> Tables:
    """The statutory tables of a page, by both readers."""
    grid, text = read_grids(page.grids), read_tokens(page.tokens)
    note_flat(page.tokens, text, tables_met(grid, text))
    return reconcile(grid, text)


def _form_of(tables: Tables) -> str | None:
    """The form of `applications`, else that of the first table found."""
    return tables.forms.get("applications") or next(iter(tables.forms.values()), None)
