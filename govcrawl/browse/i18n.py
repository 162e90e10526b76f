"""The messages of the pages in every language, from `messages.toml`, and the choice of a reader's language."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

LANGUAGES = ("zh", "en")
"""The languages of `messages.toml`; the first is the default."""

_ACCEPTED = re.compile(r"\s*([a-zA-Z]{2,3})(?:-[\w-]*)?\s*(?:;\s*q=([\d.]{1,5}))?\s*")


@cache
def load_messages() -> Mapping[str, Mapping[str, str]]:
    """`language → key → message`; a key is `<table>.<name>` of the file."""
    tables = tomllib.loads(resources.files("govcrawl.browse").joinpath("messages.toml").read_text(encoding="utf-8"))
    entries = {f"{table}.{name}": entry for table, names in tables.items() for name, entry in names.items()}
    return {language: {key: entry[language] for key, entry in entries.items()} for language in LANGUAGES}


def preferred_language(chosen: str | None, accepted: str) -> str:
    """The language chosen, else the best one that the Accept-Language header names, else the default."""
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


def translate(language: str, key: str, **values: object) -> str:
    """The message of a key with `values` filled in; KeyError for an unknown key."""
    return load_messages()[language][key].format(**values)


def term(language: str, group: str, word: object) -> str:
    """The name of a word of a closed list; the word itself where the file does not name it, nothing for None."""
    return "" if word is None else load_messages()[language].get(f"{group}.{word}", str(word))
