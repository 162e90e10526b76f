"""Databases and arrivals for the tests of the projection: small forms, a few portals, readings made by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from urllib.parse import urlsplit

import pytest

from govcrawl.db import registry, schema
from govcrawl.db.connection import open_database
from govcrawl.db.ledger import Ledger
from govcrawl.models import Portal
from govcrawl.vocabulary import Origin


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


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "govcrawl.db"
    schema.create(file, Origin.REPLICA)
    return file


@pytest.fixture
def connection(path: Path) -> Iterator[Connection]:
    with_portals = open_database(path)
    registry.sync_portals(with_portals, PORTALS)
    registry.sync_items(with_portals, CELLS)
    yield with_portals
    with_portals.close()


@pytest.fixture
def ledger(connection: Connection) -> Ledger:
    return Ledger(connection, host_of)
