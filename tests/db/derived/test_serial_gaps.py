import pytest

from govcrawl.db.derived.cross_report_checks import update_across
from govcrawl.db.derived.serial_gaps import beside_reports, update_gaps
from govcrawl.models import Document
from govcrawl.vocabulary import Outcome


def found(connection):
    update_gaps(connection)
    query = "SELECT index_prefix, year, first_serial, last_serial, assessment FROM serial_gaps ORDER BY 1, 2, 3"
    return connection.execute(query).fetchall()


def rows(make, numbers, **more):
    return [make.listing(f"/art/{number}.html", "年报", number, **more) for number in numbers]


def test_runs_between_seen_serials_are_found(connection, arrive, make):
    arrive(make.listed("/l", *rows(make, [f"002489452/2024-{n:05d}" for n in (7, 8, 11, 12, 13)])))

    assert found(connection) == [("002489452", 2024, 9, 10, "unseen")]


def test_a_sparse_series_counts_other_things(connection, arrive, make):
    arrive(make.listed("/l", *rows(make, ["002489452/2024-00001", "002489452/2024-00230"])))

    assert found(connection) == [("002489452", 2024, 2, 229, "other_class")]


def test_a_counter_of_several_organs_is_the_sites(connection, arrive, make):
    arrive(
        make.listed("/l", *rows(make, ["000014349/2024-00001"], publisher="财政局")),
        make.listed("/m", *rows(make, ["000014349/2024-00003"], publisher="教育局")),
    )

    assert found(connection) == [("000014349", 2024, 2, 2, "site_wide_counter")]


@pytest.mark.parametrize("numbers", [[], ["002489452/2024-00001"], ["no number", "/2021-None"]])
def test_without_two_numbers_of_a_series_there_is_no_gap(connection, arrive, make, numbers):
    arrive(make.listed("/l", *rows(make, numbers)))

    assert found(connection) == []


def test_numbers_are_held_apart_by_portal_and_worked_out_anew(connection, arrive, make):
    arrive(
        make.listed("/l", *rows(make, ["002489452/2024-00001"])),
        make.listed("/l", *rows(make, ["002489452/2024-00003"], portal="330100")),
    )
    assert found(connection) == []

    arrive(make.listed("/l", *rows(make, ["002489452/2024-00003"])))
    assert len(found(connection)) == 1

    arrive(make.listed("/l", *rows(make, ["002489452/2024-00002"])))
    assert found(connection) == []


def scopes(connection):
    update_gaps(connection)
    return connection.execute("SELECT index_prefix, scope, numbers, organs FROM serial_scopes ORDER BY 1").fetchall()


def test_a_prefix_of_one_organ_counts_that_organ(connection, arrive, make):
    arrive(make.listed("/l", *rows(make, ["002489452/2024-00001", "002489452/2024-00003"], publisher="财政局")))

    assert scopes(connection) == [("002489452", "organ", 2, 1)]


def test_an_organ_listed_by_one_name_and_read_by_another_is_one(connection, arrive, make):
    arrive(
        make.listed("/l", *rows(make, ["002489452/2024-00001", "002489452/2024-00002"], publisher="区商务局")),
        make.read("/art/002489452/2024-00001.html"),
    )

    assert scopes(connection) == [("002489452", "organ", 2, 1)]


def test_an_organ_that_publishes_under_two_names_is_one(connection, arrive, make):
    for number, publisher in ((1, "余杭区商务局"), (2, "区商务局")):
        document = Document(index_number=f"002489452/2024-{number:05d}", publisher=publisher)
        arrive(
            make.listed("/l", make.listing(f"/art/{number}.html", "年报")),
            make.read(f"/art/{number}.html", make.reading(year=2020 + number, document=document)),
        )

    assert scopes(connection) == [("002489452", "organ", 2, 1)]


def test_serials_that_begin_anew_each_month_are_gaps_of_the_month(connection, arrive, make):
    numbers = [f"00298627-2/{month}-{serial:05d}" for month in (202401, 202402) for serial in (1, 2, 4)]
    arrive(make.listed("/l", *rows(make, numbers)))

    assert scopes(connection) == [("002986272", "month", 6, 0)]
    assert found(connection) == [("002986272", 2024, 3, 3, "unseen")] * 2


def test_serials_that_go_on_from_month_to_month_are_those_of_a_year(connection, arrive, make):
    numbers = [f"00298627-2/2024{month:02d}-{serial:05d}" for month, serial in ((1, 1), (2, 2), (3, 3), (4, 5))]
    arrive(make.listed("/l", *rows(make, numbers)))

    assert scopes(connection) == [("002986272", "organ", 4, 0)]
    assert found(connection) == [("002986272", 2024, 4, 4, "unseen")]


