"""Whole crawls of portals that keep their reports on hosts which no entry lists, and of a user's own overlay."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Crawls, Ended
from .town import Pages, Served, page, report, serving

CITY, HOME, SIBLING, MOVED = "130400", "www.hd.gov.cn", "hdzfxxgk.hd.gov.cn", "www.newhandan.gov.cn"
NAME = "政府信息公开年报"
REPORTS = {
    (SIBLING, f"/zfxxgknb/202501/t20250120_{number}.html"): report(f"邯郸市{bureau}", 2024)
    for number, bureau in enumerate(("财政局", "教育局"))
}
LISTED = page(
    NAME,
    *(
        (f"邯郸市{name}2024年政府信息公开工作年度报告", path)
        for name, (_, path) in zip(("财政局", "教育局"), REPORTS, strict=True)
    ),
)
ON_SIBLING: Pages = {
    (HOME, "/"): page("邯郸市人民政府", ("政务公开", "/zwgk/")),
    (HOME, "/zwgk/"): page(
        "政府信息公开",
        (NAME, f"http://{SIBLING}/zfxxgknb/"),
        ("区县政府信息公开年报", f"https://{MOVED}/zfxxgknb/"),
        ("政府信息公开年报", "https://www.zj.gov.cn/col/col1229565788/index.html"),
        ("招聘", "http://rczp.hd.gov.cn/"),
    ),
    (SIBLING, "/zfxxgknb/"): LISTED,
    (MOVED, "/zfxxgknb/"): LISTED,
    ("rczp.hd.gov.cn", "/"): page("招聘"),
    **REPORTS,
}

Command = Callable[..., subprocess.CompletedProcess[str]]


def crawled(folder: Path, pages: Pages, *arguments: str, overlay: str = "") -> tuple[Crawls, Ended, set[str]]:
    """The crawl of a city's portal, how it ended, which hosts were asked."""
    with serving(pages) as town:
        crawls = Crawls(folder, town.base)
        if overlay:
            (folder / "portals").mkdir(exist_ok=True)
            (folder / "portals" / "hebei.toml").write_text(overlay, encoding="utf-8")
        ended = crawls.run("-a", f"portal={CITY}", "-a", "year=2024", *arguments, spider="hebei")
        return crawls, ended, town.hosts_asked()


def elsewhere(crawls: Crawls, folder: Path, govcrawl: Command) -> Crawls:
    """The archive copied to a folder that knows nothing, and rebuilt there."""
    moved = Crawls(folder / "moved")
    shutil.rmtree(moved.archive)
    shutil.copytree(crawls.archive / "warc", moved.archive / "warc")
    done = govcrawl("rebuild", "--archive", moved.archive, cwd=moved.folder)
    assert done.returncode == 0, done.stderr
    return moved


@pytest.fixture(scope="module")
def sibling(tmp_path_factory) -> tuple[Crawls, Ended, set[str]]:
    return crawled(tmp_path_factory.mktemp("sibling"), ON_SIBLING)


def test_reports_on_a_sibling_host_are_found_and_no_other_host_is_asked(sibling):
    crawls, ended, asked = sibling

    assert ended.code == 0, ended.log
    assert crawls.rows("SELECT count(*) FROM reports WHERE year = 2024") == [(2,)]
    assert asked == {HOME, SIBLING}


def test_every_host_beside_the_registry_is_named_once_as_a_line_to_add(sibling):
    _, ended, _ = sibling

    assert f"asked: {SIBLING}, not asked: {MOVED}; into portals/hebei.toml" in ended.log
    assert ended.log.count(f'130400 = {{ more_hosts = ["{SIBLING}", "{MOVED}"] }}') == 1
    assert "found 2 of" in ended.log.splitlines()[-7]
    assert ended.log.splitlines()[-1].endswith("resting: none")


def test_the_archive_says_which_page_leads_to_the_host(sibling):
    crawls, _, _ = sibling

    assert crawls.rows("SELECT portal_id, host, url, link_name FROM sibling_hosts") == [
        (CITY, SIBLING, "https://www.hd.gov.cn/zwgk/", NAME)
    ]


def test_a_rebuild_elsewhere_knows_the_host_and_has_the_same_digest(sibling, tmp_path, govcrawl):
    crawls, _, _ = sibling

    moved = elsewhere(crawls, tmp_path, govcrawl)

    assert moved.digest() == crawls.digest()
    hosts = "SELECT portal_id, host, url, link_name, crawl_id FROM sibling_hosts"
    assert moved.rows(hosts) == crawls.rows(hosts)
    assert govcrawl("verify", "--archive", moved.archive, cwd=moved.folder).returncode == 0


def test_a_second_crawl_marks_no_host_anew(sibling, tmp_path):
    crawls, _, _ = sibling
    shutil.copytree(crawls.archive, tmp_path / "archive")

    again, ended, asked = crawled(tmp_path, ON_SIBLING)

    assert ended.code == 0, ended.log
    assert asked == {SIBLING}
    assert again.rows("SELECT host, admitted_at FROM sibling_hosts") == crawls.rows(
        "SELECT host, admitted_at FROM sibling_hosts"
    )
    assert again.digest() == crawls.digest()


