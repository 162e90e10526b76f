"""Messages: both languages have all of them, and the language of a reader is understood."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from govcrawl import forms, vocabulary
from govcrawl.browse import i18n
from govcrawl.browse.i18n import LANGUAGES, load_messages, preferred_language, term
from govcrawl.browse.routes import BROWSE_PAGES

TEMPLATES = Path(i18n.__file__).parent / "plugin" / "templates" / "govcrawl"
SHOWN = {
    "status": vocabulary.Status,
    "check_outcome": vocabulary.CheckOutcome,
    "claim_outcome": vocabulary.ClaimOutcome,
    "severity": vocabulary.Severity,
    "scope": vocabulary.Scope,
    "decision": vocabulary.Decision,
    "issue_kind": vocabulary.IssueKind,
    "wall": vocabulary.Wall,
}


def test_both_languages_say_the_same_things():
    chinese, english = (load_messages()[language] for language in LANGUAGES)

    assert list(chinese) == list(english)
    assert all(chinese.values())
    assert all(english.values())
    for key, text in chinese.items():
        assert set(re.findall(r"\{(\w+)\}", text)) == set(re.findall(r"\{(\w+)\}", english[key])), key


@pytest.mark.parametrize("group", SHOWN)
def test_every_word_of_a_closed_list_has_a_name(group: str):
    listed: type[StrEnum] = SHOWN[group]

    assert [word for word in listed if f"{group}.{word}" not in load_messages()["en"]] == []


def test_every_form_has_a_name():
    assert [form for form in forms.load_forms() if f"form.{form}" not in load_messages()["zh"]] == []


def test_templates_use_words_that_are_there():
    known = load_messages()["zh"]
    used = {
        (path.name, key)
        for path in TEMPLATES.glob("*.html")
        for key in re.findall(r"""\bt\(\s*["']([\w.]+)["']\s*[,)]""", path.read_text(encoding="utf-8"))
    }

    assert len(used) > 30
    assert {(name, key) for name, key in used if key not in known} == set()
    assert {page.name for page in BROWSE_PAGES if f"{page.name}.title" not in known} == set()


@pytest.mark.parametrize(
    ("chosen", "accepted", "language"),
    [
        ("en", "zh-CN", "en"),
        (None, "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        (None, "fr-FR, en-US;q=0.7, zh;q=0.3", "en"),
        (None, "en;q=0.2, zh;q=0.9", "zh"),
        ("fr", "", "zh"),
        (None, "de", "zh"),
        (None, "en;q=....., zh", "zh"),
        (None, ";;;,,,", "zh"),
    ],
)
def test_the_language_a_reader_wants(chosen: str | None, accepted: str, language: str):
    assert preferred_language(chosen, accepted) == language


def test_a_word_nobody_named_is_printed_as_it_is():
    assert term("zh", "issue_kind", "brand_new") == "brand_new"
    assert term("en", "status", None) == ""
