"""The words of the pages in every language, from `words.toml`, and which language a reader wants."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

LANGUAGES = ("zh", "en")
"""The languages of `words.toml`; the first is that of readers who ask for none of them."""

_ACCEPTED = re.compile(r"\s*([a-zA-Z]{2,3})(?:-[\w-]*)?\s*(?:;\s*q=([\d.]{1,5}))?\s*")


@cache
def load() -> Mapping[str, Mapping[str, str]]:
    """`language → key → words`; a key is `<table>.<name>` of the file."""
    tables = tomllib.loads(resources.files("govcrawl.browse").joinpath("words.toml").read_text(encoding="utf-8"))
    entries = {f"{table}.{name}": entry for table, names in tables.items() for name, entry in names.items()}
    return {language: {key: entry[language] for key, entry in entries.items()} for language in LANGUAGES}


def preferred(chosen: str | None, accepted: str) -> str:
    """The language to answer in: the one chosen, else the best that the Accept-Language header names, else Chinese."""
    if chosen in LANGUAGES:
        return chosen
    found = [match for part in accepted.split(",") if (match := _ACCEPTED.fullmatch(part))]
    ranked = sorted(found, key=lambda match: -_quality(match[2]))
    return next((match[1].lower() for match in ranked if match[1].lower() in LANGUAGES), LANGUAGES[0])


def _quality(text: str | None) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 0.0


def words(language: str, key: str, **values: object) -> str:
    """The words of a key with `values` in their places; KeyError where the file has none."""
    return load()[language][key].format(**values)


def name_of(language: str, group: str, word: object) -> str:
    """What a word of a closed list is called; the word itself where the file does not name it, nothing for None."""
    return "" if word is None else load()[language].get(f"{group}.{word}", str(word))
