"""What the documentation says is so: generated pages are current, and every command and file it names exists."""

import re
from pathlib import Path

import pytest

from govcrawl.cli import main
from govcrawl.generated_docs import pages

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "archive" / "README.md",
    *(ROOT / "docs").glob("*.md"),
]


@pytest.mark.parametrize("name", sorted(pages()))
def test_generated_pages_are_current(name: str):
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == pages()[name], "run `make docs`"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_name_only_commands_and_files_that_exist(path: Path):
    text = path.read_text(encoding="utf-8")
    commands = set(re.findall(r"(?:^    |`)govcrawl ([a-z][a-z-]+)", text, re.MULTILINE))
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    made = set(re.findall(r"(?:^    |`)make ([a-z]+)", text, re.MULTILINE))
    linked = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)

    assert commands <= set(main.commands)
    assert made <= targets
    assert all((path.parent / link).exists() for link in linked)


def test_every_command_has_help():
    assert all(command.help for command in main.commands.values())
