"""What reports of several years and organs show together, on the real forms."""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from shutil import copyfile
from sqlite3 import Connection

import pytest

from govcrawl import forms
from govcrawl.db import schema, store
from govcrawl.db.connection import open_database
from govcrawl.db.derived.coverage import deadline
from govcrawl.db.derived.cross_report_checks import RULES, update_across
from govcrawl.db.digest import content_digest
from govcrawl.db.frontier.ledger import Ledger
from govcrawl.db.store import form_identities, registry
from govcrawl.db.store.form_identities import shifts_of
from govcrawl.db.store.verdicts import Verdict, sync_verdicts
from govcrawl.errors import FormError
from govcrawl.forms import FormTerm
from govcrawl.models import Document, Fact, Listing, Locator, Reading, Report, Section
from govcrawl.reports.identities import assess_identities, expected_checks
from govcrawl.vocabulary import IssueKind, Origin, Scope, SectionKey, Severity, Status

TABLES = ("proactive", "applications", "review_litigation")
COLUMNS = tuple(column.key for column in forms.load_forms()["f2021"].table("applications").columns)
OWN_TEXT = "余杭区商务局认真贯彻落实条例，推进决策、执行、管理、服务和结果公开，" * 4
Figures = Mapping[str, float]


@pytest.fixture(scope="module")
def whole_forms(tmp_path_factory: pytest.TempPathFactory, make) -> Path:
    path = tmp_path_factory.mktemp("template") / "govcrawl.db"
    schema.create(path, Origin.REPLICA)
    with closing(open_database(path)) as connection:
        registry.sync_portals(connection, make.portals)
        registry.sync_items(connection, forms.load_forms().by_number.values())
        form_identities.sync_identities(connection, {form.key: form.identities for form in forms.load_forms().values()})
    return path


@pytest.fixture
def known(whole_forms: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Connection]:
    """A function that stores arrivals in a database of their own and compares their reports."""

    def known(*arrivals) -> Connection:
        connection = open_database(copyfile(whole_forms, tmp_path_factory.mktemp("db") / "govcrawl.db"))
        return more(connection, *arrivals)

    return known


def more(connection: Connection, *arrivals) -> Connection:
    ledger = Ledger(connection, lambda _: "gov.cn")
    for arrival in arrivals:
        store.arrive(connection, ledger, arrival)
    update_across(connection)
    return connection


def a_reading(
    figures: Figures, agency: str = "余杭区商务局", year: int = 2023, form: str = "f2021", **changes
) -> Reading:
    """A report whose figures are all 0 but for those given as `table.row.column`, with its checks."""
    shape = forms.load_forms()[form]
    facts, checks = [], []
    for table in TABLES:
        cells = [
            Fact(form, table, item.row, item.column, item.number, figures.get(item.place, 0), Status.NUMBER,
                 str(figures.get(item.place, 0)), item.unit, Locator(1, 2, 0, 0, 0))
            for item in shape.items_of(table)
        ]  # fmt: skip
        facts.extend(cells)
        checks.extend(assess_identities(form, table, cells))
    reading = Reading(
        sha256="0" * 64,
        media_type="text/html",
        encoding="utf-8",
        document=Document(title=f"{agency}{year}年政府信息公开工作年度报告", published_on=f"{year + 1}-01-22"),
        report=Report(True, agency, year, Scope.DEPARTMENT, form),
        facts=tuple(facts),
        checks=tuple(checks),
    )
    return replace(reading, **changes)


def found(connection: Connection, kind: IssueKind) -> list[tuple[str, str]]:
    """Year and place of the open issues of a kind."""
    query = """SELECT substr(report_id, instr(report_id, '/') + 1, 4), "where" FROM findings_across
               WHERE kind = ? AND closed_at IS NULL ORDER BY 1, 2"""
    return connection.execute(query, (kind,)).fetchall()


# ----------------------------------------------------------------------------------------------- between two years


def test_what_is_carried_forward_must_be_carried_over_in_all_seven_columns(known, make):
    forward = {f"applications.carried_forward.{column}": 3 + number for number, column in enumerate(COLUMNS)}
    over = {f"applications.carried_over.{column}": 3 + number for number, column in enumerate(COLUMNS)}
    right = known(make.read("/1", a_reading(forward, year=2022)), make.read("/2", a_reading(over)))
    wrong = known(make.read("/1", a_reading(forward, year=2022)), make.read("/2", a_reading({})))

    outcomes = "SELECT outcome, count(*) FROM checks_across_years WHERE identity = 'applications_carry_link' GROUP BY 1"
    assert right.execute(outcomes).fetchall() == [("holds", 7)]
    assert found(right, IssueKind.ACROSS_YEARS_FAILS) == []
    assert wrong.execute(outcomes).fetchall() == [("fails", 7)]
    assert found(wrong, IssueKind.ACROSS_YEARS_FAILS) == sorted(
        ("2023", f"applications_carry_link.{column}") for column in COLUMNS
    )


