"""Reads pages of a form of a coming year. Run in a copy of the program that has the form's file and no other change."""

import json
import random
import sys

import layouts
from case import figures_for, forms_of
from layouts import Style

from govcrawl.pages.page_reader import read_page
from govcrawl.reports import read_report
from govcrawl.vocabulary import Status

LAYOUTS = ("html", "lines", "pipes", "touching")


def answers():
    """For each pair of forms and each layout: the forms read, and the places that are not as printed."""
    for pair in json.loads(sys.argv[1]):
        for how in LAYOUTS:
            rng = random.Random(f"{pair}{how}")
            figures, of = figures_for(tuple(pair), rng), forms_of(tuple(pair))
            make = layouts.html if how == "html" else layouts.text
            page = make(of, figures, Style(), *(() if how == "html" else (how,)), rng)
            reading = read_report(read_page(page.replace("2023", "2027").encode()))
            facts = {(fact.table, fact.row, fact.column): fact for fact in reading.facts}
            bad = [".".join(place) for place, text in figures.items() if not _is_read(facts.get(place), text)]
            found = {fact.table: fact.form for fact in reading.facts}
            kinds = sorted({issue.kind for issue in reading.issues})
            yield {"pair": pair, "how": how, "forms": found, "form": reading.report.form, "bad": bad, "issues": kinds}


def _is_read(fact, text):
    return fact is not None and fact.status is Status.NUMBER and fact.value == float(text)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(list(answers()), ensure_ascii=False))
