"""The commands as a user meets them: what they print, where, and with which exit code."""

from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        (("list", "--province", "ningxia"), "id      name            host"),
        (("explain", "330110"), "330110 余杭区, county, in zhejiang.toml"),
        (("new", "https://czj.hangzhou.gov.cn/"), "# into zhejiang.toml; to fill in:"),
    ],
)
def test_a_command_prints_what_it_is_asked_for(govcrawl, arguments: tuple[str, ...], first: str):
    done = govcrawl("portals", *arguments)

    assert done.returncode == 0
    assert done.stdout.splitlines()[0].startswith(first)
    assert done.stderr == ""


def test_the_registry_of_the_package_passes_its_check(govcrawl):
    done = govcrawl("portals", "check")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "no faults\n")


def test_faults_are_listed_one_a_line_and_the_exit_code_is_2(govcrawl, tmp_path: Path):
    (tmp_path / "qinghai.toml").write_text('code = "630000"\n[portals]\n630000 = {}\n', encoding="utf-8")

    done = govcrawl("portals", "check", tmp_path / "qinghai.toml")

    assert done.returncode == 2
    assert done.stdout.splitlines()[0] == "qinghai.toml: 630000: name is missing"
    assert done.stderr == f"{len(done.stdout.splitlines())} faults\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "--province", "atlantis"),
        ("list", "--platform", "wordpress"),
        ("explain", "330199"),
        ("new", "https://www.yuhang.com/"),
        ("check", "none.toml"),
    ],
)
def test_what_does_not_exist_costs_one_line_and_exit_2(govcrawl, tmp_path: Path, arguments: tuple[str, ...]):
    done = govcrawl("portals", *arguments, cwd=tmp_path)

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""