def test_the_carry_over_joins_the_forms_of_2020_and_2021(known, make):
    before = a_reading({"applications.carried_forward.total": 4}, year=2020, form="f2019")
    connection = known(make.read("/1", before), make.read("/2", a_reading({}, year=2021)))

    assert found(connection, IssueKind.ACROSS_YEARS_FAILS) == [("2021", "applications_carry_link.total")]


def test_documents_in_force_roll_from_year_to_year(known, make):
    before = a_reading({"proactive.normative_documents.in_force": 8}, year=2022)
    after = a_reading({
        "proactive.normative_documents.in_force": 9,
        "proactive.normative_documents.issued": 3,
        "proactive.normative_documents.repealed": 1,
    })  # fmt: skip
    connection = known(make.read("/1", before), make.read("/2", after))

    assert found(connection, IssueKind.ACROSS_YEARS_FAILS) == [("2023", "proactive_in_force_roll.normative_documents")]
    roll = 'SELECT "left", "right", soft FROM checks_across_years WHERE identity = ? AND at = \'normative_documents\''
    assert connection.execute(roll, ("proactive_in_force_roll",)).fetchall() == [(10, 9, 1)]
    assert connection.execute(roll, ("proactive_repealed_bound",)).fetchall() == [(1, 11, 1)]


def test_items_roll_in_the_form_of_2019(known, make):
    place = "proactive.administrative_licensing"
    before = a_reading({f"{place}.items_last_year": 20, f"{place}.items_delta": -2}, year=2019, form="f2019")
    after = a_reading({f"{place}.items_last_year": 20}, year=2020, form="f2019")
    connection = known(make.read("/1", before), make.read("/2", after))

    assert found(connection, IssueKind.ACROSS_YEARS_FAILS) == [
        ("2020", "proactive_items_roll.administrative_licensing")
    ]


def test_a_year_without_its_neighbour_is_not_assessed(known, make):
    connection = known(make.read("/1", a_reading({}, year=2021)), make.read("/2", a_reading({}, year=2023)))

    assert connection.execute("SELECT count(*) FROM checks_across_years").fetchone() == (0,)


def test_an_amount_ten_thousand_times_the_last_is_a_jump(known, make):
    place = "proactive.administrative_fees.fee_amount_10k_yuan"
    arrivals = [
        make.read(f"/{year}", a_reading({place: amount}, year=year))
        for year, amount in ((2021, 12.5), (2022, 110000), (2023, 98000))
    ]
    connection = known(*arrivals)

    assert found(connection, IssueKind.UNIT_JUMP) == [("2022", place)]
    assert connection.execute("SELECT year, prior_value, value, unit, factor FROM unit_jumps").fetchall() == [
        (2022, 12.5, 110000, "万元", 8800.0)
    ]


def test_the_units_printed_are_taken_into_account(known, make):
    place = "proactive.administrative_fees.fee_amount_10k_yuan"
    in_yuan = a_reading({place: 110000})
    in_yuan = replace(
        in_yuan, facts=tuple(fact._replace(unit="元") if fact.value == 110000 else fact for fact in in_yuan.facts)
    )
    connection = known(make.read("/1", a_reading({place: 12.5}, year=2022)), make.read("/2", in_yuan))

    assert found(connection, IssueKind.UNIT_JUMP) == []


def test_years_of_identities_are_counted_from_the_latest():
    assert shifts_of([FormTerm("a", year="N"), FormTerm("b", year="N+1")]) == (-1, 0)
    assert shifts_of([FormTerm("a", year="N-1"), FormTerm("b"), FormTerm("c", year="N")]) == (-1, 0, 0)
    assert shifts_of([FormTerm("a", year="2019"), FormTerm("b", year="2020")]) == (-1, 0)
    with pytest.raises(FormError, match="no year of an identity"):
        shifts_of([FormTerm("a", year="last")])


# ------------------------------------------------------------------------------------------------------------ clones

RICH = {f"applications.{row}.total": value for row, value in
        (("new_received", 17), ("granted", 9), ("partially_granted", 3), ("unable_not_held", 5))}  # fmt: skip


