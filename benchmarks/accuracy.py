"""How right the readers are on the gold set, by form and by layout: `python benchmarks/accuracy.py > docs/accuracy.md`.

A cell is right where value or status are those the page was made of, wrong where a number is given that is not, and
missing where nothing is read though the page has it. The interval is that of Wilson for the share of wrong cells.
"""

import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from govcrawl.pages import read_page
from govcrawl.reports import forms, read_report
from govcrawl.vocabulary import Status

GOLD = Path(__file__).parents[1] / "tests" / "fixtures" / "reports"
Z = 1.96


def cells(folder: Path) -> Iterator[tuple[str, str]]:
    """`(form, verdict)` of every cell of a case; the verdict is `right`, `wrong` or `missing`."""
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    file = next(folder.glob("input.*"))
    media_type = "text/html" if file.suffix == ".html" else "text/plain"
    facts = {(f.table, f.row, f.column): f for f in read_report(read_page(file.read_bytes(), media_type)).facts}
    for table, form in expected["forms"].items():
        told = {row: iter(values) for row, values in expected["facts"][table].items()}
        for item in forms.load()[form].items_of(table):
            wanted, fact = next(told[item.row]), facts.get(item.at)
            got = None if fact is None else fact.value if fact.status is Status.NUMBER else str(fact.status)
            number = fact is not None and fact.status is Status.NUMBER
            yield form, "right" if got == wanted else "wrong" if number else "missing"


def interval(wrong: int, count: int) -> str:
    """The 95 % interval of a share, in percent."""
    share = wrong / count
    middle, spread = (
        share + Z * Z / (2 * count),
        Z * math.sqrt(share * (1 - share) / count + Z * Z / (4 * count * count)),
    )
    low, high = ((middle + sign * spread) / (1 + Z * Z / count) for sign in (-1, 1))
    return f"{100 * max(low, 0):.3f}–{100 * high:.3f} %"


def main() -> None:
    """Print the page."""
    tallies: dict[str, dict[str, Counter[str]]] = {"form": defaultdict(Counter), "layout": defaultdict(Counter)}
    for folder in sorted(GOLD.iterdir()):
        for form, verdict in cells(folder):
            tallies["form"][form][verdict] += 1
            tallies["layout"]["-".join(folder.name.split("-")[:2])][verdict] += 1
    lines = [
        "# Accuracy on the gold set",
        "",
        "Printed by `python benchmarks/accuracy.py`; the set is `tests/fixtures/reports/`.",
    ]
    for name, rows in tallies.items():
        lines += [
            "",
            f"| {name} | cells | right | wrong | missing | wrong, 95 % interval |",
            "|---|---|---|---|---|---|",
        ]
        for key, tally in [*sorted(rows.items()), ("all", sum(rows.values(), Counter()))]:
            count = tally.total()
            counts = " | ".join(str(tally[verdict]) for verdict in ("right", "wrong", "missing"))
            lines.append(f"| {key} | {count} | {counts} | {interval(tally['wrong'], count)} |")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
