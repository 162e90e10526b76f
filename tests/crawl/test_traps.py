"""Fault drills: what a crawl makes of broken servers, walls and traps, told from its archive and the replica's log.

Each drill strikes a portal of its own, so that one crawl goes through several; `drills` is that crawl.
"""

import json
import re
import threading
import time
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

from govcrawl import zh
from govcrawl.portals import load_registry, registered_domain
from govcrawl.replica import Replica, running
from govcrawl.replica.faults.crawler_traps import PRIVATE_ADDRESSES
from govcrawl.replica.plan import load_plan
from govcrawl.warc import verify_records

from .conftest import Crawls, journal

YEARS = ("2020", "2021", "2022", "2023", "2024", "2025")
DRILLS = {
    "damaged": "330681",
    "circles": "330604",
    "charsets": "330703",
    "missing": "331000",
    "mirrored": "330108",
}
BODY_LIMIT = 16 * 1024 * 1024
TOLERANCE = 0.25
"""Seconds by which a request may come to the server earlier than its turn, because the one before came late."""


class Drill:
    """A finished crawl, and what the replica's log says of it."""

    def __init__(self, crawls: Crawls, replica: Replica, log: dict, peak: int = 0) -> None:
        self.crawls, self.replica, self.log, self.peak = crawls, replica, log, peak

    def attempts(self, portal: str, year: str = "", role: str = "document") -> list[tuple]:
        return self.crawls.rows(
            "SELECT outcome, http_status, url, detail FROM attempts"
            f" WHERE portal_id = '{portal}' AND role = '{role}' AND url LIKE '%/art/{year}%' ORDER BY at"
        )

    def outcomes(self, portal: str, year: str = "", role: str = "document") -> set[str]:
        return {outcome for outcome, *_ in self.attempts(portal, year, role)}

    def reports(self, portal: str) -> list[dict]:
        pages = [page for page in self.replica.manifest["pages"] if page["portal"] == portal]
        return [page for page in pages if page["expected"] == "report"]

    def facts(self, url: str) -> dict[str, object]:
        """The facts that were read at an address, in the manifest's way."""
        rows = self.crawls.rows(
            "SELECT f.\"table\" || '.' || f.row || '.' || f.\"column\", f.status, f.value FROM facts AS f"
            " JOIN report_versions AS v ON v.id = f.report_version_id"
            f" JOIN documents AS d ON d.id = v.document_id WHERE d.url = '{url}'"
        )
        return {place: status if value is None else value for place, status, value in rows}

    def is_sound(self) -> bool:
        """The invariants of every drill: what is stored verifies, and every request has an outcome."""
        never_asked = (
            "SELECT count(*) FROM frontier WHERE state != 'queued' AND id NOT IN (SELECT request_id FROM attempts)"
        )
        return (
            list(verify_records(self.crawls.archive)) == []
            and self.crawls.rows("PRAGMA integrity_check") == [("ok",)]
            and self.crawls.rows(never_asked) == [(0,)]
        )


def drilled(folder, scenario: str, *arguments: str, spider: str = "zhejiang", code: int = 0) -> Drill:
    replica = Replica(scenario=scenario)
    with running(replica) as base:
        crawls = Crawls(folder, base)
        with crawls.start(*arguments, spider=spider) as process:
            peak = Peak(process.pid)
            _, log = process.communicate(timeout=600)
        assert process.returncode == code, log
        assert "Traceback" not in log
        return Drill(crawls, replica, journal(base), peak.ended())


class Peak:
    """The most memory that a process held, in bytes, asked of /proc while it runs."""

    def __init__(self, pid: int) -> None:
        self._status = Path(f"/proc/{pid}/status")
        self._peak = 0
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def ended(self) -> int:
        self._thread.join(timeout=5)
        return self._peak

    def _watch(self) -> None:
        while found := self._high_water():
            self._peak = max(self._peak, int(found[1]) * 1024)
            time.sleep(0.05)

    def _high_water(self) -> re.Match | None:
        try:
            return re.search(r"VmHWM:\s+(\d+)", self._status.read_text(encoding="utf-8"))
        except OSError:
            return None


def portals(*codes: str) -> tuple[str, str]:
    return "-a", f"portal={','.join(codes)}"


@pytest.fixture(scope="module")
def drills(tmp_path_factory) -> Drill:
    """One crawl through all drills that need no settings of their own."""
    return drilled(tmp_path_factory.mktemp("drills"), ",".join(DRILLS), *portals(*DRILLS.values(), "330402"))


