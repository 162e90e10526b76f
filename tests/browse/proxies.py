"""A proxy that shows a server below a prefix. It takes the prefix away or passes it on, and may hide its own name."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "date", "server"}


@dataclass
class Proxy:
    """Where the proxy listens, and the paths outside its prefix for which it was asked."""

    address: str
    strayed: list[str] = field(default_factory=list)


@contextmanager
def proxy(server: str, prefix: str, kind: str) -> Iterator[Proxy]:
    """A proxy on loopback in front of a server; its kind is `strips` or `passes on`, and `, own host` behind it."""
    behind = urlsplit(server).netloc

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if not f"{self.path}/".startswith(prefix):
                shown.strayed.append(self.path)
                self.send_error(404)
                return
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            path = f"/{self.path[len(prefix) :]}" if kind.startswith("strips") else self.path
            connection = http.client.HTTPConnection(behind, timeout=60)
            headers = {
                name: value for name, value in self.headers.items() if name.lower() not in {"host", "connection"}
            }
            host = behind if kind.endswith("own host") else self.headers["Host"]
            connection.request(self.command, path, body, {**headers, "Host": host})
            self._pass_on(connection.getresponse())
            connection.close()

        do_POST = do_GET  # noqa: N815 - the name that http.server calls

        def _pass_on(self, answer: http.client.HTTPResponse) -> None:
            body = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in _HOP_BY_HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        shown = Proxy(f"http://127.0.0.1:{listening.server_port}")
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield shown
        listening.shutdown()
