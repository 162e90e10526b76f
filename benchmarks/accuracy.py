"""How right the readers are: `python -m benchmarks.accuracy > docs/accuracy.md`.

Cells are those of the gold set, by form and by layout; identity is that of pages made of habits of writing. A cell is
right where its value or its status is what the page was made of, wrong where a number is given that is not, and missing
where nothing is read though the page has it. A test holds that none of the printed counts gets worse.
"""

import json
import math
import re
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

from govcrawl import forms
from govcrawl.pages.page_reader import read_page
from govcrawl.reports import read_report
from govcrawl.titles import scope_of
from govcrawl.vocabulary import Status

GOLD = Path(__file__).parents[1] / "tests" / "fixtures" / "reports"
HABITS = GOLD.parent / "openings" / "habits.toml"
VERDICTS = ("right", "wrong", "missing")
Z = 1.96
"""Standard deviations to either side of the middle that hold 95 %."""
HEAD = """# Accuracy on the gold set

Printed by `python -m benchmarks.accuracy`; the set is `tests/fixtures/reports/`, a folder a case. A cell is wrong
where a number is given that the page does not say, missing where nothing is read though the page says it; what the page
itself leaves open is right when it is left open. Intervals hold the true share with 95 %: Wilson's, and where nothing
was found the rule of three (at most 3 / cells).
"""
IDENTITY = """
Identity: pages made of every title, publisher, organ and habit of opening a report of `tests/fixtures/openings/`. Most
of what is missing is not on the page: half of them have no publisher, and the titles name an organ or a year, or none.
"""
YEAR = 2017


def cells(folder: Path) -> Iterator[tuple[str, str]]:
    """`(form, verdict)` of every cell of a case."""
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    file = next(folder.glob("input.*"))
    media_type = "text/html" if file.suffix == ".html" else "text/plain"
    facts = {(f.table, f.row, f.column): f for f in read_report(read_page(file.read_bytes(), media_type)).facts}
    for table, form in expected["forms"].items():
        told = {row: iter(values) for row, values in expected["facts"][table].items()}
        for item in forms.load_forms()[form].items_of(table):
            wanted, fact = next(told[item.row]), facts.get(item.at)
            number = fact is not None and fact.status is Status.NUMBER
            got = None if fact is None else fact.value if number else str(fact.status)
            yield form, "right" if got == wanted else "wrong" if number else "missing"


def identities() -> Iterator[tuple[str, str]]:
    """`(part, verdict)` of agency, year and scope of every page made of the habits of opening a report."""
    written = tomllib.loads(HABITS.read_text("utf-8"))
    for habit, title, organ in product(written["habits"], written["titles"], list(written["organs"])[::2]):
        told = {"organ": organ, "year": YEAR, "last": YEAR - 1, "next": YEAR + 1, "above": written["above"][0]}
        words = {"title": title.format(**told), "text": habit["text"].format(**told, pronoun=written["organs"][organ])}
        for publisher in ("", organ):
            page = (
                f"{words['title']}\n发布机构：{publisher}\n{words['text']}\n一、总体情况\n本年制发件数\n现行有效件数\n"
            )
            report = read_report(read_page(page.encode(), "text/plain")).report
            true = {"agency": organ, "year": YEAR, "scope": str(scope_of(organ))}
            for part, value in true.items():
                got = getattr(report, part)
                unknown = got is None or str(got) == "unknown"
                yield part, "right" if got == value else "missing" if unknown else "wrong"


def interval(found: int, count: int) -> str:
    """The share in percent that `found` of `count` speaks for."""
    if not found:
        return f"≤ {100 * min(1, 3 / count):.3f} %"
    share = found / count
    middle = share + Z * Z / (2 * count)
    spread = Z * math.sqrt(share * (1 - share) / count + Z * Z / (4 * count * count))
    low, high = (100 * (middle + sign * spread) / (1 + Z * Z / count) for sign in (-1, 1))
    return f"{low:.3f} – {high:.3f} %"


def layout_of(case: str) -> str:
    """The layout that a case shows: its name without the forms and the running number."""
    return re.sub(r"(?:-20\d\d)+(?:-\d)?$", "", case)


def table(name: str, rows: Mapping[str, Counter[str]], counted: str = "cells") -> Iterator[str]:
    """The lines of a table of counts; of cells, the sum last."""
    yield from (
        "",
        f"| {name} | {counted} | right | wrong | missing | wrong, 95 % | missing, 95 % |",
        f"|---{'|---' * 6}|",
    )
    whole = [("all", sum(rows.values(), Counter()))] if counted == "cells" else []
    for key, tally in [*sorted(rows.items()), *whole]:
        counts = " | ".join(str(tally[verdict]) for verdict in VERDICTS)
        shares = " | ".join(interval(tally[verdict], tally.total()) for verdict in VERDICTS[1:])
        yield f"| {key} | {tally.total()} | {counts} | {shares} |"


def main() -> None:
    """Print the page."""
    by_form: dict[str, Counter[str]] = defaultdict(Counter)
    by_layout: dict[str, Counter[str]] = defaultdict(Counter)
    for folder in sorted(GOLD.iterdir()):
        for form, verdict in cells(folder):
            by_form[form][verdict] += 1
            by_layout[layout_of(folder.name)][verdict] += 1
    by_part: dict[str, Counter[str]] = defaultdict(Counter)
    for part, verdict in identities():
        by_part[part][verdict] += 1
    told = (*table("form", by_form), *table("layout", by_layout), IDENTITY.rstrip(), *table("part", by_part, "pages"))
    sys.stdout.write("\n".join((HEAD.rstrip(), *told, "")))


if __name__ == "__main__":
    main()