@pytest.fixture(scope="module")
def undisturbed(healthy, tmp_path_factory) -> Drill:
    """A crawl of healthy portals, for comparison."""
    return drilled(tmp_path_factory.mktemp("undisturbed"), "healthy", *portals("330703", "330604"))


def test_every_drill_leaves_a_sound_archive(drills):
    assert drills.is_sound()
    assert drills.log["forbidden"] == 0


# ---- connections and bodies: F7, F8, F9


def test_connections_that_break_or_stall_are_tried_again_and_cost_nothing_else(undisturbed, tmp_path):
    limit = 1.0
    drill = drilled(
        tmp_path, "wire", *portals("330703", "330604"),
        "-s", f"DOWNLOAD_TIMEOUT={limit}", "-s", "GOVCRAWL_REST=0.05",
    )  # fmt: skip

    assert drill.outcomes("330703", "2020") == {"refused", "ok"}
    assert drill.outcomes("330703", "2021") | drill.outcomes("330703", "2022") <= {"refused", "truncated", "ok"}
    assert all(drill.outcomes("330703", year) == {"timeout", "ok"} for year in ("2023", "2024", "2025"))
    assert {len(drill.attempts("330703", year)) for year in YEARS} == {6}
    assert drill.crawls.digest() == undisturbed.crawls.digest()
    assert drill.is_sound()

    stalls = [later - earlier for earlier, later in pairwise(times(drill, "www.jindong.gov.cn"))]
    assert max(stalls) <= 1.1 * limit + 1.0
    assert shared_pace(drill, "www.shangyu.gov.cn") <= shared_pace(undisturbed, "www.shangyu.gov.cn") / 0.9 + TOLERANCE


def times(drill: Drill, host: str) -> list[float]:
    return drill.log["hosts"][host]["times"]


def shared_pace(drill: Drill, host: str) -> float:
    return median(later - earlier for earlier, later in pairwise(times(drill, host)))


@pytest.mark.parametrize("year", YEARS)
def test_a_body_that_did_not_come_whole_is_kept_as_truncated_tried_again_and_never_read(drills, year):
    tries = drills.attempts(DRILLS["damaged"], year)

    assert {outcome for outcome, *_ in tries} == {"truncated"}
    assert len(tries) == 3 * len({url for _, _, url, _ in tries})
    kept = f"FROM captures WHERE portal_id = '{DRILLS['damaged']}' AND url LIKE '%/art/{year}%'"
    assert drills.crawls.rows(f"SELECT count(*), min(truncated) {kept}") == [(len(tries), 1)]
    assert all(not drills.facts(url) for _, _, url, _ in tries)


def test_chunks_without_an_end_are_truncated_too(drills):
    assert drills.outcomes("330402", "2024") == {"truncated"}
    assert drills.outcomes("330402", "2023") == {"ok"}


@pytest.fixture(scope="module")
def huge(tmp_path_factory) -> Drill:
    return drilled(tmp_path_factory.mktemp("huge"), "huge", *portals("330106"))


@pytest.mark.parametrize("year", ["2020", "2021", "2022", "2023", "2025"])
def test_a_bomb_or_a_flood_is_refused_once_and_at_the_stated_limit(huge, year):
    tries = huge.attempts("330106", year)

    assert {outcome for outcome, *_ in tries} == {"too_large"}
    assert len(tries) == len({url for _, _, url, _ in tries}) > 0
    assert {str(BODY_LIMIT) in detail or "encodings" in detail or year == "2025" for *_, detail in tries} == {True}


def test_no_bomb_takes_more_memory_than_four_bodies_or_longer_than_two_seconds(huge, undisturbed):
    gaps = [later - earlier for earlier, later in pairwise(times(huge, "www.hzxh.gov.cn"))]

    assert 0 < huge.peak - undisturbed.peak <= 4 * BODY_LIMIT
    assert median(gaps) < 2.0
    assert huge.is_sound()


def test_a_page_of_ten_megabytes_is_archived_and_read_or_refused_by_name(huge):
    pages = huge.attempts("330106", "2024")
    assert {outcome for outcome, *_ in pages} == {"ok"}

    refused = "SELECT detail FROM issues JOIN documents AS d ON d.id = document_id WHERE kind = 'refused_limit'"
    assert all(huge.facts(url) or huge.crawls.rows(f"{refused} AND d.url = '{url}'") for _, _, url, _ in pages)


