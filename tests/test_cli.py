"""The commands as a user meets them: what they print, where, and with which exit code."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


def test_parse_prints_one_object_a_line_in_the_order_given(govcrawl, tmp_path: Path):
    names = ["b.html", "a.txt", "c.html"]
    for name in names:
        (tmp_path / name).write_text(
            "<html><body><p>某局2023年政府信息公开工作年度报告</p></body></html>", encoding="utf-8"
        )

    done = govcrawl("parse", *(tmp_path / name for name in names))

    objects = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [Path(one["source"]["path"]).name for one in objects] == names
    assert all(
        list(one) == ["source", "document", "report", "sections", "facts", "checks", "claims", "issues"]
        for one in objects
    )


def test_an_unreadable_input_costs_one_line_and_exit_2_and_the_others_are_read(govcrawl, tmp_path: Path):
    page = tmp_path / "page.html"
    page.write_text("<html><body>年报</body></html>", encoding="utf-8")

    done = govcrawl("parse", tmp_path / "missing.html", page, tmp_path)

    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 1
    assert len(done.stderr.splitlines()) == 2
    assert "Traceback" not in done.stderr


def test_parse_needs_neither_scrapy_nor_a_database():
    script = (
        "import sys; from govcrawl.cli import main; sys.argv = ['govcrawl', 'parse', '/dev/null']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'scrapy', 'sqlite3', 'twisted', 'datasette'} & set(sys.modules)), file=sys.stderr)"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(
    "command", [("digest",), ("verify",), ("coverage",), ("export", "out"), ("rebuild",), ("serve",)]
)
def test_a_command_without_an_archive_says_so_in_one_line(govcrawl, tmp_path: Path, command: tuple[str, ...]):
    done = govcrawl(*command, "--archive", tmp_path / "none", cwd=tmp_path)

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert str(tmp_path / "none") in done.stderr


def test_the_archive_is_named_by_option_then_environment(govcrawl, crawled: Path, tmp_path: Path):
    by_option = govcrawl("digest", "--archive", crawled, cwd=tmp_path)
    by_environment = govcrawl("digest", cwd=tmp_path, env={**os.environ, "GOVCRAWL_ARCHIVE": str(crawled)})

    assert by_option.returncode == by_environment.returncode == 0
    assert by_option.stdout == by_environment.stdout
    assert len(by_option.stdout.strip()) == 64


def test_rebuild_then_verify(govcrawl, archive_copy: Path):
    (archive_copy / "govcrawl.db").unlink()

    rebuilt = govcrawl("rebuild", "--archive", archive_copy)
    verified = govcrawl("verify", "--archive", archive_copy)

    assert (rebuilt.returncode, verified.returncode) == (0, 0)
    assert verified.stdout == ""


def test_coverage_formats(govcrawl, crawled: Path):
    done = govcrawl("coverage", "--archive", crawled, "--format", "json", "--year", "2023", "--as-of", "2024-06-01")

    assert done.returncode == 0
    assert {row["year"] for row in json.loads(done.stdout)} == {2023}


def test_a_wrong_day_in_the_environment_is_refused(govcrawl, crawled: Path):
    done = govcrawl("coverage", "--archive", crawled, env={**os.environ, "GOVCRAWL_TODAY": "yesterday"})

    assert done.returncode == 2
    assert "GOVCRAWL_TODAY=yesterday" in done.stderr


def test_init_makes_a_folder_to_work_in_and_overwrites_nothing(govcrawl, tmp_path: Path):
    first = govcrawl("init", tmp_path / "work")
    (tmp_path / "work" / "scrapy.cfg").write_text("mine", encoding="utf-8")
    second = govcrawl("init", tmp_path / "work")

    assert (first.returncode, second.returncode) == (0, 0)
    assert (tmp_path / "work" / "archive").is_dir()
    assert (tmp_path / "work" / "scrapy.cfg").read_text(encoding="utf-8") == "mine"
    assert second.stdout == ""


def test_init_where_nothing_may_be_made_is_refused(govcrawl, tmp_path: Path):
    (tmp_path / "file").write_text("", encoding="utf-8")

    done = govcrawl("init", tmp_path / "file" / "work")

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_the_wheel_works_outside_the_repository(tmp_path: Path):
    work, installed, tree = tmp_path / "work", tmp_path / "installed", tmp_path / "tree"
    work.mkdir()
    shutil.copytree(ROOT / "govcrawl", tree / "govcrawl", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tree)
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}

    def run(*command: object) -> str:
        arguments = [str(part) for part in command]
        done = subprocess.run(
            arguments, cwd=work, env=environment, capture_output=True, text=True, timeout=600, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, tree)
    run(sys.executable, "-m", "pip", "install", "--no-deps", "--target", installed, *tmp_path.glob("*.whl"))
    run(installed / "bin" / "govcrawl", "init", ".")
    found = run(sys.executable, "-c", "import govcrawl; print(govcrawl.__file__)")
    listed = run(sys.executable, "-m", "scrapy", "list")

    assert found.startswith(str(installed))
    assert {"zhejiang", "hubei"} <= set(listed.split())


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder of real reports is not beside the project")
def test_real_reports_are_read_as_people_read_them():
    command = (str(SHARED / "check_seeds.py"), sys.executable, "-c", "from govcrawl.cli import main; main()", "parse")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)

    assert done.returncode == 0, done.stdout
    assert done.stdout.count(" 0 wrong numbers, 0 other differences") == 2
