"""What others see of our items: columns in a feed, in a user's pipeline, in a tool that validates items."""

import csv
import json
import re
from pathlib import Path

import pytest
from itemadapter import ItemAdapter
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from govcrawl.crawl.commands.crawl import check_feeds, check_pipelines
from govcrawl.crawl.items import COLUMNS
from govcrawl.db.arrival import Arrival
from govcrawl.errors import UsageError
from govcrawl.models import (
    Capture,
    Document,
    Exchange,
    Issue,
    Listing,
    ListPage,
    Reading,
    Report,
    Request,
    Response,
)
from govcrawl.vocabulary import IssueKind, Outcome, Role, Scope, Severity
from govcrawl.warc import StoredAttempt, StoredExchange

from .conftest import Crawls, Ended

ASKED = Request("330604", "hanweb-jpage", Role.DOCUMENT, "https://www.shangyu.gov.cn/art/2024/1/22/art_1_2.html")
AT = "2026-02-01T00:00:00.000Z"
CAPTURE = Capture(ASKED, ASKED.url, AT, 200, "a" * 64, "text/html", "330604/330604-1.warc.gz", 1200, 900)
READING = Reading(
    "a" * 64,
    "text/html",
    "utf-8",
    Document("上虞区2023年政府信息公开工作年度报告", "11330682/2024-00012", "上虞区", "2024-01-22"),
    Report(is_report=True, agency="上虞区人民政府", year=2023, scope=Scope.GOVERNMENT, form="f2021"),
    issues=(Issue(IssueKind.BLANK_AS_ZERO, Severity.INFO, "proactive.rules.issued", "blank or 0"),),
)
ROWS = (Listing("330604", f"{ASKED.url}?1", "一"), Listing("330604", f"{ASKED.url}?2", "二"))

EXCHANGE = StoredExchange(CAPTURE, Exchange(ASKED, Response(ASKED.url, 200, (), b"x" * 10**6)), Outcome.OK, "a", 2100)
ATTEMPT = StoredAttempt(ASKED, Outcome.TIMEOUT, AT, "took too long", None, "a", 99)
READ = Arrival(ASKED, Outcome.OK, AT, 200, capture=CAPTURE, reading=READING)
LISTED = Arrival(ASKED, Outcome.OK, AT, 200, capture=CAPTURE, page=ListPage(ROWS))


# ----------------------------------------------------------------------------------------------------- the columns


@pytest.mark.parametrize("item", [EXCHANGE, ATTEMPT, READ, LISTED], ids=lambda item: type(item).__name__)
def test_every_item_has_the_same_plain_columns(item):
    shown = ItemAdapter(item).asdict()

    assert list(shown) == list(COLUMNS) == ItemAdapter.get_field_names_from_class(type(item))
    assert {type(value) for value in shown.values()} <= {str, int, bool, type(None)}
    assert (shown["portal"], shown["role"], shown["url"], shown["at"]) == ("330604", "document", ASKED.url, AT)
    assert len(json.dumps(shown)) < 2000


def test_a_report_is_told_by_whose_and_of_which_year_it_is():
    shown = ItemAdapter(READ)

    assert [shown[name] for name in ("agency", "year", "scope", "form", "is_report", "issues", "facts", "rows")] == [
        "上虞区人民政府", 2023, "government", "f2021", True, 1, 0, None,
    ]  # fmt: skip
    assert shown["title"] == "上虞区2023年政府信息公开工作年度报告"
    assert shown["capture"] == CAPTURE.id


def test_a_list_is_told_by_the_number_of_its_rows_and_an_attempt_by_what_went_wrong():
    assert ItemAdapter(LISTED)["rows"] == 2
    assert [ItemAdapter(ATTEMPT)[name] for name in ("outcome", "detail", "capture")] == [
        "timeout",
        "took too long",
        None,
    ]


def test_what_was_stored_cannot_be_changed_and_the_message_says_what_to_do():
    item = ItemAdapter(READ)

    with pytest.raises(TypeError, match=r"title cannot be set.*dict\(ItemAdapter\(item\)\)"):
        item["title"] = "another"
    with pytest.raises(TypeError, match="title cannot be deleted"):
        del item["title"]
    with pytest.raises(KeyError):
        item["colour"]
    assert item["title"] == READING.document.title