# ---- circles without end: F10, F11


@pytest.mark.parametrize(("year", "hops"), [("2020", 1), ("2021", 5), ("2022", 5), ("2023", 5)])
def test_redirects_without_end_stop_at_the_limit_with_one_outcome(drills, year, hops):
    tries = drills.attempts(DRILLS["circles"], year)
    started = {url.partition("?")[0] for _, _, url, _ in tries}
    ended = [(outcome, detail) for outcome, _, _, detail in tries if outcome != "ok"]

    assert len(tries) == len(started) * (hops + 1)
    assert [outcome for outcome, _ in ended] == ["http_error"] * len(started)
    assert all("times" in detail or "circle" in detail for _, detail in ended)


# ---- charsets: F12


@pytest.mark.parametrize("year", YEARS)
def test_pages_whose_bytes_and_labels_are_at_odds_are_read_as_they_are_meant(drills, year):
    pages = [page for page in drills.reports(DRILLS["charsets"]) if f"/art/{year}/" in page["url"]]
    assert pages

    for page in pages:
        ((title, agency),) = drills.crawls.rows(
            "SELECT d.title, a.name FROM documents AS d JOIN report_copies AS c ON c.document_id = d.id"
            " JOIN reports AS r ON r.id = c.report_id JOIN agencies AS a ON a.id = r.agency_id"
            f" WHERE d.url = '{page['url']}'"
        )
        assert zh.simplified(title) == page["title"]
        assert agency == page["agency"]
        assert drills.facts(page["url"]) == page["facts"]


def test_no_replacement_character_is_stored_without_a_flag(drills):
    flagged = "SELECT document_id FROM issues WHERE kind IN ('replacement_characters', 'charset_conflict')"
    stored = "SELECT v.document_id FROM sections JOIN report_versions AS v ON v.id = report_version_id"

    assert drills.crawls.rows(f"{stored} WHERE text LIKE '%\ufffd%' AND v.document_id NOT IN ({flagged})") == []
    assert drills.crawls.rows(f"SELECT count(*) > 0 FROM documents WHERE id IN ({flagged})") == [(1,)]


# ---- pages that are none, and mirrors: F13


@pytest.mark.parametrize("year", [year for year in YEARS[:-1] if year != "2022"])
def test_a_page_that_says_there_is_none_under_200_is_no_report_and_comes_up_again_later(drills, year):
    assert drills.outcomes(DRILLS["missing"], year) == {"soft_404"}
    assert drills.crawls.rows(
        "SELECT count(*) > 0, min(due_at > strftime('%s', 'now')) FROM frontier"
        f" WHERE portal_id = '{DRILLS['missing']}' AND url LIKE '%/art/{year}%' AND state = 'failed'"
    ) == [(1, 1)]


def test_a_page_that_is_a_login_form_is_a_wall_and_no_reason_to_leave_the_host_alone(drills):
    portal = DRILLS["missing"]
    attempts = f"FROM attempts WHERE portal_id = '{portal}' AND"

    assert drills.crawls.rows(f"SELECT DISTINCT outcome, wall {attempts} url LIKE '%/art/2022%'") == [
        ("blocked", "login")
    ]
    assert drills.crawls.rows(f"SELECT count(*) {attempts} detail LIKE 'not asked%'") == [(0,)]


def test_a_page_that_is_gone_is_filed_with_its_status_and_nothing_is_read_of_any_of_them(drills):
    assert {(o, s) for o, s, *_ in drills.attempts(DRILLS["missing"], "2025")} == {("http_error", 410)}
    assert drills.crawls.rows(f"SELECT count(*) FROM documents WHERE portal_id = '{DRILLS['missing']}'") == [(0,)]


def test_a_page_with_the_marks_of_a_mirror_is_kept_listed_and_believed_nowhere(drills):
    planted = [page for page in drills.replica.manifest["pages"] if page["expected"] == "quarantined"]
    quarantine = drills.crawls.rows("SELECT url, warc_file, detail FROM quarantine")

    assert planted
    assert {url for url, *_ in quarantine} == {page["url"] for page in planted}
    assert all((drills.crawls.archive / "warc" / file).is_file() for _, file, _ in quarantine)
    assert all("converter errors" in detail or "betting" in detail for *_, detail in quarantine)
    assert all(not drills.facts(page["url"]) for page in planted)
    good = drills.reports(DRILLS["mirrored"])
    assert good
    assert all(drills.facts(page["url"]) == page["facts"] for page in good)


