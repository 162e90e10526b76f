from dataclasses import replace

import pytest

from govcrawl.db.arrival import Crawl
from govcrawl.db.frontier import ledger as module
from govcrawl.db.frontier.ledger import Ledger, Wanted
from govcrawl.db.store.crawls import FINISHED, crawl_finished, crawl_started
from govcrawl.models import Queued
from govcrawl.vocabulary import LedgerState, Role

HOST = "www.yuhang.gov.cn"
NOW = 1_700_000_000.0
AT = "2024-01-22T08:00:00Z"


@pytest.fixture
def run(connection):
    """A function that starts a run of a spider and gives its ledger."""
    runs = []

    def run(spider="zhejiang", **wanted):
        runs.append(spider)
        crawl_started(connection, Crawl(f"{len(runs):016x}", spider, AT, "1"))
        domain_of = lambda url: url.split("/")[2]  # noqa: E731
        return Ledger(connection, domain_of, crawl=f"{len(runs):016x}", wanted=Wanted(**wanted))

    return run


def paths(entries):
    return [entry.request.url.partition(HOST)[2] for entry in entries]


def test_lists_come_first_then_documents_by_index_number_then_the_rest(run, make):
    ledger = run()
    ledger.enqueue(
        [
            Queued(make.request("/b.html")),
            Queued(make.request("/4.html"), None, "002489452/2024-00230"),
            Queued(make.request("/a.html"), None, "no index number"),
            Queued(make.request("/3.html"), None, "002489452/2024-00009"),
            Queued(make.request("/2.html"), None, "002489452/2023-00777"),
            Queued(make.request("/1.html"), None, "001008003013146/2025-223616"),
            Queued(make.request("/list", role=Role.LIST)),
            Queued(make.request("/", role=Role.HOME)),
        ],
        NOW,
    )

    taken = paths(ledger.take(HOST, NOW, 99))

    assert taken == ["/", "/list", "/1.html", "/2.html", "/3.html", "/4.html", "/a.html", "/b.html"]


def test_months_come_before_serials(run, make):
    ledger = run()
    numbers = ["003110926/201511-00001", "003110926/201510-00216", "003110926/201510-00003"]
    ledger.enqueue([Queued(make.request(f"/{n}"), None, number) for n, number in enumerate(numbers)], NOW)

    assert paths(ledger.take(HOST, NOW, 9)) == ["/2", "/1", "/0"]


def test_an_entry_gives_the_request_back_whole(run, make):
    ledger = run()
    asked = make.request("/列表?x=1", role=Role.LIST)
    asked = type(asked)(
        **{name: getattr(asked, name) for name in ("portal", "platform", "role", "url")},
        key="col1",
        method="POST",
        headers=(("X-Requested-With", "XMLHttpRequest"), ("Accept", "a"), ("Accept", "b")),
        body=b"col=1\x00\xff",
        context=(("page", "2"), ("年", "2023")),
    )
    ledger.seed([asked], NOW)

    (entry,) = ledger.take(HOST, NOW, 1)

    assert entry.request == asked
    assert (entry.domain, entry.tries, entry.report_year) == (HOST, 0, None)


def test_what_is_in_flight_is_not_given_again(run, make):
    ledger = run()
    ledger.seed([make.request("/1"), make.request("/2")], NOW)
    (first,) = ledger.take(HOST, NOW)
    (second,) = ledger.take(HOST, NOW)

    assert ledger.take(HOST, NOW) == []
    ledger.give_back(first.request)
    assert ledger.take(HOST, NOW) == [first]
    assert first != second


def test_another_process_finds_what_was_in_flight(run, make):
    run().seed([make.request("/1")], NOW)
    killed = run()
    killed.take(HOST, NOW)

    assert paths(run().take(HOST, NOW)) == ["/1"]


def test_a_run_gets_only_the_portals_and_years_it_wants(run, make):
    queued = [
        Queued(make.request("/2022"), 2022),
        Queued(make.request("/2023"), 2023),
        Queued(make.request("/unknown")),
        Queued(make.request("/elsewhere", portal="330100"), 2023),
    ]
    run().enqueue(queued, NOW)
    ledger = run(portals=frozenset({"330110"}), years=frozenset({2023}))

    assert ledger.domains_due(NOW) == [HOST]
    assert paths(ledger.take(HOST, NOW, 9)) == ["/2023", "/unknown"]
    assert ledger.take("www.hangzhou.gov.cn", NOW, 9) == []
    assert sum(ledger.counts().values()) == 2


