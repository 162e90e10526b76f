"""The index is the one that replay tools make: sort keys, lines, blocks."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl.archive.cdxj import BLOCK_LINES, cdxj_line, packed, surt
from govcrawl.warc import IndexedAnswer

ANSWER = IndexedAnswer(
    "https://www.a.gov.cn/B?y=1&X=2", "2026-01-31T08:00:00.123Z", "response", 200, "text/html", "sha1:A", 7, 9
)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.shangyu.gov.cn/art/2024/1/16/art_1_2.html", "cn,gov,shangyu)/art/2024/1/16/art_1_2.html"),
        ("http://www2.a.gov.cn:80/", "cn,gov,a)/"),
        ("https://a.gov.cn:8443/xxgk/", "cn,gov,a:8443)/xxgk"),
        ("http://a.gov.cn", "cn,gov,a)/"),
        ("http://a.gov.cn/B?b=2&A=1&b", "cn,gov,a)/b?a=1&b&b=2"),
        ("http://a.gov.cn/x.jsp;jsessionid=0123456789abcdef0123456789ABCDEF", "cn,gov,a)/x.jsp"),
    ],
)
def test_sort_keys(url: str, key: str):
    assert surt(url) == key


def test_a_line_says_where_the_answer_lies():
    key, at, fields = cdxj_line(ANSWER, "a.warc.gz").split(" ", 2)

    assert (key, at) == ("cn,gov,a)/b?x=2&y=1", "20260131080000")
    assert json.loads(fields) == {
        "url": ANSWER.url, "mime": "text/html", "status": "200", "digest": "sha1:A", "length": "9", "offset": "7",
        "filename": "a.warc.gz",
    }  # fmt: skip


@given(st.integers(0, 3 * BLOCK_LINES))
def test_blocks_hold_all_lines_in_order_and_the_index_finds_each(count: int):
    lines = [f"cn,gov,a)/{(number * 7919) % 10_000:05d}-{number} 2026 {{}}\n" for number in range(count)]

    blocks, index = packed(lines, "index.cdx.gz")

    head, *entries = index.decode().splitlines()
    assert head.startswith("!meta 0 ")
    assert gzip.decompress(blocks).decode() == "".join(sorted(lines))
    starts = []
    for entry in entries:
        key, _, place = entry.partition(" {")
        place = json.loads("{" + place)
        starts.append(place["offset"])
        block = gzip.decompress(blocks[place["offset"] : place["offset"] + place["length"]]).decode()
        assert block.startswith(f"{key} ")
    assert len(entries) == -(-count // BLOCK_LINES)
    assert starts == sorted(starts)
