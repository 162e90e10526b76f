"""Whole crawls of a portal that moves on by script, cuts its reports into pages, files one and has a mute pager."""

import re
from collections.abc import Callable
from subprocess import CompletedProcess

import pytest

from .conftest import Crawls, Ended
from .town import Served, page, report, serving

CITY, HOME = "130400", "www.hd.gov.cn"
ORGANS = [f"邯郸市{name}" for name in ("教育局", "财政局", "水利局", "民政局")]
MOVING = "<html><head><title>邯郸市</title><script>{}</script></head><body></body></html>"
LIST = "/nb/"


def titled(organ: str) -> str:
    return f"{organ}2024年政府信息公开工作年度报告"


def pieces(organ: str) -> list[Served]:
    """A report cut before each of its tables but the first, each piece with a link to the next."""
    head, _, rest = report(organ, 2024).body.partition("<body>")
    body = rest.partition("</body>")[0]
    cuts = [found.start() for found in re.finditer("<table", body)][1:]
    cut = [body[start:end] for start, end in zip((0, *cuts), (*cuts, len(body)), strict=True)]
    following = [f'<p><a href="cut_{number}.html">下一页</a></p>' for number in range(2, len(cut) + 1)]
    return [
        Served(f"{head}<body><div>{piece}</div>{link}</body></html>")
        for piece, link in zip(cut, [*following, ""], strict=True)
    ]


def pages() -> dict[tuple[str, str], Served]:
    moved, framed, cut, filed = ORGANS
    parts = {f"/nb/cut{f'_{n}' if n > 1 else ''}.html": piece for n, piece in enumerate(pieces(cut), 1)}
    frame = page(titled(framed), more='<iframe src="frame.html"></iframe>').body.replace("欢迎访问门户网站", "")
    rows = [(moved, "/go/1.html"), (framed, "/nb/framed.html"), (cut, "/nb/cut.html"), (filed, "/files/4.pdf")]
    told = {
        "/": Served(MOVING.format('location.replace("./portal/")')),
        "/portal/": page("邯郸市人民政府", ("政府信息公开年报", LIST)),
        LIST: page("政府信息公开年报", *((titled(organ), path) for organ, path in rows), more=PAGER),
        "/go/1.html": Served(MOVING.format('window.open("/nb/moved.html", "_self")')),
        "/nb/moved.html": report(moved, 2024),
        "/nb/framed.html": Served(re.sub("<p>.*?</p>", "", frame)),
        "/nb/frame.html": report(framed, 2024),
        "/files/4.pdf": Served("%PDF-1.4 no more than the beginning of a file"),
        **parts,
    }
    return {(HOME, path): served for path, served in told.items()}


PAGER = '<div><a href="javascript:turn(2)">下一页</a></div><script src="/turn.js"></script>'


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Crawls, Ended, list[tuple[str, str]]]:
    with serving(pages()) as town:
        crawls = Crawls(tmp_path_factory.mktemp("portal"), town.base)
        ended = crawls.run("-a", f"portal={CITY}", "-a", "year=2024", spider="hebei")
        return crawls, ended, list(town.asked)


def test_every_report_is_read_whole_and_each_page_asked_for_once(crawled):
    crawls, ended, asked = crawled
    found = dict(crawls.rows("SELECT agency, count(*) FROM current_facts WHERE value IS NOT NULL GROUP BY 1"))

    assert "Traceback" not in ended.log
    assert set(found) == set(ORGANS[:3])
    assert len(set(found.values())) == 1
    assert len(asked) == len(set(asked))


def test_nothing_that_moves_on_is_a_wall(crawled):
    crawls, _, _ = crawled

    assert crawls.rows("SELECT count(*) FROM attempts WHERE outcome = 'blocked'") == [(0,)]


def test_a_row_that_is_a_file_is_a_document_and_a_mute_pager_is_told(crawled):
    crawls, _, _ = crawled
    states = dict(
        crawls.rows(
            "SELECT agency.name, coverage.state FROM coverage JOIN agencies AS agency ON agency.id = coverage.agency_id"
            f" WHERE coverage.year = 2024 AND agency.portal_id = '{CITY}'"
        )
    )

    assert states[ORGANS[3]] == "attachment_only"
    assert states["邯郸市人民政府"] == "list_unread"
    assert crawls.rows("SELECT kind FROM issues WHERE kind LIKE 'list_%'") == [("list_length_unknown",)]


def test_the_archive_is_rebuilt_to_the_same(crawled, govcrawl: Callable[..., CompletedProcess[str]]):
    crawls, _, _ = crawled
    before = crawls.digest()

    done = govcrawl("rebuild", "--archive", crawls.archive)

    assert done.returncode == 0, done.stderr
    assert crawls.digest() == before