def test_a_document_answered_is_not_asked_again_and_a_list_once_a_round(run, make, connection):
    first = run()
    requests = [make.request("/list", role=Role.LIST), make.request("/1")]
    first.seed(requests, NOW)
    for request in requests:
        first.settle(request, LedgerState.DONE, AT)
    assert first.seed(requests, NOW) == 0

    killed_and_started_again = run()
    assert killed_and_started_again.seed(requests, NOW) == 0

    crawl_finished(connection, killed_and_started_again.crawl, AT, FINISHED)
    assert run("hubei").seed(requests, NOW) == 1


def test_a_stopped_run_leaves_its_round_open(run, make, connection):
    stopped, request = run(), make.request("/list", role=Role.LIST)
    stopped.settle(request, LedgerState.DONE, AT)
    crawl_finished(connection, stopped.crawl, AT, "shutdown")

    assert run().seed([request], NOW) == 0


def test_what_was_given_up_is_tried_again_in_the_next_round(run, make, connection):
    first, request = run(), make.request("/1")
    first.seed([request], NOW)
    first.settle(request, LedgerState.FAILED, AT)
    assert first.seed([request], NOW) == 0
    crawl_finished(connection, first.crawl, AT, FINISHED)

    second = run()
    assert second.seed([request], NOW) == 1
    assert second.take(HOST, NOW)[0].tries == 0


def test_another_try_waits_for_its_time(run, make):
    ledger, request = run(), make.request("/1")
    ledger.seed([request], NOW)
    ledger.take(HOST, NOW)
    ledger.settle(request, LedgerState.QUEUED, AT, NOW + 30)

    assert ledger.take(HOST, NOW + 29) == []
    assert ledger.domains_due(NOW + 29) == []
    (entry,) = ledger.take(HOST, NOW + 30)
    assert entry.tries == 1


def test_a_later_sighting_adds_the_index_number_and_the_year(run, make):
    ledger = run()
    ledger.enqueue([Queued(make.request("/late")), Queued(make.request("/early"), 2023, "002489452/2024-00100")], NOW)
    ledger.enqueue([Queued(make.request("/late"), 2022, "002489452/2024-00001")], NOW)
    ledger.enqueue([Queued(make.request("/late"))], NOW)

    taken = ledger.take(HOST, NOW, 2)

    assert paths(taken) == ["/late", "/early"]
    assert taken[0].report_year == 2022


def test_an_older_attempt_never_undoes_a_newer(run, make):
    ledger, request = run(), make.request("/1")
    ledger.settle(request, LedgerState.DONE, "2024-01-23T08:00:00Z")
    ledger.settle(request, LedgerState.FAILED, "2024-01-22T08:00:00Z")

    assert ledger.counts() == {(Role.DOCUMENT, LedgerState.DONE): 1}


def test_the_walk_is_read_from_an_index(run, connection):
    parameters = {"portals": None, "years": None, "domain": HOST, "now": NOW}
    for query in (module._TAKE, module._DOMAINS_DUE):
        plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}", parameters))
        assert "INDEX frontier_" in plan
        assert "SCAN frontier " not in plan or "COVERING INDEX" in plan
        assert "TEMP B-TREE" not in plan


def test_what_is_given_up_is_asked_in_the_next_round_and_not_before(run, make):
    ledger = run()
    pages = [replace(make.request(f"/list{page}", role=Role.LIST), key="/gknb/") for page in (1, 2)]
    other = replace(make.request("/other", role=Role.LIST), key="/bmnb/")
    ledger.enqueue([*map(Queued, pages), Queued(other), Queued(make.request("/1.html"))], NOW)

    assert ledger.give_up("330110", "/gknb/") == 2
    assert ledger.enqueue([Queued(pages[0])], NOW) == 0
    assert paths(ledger.take(HOST, NOW, 9)) == ["/other", "/1.html"]

    crawl_finished(ledger._connection, ledger.crawl, AT, FINISHED)
    later = run()
    assert later.enqueue([Queued(pages[0])], NOW) == 1


def test_all_lists_of_a_portal_are_given_up_at_once(run, make):
    ledger = run()
    ledger.enqueue([Queued(make.request("/list", role=Role.LIST)), Queued(make.request("/1.html"))], NOW)

    assert ledger.give_up("330110") == 1
    assert paths(ledger.take(HOST, NOW, 9)) == ["/1.html"]


def test_the_lists_of_a_portal_and_what_was_ever_asked_are_known(run, make):
    ledger, listed = run(), make.request("/list", role=Role.LIST)
    ledger.enqueue([Queued(listed), Queued(make.request("/1.html"))], NOW)

    assert ledger.lists("330110") == [listed]
    assert ledger.lists("330100") == []
    assert ledger.knows(listed)
    assert not ledger.knows(make.request("/list2", role=Role.LIST))
