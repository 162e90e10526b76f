"""One crawl against all sixteen walls, played on loopback: each has its outcome, its name and its words."""

import json
import shutil
import socket
from contextlib import ExitStack, closing
from gzip import GzipFile
from itertools import count
from pathlib import Path

import pytest

from govcrawl.browse.i18n import LANGUAGES, term
from govcrawl.vocabulary import Outcome, Wall
from govcrawl.warc import warc_files, warc_path

from .conftest import Crawls, Ended
from .test_tls import Authority
from .walls import answering, breaking_off, over_tls, play, standing

EXPECTED: dict[Wall, Outcome] = {
    Wall.FOREIGN_BLOCK: Outcome.BLOCKED,
    Wall.SILENT_DROP: Outcome.TIMEOUT,
    Wall.SCRIPT_CHALLENGE: Outcome.BLOCKED,
    Wall.LOGIN: Outcome.BLOCKED,
    Wall.EMPTY_PAGE: Outcome.BLOCKED,
    Wall.DNS: Outcome.DNS,
    Wall.TIMEOUT: Outcome.TIMEOUT,
    Wall.RESET_AFTER_HEADERS: Outcome.TRUNCATED,
    Wall.HANDSHAKE_CLOSED: Outcome.REFUSED,
    Wall.HANDSHAKE_RESET: Outcome.REFUSED,
    Wall.TLCP: Outcome.TLS,
    Wall.SM4_ONLY: Outcome.TLS,
    Wall.SM2_ROOT: Outcome.TLS,
    Wall.OLD_TLS: Outcome.TLS,
    Wall.WRONG_HOST: Outcome.TLS,
    Wall.SERVER_ERROR: Outcome.HTTP_ERROR,
}
BY_TLS = {
    Wall.HANDSHAKE_CLOSED, Wall.HANDSHAKE_RESET, Wall.TLCP, Wall.SM4_ONLY, Wall.SM2_ROOT, Wall.OLD_TLS, Wall.WRONG_HOST,
}  # fmt: skip
OPEN = ("plain", "secure", "only_ipv6", "dual", "dual_refusing", "closing")
"""Hosts that answer: over IPv4, over TLS, over IPv6 alone, over both, over IPv6 where IPv4 refuses, to the FIN."""
CUT = ("cut", "cut_chunks")
"""Hosts whose connection is reset behind the head of a page without a length, and of one in chunks."""
VANTAGE = "DE"

RESOLVER = """
import json
from pathlib import Path
from scrapy.resolver import HostResolution, dnscache
from twisted.internet.address import IPv4Address, IPv6Address
from govcrawl.crawl.public_addresses import PublicResolver

PLACES = json.loads(Path(__file__).with_name("places.json").read_text())

class Answering:
    def resolveHostName(self, receiver, name, *rest, **more):
        receiver.resolutionBegan(HostResolution(name))
        for address, port in PLACES.get(name, ()):
            receiver.addressResolved((IPv6Address if ":" in address else IPv4Address)("TCP", address, port))
        receiver.resolutionComplete()

class Local(PublicResolver):
    local_too = True

    def __init__(self, reactor, cache_size):
        super().__init__(reactor, cache_size)
        self.original_resolver = Answering()

    def resolveHostName(self, receiver, name, *rest, **more):
        dnscache.clear()  # it keeps no ports, and here every host has its own
        return super().resolveHostName(receiver, name, *rest, **more)
"""


def host_of(name: str) -> str:
    return f"www.example-{name.replace('_', '-')}.gov.cn"


def closed_port() -> int:
    with ExitStack() as stack:
        return play(answering(""), stack)


@pytest.fixture(scope="module")
def walled(tmp_path_factory) -> tuple[Crawls, Ended, dict[str, str]]:
    """The crawl, how it ended, and the portal of each host by its name."""
    folder = tmp_path_factory.mktemp("walls")
    issuer = Authority(folder)
    secure = issuer.issue("secure", host=host_of("secure"))
    ids = dict(zip((*EXPECTED, *OPEN, *CUT), (f"1399{number:02}" for number in count(1)), strict=False))
    text = f"<html><title>人民政府</title><body><p>{'要闻动态和政务服务。' * 50}</p></body></html>"
    page, chunked = answering(text), breaking_off("Transfer-Encoding: chunked", body="9\r\n<")
    with ExitStack() as stack:
        ports = stack.enter_context(standing(issuer.issue("wrong", host="www.example.gov.cn")))
        plain, over_v6 = play(page, stack), play(page, stack, "::1")
        places = {
            **{host_of(name): [("127.0.0.1", port)] for name, port in ports.items()},
            host_of("plain"): [("127.0.0.1", plain)],
            host_of("secure"): [("127.0.0.1", play(over_tls(secure, page), stack))],
            host_of("only_ipv6"): [("::1", over_v6)],
            host_of("dual"): [("::1", over_v6), ("127.0.0.1", plain)],
            host_of("dual_refusing"): [("127.0.0.1", closed_port()), ("::1", over_v6)],
            host_of("closing"): [("127.0.0.1", play(breaking_off(body=text, by=socket.socket.close), stack))],
            host_of("cut"): [("127.0.0.1", play(breaking_off(body=text), stack))],
            host_of("cut_chunks"): [("127.0.0.1", play(chunked, stack))],
        }
        (folder / "places.json").write_text(json.dumps(places), encoding="utf-8")
        (folder / "resolver.py").write_text(RESOLVER, encoding="utf-8")
        crawls = Crawls(folder)
        (folder / "portals").mkdir()
        secured = {*BY_TLS, "secure"}
        entries = (
            f'{ids[name]} = {{ name = "某{number}区", level = "county",'
            f' home = "{"https" if name in secured else "http"}://{host_of(name)}/" }}'
            for number, name in enumerate(ids)
        )
        (folder / "portals" / "hebei.toml").write_text("\n".join(entries) + "\n", encoding="utf-8")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SSL_CERT_FILE", str(issuer.path))
            patch.setenv("GOVCRAWL_VANTAGE", VANTAGE)
            ended = crawls.run(
                "-a", f"portal={','.join(ids.values())}", "-a", "year=2023", "-s", "DOWNLOAD_TIMEOUT=4",
                "-s", "TWISTED_DNS_RESOLVER=resolver.Local", "-s", "GOVCRAWL_PATIENCE=0", "-s", "DOWNLOAD_DELAY=0",
                "-s", "GOVCRAWL_BACKOFF=86400",
                spider="hebei",
            )  # fmt: skip
    return crawls, ended, {str(name): key for name, key in ids.items()}


