"""A form of a coming year is its TOML file and nothing else: it is read, and the forms before it are read as before."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import govcrawl

TESTS = Path(__file__).parents[1]
PACKAGE = Path(govcrawl.__file__).parent
CHANGES = (
    ('key = "f2021"', 'key = "f2027"'),
    ("first_year = 2021", "first_year = 2027"),
    ("number_base = 1000", "number_base = 5000"),
    ("国办公开办函〔2021〕30号", "国办公开办函〔2027〕1号"),
    (
        '    { key = "repealed"',
        '    { key = "interpreted", label = "本年解读件数", unit = "件" },\n    { key = "repealed"',
    ),
    ("numeric_cells = 10", "numeric_cells = 12"),
    (
        '    { key = "otherwise_other"',
        (
            '    { key = "otherwise_withdrawn", label = "3.申请人撤回申请", parent = "otherwise_handled" },\n'
            '    { key = "otherwise_other"'
        ),
    ),
    ('label = "3.其他", variants = ["3.其它"]', 'label = "4.其他", variants = ["4.其它"]'),
    ("numeric_cells = 175", "numeric_cells = 182"),
    ('    "otherwise_other",\n]', '    "otherwise_withdrawn",\n    "otherwise_other",\n]'),
)
PAIRS = [("f2027", "f2027"), ("f2021", "f2021"), ("f2019", "f2019"), ("f2027", "f2021"), ("f2021", "f2027")]


def coming_form():
    """The form of 2027: another column in the first table, another row in the second."""
    text = (PACKAGE / "forms" / "f2021.toml").read_text("utf-8")
    for old, new in CHANGES:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    home = tmp_path_factory.mktemp("program")
    unused = shutil.ignore_patterns("__pycache__", "*.so", "replica", "browse")
    shutil.copytree(PACKAGE, home / "govcrawl", ignore=unused)
    (home / "govcrawl" / "forms" / "f2027.toml").write_text(coming_form(), "utf-8")
    path = os.pathsep.join((str(home), str(TESTS / "reports")))
    call = [sys.executable, str(Path(__file__).with_name("coming_form.py")), json.dumps(PAIRS)]
    done = subprocess.run(
        call, cwd=home, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_each_table_has_its_own_form(answers):
    told = {(*each["pair"], each["how"]): (each["forms"], each["form"]) for each in answers}
    wanted = {key: ({"proactive": key[0], "applications": key[1], "review_litigation": key[1]}, key[1]) for key in told}
    assert len(told) == len(PAIRS) * 4
    assert told == wanted


def test_every_figure_is_read(answers):
    assert {(*each["pair"], each["how"]): each["bad"] for each in answers if each["bad"]} == {}


def test_only_pages_of_two_forms_are_called_mixed(answers):
    mixed = {tuple(each["pair"]) for each in answers if "mixed_forms" in each["issues"]}
    assert mixed == {("f2027", "f2021"), ("f2021", "f2027")}


def test_no_module_names_a_form():
    """The forms' own keys stand in their files. A fixture's name in a comment names no form to the program."""
    keys = [file.stem for file in (PACKAGE / "forms").glob("f*.toml")]
    assert len(keys) >= 4
    for module in (*(PACKAGE / "reports").glob("*.py"), *(PACKAGE / "forms").glob("*.py")):
        text = module.read_text("utf-8")
        assert [key for key in keys if f'"{key}"' in text or f"'{key}'" in text] == [], module
