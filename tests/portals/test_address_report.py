"""Where an address belongs, and how many hosts of a list the registry knows."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from govcrawl import portals
from govcrawl.db.frontier.sibling_hosts import SiblingHost
from govcrawl.db.queries.crawl_summary import ReportAt
from govcrawl.errors import InputError, UsageError
from govcrawl.survey.address_report import Known, government_host, known_of, placed, portal_for, recall

REGISTRY = portals.shipped()
NOTHING = Known()


def told(address: str, known: Known = NOTHING) -> str:
    return "\n".join(placed(address, REGISTRY, known))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (
            "https://www.shangyu.gov.cn/col/col1/index.html",
            ("portal    330604 上虞区", "allowed   yes: an entry lists"),
        ),
        ("shangyu.gov.cn", ("http://shangyu.gov.cn", "portal    330604 上虞区")),
        ("https://www.shangyu.gov.cn/art/2025/1/2/art_1_2.html", ("documents have such addresses in hanweb-jpage",)),
        ("https://jyt.zj.gov.cn/", ("portal    330000-jyt 浙江省教育厅", "organ     浙江省教育厅")),
        ("https://hbj.zj.gov.cn/", ("portal    330000 浙江省, by its domain", "once a page of 330000 leads to it")),
        ("https://x.unknown.gov.cn/", ("portal    none", "no: no entry lists the host; `govcrawl portals allow")),
        ("https://www.example.com/", ("portal    none", "no: only hosts under .gov.cn and .政务 are asked")),
        ("http://北京市.政务/", ("xn--1lq90ivtl.xn--zfr164b", "no: no entry lists the host")),
    ],
)
def test_an_address_is_placed(address: str, words: tuple[str, ...]):
    assert all(word in told(address) for word in words), told(address)


@pytest.mark.parametrize("address", ["ftp://www.zj.gov.cn/", "zj", "http://", ""])
def test_what_is_no_address_is_an_error(address: str):
    with pytest.raises(UsageError, match="give a portal's id, a host, or an address"):
        told(address)


def test_what_an_archive_knows_is_told_too():
    led = SiblingHost("330000", "hbj.zj.gov.cn", "https://www.zj.gov.cn/", "政府信息公开年报")
    known = Known((ReportAt("浙江省生态环境厅", 2024),), (led,))

    text = told("https://hbj.zj.gov.cn/", known)

    assert "organ     浙江省生态环境厅, whose report of 2024 is there" in text
    assert "allowed   yes, for 330000: https://www.zj.gov.cn/ leads to it as '政府信息公开年报'" in text


def test_a_report_of_an_archive_is_known_by_its_address(crawled: Path):
    with closing(sqlite3.connect(crawled / "govcrawl.db")) as connection:
        query = "SELECT r.url, a.name, r.year FROM reports AS r JOIN agencies AS a ON a.id = r.agency_id LIMIT 1"
        url, agency, year = connection.execute(query).fetchone()

    assert known_of(crawled, url, REGISTRY).reports == (ReportAt(agency, year),)
    assert known_of(crawled, "https://www.shangyu.gov.cn/none.html", REGISTRY) == Known()
    assert known_of(crawled / "nothing", url, REGISTRY) == Known()


def test_the_portal_of_a_host_is_the_one_named_or_the_one_whose_domain_it_is(tmp_path: Path):
    assert portal_for("a.hd.gov.cn", None, tmp_path, REGISTRY).id == "130400"
    assert portal_for("a.hd.gov.cn", "130402", tmp_path, REGISTRY).id == "130402"
    with pytest.raises(UsageError, match="no portal of the archive leads to it; name the portal"):
        portal_for("www.unknown.gov.cn", None, tmp_path, REGISTRY)


def test_only_hosts_of_governments_are_let_in():
    assert government_host("https://A.hd.gov.cn/x?y") == "a.hd.gov.cn"
    with pytest.raises(UsageError, match="only hosts under"):
        government_host("www.example.com")


def test_the_recall_of_a_list_of_hosts(tmp_path: Path):
    sample = tmp_path / "hosts.txt"
    lines = (
        "www.zj.gov.cn",
        "",
        "# seen in May",
        "https://hbj.zj.gov.cn/nb/  # a bureau",
        "zj.gov.cn",
        "www.unknown.gov.cn",
    )
    sample.write_text("\n".join((*lines, "zj.gov.cn")), "utf-8")

    assert list(recall(sample, REGISTRY)) == [
        "4 hosts: 2 listed, 1 by their domain, 1 unknown",
        "recall 50.0%; with domains 75.0%",
        "by its domain: hbj.zj.gov.cn (330000 浙江省)",
        "unknown: www.unknown.gov.cn",
    ]


@pytest.mark.parametrize("content", [None, b"", b"# nothing\n", b"\xff\xfe"])
def test_a_list_without_a_host_is_an_error(tmp_path: Path, content: bytes | None):
    sample = tmp_path / "hosts.txt"
    if content is not None:
        sample.write_bytes(content)

    with pytest.raises(InputError, match=r"hosts\.txt: "):
        list(recall(sample, REGISTRY))
