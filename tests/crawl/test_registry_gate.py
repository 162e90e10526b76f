import pytest
from scrapy import Request

from govcrawl import models, portals
from govcrawl.crawl.asked_hosts import AskedHosts
from govcrawl.crawl.download_outcomes import Refusal
from govcrawl.crawl.registry_gate import RegistryGate
from govcrawl.vocabulary import Outcome, Role

HOSTS = AskedHosts(portals.load_registry(), (), lambda _: None)


def asked(url: str, portal: str = "330100", role: Role = Role.DOCUMENT) -> Request:
    return Request(url, meta={"asked": models.Request(portal, "hanweb-jpage", role, url)})


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://localhost/",
        "http://shangkeht.com/art/2024/1/22/art_1229063423_4234590.html",
        "http://www.hangzhou.gov.cn.example.com/",
        "http://nobody.wrote.this.down.hangzhou.gov.cn/",
        "http://www.hangzhou.gov.cn@127.0.0.1/",
        "http://user:word@www.hangzhou.gov.cn/",
        "ftp://www.hangzhou.gov.cn/",
        "file:///etc/passwd",
    ],
)
@pytest.mark.parametrize("role", [Role.DOCUMENT, Role.COLUMN, Role.ROBOTS, Role.EMBEDDED])
def test_what_is_not_registered_is_refused(url: str, role: Role):
    with pytest.raises(Refusal, match=r"registry|http|user") as refused:
        RegistryGate(HOSTS.refusal).process_request(asked(url, role=role))

    assert refused.value.outcome is Outcome.OUT_OF_REGISTRY


@pytest.mark.parametrize("url", ["http://www.hangzhou.gov.cn/", "https://hangzhou.gov.cn/art/1?a=b"])
@pytest.mark.parametrize("role", list(Role))
def test_hosts_of_the_portal_pass(url: str, role: Role):
    assert RegistryGate(HOSTS.refusal).process_request(asked(url, role=role)) is None


def test_of_another_portal_documents_are_asked_and_no_pages_that_lead_on():
    gate, url = RegistryGate(HOSTS.refusal), "https://www.yuhang.gov.cn/a.html"

    assert gate.process_request(asked(url)) is None
    with pytest.raises(Refusal, match="the host is that of portal 330110 余杭区"):
        gate.process_request(asked(url, role=Role.COLUMN))


def test_replica_mode_narrows_to_the_hosts_served():
    gate = RegistryGate(HOSTS.refusal, frozenset({"www.yuhang.gov.cn"}))

    assert gate.process_request(asked("http://www.yuhang.gov.cn/", "330110")) is None
    with pytest.raises(Refusal, match="replica does not serve"):
        gate.process_request(asked("http://www.hangzhou.gov.cn/"))
