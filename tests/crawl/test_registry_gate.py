import pytest
from scrapy import Request
from scrapy.settings import Settings

from govcrawl.crawl.download_outcomes import Refusal
from govcrawl.crawl.registry_gate import RegistryGate


class Crawler:
    def __init__(self, hosts: list[str]) -> None:
        self.settings = Settings({"GOVCRAWL_HOSTS": hosts})


@pytest.fixture
def gate() -> RegistryGate:
    return RegistryGate.from_crawler(Crawler([]))


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
def test_what_is_not_registered_is_refused(gate: RegistryGate, url: str):
    with pytest.raises(Refusal, match=r"registry|http"):
        gate.process_request(Request(url))


@pytest.mark.parametrize("url", ["http://www.hangzhou.gov.cn/", "https://www.hangzhou.gov.cn/art/1?a=b"])
def test_registered_hosts_pass(gate: RegistryGate, url: str):
    assert gate.process_request(Request(url)) is None


def test_replica_mode_narrows_to_the_hosts_served():
    gate = RegistryGate.from_crawler(Crawler(["www.yuhang.gov.cn"]))

    assert gate.process_request(Request("http://www.yuhang.gov.cn/")) is None
    with pytest.raises(Refusal, match=r"registry|http"):
        gate.process_request(Request("http://www.hangzhou.gov.cn/"))