def test_the_crawl_ends_in_good_order(walled):
    _, ended, _ = walled

    assert ended.code == 1, ended.log
    assert "Traceback" not in ended.log


@pytest.mark.parametrize("wall", list(Wall))
def test_each_wall_is_filed_under_its_outcome_its_name_and_its_words(walled, wall: Wall):
    crawls, _, ids = walled
    where = f"portal_id = '{ids[wall]}' AND role = 'home'"

    assert crawls.rows(f"SELECT DISTINCT outcome, wall FROM attempts WHERE {where}") == [(EXPECTED[wall], wall)]
    assert all(term(language, "wall", wall) not in {"", wall} for language in LANGUAGES)


def test_no_detail_is_how_a_library_prints_its_objects(walled):
    crawls, _, _ = walled
    details = [detail for (detail,) in crawls.rows("SELECT DISTINCT detail FROM attempts WHERE detail IS NOT NULL")]

    assert len(details) >= 10
    assert [detail for detail in details if any(sign in detail for sign in ("<", "[(", "Failure", "twisted"))] == []


@pytest.mark.parametrize("name", OPEN)
def test_hosts_of_either_kind_of_address_and_of_both_are_read(walled, name: str):
    crawls, _, ids = walled
    where = f"portal_id = '{ids[name]}' AND role = 'home'"

    assert crawls.rows(f"SELECT outcome, wall FROM attempts WHERE {where}") == [("ok", None)]


@pytest.mark.parametrize("name", CUT)
def test_a_page_whose_connection_is_reset_is_cut_even_where_it_named_no_length(walled, name: str):
    crawls, _, ids = walled
    where = f"portal_id = '{ids[name]}' AND role = 'home'"

    assert crawls.rows(f"SELECT outcome, wall FROM attempts WHERE {where}") == [("truncated", "reset_after_headers")]


def test_a_rebuild_says_the_same(walled, govcrawl, tmp_path):
    crawls, _, _ = walled
    columns = "request_id, at, outcome, http_status, detail, wall, vantage, vantage_known"
    told = f"SELECT {columns} FROM attempts ORDER BY request_id, at"
    moved = Crawls(tmp_path)
    shutil.rmtree(moved.archive)
    shutil.copytree(crawls.archive / "warc", moved.archive / "warc")

    done = govcrawl("rebuild", "--archive", moved.archive, cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert moved.rows(told) == crawls.rows(told)
    assert moved.rows("SELECT vantage FROM crawls") == [(VANTAGE,)]


def test_every_attempt_says_from_where_and_that_it_is_a_claim(walled):
    crawls, _, _ = walled

    assert crawls.rows("SELECT DISTINCT vantage, vantage_known FROM attempts") == [(VANTAGE, "claimed")]


def test_coverage_says_which_wall_and_from_where(walled, govcrawl):
    crawls, _, ids = walled

    done = govcrawl("coverage", "--archive", crawls.archive, "--format", "json", "--year", "2023", cwd=crawls.folder)

    cells = json.loads(done.stdout)
    walls = {cell["portal_id"]: cell["wall"] for cell in cells if cell["state"] in {"blocked", "unreachable"}}
    assert {ids[wall]: wall for wall in Wall}.items() <= walls.items()
    told = {(cell["vantage"], cell["vantage_known"]) for cell in cells if cell["wall"]}
    assert told == {(VANTAGE, "claimed")}


@pytest.mark.parametrize("told", ["x" * 65, "DE\nFR", " DE", "\x07"])
def test_a_vantage_point_that_is_no_short_text_costs_one_line_and_exit_2(tmp_path, told: str):
    ended = Crawls(tmp_path).run("-s", f"GOVCRAWL_VANTAGE={told}")

    assert ended.code == 2
    assert ended.log.startswith("govcrawl: GOVCRAWL_VANTAGE: ")
    assert ended.log.count("\n") == 1


def test_the_record_of_a_page_keeps_what_was_agreed_with_its_server(walled):
    crawls, _, ids = walled
    notes = list(notes_of(crawls.archive, ids["secure"]))

    assert {note["request"]["role"] for note in notes} >= {"robots", "home"}
    for note in notes:
        assert note["tls"]["version"] == "TLSv1.3"
        assert note["tls"]["suite"].startswith("TLS_")
        assert [len(digest) for digest in note["tls"]["certificates"]] == [64]
    refused = [note for note in notes_of(crawls.archive, ids[Wall.WRONG_HOST]) if "tls" in note]
    assert refused, "the certificate that was refused is named"
    assert not any("tls" in note for note in notes_of(crawls.archive, ids["plain"]))


def notes_of(archive: Path, portal: str):
    """The notes of all records of a portal."""
    for name in warc_files(archive):
        if name.startswith(f"{portal}/"):
            with closing(GzipFile(warc_path(archive, name))) as file:
                yield from (json.loads(line) for line in file.read().splitlines() if line.startswith(b'{"'))
