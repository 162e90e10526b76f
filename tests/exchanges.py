"""Exchanges as the worst servers make them, drawn from a seed: status, head and body, and the request behind them."""

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import replace

from scrapy import Request
from scrapy.http import Response

from govcrawl import models, portals
from govcrawl.vocabulary import Role

PORTALS = ("330100", "330604", "420500", "440300", "370200", "110000")
REPORT = "<h1>某市某局2023年政府信息公开工作年度报告</h1><p>本机关2023年收到申请3件。</p>"
ADDRESSES = (
    "http://[oops/x", "//[x]/", "https://www.a.gov.cn:99999/", "https://www.a.gov.cn:0/", "javascript:history.back()",
    "mailto:a@b.cn", "tel:1", "http://user:pw@www.a.gov.cn/", "http://" + "a" * 300 + ".gov.cn/", "//", "http://",
    "/年报/\udcc4\udce3.html", "\\\\x\\y", "http://www..gov.cn/", "?", "#", " \t\n", "data:text/html,x", "\ud83d",
    "http://www.a.gov.cn/" + "x" * 9000, "../" * 200, "http://\u202e.gov.cn/", "http://127.0.0.1:1/", "%",
    "http://a b/",
)  # fmt: skip
STATUSES = (
    100,
    199,
    200,
    200,
    200,
    204,
    206,
    299,
    301,
    302,
    303,
    304,
    307,
    308,
    401,
    403,
    404,
    412,
    429,
    500,
    503,
    999,
)
TYPES = (
    b"text/html", b"text/html; charset=gb2312", b"\xff\xfe", b"text/html; charset=\xff", b"", b";", b"application/json",
    b"text/html;" + b"x" * 9000, b"application/pdf", b"charset", b"text/html; charset=utf-16", b"a/b; charset*=x''%ff",
)  # fmt: skip
TOKENS = (
    "<table>", "<tr>", "<td>", "</table>", "<td colspan=99999>", "<td rowspan=-1>", "[]", "{", "}", '"', "callback(",
    "year=", "2023", "年度报告", "政府信息公开", "totalrecord=" + "9" * 5000, "<a href='/x'>", "<input value=3>",
    "<script>location.href='http://[x'</script>", "&#xD83D;", "&#0;",
    "<meta http-equiv=refresh content='0;url=//[x]/'>",
    "<base href='http://[b'>", "<iframe src='javascript:1'>", "\\ud83d", "\0", "\ufeff", "１２３", "3,000", " " * 50,
)  # fmt: skip


def exchanges(seed: int, count: int) -> Iterator[tuple[models.Request, Response]]:
    """Requests with the answers that a crawl got to them, as Scrapy gives them."""
    draw = random.Random(seed)
    for number in range(count):
        asked = _asked(draw, number)
        yield asked, _answer(draw, asked)


def sent(asked: models.Request) -> Request:
    """The Scrapy request for a request."""
    return Request(asked.url, meta={"asked": asked})


def _asked(draw: random.Random, number: int) -> models.Request:
    portal = portals.load_registry()[draw.choice(PORTALS)]
    role = draw.choice((Role.HOME, Role.COLUMN, Role.LIST, Role.DOCUMENT, Role.DOCUMENT, Role.ROBOTS))
    path = draw.choice(("/", "/art/2024/1/22/art_1_{}.html", "/col/col{}/index.html", "/x/{}.pdf", "/gkmlpt/index?{}"))
    asked = models.Request(
        portal.id, draw.choice(portal.platforms), role, portal.home.rstrip("/") + path.format(number)
    )
    return replace(asked, key=str(number)) if role is not Role.DOCUMENT else asked


def _answer(draw: random.Random, asked: models.Request) -> Response:
    body = draw.choice((_soup, _json, _report, _noise))(draw)
    fields: list[tuple[bytes, bytes]] = [(b"Content-Type", draw.choice(TYPES))]
    if draw.random() < 0.3:
        fields.append((b"Location", draw.choice(ADDRESSES).encode("utf-8", "surrogatepass")))
    if draw.random() < 0.2:
        fields.append((b"Location", bytes(draw.randbytes(12))))
    if draw.random() < 0.3:
        body, encoding = draw.choice((_packed, _cut, _labelled))(draw, body)
        fields.append((b"Content-Encoding", encoding))
    if draw.random() < 0.2:
        fields.append((draw.choice((b"ETag", b"Last-Modified", b"Retry-After", b"X-\xff")), draw.randbytes(8)))
    flags = ["dataloss"] if draw.random() < 0.05 else []
    headers: dict[bytes, list[bytes]] = {}
    for name, value in fields:
        headers.setdefault(name, []).append(value)
    return Response(asked.url, status=draw.choice(STATUSES), headers=headers, body=body, flags=flags)


def _soup(draw: random.Random) -> bytes:
    words = draw.choices((*TOKENS, *ADDRESSES), k=draw.randrange(60))
    return "".join(words).encode(draw.choice(("utf-8", "gb18030")), "replace")


def _json(draw: random.Random) -> bytes:
    rows = [{"title": draw.choice(TOKENS), "url": draw.choice(ADDRESSES), "total": 10 ** draw.randrange(400)}]
    shape = draw.choice(("{}", "callback({})", "[{}]", '{{"data":{{"results":{}}}}}', "null", "{}{}", '{{"rows":{}'))
    return shape.replace("{}", json.dumps(rows)).encode()


def _report(draw: random.Random) -> bytes:
    return f"<html><title>{draw.choice(TOKENS)}</title>{REPORT}{draw.choice(TOKENS) * draw.randrange(9)}".encode()


def _noise(draw: random.Random) -> bytes:
    return draw.choice((b"%PDF-1.4", b"PK\x03\x04", b"\x1f\x8b", b"")) + draw.randbytes(draw.randrange(300))


def _packed(_draw: random.Random, body: bytes) -> tuple[bytes, bytes]:
    return gzip.compress(body, mtime=0), b"gzip"


def _cut(draw: random.Random, body: bytes) -> tuple[bytes, bytes]:
    packed = gzip.compress(body, mtime=0)
    return packed[: draw.randrange(len(packed))], b"gzip"


def _labelled(draw: random.Random, body: bytes) -> tuple[bytes, bytes]:
    return body, draw.choice((b"gzip", b"deflate", b"br", b"\xff", b"gzip, gzip, gzip, gzip, gzip", b"identity"))
