"""PDF files: what a browser prints of a gold report must read as the report itself, with a box for every figure."""

import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pdfplumber
import pytest

from govcrawl.errors import InputError
from govcrawl.models import Box
from govcrawl.reading import read_file
from govcrawl.zh import raw

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CASES = ("labels-spaced-2021", "groups-twice-2019")
OWN = "the page's own"
STYLES = {
    OWN: "",
    "small": "font-size: 9px",
    "large": "font-size: 21px",
    "Zen Hei": 'font-family: "WenQuanYi Zen Hei"',
    "Micro Hei": 'font-family: "WenQuanYi Micro Hei"',
    "UMing": 'font-family: "AR PL UMing CN"',
}
"""Sizes and fonts that all of a page is printed in: with each, labels wrap and pages end at other places.

For a font that is not installed the browser takes another one, and the page must read the same.
"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Prints a page as PDF in a style; the tests are skipped where there is no browser."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        pytest.skip("no Chromium on this machine: `make browser` installs it")
    folder = tmp_path_factory.mktemp("printed")

    @cache
    def run(page: Path, style: str = OWN) -> Path:
        styled = folder / f"{page.parent.name}, {style}.html"
        styled.write_bytes(page.read_bytes() + f"<style>* {{ {STYLES[style]} }}</style>".encode())
        target = styled.with_suffix(".pdf")
        options = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer")
        quiet = ("--disable-background-networking", "--disable-component-update", "--disable-sync")
        command = (browser, *options, *quiet, f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}")
        subprocess.run((*command, styled.as_uri()), check=True, capture_output=True, timeout=600)
        return target

    return run


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("case", CASES)
def test_a_printed_report_reads_as_the_page_it_was_printed_from(case, style, printed, gold_page, figures):
    page = gold_page(case)

    reading, original = read_file(printed(page, style)), read_file(page)

    assert figures(reading) == figures(original)
    assert reading.report == original.report
    assert [section.key for section in reading.sections] == [section.key for section in original.sections]
    assert (reading.media_type, reading.encoding) == ("application/pdf", "binary")


def test_each_figure_is_in_its_box(printed, gold_page):
    file = printed(gold_page(CASES[0]))
    facts = [fact for fact in read_file(file).facts if fact.status == "number"]

    with pdfplumber.open(file) as pages:
        shown = [_text_in(pages, fact.locator) for fact in facts]

    assert shown == [fact.raw for fact in facts]
    assert {fact.locator.page for fact in facts} == {1, 2}, "the report is meant to go on on a second page"


def _text_in(pages: pdfplumber.PDF, box: Box) -> str:
    left, top, right, bottom = box.bbox
    page = pages.pages[box.page - 1]
    return raw(
        page.filter(lambda char: left <= _middle(char)[0] < right and top <= _middle(char)[1] < bottom).extract_text()
    )


def _middle(char: dict[str, float]) -> tuple[float, float]:
    return (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2


@pytest.mark.parametrize("body", [b"%PDF-1.7", b"%PDF-1.4\n" + b"\0" * 500, b"%PDF-1.7\n1 0 obj <</Type/Catalog>>"])
def test_a_damaged_file_is_refused_in_one_line(body, tmp_path):
    file = tmp_path / "damaged.pdf"
    file.write_bytes(body + b"\n%%EOF")

    with pytest.raises(InputError, match=r"damaged\.pdf: file not read: a damaged or locked PDF") as refused:
        read_file(file)

    assert "\n" not in str(refused.value)


def test_every_cut_of_a_file_is_refused(printed, gold_page, tmp_path):
    whole = printed(gold_page(CASES[1])).read_bytes()
    file = tmp_path / "cut.pdf"
    for length in range(len(whole) // 12, len(whole) - 2048, len(whole) // 12):
        file.write_bytes(whole[:length])
        with pytest.raises(InputError, match="the file ends before its end mark"):
            read_file(file)
