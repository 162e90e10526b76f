"""What the shipped registry holds, and what it allows."""

import pytest

from govcrawl.errors import RegistryError, UsageError
from govcrawl.portals import load_registry
from govcrawl.portals.loading import package_files, read_portals
from govcrawl.portals.registry import Registry
from govcrawl.vocabulary import BUILT_PLATFORMS

MUNICIPALITIES = frozenset({"beijing", "chongqing", "shanghai", "tianjin"})


def test_no_file_of_the_package_has_a_fault():
    portals, faults = read_portals(package_files())

    assert not faults
    assert [portal.id for portal in portals] == list(load_registry())


def test_the_whole_country_is_there():
    governments = [portal for portal in load_registry().values() if portal.level != "organ"]

    assert len(load_registry().provinces) == 31
    assert len(governments) == 3212
    assert [portal.id for portal in governments if not portal.hosts] == ["350527", "460301", "460302"]
    assert all(portal.hosts or portal.reason for portal in governments)


def test_every_province_has_its_own_portal_first_and_prefectures_unless_it_is_a_city():
    for name in load_registry().provinces:
        first, *rest = load_registry().province(name)
        assert (first.level, first.id[2:]) == ("province", "0000"), name
        assert any(portal.level == "prefecture" for portal in rest) == (name not in MUNICIPALITIES), name


def test_no_two_portals_of_the_package_share_a_host():
    assert not [portal.id for portal in load_registry().values() if portal.shared_with]
    assert [portal.id for portal in load_registry().by_host("www.putuo.gov.cn")] == ["330903"]
    assert load_registry()["310107"].host == "www.shpt.gov.cn"


def test_every_government_stands_for_a_division_of_its_own():
    codes = [portal.division_code for portal in load_registry().values() if portal.level != "organ"]

    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(
    ("portal_id", "name", "host"),
    [
        ("500000-ljxq", "两江新区", "www.ljxq.gov.cn"),
        ("650000-xjbt", "新疆生产建设兵团", "www.xjbt.gov.cn"),
        ("419001", "济源示范区", "www.jiyuan.gov.cn"),
        ("460302", "南沙区", None),
    ],
)
def test_places_without_a_code_of_2022_have_an_id(portal_id, name, host):
    assert (load_registry()[portal_id].name, load_registry()[portal_id].host) == (name, host)


def test_the_provinces_with_organs_of_their_own_are_whole():
    levels = {name: [portal.level for portal in load_registry().province(name)] for name in ("hubei", "zhejiang")}

    assert {name: found.count("organ") for name, found in levels.items()} == {"hubei": 1, "zhejiang": 5}
    assert {name: len(found) - found.count("organ") for name, found in levels.items()} == {
        "hubei": 117,
        "zhejiang": 102,
    }
    assert {name: found.count("prefecture") for name, found in levels.items()} == {"hubei": 13, "zhejiang": 11}


def test_every_portal_of_zhejiang_can_be_crawled():
    assert all(set(portal.platforms) & set(BUILT_PLATFORMS) for portal in load_registry().province("zhejiang"))
    assert {portal.backend for portal in load_registry().province("zhejiang")} == {"zhejiang-hanweb"}


def test_an_entry_carries_all_that_is_known():
    yuhang = load_registry()["330110"]

    assert (yuhang.name, yuhang.province, yuhang.host) == ("余杭区", "zhejiang", "www.yuhang.gov.cn")
    assert yuhang.platforms[0] == "hanweb-xxgk"
    assert yuhang.columns == ("1229621536", "1229850470")
    assert yuhang.organs == ("002510119", "002510696")
    assert yuhang.examples[0].startswith("https://www.yuhang.gov.cn/module/xxgk/xxgkAnnualReport.jsp?")


def test_a_host_known_to_answer_http_only_is_kept_under_http():
    assert load_registry()["331102"].home == "http://www.liandu.gov.cn/"


def test_further_hosts_belong_to_their_portal():
    assert [portal.id for portal in load_registry().by_host("zwgk.jingzhou.gov.cn")] == ["421000"]


@pytest.mark.parametrize("host", ["www.hangzhou.gov.cn", "hangzhou.gov.cn", "WWW.Hangzhou.gov.cn.", "www.ych.gov.cn"])
def test_listed_hosts_and_their_twins_are_allowed(host):
    assert load_registry().allows(host)


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
    assert not load_registry().allows(host)
    assert load_registry().by_host(host) == ()


def test_an_unknown_province_or_portal_names_what_exists():
    with pytest.raises(UsageError, match=r"'atlantis'.*hubei, .*zhejiang"):
        load_registry().province("atlantis")
    with pytest.raises(UsageError, match=r"'330199'.*330100, 330102"):
        load_registry().portal("330199")
    with pytest.raises(UsageError, match="'x'"):
        load_registry().portal("x")


def test_the_registry_is_read_once_and_its_digest_is_stable():
    assert load_registry() is load_registry()
    assert len(load_registry().digest) == 64
    assert len(load_registry()) == len(list(load_registry())) == 3218


def test_a_look_up_reads_only_the_files_that_name_what_is_looked_for():
    files = {**package_files(), "hubei.toml": b"not a registry: hubei.gov.cn"}
    registry = Registry(files)

    assert registry.allows("www.hangzhou.gov.cn")
    assert not registry.allows("shangkeht.com")
    assert len(registry.province("zhejiang")) == 107
    with pytest.raises(RegistryError, match=r"hubei\.toml"):
        registry.allows("www.hubei.gov.cn")


def test_looking_up_reads_the_same_portals_as_reading_everything():
    registry = Registry(package_files())

    for portal in load_registry().values():
        assert all(portal in registry.by_host(host) for host in portal.hosts)
        assert registry[portal.id] == portal
