import pytest

from govcrawl.db import schema
from govcrawl.db.wide_views import wide_views
from govcrawl.models import Report
from govcrawl.vocabulary import Scope

FILTERS = [
    ("facts", "value", "1", 2),
    ("facts", "value", "0", 1),
    ("facts", "table", "applications", 2),
    ("facts", "status", "number", 3),
    ("current_facts", "year", "2023", 3),
    ("current_facts", "division_code", "330110", 3),
    ("current_facts", "report_id", "330110:余杭区商务局/2023/department", 3),
    ("checks", "left", "1", 1),
    ("checks", "outcome", "holds", 1),
    ("issues", "kind", "blank_as_zero", 1),
    ("proactive_wide", "rules__issued", "0", 1),
    ("applications_wide", "new_received__total", "1", 1),
    ("applications_wide", "year", "2023", 1),
    ("serial_gaps", "year", "2023", 0),
    ("listings", "index_serial", "230", 1),
    ("captures", "warc_length", "900", 2),
]


@pytest.mark.parametrize(("name", "column", "text", "count"), FILTERS)
def test_a_filter_with_a_text_parameter_finds_rows(stored, make, name, column, text, count):
    """What Datasette sends for `?column=value`."""
    listed = make.listed("/list", make.listing("/art/1.html", "t", "002489452/2024-00230"))
    connection = stored(make.read(), listed)

    query = f'SELECT count(*) FROM {name} WHERE "{column}" = :p'

    assert connection.execute(query, {"p": text}).fetchone() == (count,)


def test_every_column_of_a_view_is_cast(make):
    for view in (*schema.load_schema().views.values(), *wide_views(make.cells)):
        lines = view.sql.partition("\nFROM ")[0].splitlines()[1:]

        assert len(lines) == len(view.columns)
        assert all(line.strip().startswith("CAST(") for line in lines), view.name


def test_wide_views_have_the_shape_of_the_form_and_join_both_forms(connection, arrive, make):
    f2019 = make.reading(
        year=2020,
        report=Report(True, "余杭区商务局", 2020, Scope.DEPARTMENT, "f2019"),
        facts=(make.fact(2001, 4), make.fact(2012, 7)),
        checks=(),
    )
    arrive(make.read("/1"), make.read("/2", f2019))

    columns = "year, form, new_received__natural_person, new_received__total, otherwise_other__total"
    assert connection.execute(f"SELECT {columns} FROM applications_wide ORDER BY year").fetchall() == [
        (2020, "f2019", None, 7, None),
        (2023, "f2021", 1, 1, None),
    ]
    assert connection.execute(
        "SELECT year, rules__issued, rules__made FROM proactive_wide ORDER BY year"
    ).fetchall() == [
        (2020, None, 4),
        (2023, 0, None),
    ]
    assert connection.execute("SELECT count(*) FROM review_litigation_wide").fetchone() == (0,)


def test_wide_views_show_current_versions_of_preferred_copies_alone(connection, arrive, make):
    changed = make.reading(facts=(make.fact(1012, 5),))
    arrive(make.read("/1"), make.read("/1", changed, day="2024-06-01"), make.read("/2", day="2024-02-02"))

    assert connection.execute("SELECT new_received__total FROM applications_wide").fetchall() == [(5,)]


def test_facts_of_a_version_are_found_without_reading_them_all(connection):
    for query in (
        "SELECT * FROM facts WHERE report_version_id = 'x'",
        "SELECT * FROM current_facts WHERE report_id = 'x'",
        "SELECT * FROM checks WHERE report_version_id = 'x'",
    ):
        plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}"))

        assert "SCAN" not in plan, query


def test_fact_ids_are_version_and_item(connection, arrive, make):
    arrive(make.read())
    (version,) = connection.execute("SELECT id FROM report_versions").fetchone()

    found = [row[0] for row in connection.execute("SELECT id FROM facts ORDER BY id")]

    assert found == [f"{version}-1001", f"{version}-1011", f"{version}-1012"]
    assert found == [row[0] for row in connection.execute("SELECT id FROM current_facts ORDER BY id")]
