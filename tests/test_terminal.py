"""Nothing that a portal or a file name says acts on a terminal, forges a line, or runs as a formula."""

import ast
import csv
import io
import json
import logging
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl import terminal
from govcrawl.archive.layout import database_of
from govcrawl.crawl.log_format import OneLineFormatter
from govcrawl.crawl.progress import StatusLine
from govcrawl.publish.spreadsheets import neutral, print_csv

ROOT = Path(terminal.__file__).parent
FORGED = "2026-01-01 00:00:00 ERROR forged"
HOSTILE = {
    "colour": "\x1b[31mred\x1b[0m",
    "title of the window": "\x1b]0;owned\x07",
    "C1 sequence": "\x9b2J",
    "C1 string": "\x90payload\x9c",
    "carriage return": "good\rbad",
    "backspace": "bad\x08\x08\x08",
    "delete": "\x7f",
    "shift out": "\x0e",
    "vertical tab and form feed": "\x0b\x0c",
    "next line": "a\x85b",
    "line separators": "a\u2028b\u2029c",
    "override": "\u202egpj.exe",
    "isolate": "\u2066a\u2069",
    "marks": "\u200e\u200f\u061c",
    "a forged line": f"x\n{FORGED}",
    "a tab": "a\tb",
}
ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""What no output may hold; line ends and tabs may be ours."""
ALL = "".join(HOSTILE.values())


def assert_harmless(output: str) -> None:
    assert not ACTING.search(output), ACTING.findall(output)
    assert not [line for line in output.split("\n") if line.startswith(FORGED)]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_acts_on_a_terminal_is_shown_instead(text: str):
    line = terminal.escaped(text)

    assert line.isprintable()
    assert json.loads(f'"{line}"') == text


@given(st.text())
def test_every_text_is_one_line_and_can_be_printed(text: str):
    line = terminal.escaped(text)

    assert_harmless(line)
    assert line.split("\n") == [line]
    line.encode()


@given(st.lists(st.dictionaries(st.text(), st.text())))
def test_json_stays_the_same_json(value):
    told = terminal.escaped_lines(json.dumps(value, ensure_ascii=False, indent=1))

    assert_harmless(told)
    assert json.loads(told) == value


def test_ordinary_text_is_not_changed():
    text = "杭州市余杭区商务局 2023年（第3号）— “5 %” é 𠮷 → \u3000\u200b"

    assert terminal.escaped(text) == terminal.escaped_lines(text) == text


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠1"])
def test_printed_csv_holds_neither_formulas_nor_what_acts_on_a_terminal(start: str):
    out = io.StringIO()

    print_csv(("a", "b", "c"), [(start, -1.5, None), (ALL, 3, "")], out)

    assert_harmless(out.getvalue())
    formula, other = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert formula == {"a": terminal.escaped(f"'{start}"), "b": "-1.5", "c": ""}
    assert other == {"a": terminal.escaped(str(neutral(ALL))), "b": "3", "c": ""}


# ------------------------------------------------------------------------------------------------- a crawl's log


def formatted(record: logging.LogRecord) -> str:
    return OneLineFormatter(logging.Formatter("%(levelname)s %(message)s")).format(record)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_an_event_of_the_log_is_one_line(text: str):
    for message, arguments in (("%s", (text,)), (text.replace("%", ""), ()), ("%(a)s %(b)d", ({"a": text, "b": 1},))):
        line = formatted(logging.LogRecord("a", logging.INFO, "file", 1, message, arguments, None))
        assert_harmless(line)
        assert line.startswith("INFO ")
        assert "\n" not in line


def test_a_traceback_keeps_its_lines_and_nothing_else():
    try:
        int(ALL)
    except ValueError:
        record = logging.LogRecord("a", logging.ERROR, "file", 1, "it failed", (), sys.exc_info())

    told = formatted(record)

    assert told.startswith("ERROR it failed\nTraceback (most recent call last):\n")
    assert not ACTING.search(told)
    assert record.getMessage() == "it failed"


def test_a_crawl_writes_its_log_as_such_lines(tmp_path: Path):
    """The formatter of a crawl takes its place on the handler that Scrapy installs, here with a file behind it."""
    log = tmp_path / "log"
    program = (
        "import logging, sys; from scrapy.crawler import Crawler; from scrapy.settings import Settings\n"
        "from scrapy import Spider; from scrapy.utils.log import configure_logging\n"
        "settings = Settings(); settings.setmodule('govcrawl.settings', priority='project')\n"
        "settings.update({'LOG_FILE': sys.argv[1], 'ADDONS': {}, 'EXTENSIONS': {}}, priority='cmdline')\n"
        "configure_logging(settings); crawler = Crawler(Spider, settings, init_reactor=True)\n"
        "crawler._apply_settings(); logging.getLogger('a').warning('%s', sys.argv[2])\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, log, ALL], capture_output=True, text=True, timeout=120, check=False
    )

    assert done.returncode == 0, done.stderr
    written = log.read_bytes().decode()
    assert_harmless(written)
    assert written.endswith(f"WARNING {terminal.escaped(ALL)}\n")


def test_the_status_line_is_one_line():
    out = io.StringIO()

    StatusLine(out).show(ALL)

    assert_harmless(out.getvalue().removeprefix("\r\x1b[K"))


# ---------------------------------------------------------------------------------------------------- commands

_POISONED = (
    ("agencies", "name"),
    ("portals", "name"),
    ("listings", "title"),
    ("documents", "title"),
    ("captures", "url"),
    ("domains", "domain"),
)
"""Columns that hold what a portal says."""


@pytest.fixture(scope="module")
def poisoned(crawled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive in a folder with a hostile name, whose database says hostile things everywhere."""
    archive = tmp_path_factory.mktemp("poisoned") / ALL
    shutil.copytree(crawled, archive)
    with closing(sqlite3.connect(database_of(archive))) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("UPDATE domains SET resting_until = 9e9, rests_for = 'timeout'")
        for table, column in _POISONED:
            connection.execute(f"UPDATE {table} SET {column} = ? || {column}", (ALL,))
        connection.execute("UPDATE frontier SET domain = ? || domain", (ALL,))
        connection.commit()
    return archive


