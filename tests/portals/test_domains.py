"""The unit of politeness, told without a network."""

import pytest

from govcrawl.portals import load_registry, registered_domain


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.hangzhou.gov.cn", "hangzhou.gov.cn"),
        ("jxj.hangzhou.gov.cn", "hangzhou.gov.cn"),
        ("hangzhou.gov.cn", "hangzhou.gov.cn"),
        ("www.zj.gov.cn", "zj.gov.cn"),
        ("jyt.zj.gov.cn", "zj.gov.cn"),
        ("WWW.HUBEI.gov.cn.", "hubei.gov.cn"),
        ("xxgkapi.yichang.gov.cn", "yichang.gov.cn"),
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "localhost"),
        ("gov.cn", "gov.cn"),
    ],
)
def test_registered_domain(host, domain):
    assert registered_domain(host) == domain


def test_every_registered_host_has_a_domain_right_below_gov_cn():
    for portal in load_registry().values():
        for host in portal.hosts:
            domain = registered_domain(host)
            assert host == domain or host.endswith(f".{domain}")
            assert domain.count(".") == 2, host