def test_answers_of_the_host_can_be_taken_in_from_the_files_of_others(sibling, tmp_path, govcrawl):
    crawls, _, _ = sibling
    archive = Path(shutil.copytree(crawls.archive, tmp_path / "archive"))
    theirs = next((archive / "warc" / CITY).glob("*.warc.gz"))
    copied = shutil.copy(theirs, tmp_path / "theirs.warc.gz")

    done = govcrawl("import", copied, "--archive", archive, cwd=tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert SIBLING not in done.stdout


def test_a_city_that_moved_is_not_accused_and_its_new_host_is_not_asked(tmp_path, govcrawl):
    pages = {
        (HOME, "/"): Served("", 302, f"https://{MOVED}/"),
        (MOVED, "/"): page("邯郸市人民政府", (NAME, "/zfxxgknb/")),
    }

    crawls, ended, asked = crawled(tmp_path, pages)

    assert asked == {HOME}
    assert ended.code == 1
    assert "portals_answer: portal 130400 邯郸市 gave no list of annual reports" in ended.log
    assert f'130400 = {{ more_hosts = ["{MOVED}"] }}' in ended.log
    told = govcrawl(
        "coverage", "--archive", crawls.archive, "--province", "hebei", "--year", "2024", "--format", "json"
    )
    states = {(cell["state"], MOVED in cell["reason"]) for cell in json.loads(told.stdout) if cell["portal_id"] == CITY}
    assert states == {("elsewhere", True)}


def test_with_the_line_in_the_overlay_it_is_asked_and_a_rebuild_elsewhere_knows_it(tmp_path, govcrawl):
    pages = {
        (HOME, "/"): Served("", 302, f"https://{MOVED}/"),
        (MOVED, "/"): page("邯郸市人民政府", (NAME, "/zfxxgknb/")),
        (MOVED, "/zfxxgknb/"): LISTED,
        **{(MOVED, path): served for (_, path), served in REPORTS.items()},
    }

    crawls, ended, asked = crawled(tmp_path, pages, overlay=f'{CITY} = {{ more_hosts = ["{MOVED}"] }}\n')
    moved = elsewhere(crawls, tmp_path, govcrawl)

    assert (ended.code, asked) == (0, {HOME, MOVED}), ended.log
    assert crawls.rows(f"SELECT hosts FROM portals WHERE id = '{CITY}'") == [(json.dumps([HOME, MOVED]),)]
    assert moved.digest() == crawls.digest()
    assert moved.rows("SELECT count(*) FROM reports") == [(2,)]


def test_the_newest_crawl_s_overlay_holds_and_never_that_of_the_folder(tmp_path, govcrawl):
    added = '139999 = {{ name = "{}", level = "county", home = "https://www.newplace.gov.cn/" }}\n'
    named = "SELECT name FROM portals WHERE id = '139999'"
    for name in ("旧名区", "新名区"):
        crawls, _, _ = crawled(tmp_path, ON_SIBLING, overlay=added.format(name))
        assert crawls.rows(named) == [(name,)]
    (tmp_path / "portals" / "hebei.toml").write_text(added.format("别名区"), encoding="utf-8")

    before = crawls.digest()
    assert govcrawl("rebuild", "--archive", crawls.archive, cwd=tmp_path).returncode == 0

    assert crawls.rows(named) == [("新名区",)]
    assert crawls.digest() == before


def test_what_a_dropped_entry_brought_can_still_be_rebuilt(tmp_path, govcrawl):
    entry = '139999 = { name = "新区", level = "county", home = "https://www.newplace.gov.cn/" }\n'
    pages = {("www.newplace.gov.cn", "/"): page("新区人民政府", (NAME, "/nb/")), **ON_SIBLING}
    crawled(tmp_path, pages, "-a", "portal=139999", overlay=entry)
    crawls, ended, _ = crawled(tmp_path, pages, overlay=f"{CITY} = {{}}\n")

    assert ended.code == 0, ended.log
    assert elsewhere(crawls, tmp_path, govcrawl).digest() == crawls.digest()


def test_a_wall_that_the_entry_expects_is_told_and_raises_no_code(tmp_path):
    walled = {(HOME, "/robots.txt"): Served("", 403), (HOME, "/"): Served("", 403)}

    _, ended, _ = crawled(tmp_path / "plain", walled)
    _, expected, _ = crawled(
        tmp_path / "stated", walled, overlay=f'{CITY} = {{ expect = "blocked", since = "2026-01-05" }}'
    )

    assert (ended.code, expected.code) == (1, 0)
    assert "portals_answer: portal 130400 邯郸市 gave only challenges" in ended.log
    assert "portals_answer" not in expected.log
    assert "130400 邯郸市 gave only challenges" in expected.log
    assert "expected: blocked since 2026-01-05" in expected.log
    assert "blocked: 130400 邯郸市" in expected.log


def test_a_wrong_overlay_costs_one_line_and_exit_2(tmp_path):
    _, ended, asked = crawled(tmp_path, ON_SIBLING, overlay=f'{CITY} = {{ colour = "red" }}')

    assert (ended.code, asked) == (2, set())
    assert ended.log == "govcrawl: portals/hebei.toml: 130400: unknown field 'colour'\n"
