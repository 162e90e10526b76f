"""An address that comes from outside is one of the web, in ASCII, or none; nothing raises."""

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl import web_address as addresses
from govcrawl.web_address import join_url, split_address, web_address

HERE = "http://www.a.gov.cn/d/page.html"


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("/x", "http://www.a.gov.cn/x"),
        ("  /x\n?y=1#z ", "http://www.a.gov.cn/x?y=1"),
        ("\\x\\y?a\\b", "http://www.a.gov.cn/x/y?a%5Cb"),
        ("年 报.html", "http://www.a.gov.cn/d/%E5%B9%B4%20%E6%8A%A5.html"),
        ("/\udcc4\udce3", "http://www.a.gov.cn/%C4%E3"),
        ("/\ud83d", "http://www.a.gov.cn/%EF%BF%BD"),
        ("/already%20there", "http://www.a.gov.cn/already%20there"),
        ("HTTPS://WWW.B.gov.cn.:8443", "https://www.b.gov.cn:8443/"),
        ("http://北京市.政务/", "http://xn--1lq90ivtl.xn--zfr164b/"),
        ("http://a_b.gov.cn/", "http://a_b.gov.cn/"),
        ("http://[::1]:80/", "http://[::1]:80/"),
        ("http://127.0.0.1:1/", "http://127.0.0.1:1/"),
    ],
)
def test_an_address_is_written_as_it_is_asked(written: str, address: str):
    assert web_address(written, HERE) == address


@pytest.mark.parametrize(
    "written",
    [
        "http://[oops/x", "//[x]/", "http://a.gov.cn:99999/", "http://a.gov.cn:0/", "http://a.gov.cn:x/", "http://",
        "javascript:history.back()", "mailto:a@b.cn", "tel:110", "ftp://a.gov.cn/", "data:text/html,x", "about:blank",
        "http://me@a.gov.cn/", "http://a@163.com", "http://a..gov.cn/", "http://" + "a" * 64 + ".gov.cn/",
        "http://" + "a." * 130 + "cn/", "http://a b.gov.cn/", "http://-a.gov.cn/", "http://\u202ea.gov.cn/",
        "http://a.gov.cn:٣/", "file:///etc/passwd", "http://[fe80::1%25eth0/", "http://a.gov.cn\x00.b.cn/",
    ],
)  # fmt: skip
def test_what_is_no_address_of_the_web(written: str):
    assert web_address(written, "") is None


WORDS = "http:// https: // [ ] ::1 : 99999 @ 年 % ? # / \\ a.gov.cn .. javascript: xn--"
PIECES = st.sampled_from([*WORDS.split(" "), "\udcff", "\ud800", " ", "\t", "\0"])


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=12).map("".join)))
def test_any_text_gives_none_or_a_stable_address_in_ascii(text: str):
    address = web_address(text, HERE)

    join_url(HERE, text)
    if address is None:
        return
    assert address.isascii()
    assert address.isprintable()
    assert " " not in address
    assert web_address(address) == address
    parts = urlsplit(address)
    assert parts.scheme in {"http", "https"}
    assert parts.hostname
    assert parts.port is None or 0 < parts.port < 65536
    assert split_address(address) == parts


PIECES = (
    "http://", "https://", "HTTP://", "a.gov.cn", "A.gov.cn", "www.a-b.gov.cn", "-a.cn", "a..cn", "a.cn.", "x" * 64,
    "x" * 63, ":80", ":0", "/", "/a/../b", "?", "a=1&b=%20", "#f", "@", "中", "%zz", " ", "\t", "1.2.3.4", "[::1]",
    ".", "..", "~", "a_b", "+", "_a",
)  # fmt: skip


@given(st.sampled_from(PIECES[:3]), st.lists(st.sampled_from(PIECES), max_size=6), st.sampled_from(("", HERE)))
def test_an_address_in_its_form_is_split_as_any_other(scheme: str, pieces: list[str], base: str):
    """Most addresses are in their form already: they are split by one pattern, the others by the library."""
    text = scheme + "".join(pieces)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(addresses, "_PLAIN", re.compile("(?!)"))
        expected = split_address(text, base)

    assert split_address(text, base) == expected
