from random import Random

import pytest

from govcrawl.db import store
from govcrawl.db.derived.listed_organs import cut_short, organ_of
from govcrawl.db.derived.update import update_derived
from govcrawl.db.digest import content_digest
from govcrawl.db.frontier.ledger import Ledger


def organs(connection):
    query = "SELECT id, listed FROM agencies WHERE NOT registered ORDER BY id"
    return connection.execute(query).fetchall()


def aliases(connection, source):
    query = "SELECT agency_id, spelling FROM agency_aliases WHERE source = ? ORDER BY 1, 2"
    return connection.execute(query, (source,)).fetchall()


@pytest.mark.parametrize(
    ("title", "organ"),
    [
        ("余杭区商务局2023年政府信息公开工作年度报告", "余杭区商务局"),
        ("2023年余杭区商务局政府信息公开年度报告", "余杭区商务局"),
        ("关于余杭区商务局2023年度政府信息公开工作情况的报告", "余杭区商务局"),
        ("2023年度政府信息公开年报（余杭区商务局）", "余杭区商务局"),
        ("餘杭區商務局 二〇二三年度政府信息公開年報", "余杭区商务局"),
        ("余杭区经信局（余杭区数字经济局）2023年政府信息公开年报", "余杭区经信局(余杭区数字经济局)"),
        ("瓶窑镇2023年政府信息公开工作年度报告", "瓶窑镇"),
        ("2023年政府信息公开工作年度报告", None),
        ("余杭区2023年政府信息公开工作年度报告", None),
        ("余杭区各部门2023年政府信息公开年度报告汇总", None),
        ("关于做好余杭区商务局政府信息公开年度报告编制工作的通知", None),
        ("余杭区商务局2023年工作总结", None),
        ("余杭区商务局政府信息公开指南.pdf", None),
        ("於潜镇2023年政府信息公开工作年度报告", "於潜镇"),
    ],
)
def test_the_organ_whose_report_a_title_announces(title, organ):
    assert organ_of(title) == organ


def test_a_title_without_an_organ_is_its_publishers():
    assert organ_of("2023年政府信息公开工作年度报告", "余杭区商务局") == "余杭区商务局"
    assert organ_of("我局2023年政府信息公开工作年度报告", "余杭区商务局") == "余杭区商务局"
    assert organ_of("2023年政府信息公开工作年度报告", "网站管理员") is None
    assert organ_of("各部门2023年政府信息公开工作年度报告", "余杭区商务局") is None
    assert organ_of("余杭区审计局2023年政府信息公开工作年度报告", "余杭区商务局") == "余杭区审计局"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("杭州市经信局", "杭州市经济和信息化局", True),
        ("杭州市经济和信息化局", "杭州市经信局", True),
        ("杭州市人民政府", "杭州市瓶窑镇人民政府", False),
        ("杭州市生态环境局", "杭州市生态环境局余杭分局", False),
        ("杭州市教育局", "宁波市教育体育局", False),
        ("杭州市文化广电旅游局", "杭州市文化广电和旅游体育局", False),
    ],
)
def test_which_names_are_one_cut_short(one, other, same):
    assert cut_short(one, other, "杭州市") is same


@pytest.mark.parametrize(
    "title",
    [
        "区审计局2023年政府信息公开工作年度报告",
        "区审计局2023年政府信息公开工作年度报告.pdf",
        "区审计局2023年度政府信息公开工作报告书",
        "区审计局2023年度政府信息公开工作总结",
        "区审计局2023年政府信息公开工作情况",
        "区审计局2023年公开工作报告",
    ],
)
def test_an_organ_that_only_a_list_names_is_an_agency_and_has_its_coverage(connection, arrive, make, title):
    row = make.listing("/1", title)
    arrive(make.listed("/list", row))
    update_derived(connection)

    assert organs(connection) == [("330110:余杭区审计局", 1)]
    assert aliases(connection, "list") == [("330110:余杭区审计局", "区审计局")]
    query = "SELECT state FROM coverage WHERE agency_id = '330110:余杭区审计局' AND year = 2023"
    assert connection.execute(query).fetchone() == ("out_of_scope",)


def test_a_county_listed_on_its_citys_portal_is_the_countys(connection, arrive, make):
    row = make.listing("/1", "杭州市余杭区审计局2023年政府信息公开工作年度报告", portal="330100")
    arrive(make.listed("/list", row), make.read("/2", make.reading("余杭区商务局"), portal="330100"))
    update_derived(connection)

    assert organs(connection) == [("330110:余杭区商务局", 0), ("330110:余杭区审计局", 1)]
    query = "SELECT division_code FROM current_facts GROUP BY 1"
    assert connection.execute(query).fetchall() == [("330110",)]


def test_a_row_that_led_to_a_report_is_a_spelling_of_its_organ(connection, arrive, make):
    row = make.listing("/art/1.html", "区商业局2023年政府信息公开工作年度报告")
    arrive(make.listed("/list", row), make.read())
    update_derived(connection)

    assert organs(connection) == [("330110:余杭区商务局", 0)]
    assert aliases(connection, "list") == [("330110:余杭区商务局", "区商业局")]


def test_a_name_cut_short_is_a_spelling_of_the_one_organ_it_fits(connection, arrive, make):
    short = make.listing("/1", "市经信局2023年政府信息公开工作年度报告", portal="330100")
    unclear = make.listing("/2", "市文旅局2023年政府信息公开工作年度报告", portal="330100")
    arrive(
        make.listed("/list", short, unclear),
        make.read("/3", make.reading("杭州市文化和旅游局"), portal="330100"),
        make.read("/4", make.reading("杭州市文物和旅游局"), portal="330100"),
    )
    update_derived(connection)

    assert [key for key, listed in organs(connection) if listed] == []
    assert aliases(connection, "list") == [("330100:杭州市经济和信息化局", "市经信局")]


def test_every_spelling_is_kept_with_where_it_stands(connection, arrive, make):
    both = "余杭区经济和信息化局（余杭区数字经济局）"
    reading = make.reading(both)
    arrive(make.read("/1", reading), make.read("/2", make.reading("余杭区经济和信息化局", 2022)))

    key = "330110:余杭区经济和信息化局"
    assert aliases(connection, "report") == [(key, "余杭区经济和信息化局"), (key, both)]
    assert aliases(connection, "second_name") == [(key, "余杭区数字经济局")]
    assert ("330110:余杭区人民政府", "余杭区人民政府") in aliases(connection, "registry")


def test_organs_of_lists_leave_no_trace_in_what_is_read_later(stored, make):
    listed = make.listed(
        "/list",
        make.listing("/1", "杭州市余杭区审计局2022年政府信息公开工作年度报告", portal="330100"),
        make.listing("/2", "余杭区民政局2022年政府信息公开工作年度报告", portal="330100"),
    )
    arrivals = [listed, make.read("/3", make.reading("余杭区审计局")), make.read("/4", make.reading("区民政局"))]
    at_once = stored(*Random(3).sample(arrivals, 3))
    update_derived(at_once)
    step_by_step = stored(listed)
    update_derived(step_by_step)
    assert [is_listed for _, is_listed in organs(step_by_step)] == [1, 1]

    for arrival in arrivals:
        store.arrive(step_by_step, Ledger(step_by_step, lambda _: "gov.cn"), arrival)
    update_derived(step_by_step)

    assert organs(step_by_step) == [("330110:余杭区审计局", 0), ("330110:余杭区民政局", 0)]
    assert content_digest(at_once) == content_digest(step_by_step)
