"""The rules of who owes no report: as written in the file, and that they bind no one else."""

import pytest

from govcrawl.agencies.exemptions import exempt, exemptions


@pytest.mark.parametrize("rule", exemptions(), ids=lambda rule: rule.reason[:40])
def test_each_rule_says_whom_it_is_about_and_why(rule):
    assert rule.reason
    assert rule.organs or rule.divisions
    assert rule.since is None or rule.until is None or rule.since <= rule.until


@pytest.mark.parametrize(
    ("name", "division", "year"),
    [
        ("余杭区瓶窑镇人民政府", "330110", 2019),
        ("余杭区仓前街道", "330110", 2024),
        ("四子王旗脑木更苏木人民政府", "150929", 2020),
        ("杭州市水务集团", "330100", 2010),
        ("金门县人民政府", "350527", 2020),
        ("临平区人民政府", "330113", 2020),
        ("武汉市应急管理局", "420100", 2008),
    ],
)
def test_these_owe_no_report(name, division, year):
    assert exempt(name, division, year)


@pytest.mark.parametrize(
    ("name", "division", "year"),
    [
        ("余杭区瓶窑镇人民政府", "330110", 2018),
        ("余杭区人民政府", "330110", 2019),
        ("余杭区商务局", "330110", 2008),
        ("景德镇市人民政府", "360200", 2022),
        ("杭州市乡村振兴局", "330100", 2022),
        ("临平区人民政府", "330113", 2021),
        ("武汉市应急管理局", "420100", 2018),
    ],
)
def test_these_owe_one(name, division, year):
    assert exempt(name, division, year) is None
