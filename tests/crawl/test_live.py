"""A live crawl without a network: every name resolves to loopback, as a hijacked resolver might have it."""

from .conftest import Crawls

RESOLVER = """
from twisted.internet import defer
from govcrawl.crawl.addresses import PublicResolver

class Hijacked(PublicResolver):
    def getHostByName(self, name, timeout=()):
        return defer.succeed("127.0.0.1").addCallback(self._checked, name)
"""


def test_nothing_is_sent_to_a_registered_name_that_resolves_to_this_machine(tmp_path):
    crawls = Crawls(tmp_path)
    (tmp_path / "hijacked.py").write_text(RESOLVER, encoding="utf-8")

    ended = crawls.run(
        "-a", "portal=330100", "-a", "year=2023", "-s", "TWISTED_DNS_RESOLVER=hijacked.Hijacked",
        "-s", "GOVCRAWL_PATIENCE=0", "-s", "DOWNLOAD_DELAY=0",
    )  # fmt: skip

    assert ended.code == 0
    assert "no public address" in ended.log
    assert "Traceback" not in ended.log
    assert crawls.rows("SELECT DISTINCT outcome FROM attempts") == [("dns",)]
    assert crawls.rows("SELECT count(*) FROM captures") == [(0,)]
    assert crawls.rows("SELECT value FROM archive WHERE name = 'origin'") == [("live",)]
