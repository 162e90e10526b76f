"""Pages made to hurt: each is read or refused by name, at a bounded cost and in bounded memory, whatever its size."""

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from govcrawl.errors import LimitError
from govcrawl.pages.limits import Limits
from govcrawl.pages.page_reader import read_page

from ..growth import cost

MOST, MEGABYTES = 15.0, 300
SIZES, LARGEST = (1_000, 50_000), 1_000_000

RECIPES = {
    "divs in divs": lambda n: b"<div>" * n,
    "divs in divs, closed": lambda n: b"<div>" * n + b"x" + b"</div>" * n,
    "tables in tables": lambda n: b"<table><tr><td>" * n,
    "tables in rows": lambda n: b"<table><tr>" * n,
    "fonts left open": lambda n: b"".join(b"<p><font size=%d>x" % i for i in range(n)),
    "paragraphs left open": lambda n: b"<p>x" * n,
    "cells in a row": lambda n: b"<table><tr>" + b"<td>1" * n,
    "rows left open": lambda n: b"<table>" + b"<tr><td>1" * n,
    "rows in full": lambda n: b"<table>" + b"<tr><td>1</td></tr>" * n + b"</table>",
    "endless spans": lambda n: b"<table>" + b"<tr><td rowspan=1000000000 colspan=1000000000>1</td></tr>" * n,
    "endless columns": lambda n: b"<table><tr>" + b"<td colspan=1000000000>1" * n,
    "endless rows": lambda n: b"<table>" + b"<tr><td rowspan=65534>1</td></tr>" * n + b"</table>",
    "attributes": lambda n: b"<p " + b"".join(b"a%d=1 " % i for i in range(n)) + b">x",
    "blanks in a tag": lambda n: b"<p" + b" " * n,
    "equals signs": lambda n: b"<p " + b"= " * n,
    "tags never ended": lambda n: b"<p><a " * n,
    "quotes never ended": lambda n: b"<p a=\"'" * n,
    "comments never ended": lambda n: b"<p><!-- - --" * n,
    "scripts never ended": lambda n: b"<p><script>" * n,
    "titles never ended": lambda n: b"<p><title>" * n,
    "less-than signs": lambda n: b"<p>" + b"<" * n,
    "ampersands": lambda n: b"<p>" + b"&" * n,
    "entities": lambda n: b"<p>" + b"&nbsp;x" * n,
    "NULs": lambda n: b"<p>" + b"\0" * n,
    "one long word": lambda n: b"<p>" + "信息".encode() * n,
    "many words": lambda n: b"<p>" + "信 ".encode() * n,
    "borders": lambda n: b"1|" * n,
    "labels": lambda n: b"<p>" + "索引号:".encode() * n,
    "widgets": lambda n: b"<p>" + "微信 ".encode() * n + "。".encode(),
    "hidden": lambda n: b"<p hidden>" * n,
    "bold left open": lambda n: b"<p>" + b"<b>x" * n,
    "links": lambda n: b"".join(b"<p><a href=%d.pdf>" % i for i in range(n)),
    "not in any charset": lambda n: b"<p>" + b"\xff\x80" * n,
}


ORDINARY = "<p>政府信息公开</p>".encode() * 20_000
"""A page of half a megabyte, whose cost is the measure of the others'."""


def outcomes(size: int) -> dict[str, tuple[float, str]]:
    """Recipe → what its page costs in pages like `ORDINARY`, and what became of it. One page is held at a time."""
    (ordinary,) = cost(partial(became, ORDINARY))
    return {recipe: outcome(RECIPES[recipe](size)[:10_000_000], ordinary) for recipe in RECIPES}


def outcome(body: bytes, ordinary: float) -> tuple[float, str]:
    (spent,) = cost(partial(became, body), rounds=2)
    return spent / ordinary, became(body)


def became(body: bytes) -> str:
    """What becomes of a page."""
    try:
        return f"read: {len(read_page(body).blocks)} blocks"
    except LimitError as error:
        return str(error)


@pytest.fixture(scope="module")
def largest():
    """Most megabytes held, and all outcomes at the largest size; a process of its own, for memory never goes down.

    Asked of `/proc`, since getrusage counts what the process held that started this one.
    """
    script = (
        "import json, pathlib, re, sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parents[2])!r})\n"
        "from tests.pages import test_hostile\n"
        "results = test_hostile.outcomes(test_hostile.LARGEST)\n"
        "held = re.search(r'VmHWM:\\s+(\\d+)', pathlib.Path('/proc/self/status').read_text())\n"
        "print(json.dumps([int(held[1]) / 1024, results]))\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=600, check=True)
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def smaller():
    """The outcomes at the smaller sizes."""
    return [outcomes(size) for size in SIZES]


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_hostile_page_is_read_or_refused_and_costs_little_more_than_an_ordinary_one(recipe, largest, smaller):
    for found in (*smaller, largest[1]):
        times, result = found[recipe]
        assert times < MOST, f"{recipe}: {times:.1f} times, {result}"
        assert result.startswith(("read: ", "page refused: "))


def test_hostile_pages_stay_within_memory(largest):
    megabytes, results = largest
    assert megabytes < MEGABYTES
    assert results["divs in divs"][1].startswith("page refused: 1,000,000 tags, limit ")


@pytest.mark.parametrize(
    ("limit", "body"),
    [
        ("bytes", b"<p>" + b"x" * 10_000_001),
        ("nul_bytes", b"<p>" + b"\0" * 1_001),
        ("entities", b"<p>" + b"&" * 100_001),
        ("tags", b"<p>" * 60_001),
        ("tag_bytes", b"<p a='" + b"x" * 65_536 + b"'>"),
        ("depth", b"<div>" * 251),
        ("tables", b"<table></table>" * 5_001),
        ("table_depth", b"<table><tr><td>" * 51 + b"</td></tr></table>" * 51),
        ("table_depth", b"<table><tr><td>" * 51),
        ("cell_bytes", b"<table><tr><td>" * 49 + b"x" * 1_000_000 + b"</td></tr></table>" * 49),
        ("grid_places", b"<table><tr>" + b"<td colspan=1000>1</td>" * 302 + b"</tr></table>"),
        ("grid_places", b"<table>" + b"<tr><td rowspan=9999></td></tr>" * 800 + b"</table>"),
        ("tokens", b"<p>" + b"x " * 150_001),
    ],
)
def test_what_is_beyond_a_limit_is_refused_by_its_name(limit, body):
    with pytest.raises(LimitError, match=rf"page refused: [\d,]+ {limit.replace('_', ' ')}, limit "):
        read_page(body)


def test_limits_can_be_raised():
    assert len(read_page(b"<div>" * 300 + b"x", limits=Limits(depth=400)).blocks) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"<p>x" * 3_000,
        b"<ul>" + b"<li><span>x" * 3_000,
        b"<table>" + b"<tr><td>x<td><b>y" * 1_000,
        b"<div>" + b"<p><span><font>x</p>" * 3_000,
        b"<dl>" + b"<dt>x<dd>y" * 3_000,
        b"<br>x<img src=a>" * 3_000,
    ],
)
def test_elements_that_are_left_open_as_people_do_are_not_depth(body):
    assert read_page(body).blocks
