"""Whose a host is that no entry lists."""

import pytest

from govcrawl import portals


@pytest.mark.parametrize(
    ("host", "link_name", "owner"),
    [
        ("zyk.bjhd.gov.cn", "政府信息公开年报", "110108"),  # the only entry of its domain
        ("a.b.hd.gov.cn", "", "130400"),
        ("hbj.zj.gov.cn", "政府信息公开年报", "330000"),  # an organ without an entry: its government's
        ("xxgk.jyt.zj.gov.cn", "", "330000-jyt"),  # under the host of an organ that has one
        ("edu.zj.gov.cn", "浙江省教育厅政府信息公开年报", "330000-jyt"),  # named as its
        ("cz.zj.gov.cn", "浙江省财政厅政府信息公开年报", "330000"),
        ("xx.dhq.nc.gov.cn", "", "360102"),
        ("xxgk.nc.gov.cn", "", "360100"),
        ("zfxxgk.sd.gov.cn", "政府信息公开年报", None),  # three counties share the domain, nobody has it
        ("www.unknown.gov.cn", "政府信息公开年报", None),
    ],
)
def test_a_host_belongs_to_the_organ_it_is_of_whoever_links_to_it(host: str, link_name: str, owner: str | None):
    found = portals.shipped().sibling_owner(host, link_name)

    assert (found.id if found else None) == owner


def test_a_page_of_a_sibling_is_read_with_that_host_behind_the_portal_s_own():
    registry = portals.shipped()

    assert registry.at("130400", "http://hdzfxxgk.hd.gov.cn/zfxxgknb/").hosts == ("www.hd.gov.cn", "hdzfxxgk.hd.gov.cn")
    assert registry.at("130400", "https://hd.gov.cn/") == registry["130400"]
    assert registry.at("330100", "https://jxj.hangzhou.gov.cn/") == registry["330100"]  # another entry's
    assert registry.at("130400", "https://www.unknown.gov.cn/") == registry["130400"]