# ---- walls: F14

WALLED = {
    "330106": ("blocked", 412), "330681": ("blocked", 521), "330703": ("blocked", 202), "331000": ("blocked", 403),
    "330800": ("blocked", 429), "330604": ("blocked", 200), "330402": ("blocked", 200), "331082": ("blocked", 412),
}  # fmt: skip


@pytest.fixture(scope="module")
def walls(tmp_path_factory) -> Drill:
    return drilled(tmp_path_factory.mktemp("walls"), "walls", *portals(*WALLED), "-a", "year=2023", code=1)


@pytest.mark.parametrize(("portal", "answer"), WALLED.items())
def test_a_wall_is_knocked_at_three_times_then_the_host_rests_and_nothing_waits_without_a_reason(walls, portal, answer):
    where = f"portal_id = '{portal}' AND outcome = 'blocked'"
    knocks = walls.crawls.rows(f"SELECT outcome, http_status FROM attempts WHERE {where} AND http_status IS NOT NULL")

    assert knocks == [answer] * 3
    assert walls.crawls.rows(f"SELECT DISTINCT detail LIKE 'not asked: the host rests%' FROM attempts WHERE {where}"
                             " AND http_status IS NULL") in ([(1,)], [])  # fmt: skip
    assert walls.crawls.rows(f"SELECT count(*) FROM documents WHERE portal_id = '{portal}'") == [(0,)]


def test_every_walled_request_is_filed_and_the_portals_count_as_blocked_not_as_without_reports(walls):
    assert walls.is_sound()
    assert walls.crawls.rows(
        "SELECT count(*) FROM frontier WHERE state = 'queued' AND (report_year = 2023 OR report_year IS NULL)"
    ) == [(0,)]
    states = walls.crawls.rows(
        "SELECT DISTINCT portal_id, state FROM coverage JOIN agencies ON agencies.id = agency_id WHERE year = 2023"
    )
    assert {state for portal, state in states if portal in WALLED.keys() - {"331082"}} <= {"blocked", "exempt"}
    assert "blocked" in {state for portal, state in states if portal == "331082"}


def test_a_wall_that_falls_is_waited_for_and_everything_is_found(tmp_path):
    codes = ("330703", "330604", "330681")
    drill = drilled(
        tmp_path, "passing-walls", *portals(*codes), "-a", "year=2022,2023",
        "-s", "GOVCRAWL_REST=0.1", "-s", "GOVCRAWL_PATIENCE=20",
    )  # fmt: skip

    refusals = drill.crawls.outcomes("outcome IN ('blocked', 'http_error') AND role != 'robots'")
    assert {status for _, status in refusals} == {429, 503, 412}
    for host in ("www.jindong.gov.cn", "www.shangyu.gov.cn"):
        refused = 5  # the sixth and seventh answers ask to come back in a second
        at = times(drill, host)
        assert at[refused + 1] - at[refused] >= 1.0 - TOLERANCE
    wanted = {page["url"] for code in codes for page in drill.reports(code) if page["report_year"] in {2022, 2023}}
    assert wanted
    assert wanted <= {url for (url,) in drill.crawls.rows("SELECT url FROM documents WHERE is_report")}
    assert drill.is_sound()


# ---- robots.txt: F15


@pytest.fixture(scope="module")
def ruled(tmp_path_factory) -> Drill:
    codes = ("330604", "330703", "330402", "330106", "331000", "330800")
    return drilled(
        tmp_path_factory.mktemp("robots"), "robots", *portals(*codes), "-a", "year=2019,2023",
        "-s", "DOWNLOAD_TIMEOUT=1", code=1,
    )  # fmt: skip


@pytest.mark.parametrize(("portal", "outcome"), [("330604", "timeout"), ("330703", "robots"), ("330402", "robots")])
def test_a_robots_txt_that_forbids_or_cannot_be_read_lets_nothing_pass(ruled, portal, outcome):
    host = load_registry()[portal].host

    assert ruled.crawls.rows(
        f"SELECT DISTINCT outcome FROM attempts WHERE portal_id = '{portal}' AND role != 'robots'"
    ) == [(outcome,)]
    assert set(ruled.log["hosts"][host]["classes"]) == {"robots"}


