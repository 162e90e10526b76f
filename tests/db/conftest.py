"""Databases and arrivals for the tests of the projection: small forms, a few portals, readings made by hand."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copyfile
from sqlite3 import Connection
from urllib.parse import urlsplit

import pytest

from govcrawl.db import schema, store
from govcrawl.db.arrival import Arrival
from govcrawl.db.connection import open_database
from govcrawl.db.frontier.ledger import Ledger
from govcrawl.db.store import registry
from govcrawl.models import (
    Capture,
    Check,
    Claim,
    Document,
    Fact,
    Issue,
    Listing,
    ListPage,
    Locator,
    Portal,
    Queued,
    Reading,
    Report,
    Request,
    Section,
)
from govcrawl.vocabulary import (
    CheckOutcome,
    ClaimOutcome,
    IssueKind,
    Origin,
    Outcome,
    Role,
    Scope,
    SectionKey,
    Severity,
    Status,
)


@dataclass(frozen=True)
class FormCell:
    number: int
    form: str
    table: str
    row: str
    column: str
    label_zh: str
    unit: str | None = "件"


CELLS = (
    FormCell(1001, "f2021", "proactive", "rules", "issued", "规章 / 本年制发件数"),
    FormCell(1002, "f2021", "proactive", "administrative_fees", "fee_amount_10k_yuan", "行政事业性收费", "万元"),
    FormCell(1011, "f2021", "applications", "new_received", "natural_person", "新收 / 自然人"),
    FormCell(1012, "f2021", "applications", "new_received", "total", "新收 / 总计"),
    FormCell(1013, "f2021", "applications", "otherwise_other", "total", "其他 / 总计"),
    FormCell(1021, "f2021", "review_litigation", "cases", "reconsideration_total", "行政复议 / 总计"),
    FormCell(2001, "f2019", "proactive", "rules", "made", "规章 / 本年新制作数量"),
    FormCell(2011, "f2019", "applications", "new_received", "natural_person", "新收 / 自然人"),
    FormCell(2012, "f2019", "applications", "new_received", "total", "新收 / 总计"),
)


def a_portal(portal_id: str, name: str, level: str, *hosts: str) -> Portal:
    return Portal(
        id=portal_id,
        name=name,
        province="zhejiang",
        division_code=portal_id[:6],
        level=level,
        hosts=hosts,
        home=f"https://{hosts[0]}/" if hosts else "",
        platforms=("hanweb-jpage",),
    )


PORTALS = (
    a_portal("330000", "浙江省", "province", "www.zj.gov.cn"),
    a_portal("330100", "杭州市", "prefecture", "www.hangzhou.gov.cn"),
    a_portal("330110", "余杭区", "county", "www.yuhang.gov.cn"),
    a_portal("330100-jxj", "杭州市经济和信息化局", "organ", "jxj.hangzhou.gov.cn"),
)


def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""


@dataclass(frozen=True)
class Maker:
    """Makes requests, readings and arrivals that differ only in what a test says."""

    portals: tuple[Portal, ...] = PORTALS
    cells: tuple[FormCell, ...] = CELLS

    def cell(self, number: int) -> FormCell:
        return next(cell for cell in CELLS if cell.number == number)

    def request(self, path: str, portal: str = "330110", role: Role = Role.DOCUMENT) -> Request:
        host = next(entry.host for entry in PORTALS if entry.id == portal)
        return Request(portal, "hanweb-jpage", role, f"https://{host}{path}")

    def capture(self, request: Request, day: str = "2024-01-22", body: str = "") -> Capture:
        place = int(hashlib.sha256(f"{request.id}{day}{body}".encode()).hexdigest()[:10], 16)
        return Capture(
            request=request,
            url=request.url,
            fetched_at=f"{day}T08:00:00Z" if "T" not in day else day,
            status=200,
            sha256=hashlib.sha256(f"{request.url}{body}".encode()).hexdigest(),
            media_type="text/html",
            warc_file=f"{request.portal}/{request.portal}-1.warc.gz",
            warc_offset=place,
            warc_length=900,
        )

    def fact(self, number: int, value: float | None = 1, *, start: int = 100, **changes: object) -> Fact:
        cell = self.cell(number)
        fact = Fact(
            form=cell.form,
            table=cell.table,
            row=cell.row,
            column=cell.column,
            item=number,
            value=value,
            status=Status.NUMBER,
            raw=str(value),
            unit=cell.unit,
            locator=Locator(start, start + 1, 2, 3, 4),
        )
        return fact._replace(**changes)

    def reading(self, agency: str | None = "余杭区商务局", year: int | None = 2023, **changes: object) -> Reading:
        reading = Reading(
            sha256="0" * 64,
            media_type="text/html",
            encoding="utf-8",
            document=Document(title=f"{agency}{year}年年报", index_number="002489452/2024-00230"),
            report=Report(is_report=True, agency=agency, year=year, scope=Scope.DEPARTMENT, form="f2021"),
            sections=(Section(SectionKey.OVERVIEW, "一、总体情况", "全年收到1件。"),),
            facts=(self.fact(1001, 0), self.fact(1011, 1), self.fact(1012, 1)),
            checks=(Check("applications_col_total", "applications", "new_received", 1, 1, CheckOutcome.HOLDS),),
            claims=(Claim("received", 1, "收到1件", ClaimOutcome.AGREES, ("applications.new_received.total",)),),
            issues=(Issue(IssueKind.BLANK_AS_ZERO, Severity.INFO, "proactive.rules.issued", "blank or 0"),),
        )
        return replace(reading, **changes)

    def read(
        self, path: str = "/art/1.html", reading: Reading | None = None, portal: str = "330110", day: str = "2024-01-22"
    ) -> Arrival:
        request = self.request(path, portal)
        reading = reading or self.reading()
        capture = self.capture(request, day, repr(reading))
        return Arrival(request, Outcome.OK, capture.fetched_at, 200, capture=capture, reading=reading)

    def listing(self, path: str, title: str, number: str | None = None, portal: str = "330110", **more: str) -> Listing:
        return Listing(portal, self.request(path, portal).url, title, number, **more)

    def listed(self, path: str, *rows: Listing, day: str = "2024-01-21", **changes: object) -> Arrival:
        portal = rows[0].portal if rows else "330110"
        request = self.request(path, portal, Role.LIST)
        capture = self.capture(request, day, repr(rows))
        queued = tuple(
            Queued(replace(request, role=Role.DOCUMENT, url=row.url), None, row.index_number) for row in rows
        )
        arrival = Arrival(
            request, Outcome.OK, capture.fetched_at, 200, capture=capture, page=ListPage(rows), queued=queued
        )
        return replace(arrival, **changes)

    def failed(self, path: str, outcome: Outcome, role: Role = Role.DOCUMENT, **changes: object) -> Arrival:
        return replace(Arrival(self.request(path, role=role), outcome, "2024-01-22T08:00:00Z"), **changes)


@pytest.fixture(scope="session")
def make() -> Maker:
    return Maker()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with portals and items and nothing else, to be copied."""
    path = tmp_path_factory.mktemp("template") / "govcrawl.db"
    schema.create(path, Origin.REPLICA)
    with closing(open_database(path)) as connection:
        registry.sync_portals(connection, PORTALS)
        registry.sync_items(connection, CELLS)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "govcrawl.db"


@pytest.fixture
def connection(template: Path, path: Path) -> Iterator[Connection]:
    copyfile(template, path)
    with closing(open_database(path)) as connection:
        yield connection


@pytest.fixture
def ledger(connection: Connection) -> Ledger:
    return Ledger(connection, host_of)


@pytest.fixture
def arrive(connection: Connection, ledger: Ledger) -> Callable[..., None]:
    def arrive(*arrivals: Arrival) -> None:
        for arrival in arrivals:
            store.arrive(connection, ledger, arrival)

    return arrive


@pytest.fixture
def stored(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Connection]:
    """A function that stores arrivals, in the order given, in a database of their own."""

    def stored(*arrivals: Arrival) -> Connection:
        path = copyfile(template, tmp_path_factory.mktemp("db") / "govcrawl.db")
        connection = open_database(path)
        ledger = Ledger(connection, host_of)
        for arrival in arrivals:
            store.arrive(connection, ledger, arrival)
        return connection

    return stored
