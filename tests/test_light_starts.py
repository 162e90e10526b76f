"""Small commands start without the parser, the crawler and the network's libraries: what each loads is held here."""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from govcrawl.cli import main
main(standalone_mode=False)
print(*sorted(sys.modules), sep="\\n", file=sys.stderr)
"""
PARSER = {"selectolax", "parsel", "lxml", "govcrawl.reading", "govcrawl.reports", "govcrawl.pages.html"}
CRAWLER = {"scrapy", "twisted", "govcrawl.crawl", "govcrawl.platforms"}
NETWORK = {"requests", "tldextract"}
BROWSE = {"datasette", "pygal"}
WRITING = {"sqlite_utils"}
HEAVY = PARSER | CRAWLER | NETWORK | BROWSE | WRITING

LOADED = {
    ("digest",): HEAVY,
    ("coverage", "--province", "zhejiang", "--year", "2024"): HEAVY,
    ("as-of", "2030-01-01"): HEAVY,
    ("index",): HEAVY,
    ("verify", "--sample", "3"): HEAVY,
    ("export-wacz", "330604", "2023", "report.wacz"): HEAVY,
    ("manifest",): HEAVY,
    ("export", "tables", "--format", "csv"): HEAVY - WRITING,  # the views' columns come from the schema's module
}
"""For each command the modules that it must not load."""


@pytest.mark.parametrize("command", LOADED, ids=lambda command: command[0])
def test_a_small_command_loads_only_what_it_needs(command: tuple[str, ...], archive_copy: Path, tmp_path: Path):
    run = (sys.executable, "-c", PROGRAM, command[0], "--archive", str(archive_copy), *command[1:])
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True)
    loaded = set(done.stderr.split())

    assert "govcrawl.cli" in loaded
    assert not loaded & LOADED[command]


def test_the_list_of_heavy_modules_names_real_ones(tmp_path: Path):
    program = "import govcrawl.reading, govcrawl.crawl.scheduler, govcrawl.portals, tldextract, datasette, pygal, sys\n"
    program += "print(*sys.modules)"
    done = subprocess.run((sys.executable, "-c", program), capture_output=True, text=True, timeout=120, check=True)

    assert set(done.stdout.split()) >= HEAVY