def test_rules_in_a_file_of_two_megabytes_are_obeyed(ruled):
    assert ruled.outcomes("330106", "2020") == {"robots"}
    assert ruled.outcomes("330106", "2024") == {"ok"}


def test_a_crawl_delay_widens_the_gap(ruled):
    at = times(ruled, "www.zjtz.gov.cn")
    assert len(at) > 8
    assert at[-1] - at[1] >= 0.3 * (len(at) - 2) - TOLERANCE


def test_nothing_forbidden_is_asked_for_whatever_robots_txt_is_like(ruled):
    assert ruled.log["forbidden"] == 0
    assert ruled.is_sound()


def test_rules_that_change_in_the_middle_are_obeyed_within_their_age_and_nothing_is_lost(tmp_path):
    arguments = (*portals("330703"), "-s", "GOVCRAWL_ROBOTS_SECONDS=0.3", "-s", "DOWNLOAD_DELAY=0.1")
    replica = Replica(scenario="robots-change")
    with running(replica) as base:
        crawls = Crawls(tmp_path, base)
        assert crawls.run(*arguments).code == 0
        assert journal(base)["forbidden"] == 0
        refused = crawls.rows("SELECT count(*) FROM attempts WHERE outcome = 'robots'")[0][0]
        assert refused > 0
        assert crawls.run(*arguments).code == 0
        log = journal(base)

    drill = Drill(crawls, replica, log)
    wanted = {page["url"] for page in drill.reports("330703")}
    assert wanted == {url for (url,) in crawls.rows("SELECT url FROM documents WHERE is_report")}
    assert log["forbidden"] == 0
    assert drill.is_sound()


# ---- politeness under fault: F16


def test_no_domain_and_no_back_end_is_asked_faster_than_set_through_faults_kill_and_resume(tmp_path):
    delay, backend_delay = 0.3, 0.1
    arguments = (
        *portals("330604", "330703", "330106"), "-a", "year=2020,2021,2022",
        "-s", f"DOWNLOAD_DELAY={delay}", "-s", f"GOVCRAWL_BACKEND_DELAY={backend_delay}", "-s", "GOVCRAWL_REST=0.2",
    )  # fmt: skip
    with running(Replica(scenario="flaky")) as base:
        crawls = Crawls(tmp_path, base)
        crawls.kill_after(5.0, *arguments)
        assert crawls.run(*arguments).code == 0
        log = journal(base)

    by_lane = lanes(log)
    assert len(by_lane) == 4
    for lane, at in by_lane.items():
        gap = backend_delay if lane.startswith("backend") else delay
        assert too_fast(at, gap) == [], lane
    assert log["forbidden"] == 0
    assert crawls.rows("SELECT count(*) > 5 FROM attempts WHERE outcome IN ('http_error', 'truncated')") == [(1,)]


def lanes(log: dict) -> dict[str, list[float]]:
    """When each registered domain and each shared back-end was asked."""
    found = defaultdict(list)
    for host, told in log["hosts"].items():
        found[registered_domain(host)] += told["times"]
        for backend in {portal.backend for portal in load_registry().by_host(host)} - {None}:
            found[f"backend {backend}"] += told["times"]
    return {lane: sorted(at) for lane, at in found.items()}


def too_fast(at: list[float], gap: float) -> list[tuple[int, float]]:
    """Runs of requests that took less time than their number allows, as (how many, seconds)."""
    spans = (
        (count, later - earlier) for count in (1, 2, 5, 20) for earlier, later in zip(at, at[count:], strict=False)
    )
    return [(count, span) for count, span in spans if span < count * gap - TOLERANCE]


EVERYWHERE = """
from govcrawl import portals
from govcrawl.spiders.portal_spider import PortalSpider

class Everywhere(PortalSpider):
    name, province = "everywhere", "zhejiang"

    def __init__(self, year):
        super().__init__(year=year)
        self.portals = tuple(portals.load_registry()[code] for code in CODES)

CODES = {codes!r}
"""


def one_of_each_kind() -> tuple[str, ...]:
    """A portal for each kind of list that the replica has and no browser is needed for."""
    found = {plan.channels[0].kind: plan.portal.id for plan in load_plan().portals if plan.channels}
    return tuple(code for kind, code in sorted(found.items()) if kind != "scripted")


