"""What the shipped registry holds, and what it allows."""

import pytest

from govcrawl.errors import UsageError
from govcrawl.portals import load
from govcrawl.vocabulary import BUILT_PLATFORMS


def test_both_provinces_are_whole():
    levels = {name: [portal.level for portal in load().province(name)] for name in load().provinces}

    assert {name: found.count("organ") for name, found in levels.items()} == {"hubei": 1, "zhejiang": 5}
    assert {name: len(found) - found.count("organ") for name, found in levels.items()} == {
        "hubei": 117,
        "zhejiang": 102,
    }
    assert {name: found.count("prefecture") for name, found in levels.items()} == {"hubei": 13, "zhejiang": 11}


def test_every_portal_of_zhejiang_can_be_crawled():
    assert all(set(portal.platforms) & set(BUILT_PLATFORMS) for portal in load().province("zhejiang"))
    assert {portal.backend for portal in load().province("zhejiang")} == {"zhejiang-hanweb"}


def test_an_entry_carries_all_that_is_known():
    yuhang = load()["330110"]

    assert (yuhang.name, yuhang.province, yuhang.host) == ("余杭区", "zhejiang", "www.yuhang.gov.cn")
    assert yuhang.platforms[0] == "hanweb-xxgk"
    assert yuhang.columns == ("1229621536", "1229850470")
    assert yuhang.organs == ("002510119", "002510696")
    assert yuhang.examples[0].startswith("https://www.yuhang.gov.cn/module/xxgk/xxgkAnnualReport.jsp?")


def test_a_host_known_to_answer_http_only_is_kept_under_http():
    assert load()["331102"].home == "http://www.liandu.gov.cn/"


def test_further_hosts_belong_to_their_portal():
    assert [portal.id for portal in load().by_host("zwgk.jingzhou.gov.cn")] == ["421000"]


@pytest.mark.parametrize("host", ["www.hangzhou.gov.cn", "hangzhou.gov.cn", "WWW.Hangzhou.gov.cn.", "www.ych.gov.cn"])
def test_listed_hosts_and_their_twins_are_allowed(host):
    assert load().allows(host)


@pytest.mark.parametrize(
    "host",
    [
        "shangkeht.com",
        "x.hangzhou.gov.cn",
        "www.hangzhou.gov.cn.evil.com",
        "www.hangzhou.gov.cn:8080",
        "gov.cn",
        "",
        "127.0.0.1",
    ],
)
def test_any_other_host_is_refused(host):
    assert not load().allows(host)
    assert load().by_host(host) == ()


def test_an_unknown_province_or_portal_names_what_exists():
    with pytest.raises(UsageError, match=r"'atlantis'.*hubei, zhejiang"):
        load().province("atlantis")
    with pytest.raises(UsageError, match=r"'330199'.*330100, 330102"):
        load().portal("330199")
    with pytest.raises(UsageError, match="'x'"):
        load().portal("x")


def test_the_registry_is_read_once_and_its_digest_is_stable():
    assert load() is load()
    assert len(load().digest) == 64
    assert len(load()) == len(list(load())) == 225