COMMANDS = {
    "coverage": (("coverage", "--province", "zhejiang", "--year", "2023"), 0),
    "coverage as CSV": (("coverage", "--province", "zhejiang", "--year", "2023", "--format", "csv"), 0),
    "coverage as JSON": (("coverage", "--province", "zhejiang", "--year", "2023", "--format", "json"), 0),
    "as-of": (("as-of", "2030-01-01"), 0),
    "as-of as JSON": (("as-of", "2030-01-01", "--format", "json"), 0),
    "verify": (("verify", "--sample", "3"), 1),
    "manifest": (("manifest",), 0),
    "index": (("index",), 0),
    "portals explain": (("portals", "explain", "REPORT"), 0),
    "portals rest": (("portals", "rest"), 0),
    "export": (("export", f"out-{ALL}", "--format", "csv"), 0),
    "export-wacz": (("export-wacz", "330604", "2023", f"reports-{ALL}.wacz"), 0),
    "import of nothing": (("import", f"missing-{ALL}.warc.gz"), 2),
    "season": (("season",), 0),
    "prove of nothing": (("prove", ALL), 2),
    "a wrong call": (("prove", "one", ALL), 2),
}


@pytest.mark.parametrize(("command", "code"), COMMANDS.values(), ids=COMMANDS)
def test_a_command_prints_nothing_that_acts_on_a_terminal(poisoned: Path, govcrawl, tmp_path: Path, command, code):
    words = command[:2] if command[0] == "portals" else command[:1]
    with closing(sqlite3.connect(database_of(poisoned))) as connection:
        query = "SELECT url FROM documents WHERE id IN (SELECT document_id FROM report_copies)"
        (report,) = connection.execute(query).fetchone()
    rest = (report if word == "REPORT" else word for word in command[len(words) :])

    done = govcrawl(*words, "--archive", poisoned, *rest, cwd=tmp_path)

    assert done.returncode == code, done.stderr
    assert done.stdout or done.stderr
    assert "\\u001b" in done.stdout + done.stderr or command[0] == "season"
    assert_harmless(done.stdout)
    assert_harmless(done.stderr)


def test_parse_and_init_print_file_names_as_lines(govcrawl, tmp_path: Path):
    page = tmp_path / f"{ALL}.html"
    page.write_text(f"<title>{ALL}</title><p>\u202e某局2023年政府信息公开工作年度报告</p>", encoding="utf-8")

    parsed = govcrawl("parse", page, tmp_path / f"missing-{ALL}", tmp_path / "\udcff")
    made = govcrawl("init", tmp_path / ALL)

    assert (parsed.returncode, made.returncode) == (2, 0)
    for output in (parsed.stdout, parsed.stderr, made.stdout):
        assert_harmless(output)
    assert [json.loads(line)["source"]["path"] for line in parsed.stdout.splitlines()] == [str(page)]
    assert len(parsed.stderr.splitlines()) == 2


def test_a_crawl_with_hostile_arguments_is_refused_in_one_line(tmp_path: Path):
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = govcrawl.settings\n", encoding="utf-8")
    command = (sys.executable, "-m", "scrapy", "crawl", "zhejiang")
    for arguments in (("-a", f"portal={ALL}"), ("-s", f"GOVCRAWL_REPLICA={ALL}"), ("-s", f"GOVCRAWL_ARCHIVE={ALL}")):
        replica = () if "REPLICA" in arguments[1] else ("-s", "GOVCRAWL_REPLICA=http://127.0.0.1:9")
        done = subprocess.run(
            (*command, *replica, *arguments), cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1
        assert_harmless(done.stderr)


# ------------------------------------------------------------------------------------------- one place that prints

_OWN = {
    ("cli.py", "_show_progress"),  # digits, on a line that is written anew
    ("cli.py", "_say_wrong_call"),  # how to call a command, in several lines
    ("cli.py", "season_command"),  # a unit file, in several lines
    ("crawl/progress.py", "show"),  # the status line
}
"""Functions that write to a standard stream themselves, each with its reason; what they write is escaped."""


def test_everything_else_is_printed_in_one_place():
    found = set()
    for path in sorted(ROOT.rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                calls = {ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
                if any(
                    re.fullmatch(r"print|click\.s?echo|(sys|self)\._?(stdout|stderr|stream).*write.*", c) for c in calls
                ):
                    found.add((str(path.relative_to(ROOT)), function.name))

    assert found - {("terminal.py", "say_json")} == _OWN
