"""The same arrivals in any order and with any repeats give the same content digest."""

from dataclasses import replace

from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from govcrawl.db.digest import content_digest, lines
from govcrawl.models import Document, Issue, ListPage, Report
from govcrawl.vocabulary import IssueKind, Outcome, Severity

from ..exploration import examples


def story(make):
    """Arrivals that meet each other in every way: copies, versions, merged rows, shared codes, failures."""
    own = make.reading("杭州市经济和信息化局", document=Document(index_number="002489452/2024-00230"))
    changed = replace(own, facts=(make.fact(1001, 9),))
    broken = make.reading(
        report=Report(is_report=False),
        document=Document(),
        issues=(Issue(IssueKind.PARSE_FAILED, Severity.ERROR, "page", "x"),),
    )
    cut = make.listing("/art/1.html", "杭州市经济和…", "no number", portal="330100", listed_on="2024-02-02")
    full = make.listing("/art/1.html", "杭州市经济和信息化局2023年年报", "002489452/2024-00231", portal="330100")
    late = make.listing("/art/1.html", "杭州市经济和信息化局2023年年报", None, portal="330100", listed_on="2024-01-02")
    return (
        make.listed("/list", cut),
        make.listed("/list2", full, day="2024-03-01"),
        make.listed("/list3", late, page=ListPage((late,), debris=("<li",))),
        make.read("/art/1.html", replace(own, document=Document()), portal="330100"),
        make.read("/art/1.html", changed, portal="330100", day="2024-03-03"),
        make.read("/art/1.html", own, portal="330100-jxj", day="2024-02-01"),
        make.read("/art/2.html", own, portal="330100-jxj", day="2024-02-01T23:00:00Z"),
        make.read("/art/3.html", make.reading("余杭区商务局", document=Document(index_number="002489452/2024-00001"))),
        make.read("/art/3.html", broken, day="2024-01-01"),
        make.read("/art/3.html", broken, day="2024-09-09"),
        make.read("/art/4.html", make.reading(None, year=None, document=Document(publisher="余杭区审计局"))),
        make.read("/art/6.html", make.reading("杭州市余杭区商务局", 2022)),
        make.failed("/art/5.html", Outcome.TIMEOUT),
    )


@given(data=st.data())
@examples(25, HealthCheck.function_scoped_fixture)
def test_order_and_repeats_do_not_matter(data, make, stored):
    arrivals = story(make)
    order = data.draw(st.permutations(arrivals))
    repeats = data.draw(st.lists(st.sampled_from(arrivals), max_size=5))
    once, again = stored(*arrivals), stored(*order, *repeats)

    assert list(lines(again)) == list(lines(once))
    assert content_digest(again) == content_digest(once)
    once.close()
    again.close()
