import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from scrapy import Request
from scrapy.settings import Settings

from govcrawl.crawl.replica_handler import mapped
from govcrawl.crawl.run_modes import LIVE, Mode, served_hosts
from govcrawl.errors import UsageError


def test_a_request_is_sent_to_the_replica_under_the_portals_host():
    request = Request("https://www.hangzhou.gov.cn/a/b.jsp?c=1&d=%E4%BD%99", meta={"asked": 1})

    sent = mapped(request, "http://127.0.0.1:8000")

    assert sent.url == "http://127.0.0.1:8000/a/b.jsp?c=1&d=%E4%BD%99"
    assert sent.headers["Host"] == b"www.hangzhou.gov.cn"
    assert sent.headers["X-Replica-Scheme"] == b"https"
    assert request.headers.get("Host") is None


def test_a_post_keeps_its_body_and_method():
    request = Request("http://www.hangzhou.gov.cn", method="POST", body=b"a=1")

    sent = mapped(request, "http://127.0.0.1:8000")

    assert (sent.url, sent.method, sent.body) == ("http://127.0.0.1:8000/", "POST", b"a=1")


@pytest.fixture
def replica():
    class Hosts(BaseHTTPRequestHandler):
        def do_GET(self):
            body = json.dumps(["www.hangzhou.gov.cn"]).encode()
            self.send_response(200 if self.path == "/.replica/hosts" else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Hosts)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def settings_with(**values) -> Settings:
    settings = Settings()
    settings.setdict(values, priority="cmdline")
    return settings


def test_the_replica_says_which_hosts_a_crawl_is_narrowed_to(replica):
    settings = settings_with(GOVCRAWL_REPLICA=replica)

    Mode().update_settings(settings)

    assert settings.getlist("GOVCRAWL_HOSTS") == ["www.hangzhou.gov.cn"]
    assert settings.getfloat("DOWNLOAD_DELAY") == 0.02
    assert "replica" in settings["DOWNLOAD_HANDLERS"]["https"]


def test_what_the_user_sets_wins(replica):
    settings = settings_with(GOVCRAWL_REPLICA=replica, DOWNLOAD_DELAY="1.5")

    Mode().update_settings(settings)

    assert settings.getfloat("DOWNLOAD_DELAY") == 1.5


def test_a_live_crawl_is_slow_and_not_narrowed():
    settings = settings_with()

    Mode().update_settings(settings)

    assert settings.getfloat("DOWNLOAD_DELAY") == LIVE["DOWNLOAD_DELAY"]
    assert settings.getlist("GOVCRAWL_HOSTS") == []


@pytest.mark.parametrize("base", ["http://example.com", "ftp://127.0.0.1", "127.0.0.1:80", "http://127.0.0.1:1"])
def test_what_is_no_replica_on_loopback_is_a_usage_error(base: str):
    with pytest.raises(UsageError, match="GOVCRAWL_REPLICA="):
        served_hosts(base)
