import pytest

from govcrawl.db.gaps import update_gaps


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