def test_the_documentation_names_every_column_in_its_order():
    text = (Path(__file__).parents[2] / "docs" / "items.md").read_text(encoding="utf-8")

    assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == list(COLUMNS)


# ------------------------------------------------------------------------------- a user's project, and a real crawl

PIPELINES = '''
import json
from itemadapter import ItemAdapter
from scrapy.exceptions import DropItem


class Notes:
    """Writes down what it sees, and knows nothing of govcrawl."""

    def open_spider(self):
        self.file = open("notes.jsonl", "w", encoding="utf-8")

    def close_spider(self):
        self.file.close()

    def process_item(self, item):
        self.file.write(json.dumps(ItemAdapter(item).asdict(), ensure_ascii=False) + "\\n")
        return item


class ReportsAlone:
    """Drops whatever is no report, fails on one year, and hands the others on as dicts of its own."""

    def process_item(self, item):
        shown = ItemAdapter(item)
        if not shown["is_report"]:
            raise DropItem("no report")
        if shown["year"] == 2019:
            raise ValueError("a fault of the user's")
        return {"agency": shown["agency"], "year": shown["year"], "reviewed": True}
'''
SETTINGS = """
from govcrawl.settings import *

ITEM_PIPELINES = {{**ITEM_PIPELINES, "mine.{pipeline}": 300}}
"""


def crawled(folder: Path, base: str, pipeline: str, *arguments: str) -> tuple[Crawls, Ended]:
    """A crawl in a project of a user's, whose settings add one pipeline to ours."""
    crawls = Crawls(folder, base)
    (folder / "mine.py").write_text(PIPELINES, encoding="utf-8")
    (folder / "my_settings.py").write_text(SETTINGS.format(pipeline=pipeline), encoding="utf-8")
    (folder / "scrapy.cfg").write_text("[settings]\ndefault = my_settings\n", encoding="utf-8")
    return crawls, crawls.run("-a", "portal=330604", "-a", "year=2019,2023", *arguments)


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def noted(healthy, tmp_path_factory) -> tuple[Crawls, Ended]:
    folder = tmp_path_factory.mktemp("noted")
    return crawled(folder, healthy[1], "Notes", "-O", "items.jsonl", "-O", "items.csv")


def test_a_plain_feed_export_has_a_line_an_item_with_what_the_database_says_of_it(noted):
    crawls, ended = noted
    items = lines(crawls.folder / "items.jsonl")

    assert ended.code == 0, ended.log
    assert all(list(item) == list(COLUMNS) for item in items)
    attempts = crawls.rows("SELECT portal_id, role, url, request_id, at, outcome, http_status FROM attempts")
    keys = ("portal", "role", "url", "request", "at", "outcome", "http_status")
    assert sorted(tuple(item[key] for key in keys) for item in items) == sorted(attempts)
    captures = crawls.rows("SELECT id, sha256, media_type, warc_file, warc_offset, warc_length FROM captures")
    keys = ("capture", "sha256", "media_type", "warc_file", "warc_offset", "warc_length")
    assert {tuple(item[key] for key in keys) for item in items if item["capture"]} == set(captures)


def test_a_feed_tells_lists_by_their_rows_and_reports_by_agency_and_year(noted):
    crawls, _ = noted
    items = lines(crawls.folder / "items.jsonl")

    reports = [item for item in items if item["is_report"]]
    assert {(item["agency"], item["year"], item["form"]) for item in reports} == set(
        crawls.rows("SELECT a.name, r.year, v.form FROM reports AS r JOIN agencies AS a ON a.id = r.agency_id"
                    " JOIN report_versions AS v ON v.id = r.current_version_id")
    )  # fmt: skip
    assert sum(item["facts"] for item in reports) == crawls.rows("SELECT count(*) FROM facts")[0][0]
    assert {item["title"] for item in reports} == {title for (title,) in crawls.rows("SELECT title FROM documents")}
    assert any(item["rows"] for item in items if item["role"] == "list")
    assert "年度报告" in (crawls.folder / "items.jsonl").read_text(encoding="utf-8")


def test_a_feed_holds_no_pages(noted):
    crawls, _ = noted
    path = crawls.folder / "items.jsonl"

    assert max(map(len, path.read_text(encoding="utf-8").splitlines())) < 2000


