from dataclasses import replace

from govcrawl.db.queries.crawl_summary import PortalSummary, by_portal, figures_at
from govcrawl.models import Issue
from govcrawl.vocabulary import CheckOutcome, IssueKind, Outcome, Severity, Status


def test_a_portal_is_summed_up(connection, arrive, make):
    failing = make.reading().checks[0]._replace(outcome=CheckOutcome.FAILS)
    warning = Issue(IssueKind.IDENTITY_FAILS, Severity.ERROR, "applications", "1 is not 2")
    no_report = make.reading(report=replace(make.reading().report, is_report=False), facts=(), checks=())
    arrive(
        make.listed("/l", make.listing("/1", "a"), make.listing("/2", "b"), make.listing("/3", "c")),
        make.read("/1", make.reading(checks=(failing,), issues=(warning, *make.reading().issues))),
        make.read("/2", no_report),
        make.failed("/3", Outcome.TIMEOUT),
    )

    assert by_portal(connection) == (
        PortalSummary("330110", "余杭区", listed=3, fetched=2, parsed=1, checks_failing=1, issues=1),
    )


def test_a_closed_issue_is_not_counted(connection, arrive, make):
    warning = Issue(IssueKind.IDENTITY_FAILS, Severity.ERROR, "applications", "1 is not 2")
    arrive(
        make.read(reading=make.reading(issues=(warning,))),
        make.read(reading=make.reading(facts=(), issues=()), day="2024-05-05"),
    )

    assert by_portal(connection)[0].issues == 0


def test_the_figures_at_an_address(connection, arrive, make):
    blank = make.fact(1013, None, status=Status.BLANK, raw="")
    arrive(make.read("/1", make.reading(facts=(make.fact(1011, 3), blank))), make.read("/1", day="2023-01-01"))

    url = make.request("/1").url
    assert figures_at(connection, "330110", url) == {
        "applications.new_received.natural_person": 3,
        "applications.otherwise_other.total": "blank",
    }
    assert figures_at(connection, "330110", url + "x") == {}
