"""What a user gets for a call that cannot work: one line, exit code 2, and no traceback."""

import subprocess
import sys

import pytest
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from govcrawl import portals
from govcrawl.crawl.commands.crawl import check_usage
from govcrawl.crawl.run_modes import NUMERIC_SETTINGS, check_numbers
from govcrawl.errors import UsageError

from .conftest import Crawls


@pytest.fixture
def settings(monkeypatch) -> Settings:
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "govcrawl.settings")
    return get_project_settings()


@pytest.mark.parametrize(
    ("spider", "arguments", "told"),
    [
        ("atlantis", {}, "there are: anhui, beijing, .*zhejiang$"),
        ("zhejiang", {"portal": "990000"}, "no portal '990000'"),
        ("zhejiang", {"portal": "420200"}, "no portal '420200'"),
        ("zhejiang", {"year": "1999"}, "1999 is no report year"),
        ("zhejiang", {"years": "2023"}, "unknown argument years"),
    ],
)
def test_what_does_not_exist_is_named_with_what_does(settings, spider, arguments, told):
    with pytest.raises(UsageError, match=told):
        check_usage(settings, [spider], arguments)


@pytest.mark.parametrize("name", NUMERIC_SETTINGS)
@pytest.mark.parametrize("value", ["abc", "", "-1", "inf", "nan", "9" * 400, "1;2", None, "0", "2.5", 30])
def test_a_setting_that_has_to_be_a_number_is_one_or_is_named(name: str, value: object):
    settings = Settings({name: value})

    if value in {None, "0", "2.5", 30}:
        check_numbers(settings)
    else:
        with pytest.raises(UsageError, match=f"{name}={value}: give a number, 0 or more"):
            check_numbers(settings)


@pytest.mark.parametrize(
    ("spider", "arguments"),
    [
        ("atlantis", ()),
        ("zhejiang", ("-s", "GOVCRAWL_ARCHIVE=nowhere")),
        ("zhejiang", ("-s", "GOVCRAWL_ARCHIVE=/proc")),
        ("zhejiang", ("-s", "GOVCRAWL_REPLICA=http://127.0.0.1:1")),
        ("zhejiang", ("-s", "GOVCRAWL_REPLICA=")),
        ("zhejiang", ("-s", "GOVCRAWL_REPLICA=", "-s", "GOVCRAWL_PATIENCE=abc")),
    ],
)
def test_a_wrong_call_ends_with_one_line_and_exit_code_2(tmp_path, spider, arguments):
    ended = Crawls(tmp_path).run(*arguments, spider=spider)

    assert ended.code == 2
    assert ended.log.startswith("govcrawl: ")
    assert ended.log.count("\n") == 1


def test_scrapy_lists_the_provinces(tmp_path):
    folder = Crawls(tmp_path).folder
    command = [sys.executable, "-m", "scrapy", "list"]
    listed = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)

    assert set(listed.stdout.split()) == set(portals.load_registry().provinces)
