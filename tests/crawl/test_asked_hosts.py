"""Siblings of a portal's hosts: which a run admits, why it refuses the others, and what it marks."""

import pytest

from govcrawl import portals
from govcrawl.crawl.asked_hosts import MOST_NEW, AskedHosts
from govcrawl.db.arrival import Arrival
from govcrawl.db.frontier.sibling_hosts import SiblingHost
from govcrawl.models import Elsewhere, Listing, ListPage, Queued, Request
from govcrawl.vocabulary import Outcome, Role

CITY, DISTRICT, BUREAU, PROVINCE = "130400", "110108", "330000-jyt", "330000"
COLUMN = "http://{}/zfxxgknb/"


def request(portal: str, url: str, role: Role = Role.COLUMN) -> Request:
    return Request(portal, "static-dir", role, url)


def page(portal: str, *links: tuple[str, str], rows: tuple[tuple[str, str], ...] = ()) -> Arrival:
    home = portals.load_registry()[portal].home
    elsewhere = tuple(Elsewhere(name, request(portal, COLUMN.format(host))) for host, name in links)
    listings = tuple(
        Listing(portal, f"http://{host}/{number}.html", title) for number, (host, title) in enumerate(rows)
    )
    return Arrival(
        request(portal, home, Role.HOME),
        Outcome.OK,
        "2026-02-01T00:00:00Z",
        page=ListPage(rows=listings, elsewhere=elsewhere),
    )


class Run:
    def __init__(self, *known: SiblingHost) -> None:
        self.kept: list[SiblingHost] = []
        self.hosts = AskedHosts(portals.load_registry(), known, self.kept.append)

    def refusal(self, portal: str, host: str, role: Role = Role.COLUMN) -> str | None:
        return self.hosts.refusal(request(portal, COLUMN.format(host), role))


@pytest.fixture
def run() -> Run:
    return Run()


def test_a_host_of_the_portal_s_own_domain_is_asked_once_a_page_leads_to_it(run: Run):
    host = "hdzfxxgk.hd.gov.cn"
    assert run.refusal(CITY, host) == (
        "the host is not in the registry, and no page leads to it as disclosure or annual reports"
    )

    run.hosts.look(page(CITY, (host, "政府信息公开年报")))

    assert [run.refusal(CITY, host, role) for role in Role] == [None] * len(Role)
    assert run.refusal(DISTRICT, host) is not None
    assert run.kept == [SiblingHost(CITY, host, "https://www.hd.gov.cn/", "政府信息公开年报")]


def test_a_host_is_marked_once_and_remembered_from_run_to_run(run: Run):
    for _ in range(2):
        run.hosts.look(page(CITY, ("a.hd.gov.cn", "政府信息公开年报")))
    later = Run(*run.kept)
    later.hosts.look(page(CITY, ("a.hd.gov.cn", "政府信息公开年报")))

    assert len(run.kept) == 1
    assert (later.kept, later.refusal(CITY, "a.hd.gov.cn")) == ([], None)


def test_a_redirect_leads_there_too(run: Run):
    home = request(DISTRICT, "http://www.bjhd.gov.cn/", Role.HOME)
    target = request(DISTRICT, "https://zyk.bjhd.gov.cn/", Role.HOME)

    run.hosts.look(Arrival(home, Outcome.OK, "2026-02-01T00:00:00Z", queued=(Queued(target),)))

    assert run.refusal(DISTRICT, "zyk.bjhd.gov.cn") is None
    assert run.kept == [SiblingHost(DISTRICT, "zyk.bjhd.gov.cn", home.url, "")]


def test_a_report_leads_there_and_no_other_document(run: Run):
    run.hosts.look(
        page(
            CITY,
            rows=(("a.hd.gov.cn", "邯郸市财政局2024年政府信息公开工作年度报告"), ("b.hd.gov.cn", "关于招聘的公告")),
        )
    )

    assert run.refusal(CITY, "a.hd.gov.cn", Role.DOCUMENT) is None
    assert run.refusal(CITY, "b.hd.gov.cn", Role.DOCUMENT) is not None


@pytest.mark.parametrize(
    ("portal", "host", "name", "reason"),
    [
        (CITY, "www.unknown.gov.cn", "政府信息公开年报", "the host is not in the registry"),
        (CITY, "www.hd.gov.cn.example.com", "政府信息公开年报", "the host is not in the registry"),
        (CITY, "www.yuhang.gov.cn", "政府信息公开年报", "the host is that of portal 330110 余杭区"),
        (BUREAU, "hbj.zj.gov.cn", "政府信息公开年报", "by its domain it belongs to portal 330000 浙江省"),
        (PROVINCE, "xxgk.jyt.zj.gov.cn", "年报", "by its domain it belongs to portal 330000-jyt 浙江省教育厅"),
        (PROVINCE, "edu.zj.gov.cn", "浙江省教育厅政府信息公开年报", "no page leads to it"),
    ],
)
def test_other_hosts_are_refused_with_the_reason(run: Run, portal: str, host: str, name: str, reason: str):
    run.hosts.look(page(portal, (host, name)))

    assert reason in (run.refusal(portal, host) or "")
    assert run.kept == []


def test_on_a_shared_domain_who_links_first_does_not_matter(run: Run):
    link = ("hbj.zj.gov.cn", "政府信息公开年报")
    for portal in (BUREAU, PROVINCE):
        run.hosts.look(page(portal, link))

    assert run.refusal(BUREAU, link[0]) is not None
    assert run.refusal(PROVINCE, link[0]) is None


def test_a_run_asks_a_few_new_hosts_of_a_portal_and_no_more(run: Run):
    hosts = [f"bureau{number}.hd.gov.cn" for number in range(MOST_NEW + 1)]

    run.hosts.look(page(CITY, *((host, "政府信息公开年报") for host in hosts)))
    run.hosts.look(page(DISTRICT, ("zyk.bjhd.gov.cn", "政府信息公开年报")))

    assert [run.refusal(CITY, host) is None for host in hosts] == [True] * MOST_NEW + [False]
    assert f"{MOST_NEW} new hosts of the portal are all a run asks" in (run.refusal(CITY, hosts[-1]) or "")
    assert run.refusal(DISTRICT, "zyk.bjhd.gov.cn") is None


def test_a_host_that_an_entry_lists_by_now_is_that_entry_s(run: Run):
    known = Run(SiblingHost(CITY, "www.yuhang.gov.cn", "https://www.hd.gov.cn/", "年报"))

    assert known.refusal(CITY, "www.yuhang.gov.cn") == "the host is that of portal 330110 余杭区"