def test_a_table_with_the_numbers_of_another_report_is_a_clone(known, make):
    connection = known(
        make.read("/1", a_reading(RICH, year=2022)),
        make.read("/2", a_reading(RICH, year=2023)),
        make.read("/3", a_reading(RICH, "余杭区教育局", 2023)),
    )

    assert connection.execute("SELECT report_id, part, original_id FROM clones").fetchall() == [
        (f"330110:余杭区{organ}/2023/department", "applications", "330110:余杭区商务局/2022/department")
        for organ in ("商务局", "教育局")
    ]
    assert found(connection, IssueKind.CLONED_FIGURES) == [("2023", "applications")] * 2


def test_poor_tables_are_alike_by_chance(known, make):
    one = {
        f"applications.{row}.{column}": 1 for row in ("new_received", "granted", "result_total") for column in COLUMNS
    }
    connection = known(
        make.read("/1", a_reading({}, year=2021)),
        make.read("/2", a_reading({}, year=2022)),
        make.read("/3", a_reading(one, "余杭区教育局", 2022)),
        make.read("/4", a_reading(one, "余杭区教育局", 2023)),
    )

    assert connection.execute("SELECT count(*) FROM clones").fetchone() == (0,)


def test_prose_of_another_report_is_a_clone_but_not_a_template_or_a_phrase(known, make):
    def told(text: str, agency: str, year: int = 2023):
        return a_reading({}, agency, year, sections=(Section(SectionKey.PROBLEMS, "五、存在的主要问题", text),))

    organs = [f"余杭区第{number}局" for number in range(21)]
    connection = known(
        make.read("/1", told(OWN_TEXT, "余杭区商务局", 2022)),
        make.read("/2", told(OWN_TEXT.replace("，", "， "), "余杭区商务局")),
        make.read("/3", told("无。", "余杭区教育局")),
        make.read("/4", told("无。", "余杭区民政局")),
        *(make.read(f"/of/{organ}", told(OWN_TEXT[::-1], organ)) for organ in organs),
    )

    assert found(connection, IssueKind.CLONED_TEXT) == [("2023", "problems")]


# ------------------------------------------------------------------------------------------------------- wrong years


@pytest.mark.parametrize(
    ("section", "text", "wrong"),
    [
        ("overview", "本年度报告中所列数据的统计期限为2022年1月1日至2022年12月31日。", True),
        ("overview", "统计期限自2023年1月1日起至12月31日止。2022年共公开1条。", False),
        ("other", "2025年以来，我局认真落实各项要求。", True),
        ("other", "2019年以来，我局认真落实各项要求。2025年，我局将继续努力。", False),
        ("overview", "2022年，我局公开信息12条。2022年未收到申请。", True),
        ("overview", "2023年，我局公开信息12条，2022年11条。2022年未收到申请。", False),
        ("problems", "2022年存在的问题已经解决。2022年问题不再有。", False),
    ],
)
def test_a_year_stated_as_its_own_must_be_its_own(known, make, section, text, wrong):
    connection = known(make.read("/1", a_reading({}, sections=(Section(SectionKey(section), "标题", text),))))

    assert found(connection, IssueKind.WRONG_YEAR) == ([("2023", section)] if wrong else [])


def test_a_list_that_names_another_year_than_the_report(known, make):
    row = make.listing("/1", "余杭区商务局2022年政府信息公开工作年度报告")
    connection = known(make.read("/1", a_reading({})), make.listed("/list", row))

    assert found(connection, IssueKind.WRONG_YEAR) == [("2023", "title")]


# ------------------------------------------------------------------------------------------------- bodies and copies


def test_a_government_that_reports_less_than_its_organs(known, make):
    total = "applications.new_received.total"
    scope = Report(True, "余杭区人民政府", 2023, Scope.GOVERNMENT, "f2021")
    connection = known(
        make.read("/gov", a_reading({total: 12}, report=scope)),
        make.read("/1", a_reading({total: 8})),
        make.read("/2", a_reading({total: 5}, "余杭区教育局")),
        make.read("/3", a_reading({total: 99}, "余杭区教育局", 2022)),
    )

    assert found(connection, IssueKind.BELOW_CHILDREN) == [("2023", total)]
    view = "SELECT value, children_sum, children FROM parent_against_children WHERE row = 'new_received'"
    assert connection.execute(view).fetchall() == [(12, 13, 2)]


def test_a_report_published_after_its_deadline(known, make):
    late = a_reading({}, document=Document(published_on="2024-02-03"))
    connection = known(make.read("/1", late), make.read("/2", a_reading({}, year=2022)))

    assert found(connection, IssueKind.PUBLISHED_LATE) == [("2023", "published_on")]
    view = "SELECT due_on, days_late, first_seen_at, days_unseen FROM publication_delays WHERE year = 2023"
    assert connection.execute(view).fetchall() == [("2024-01-31", 3, "2024-01-22T08:00:00Z", -12)]


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("year", [2017, 2018, 2019, 2023])
def test_the_view_knows_the_deadlines_of_the_coverage(known, make, scope, year):
    report = Report(True, "余杭区商务局", year, scope, "f2021")
    connection = known(make.read("/1", a_reading({}, report=report)))

    (due,) = connection.execute("SELECT due_on FROM publication_delays").fetchone()
    assert date.fromisoformat(due) == deadline(scope, year)


