"""The commands as a user meets them: what they print, where, and with which exit code."""

import re
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        (("list", "--province", "ningxia"), "id      name            host"),
        (("explain", "330110"), "330110 余杭区, county, in zhejiang.toml"),
        (("explain", "https://www.yuhang.gov.cn/a"), "https://www.yuhang.gov.cn/a"),
        (("new", "https://czj.hangzhou.gov.cn/"), "# into portals/zhejiang.toml; to fill in:"),
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
    lines = '[portals]\n630000 = { level = "town" }\n639999 = {}\n'
    (tmp_path / "qinghai.toml").write_text(lines, encoding="utf-8")

    done = govcrawl("portals", "check", tmp_path / "qinghai.toml")

    assert done.returncode == 2
    assert done.stdout.splitlines()[0].startswith("qinghai.toml: 630000: level: 'town' is not one of")
    assert done.stdout.splitlines()[1] == "qinghai.toml: 639999: name is missing"
    assert done.stderr == f"{len(done.stdout.splitlines())} faults\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "--province", "atlantis"),
        ("list", "--platform", "wordpress"),
        ("explain", "330199"),
        ("explain", "ftp://www.zj.gov.cn/"),
        ("allow", "a.hd.gov.cn"),
        ("allow", "www.example.com"),
        ("check", "--sample", "none.txt"),
        ("new", "https://www.yuhang.com/"),
        ("check", "none.toml"),
    ],
)
def test_what_does_not_exist_costs_one_line_and_exit_2(govcrawl, tmp_path: Path, arguments: tuple[str, ...]):
    done = govcrawl("portals", *arguments, cwd=tmp_path)

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1 + ("--sample" in arguments)
    assert done.stdout == ""


def test_the_example_of_the_readme_passes_the_check_as_a_file_of_the_overlay(govcrawl, tmp_path: Path):
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)
    assert govcrawl("init", tmp_path).returncode == 0
    (tmp_path / "portals").mkdir()
    (tmp_path / "portals" / "zhejiang.toml").write_text(example, "utf-8")

    done = govcrawl("portals", "check", cwd=tmp_path)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "no faults\n")


def test_the_overlay_beside_scrapy_cfg_is_checked_explained_and_written(govcrawl, tmp_path: Path):
    govcrawl("init", tmp_path)
    allowed = govcrawl("portals", "allow", "https://a.hd.gov.cn/nb/", cwd=tmp_path)
    file = tmp_path / "portals" / "hebei.toml"

    assert allowed.stdout == f'{file}: 130400 = {{ more_hosts = ["a.hd.gov.cn"] }}\n'
    assert "more hosts a.hd.gov.cn" in govcrawl("portals", "explain", "130400", cwd=tmp_path).stdout
    assert "yes: an entry lists" in govcrawl("portals", "explain", "a.hd.gov.cn", cwd=tmp_path).stdout
    assert govcrawl("portals", "new", "http://a.hd.gov.cn/", cwd=tmp_path).returncode == 2

    file.write_text(file.read_text("utf-8").replace("more_hosts", "colour"), "utf-8")
    checked = govcrawl("portals", "check", cwd=tmp_path)
    assert (checked.returncode, checked.stderr) == (2, "1 fault\n")
    assert checked.stdout == "portals/hebei.toml: 130400: unknown field 'colour'\n"
    assert govcrawl("portals", "check", file, cwd=tmp_path).stdout == "hebei.toml: 130400: unknown field 'colour'\n"
