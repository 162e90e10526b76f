"""`read_report`: reads one page as a report, from printed cells to checks and claims.

Two readers observe the tables, and their observations become facts. The identities check the facts. The prose is split
into sections, and its claims are compared with the tables. A page that is no report gives no facts, and an issue with
the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial

from govcrawl import forms
from govcrawl.models import Fact, Issue, Locator, Reading
from govcrawl.pages.page import Block, Page
from govcrawl.pages.spans import raw_at
from govcrawl.reports import claims, repair_proposals, report_identity, sections, spam_mirrors, split_proposals
from govcrawl.reports.checks import judge
from govcrawl.reports.flattened_tables import note_flat, note_unheaded
from govcrawl.reports.form_detection import tables_met
from govcrawl.reports.glued_words import unglued
from govcrawl.reports.grid_reader import read_tables_in_grids
from govcrawl.reports.labels import LONGEST_LABEL, label_key
from govcrawl.reports.markdown_words import without_marks
from govcrawl.reports.reconciliation import Tables, reconcile
from govcrawl.reports.text_reader import read_tokens
from govcrawl.vocabulary import IssueKind, SectionKey, Severity

_OF_TABLES = frozenset({SectionKey.APPLICATIONS, SectionKey.REVIEW_LITIGATION})


def read_report(page: Page, url: str | None = None, division: str | None = None, listed: str | None = None) -> Reading:
    """Reads a page. Any page gives a reading, and the same page always gives the same one.

    `url` is the address of the page, which may state the report year. `division` is the code of its government.
    `listed` is the organ that the row of its list names.
    """
    report, said = report_identity.identify(page, url, listed)
    reading = Reading(page.sha256, page.media_type, page.encoding, page.document, report)
    reading = replace(reading, attachments=page.attachments, extra=page.extra)
    issues = (*page.issues, *said, *spam_mirrors.marks(page, url, division))
    if not report.is_report:
        return replace(reading, issues=issues)
    return _with_tables(replace(reading, issues=issues), page)


def _with_tables(reading: Reading, page: Page) -> Reading:
    tables = read_tables(page, reading.report.year)
    checks, judged = judge(tables, partial(_verifies, page))
    mended = (*repair_proposals.propose_repairs(tables), *split_proposals.propose_splits(page.tokens, tables))
    facts = tuple(fact for table in tables.facts.values() for fact in table)
    parts, unsplit = sections.split_sections(page, forms.load_forms())
    form = form_of(tables, page)
    if (
        form == forms.narrative_form().key
        and not facts
        and not any(part.key is not SectionKey.OTHER_HEADING for part in parts)
    ):
        form = _narrative_of(reading.report.year)
    report = replace(reading.report, form=form)
    found, contradicted = claims.find(parts, facts, report)
    return replace(
        reading,
        report=report,
        sections=parts,
        facts=facts,
        checks=checks,
        claims=found,
        issues=(*reading.issues, *_absent(tables, page), *tables.issues, *judged, *mended, *unsplit, *contradicted),
    )


def read_tables(page: Page, year: int | None = None) -> Tables:
    """Returns the statutory tables of a page, reconciled from both readers. `year` is that of the report."""
    plain = page.tokens if page.grids else without_marks(page.tokens, page.body, page.encoding)
    words = unglued(plain, page.body, page.encoding)
    grid, text = read_tables_in_grids(page.grids), read_tokens(words)
    note_unheaded(grid, text)
    note_flat(page.tokens, text, tables_met(grid, text))
    return reconcile(grid, text, year)


def _verifies(page: Page, fact: Fact) -> bool:
    """Whether the bytes of a fact, read again, give the text of the fact."""
    place = fact.locator
    return isinstance(place, Locator) and raw_at(page.body, place, page.encoding) == fact.raw


def form_of(tables: Tables, page: Page) -> str | None:
    """Returns the form of `applications`, else that of the only table found.

    A report without any table has the narrative form if no heading of the national forms is on it. Otherwise its tables
    exist but not as text, and the form is None.
    """
    if tables.forms:
        return tables.forms.get("applications") or next(iter(tables.forms.values()))
    return None if any(map(_is_of_the_forms, page.blocks)) else forms.narrative_form().key


def _narrative_of(year: int | None) -> str | None:
    """The form of a page without any table or heading of a form; None if its year is after the last narrative one."""
    narrative = forms.narrative_form()
    return (
        None if year is not None and narrative.last_year is not None and year > narrative.last_year else narrative.key
    )


@cache
def _headings_of_the_forms() -> frozenset[str]:
    """The keys of the table headings that only the national forms have."""
    own = {
        label_key(label)
        for form in forms.load_forms().values()
        if form.narrative is False and forms.APPLICATIONS in form.table_keys
        for section in form.sections
        if section.key in _OF_TABLES
        for label in section.labels
    }
    before = {label_key(label) for section in forms.narrative_form().sections for label in section.labels}
    return frozenset(own - before)


def _is_of_the_forms(block: Block) -> bool:
    return len(block.text) <= LONGEST_LABEL and label_key(block.text) in _headings_of_the_forms()


def _absent(tables: Tables, page: Page) -> Iterator[Issue]:
    """The issue that a report has no statutory table as text. It names where the figures may be instead."""
    if tables.forms:
        return
    yield Issue(IssueKind.TABLE_NOT_FOUND, Severity.WARNING, "report", "no statutory table stands on the page as text")
    if page.images:
        detail = f"the page shows {page.images} images; the tables may be among them"
        yield Issue(IssueKind.IMAGE_ONLY, Severity.INFO, "report", detail)
    if page.attachments:
        detail = f"the page links to {len(page.attachments)} files; the tables may be in them"
        yield Issue(IssueKind.ATTACHMENT_ONLY, Severity.INFO, "report", detail)