def test_a_crawl_of_every_family_finds_everything_asks_for_nothing_forbidden_and_keeps_its_pace(tmp_path):
    delay, codes = 0.3, one_of_each_kind()
    (tmp_path / "everywhere.py").write_text(EVERYWHERE.replace("{codes!r}", repr(codes)), encoding="utf-8")
    drill = drilled(
        tmp_path, "healthy", "-a", "year=2023", "-s", "SPIDER_MODULES=everywhere", "-s", f"DOWNLOAD_DELAY={delay}",
        spider="everywhere",
    )  # fmt: skip

    pages = [page for code in codes for page in drill.reports(code) if page["report_year"] == 2023]
    missing = {page["url"] for page in pages} - {url for (url,) in drill.crawls.rows("SELECT url FROM documents")}
    assert len(codes) > 15
    assert not missing, f"{len(missing)} of {len(pages)} are missing"
    assert drill.log["forbidden"] == 0
    domains = {lane: at for lane, at in lanes(drill.log).items() if not lane.startswith("backend")}
    assert {lane: too_fast(at, delay) for lane, at in domains.items()} == {lane: [] for lane in domains}
    assert drill.is_sound()


# ---- private addresses: F20

WATCHED = """
import json, sys
from pathlib import Path
from scrapy.resolver import HostResolution
from twisted.internet.address import IPv4Address, IPv6Address
from govcrawl.crawl.public_addresses import PublicResolver

SEEN = Path(__file__).with_name("connections.jsonl")

def note(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        with SEEN.open("a") as seen:
            seen.write(json.dumps(arguments[1][:2]) + "\\n")

sys.addaudithook(note)

class Watched(PublicResolver):
    pass

class Hijacking:
    def resolveHostName(self, receiver, name, port=0, types=None, semantics="TCP"):
        address = ADDRESSES[len(name) % len(ADDRESSES)]
        kind = IPv6Address if ":" in address else IPv4Address
        receiver.resolutionBegan(HostResolution(name))
        receiver.addressResolved(kind("TCP", address, port))
        receiver.resolutionComplete()

class Hijacked(PublicResolver):
    def __init__(self, reactor, cache_size):
        super().__init__(reactor, cache_size)
        self.original_resolver = Hijacking()

ADDRESSES = {addresses!r}
"""
INSIDE = ("127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "100.64.0.1", "0.0.0.0", "192.168.1.1")


def watched(folder) -> None:
    (folder / "watched.py").write_text(WATCHED.replace("{addresses!r}", repr(INSIDE)), encoding="utf-8")


def connections(folder) -> list[tuple[str, int]]:
    seen = folder / "connections.jsonl"
    return [tuple(json.loads(line)) for line in seen.read_text().splitlines()] if seen.is_file() else []


def test_no_redirect_refresh_link_sitemap_or_attachment_leads_to_a_private_address(tmp_path):
    watched(tmp_path)
    drill = drilled(tmp_path, "private", *portals("330703"), "-s", "TWISTED_DNS_RESOLVER=watched.Watched")

    connected = connections(tmp_path)
    assert connected
    assert {host for host, _ in connected} == {"127.0.0.1"}
    assert len({port for _, port in connected}) == 1, "only the replica itself is connected to"
    assert drill.log["forbidden"] == 0
    assert set(drill.log["hosts"]) == {"www.jindong.gov.cn"}
    followed = drill.crawls.rows("SELECT url, outcome FROM attempts WHERE url NOT LIKE '%jindong.gov.cn/%'")
    assert {outcome for _, outcome in followed} == {"out_of_registry"}
    assert {url for url, _ in followed} <= set(PRIVATE_ADDRESSES)
    assert drill.is_sound()


def test_no_registered_name_that_resolves_to_a_private_address_is_connected_to(tmp_path):
    watched(tmp_path)
    crawls = Crawls(tmp_path)

    ended = crawls.run(
        "-a", "portal=330100,330110,330604,330106,330681,330703,330800,331000", "-a", "year=2023",
        "-s", "TWISTED_DNS_RESOLVER=watched.Hijacked", "-s", "GOVCRAWL_PATIENCE=0", "-s", "DOWNLOAD_DELAY=0",
        "-s", "GOVCRAWL_BACKEND_DELAY=0",
    )  # fmt: skip

    assert ended.code == 1, ended.log
    assert connections(tmp_path) == []
    assert crawls.rows("SELECT DISTINCT outcome FROM attempts") == [("dns",)]
