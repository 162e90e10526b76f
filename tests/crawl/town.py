"""A few portals of a test's own, served on loopback the way the replica is: hosts by the Host header."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

_REPORT = Path(__file__).parents[1] / "fixtures" / "reports" / "labels-spaced-2021" / "input.html"


class Served(NamedTuple):
    """What an address answers: its page, or the address it sends on to."""

    body: str
    status: int = 200
    location: str = ""


Pages = Mapping[tuple[str, str], Served]
"""(host, path) → answer."""


class Town:
    """Pages that answer, and the log of what was asked: (host, path)."""

    def __init__(self, pages: Pages) -> None:
        self.pages = dict(pages)
        self.asked: list[tuple[str, str]] = []
        self.base = ""

    def answer(self, host: str, path: str) -> Served | None:
        if path == "/.replica/hosts":
            return Served(json.dumps(sorted({host for host, _ in self.pages})))
        self.asked.append((host, path))
        return self.pages.get((host, path))

    def hosts_asked(self) -> set[str]:
        return {host for host, _ in self.asked}


@contextmanager
def serving(pages: Pages) -> Iterator[Town]:
    """The pages on a free port of loopback for as long as the context lasts."""
    town = Town(pages)

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = town.answer(self.headers["Host"].partition(":")[0], self.path)
            served = found or Served("<title>404</title>", 404)
            body = served.body.encode()
            self.send_response(served.status)
            if served.location:
                self.send_header("Location", served.location)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    town.base = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield town
    finally:
        server.shutdown()
        server.server_close()


def page(title: str, *links: tuple[str, str], more: str = "") -> Served:
    """A page with a menu of (name, address)."""
    items = "".join(f'<li><a href="{address}">{name}</a></li>' for name, address in links)
    about = "欢迎访问门户网站，这里有要闻动态、政务服务和互动交流。" * 12
    return Served(f"<html><head><title>{title}</title></head><body><ul>{items}</ul>{more}<p>{about}</p></body></html>")


def report(organ: str, year: int) -> Served:
    """A page that is an organ's report."""
    return Served(_REPORT.read_text(encoding="utf-8").replace("某某区发展局2023年", f"{organ}{year}年"))