def test_the_same_items_are_a_table_in_a_csv_feed(noted):
    crawls, _ = noted
    with (crawls.folder / "items.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)

    assert header == list(COLUMNS)
    shown = [
        ["" if value is None else str(value) for value in item.values()]
        for item in lines(crawls.folder / "items.jsonl")
    ]
    assert rows == shown


def test_a_pipeline_of_a_user_sees_through_itemadapter_what_the_feed_has(noted):
    crawls, _ = noted

    assert lines(crawls.folder / "notes.jsonl") == lines(crawls.folder / "items.jsonl")


def test_what_a_pipeline_of_a_user_drops_or_breaks_is_stored_all_the_same(healthy, noted, tmp_path):
    crawls, ended = crawled(tmp_path, healthy[1], "ReportsAlone", "-O", "items.jsonl")

    assert ended.code == 0, ended.log
    assert "Dropped: no report" in ended.log
    assert "a fault of the user's" in ended.log
    assert crawls.digest() == noted[0].digest()
    reports = "SELECT a.name, r.year FROM reports AS r JOIN agencies AS a ON a.id = r.agency_id WHERE year = 2023"
    assert {(item["agency"], item["year"]) for item in lines(tmp_path / "items.jsonl")} == set(crawls.rows(reports))


# ------------------------------------------------------------------------------------------- settings that cannot work


@pytest.fixture
def settings(monkeypatch) -> Settings:
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "govcrawl.settings")
    return get_project_settings()


OWN = {"govcrawl.pipelines.ReadPipeline": 100, "govcrawl.pipelines.StorePipeline": 200}


@pytest.mark.parametrize(
    ("pipelines", "told"),
    [
        ({"tests.Mine": 300}, "ITEM_PIPELINES: .*tests"),
        ({"scrapy.pipelines.files.FilesPipeline": 300}, "lacks govcrawl.pipelines.StorePipeline; add yours to those"),
        ({**OWN, "govcrawl.pipelines.StorePipeline": None}, "lacks govcrawl.pipelines.StorePipeline"),
        ({**OWN, "scrapy.pipelines.files.FilesPipeline": 150}, "FilesPipeline has 150; .* more than 200"),
        ({**OWN, "scrapy.pipelines.files.FilesPipeline": 200}, "FilesPipeline has 200; .* more than 200"),
    ],
)
def test_pipelines_that_would_keep_items_from_the_archive_are_refused(settings, pipelines, told):
    settings.set("ITEM_PIPELINES", pipelines)

    with pytest.raises(UsageError, match=told) as refused:
        check_pipelines(settings)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "more", [{}, {"scrapy.pipelines.files.FilesPipeline": 300}, {"scrapy.pipelines.files.FilesPipeline": None}]
)
def test_pipelines_behind_the_store_are_welcome(settings, more):
    settings.set("ITEM_PIPELINES", {**OWN, **more})

    assert check_pipelines(settings) is None


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("-s", 'ITEM_PIPELINES={"mine.Missing": 300}'), "govcrawl: ITEM_PIPELINES: "),
        (("-O", "/proc/items.jsonl"), "govcrawl: feed /proc/items.jsonl: "),
        (("-o", "scrapy.cfg/items.csv"), "govcrawl: feed scrapy.cfg/items.csv: "),
        (("-o", "archive:csv"), "govcrawl: feed archive: "),
    ],
)
def test_what_cannot_work_is_one_line_and_exit_code_2(tmp_path, arguments, told):
    ended = Crawls(tmp_path).run(*arguments)

    assert (ended.code, ended.log.count("\n")) == (2, 1)
    assert ended.log.startswith(told)


@pytest.mark.parametrize("uri", ["new/items.jsonl", "%(name)s/%(time)s.csv", "stdout:", "s3://bucket/items.jsonl"])
def test_a_feed_that_can_be_written_is_no_wrong_usage(settings, tmp_path, monkeypatch, uri):
    monkeypatch.chdir(tmp_path)
    settings.set("FEEDS", {uri: {"format": "jsonlines"}})

    assert check_feeds(settings) is None
    assert [path.name for path in tmp_path.iterdir()] == (["new"] if uri.startswith("new") else [])