def test_prefixes_whose_serials_grow_together_share_one_counter(connection, arrive, make):
    for place in range(12):
        prefix = ("002489452", "002590745")[place % 2]
        listed = rows(make, [f"{prefix}/2024-{place + 1 + (place > 7):05d}"], listed_on=f"2024-01-{place + 1:02d}")
        arrive(make.listed(f"/l{place}", *listed))

    assert {(prefix, scope) for prefix, scope, *_ in scopes(connection)} == {
        ("002489452", "site"),
        ("002590745", "site"),
    }
    assert found(connection) == [(prefix, 2024, 9, 9, "site_wide_counter") for prefix in ("002489452", "002590745")]


def test_prefixes_that_grow_each_by_itself_do_not(connection, arrive, make):
    for place in range(24):
        prefix = ("002489452", "002590745")[place % 2]
        serial = place // 2 + 1 + 500 * (place % 2)
        listed = rows(make, [f"{prefix}/2024-{serial:05d}"], listed_on=f"2024-01-{place + 1:02d}")
        arrive(make.listed(f"/l{place}", *listed))

    assert {scope for _, scope, *_ in scopes(connection)} == {"organ"}
    assert found(connection) == []


@pytest.mark.parametrize(("outcome", "status"), [(Outcome.HTTP_ERROR, 404), (Outcome.SOFT_404, 200)])
def test_a_number_whose_page_is_gone_was_seen_and_not_withdrawn(connection, arrive, make, outcome, status):
    numbers = [f"002489452/2024-{serial:05d}" for serial in (1, 2, 4, 5)]
    arrive(make.listed("/l", *rows(make, numbers)))
    assert found(connection) == [("002489452", 2024, 3, 3, "unseen")]

    arrive(make.failed("/art/002489452/2024-00002.html", outcome, http_status=status))
    assert found(connection) == [
        ("002489452", 2024, 2, 2, "seen_then_gone"),
        ("002489452", 2024, 3, 3, "unseen"),
    ]


def test_one_number_on_two_reports_of_a_portal_is_an_issue_of_both(connection, arrive, make):
    arrive(make.read("/art/1.html"), make.read("/art/2.html", make.reading("余杭区民政局", 2023)))
    update_across(connection)

    query = "SELECT document_id, detail FROM issues WHERE kind = 'index_number_repeated'"
    issues = connection.execute(query).fetchall()
    assert len({document for document, _ in issues}) == 2
    assert {detail for _, detail in issues} == {
        f"002489452/2024-00230 is also on https://www.yuhang.gov.cn/art/{number}.html" for number in (1, 2)
    }


def test_one_number_on_two_portals_or_two_copies_of_a_report_is_none(connection, arrive, make):
    arrive(
        make.read("/art/1.html"),
        make.read("/art/2.html"),
        make.read("/art/1.html", make.reading("杭州市民政局", 2023), portal="330100"),
    )
    update_across(connection)

    assert connection.execute("SELECT count(*) FROM issues WHERE kind = 'index_number_repeated'").fetchone() == (0,)


def test_what_to_ask_for_lies_beside_a_report_and_the_nearest_comes_first(connection, arrive, make):
    numbers = [f"002489452/2024-{serial:05d}" for serial in (100, 225, 229, 260)]
    arrive(make.listed("/l", *rows(make, numbers), make.listing("/art/1.html", "年报", "002489452/2024-00230")))
    arrive(make.read())

    assert beside_reports(connection, "330110", 2) == [
        "002489452/2024-00231",
        "002489452/2024-00228",
        "002489452/2024-00232",
    ]
    assert beside_reports(connection, "330100", 2) == []


def test_in_a_series_without_a_report_any_seen_number_stands_in(connection, arrive, make):
    arrive(make.listed("/l", *rows(make, ["002489452/2024-00001", "002489452/2024-00005"])))

    assert beside_reports(connection, "330110", 1) == ["002489452/2024-00002", "002489452/2024-00004"]


def test_a_number_whose_page_is_gone_is_not_asked_for(connection, arrive, make):
    arrive(make.listed("/l", *rows(make, [f"002489452/2024-{serial:05d}" for serial in (1, 2, 3)])))
    arrive(make.failed("/art/002489452/2024-00002.html", Outcome.HTTP_ERROR, http_status=404))

    assert beside_reports(connection, "330110", 5) == []