def test_two_copies_are_compared_cell_by_cell(known, make):
    total = "applications.new_received.total"
    own = make.read("/own", a_reading({total: 8}, "杭州市经济和信息化局"), portal="330100-jxj")
    other = make.read("/copy", a_reading({total: 9}, "杭州市经济和信息化局"), portal="330100")
    connection = known(own, other)

    view = """SELECT "table", row, column, value, other_value, status, other_status FROM copy_differences"""
    assert connection.execute(view).fetchall() == [("applications", "new_received", "total", 8, 9, "number", "number")]
    assert [year for year, _ in found(connection, IssueKind.COPIES_DIFFER)] == ["2023"]


# ------------------------------------------------------------------------------------------------ issues that last


def test_every_identity_at_every_place_of_every_form_is_expected(known):
    connection = known()
    counted = dict(connection.execute("SELECT form, count(*) FROM form_places GROUP BY form"))

    assert counted == {
        form.key: expected
        for form in forms.load_forms().values()
        if (expected := expected_checks({table.key: form.key for table in form.tables}))
    }


def test_a_report_with_a_check_too_few_is_our_fault(known, make):
    whole, short = a_reading({}), a_reading({}, year=2022)
    connection = known(make.read("/1", whole), make.read("/2", replace(short, checks=short.checks[1:])))

    assert found(connection, IssueKind.ASSESSMENT_COUNT) == [("2022", "checks")]
    view = "SELECT expected - assessed FROM assessment_counts ORDER BY report_id"
    assert connection.execute(view).fetchall() == [(1,), (0,)]


def test_an_issue_between_reports_keeps_its_key_its_verdict_and_closes_when_it_is_gone(known, make):
    before = make.read("/1", a_reading({"applications.carried_forward.total": 2}, year=2022))
    connection = known(before, make.read("/2", a_reading({})))
    issue = "SELECT stable_key, closed_at, verdict FROM issues WHERE kind = 'across_years_fails'"
    ((key, closed, _),) = connection.execute(issue).fetchall()
    assert closed is None

    sync_verdicts(connection, [Verdict(key, "publisher", "2024-03-01")])
    more(connection, make.read("/2", a_reading({"applications.carried_over.total": 2}), day="2024-05-05"))
    assert connection.execute(issue).fetchall() == [(key, "2024-05-05T08:00:00Z", "publisher")]

    more(connection, make.read("/2", a_reading({}), day="2024-06-06"))
    assert connection.execute(issue).fetchall() == [(key, None, "publisher")]


def test_issues_between_reports_do_not_depend_on_the_order_of_arrival_or_on_what_was_found_before(known, make):
    rich = {**RICH, "applications.carried_forward.total": 2}
    arrivals = [
        make.read("/1", a_reading(rich, year=2022)),
        make.read("/2", a_reading(rich)),
        make.read("/2", a_reading({}), day="2024-05-05"),
        make.read("/3", a_reading(RICH, "余杭区教育局")),
    ]
    at_once = known(*arrivals)
    shuffled = known(*Random(7).sample(arrivals, 4))
    one_by_one = known()
    for arrival in arrivals:
        more(one_by_one, arrival)

    assert content_digest(at_once) == content_digest(shuffled) == content_digest(one_by_one)
    closed = "SELECT count(*) FROM findings_across WHERE closed_at IS NOT NULL"
    assert at_once.execute(closed).fetchone() == (0,)
    assert one_by_one.execute(closed).fetchone() > (0,)


def test_a_kind_has_one_severity_unless_an_identity_is_soft():
    severities = {(rule.kind, rule.severity) for rule in RULES} - {(IssueKind.ACROSS_YEARS_FAILS, Severity.INFO)}

    assert len(severities) == len({kind for kind, _ in severities})


def test_an_issue_between_reports_names_its_page(known, make):
    row = Listing("330110", make.request("/1").url, "余杭区商务局2022年政府信息公开工作年度报告")
    connection = known(make.read("/1", a_reading({})), make.listed("/list", row))

    query = """SELECT i.portal_id, d.url, c.url FROM issues AS i JOIN documents AS d ON d.id = i.document_id
               JOIN captures AS c ON c.id = i.capture_id WHERE i.kind = 'wrong_year'"""
    assert connection.execute(query).fetchall() == [("330110", row.url, row.url)]
