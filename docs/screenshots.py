"""Take the pictures of `docs/images`: every page of ours, in Chinese, as a reader sees it.

`python docs/screenshots.py ARCHIVE FOLDER` serves an archive, looks at it with Chromium and writes small PNG files.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SIZE = {"width": 1120, "height": 800}
PHONE = {"width": 390, "height": 800}
COLOURS = 96
"""Colours kept in a picture, so that it stays small."""

REPORT = "330100:杭州市人民政府/2023/government"
PAGES = {
    "home": "/",
    "coverage": "/?division=330604#map",
    "report": f"/-/report/{REPORT}#tables",
    "agency": "/-/agency/330100:杭州市人民政府",
    "compare": "/-/compare?year=2023#map",
    "search": "/-/search?q=诉讼",
    "issues": "/-/issues",
    "dictionary": "/-/dictionary",
    "about": "/-/about",
}
"""Picture → the address of its page."""

FOLLOWED = {
    "cell": (f"/-/report/{REPORT}", "#table-applications td.value a"),
    "capture": (f"/-/report/{REPORT}", "a[href*='/-/capture/']"),
    "diff": (f"/-/report/{REPORT}", "a[href*='/-/diff/']"),
}
"""Picture → a page, and the link on it that leads to the page shown."""


def main(archive: Path, folder: Path) -> None:
    """Take every picture."""
    folder.mkdir(parents=True, exist_ok=True)
    with serving(archive) as address, browser() as chromium:
        for name, path in PAGES.items():
            take(chromium, f"{address}{located(path)}", None, folder / f"{name}.png")
        for name, (path, link) in FOLLOWED.items():
            take(chromium, f"{address}{located(path)}", link, folder / f"{name}.png")
        take(chromium, f"{address}{located(PAGES['agency'])}", None, folder / "phone.png", PHONE)


def located(path: str) -> str:
    """A path as it stands in an address."""
    return quote(path, safe="/:?&=#")


def take(chromium: Browser, address: str, link: str | None, path: Path, size: dict[str, int] | None = None) -> None:
    """A picture of the page at an address, or of the one that the first link of a kind on it leads to."""
    page = chromium.new_page(locale="zh-CN", viewport=size or SIZE, color_scheme="light")
    page.goto(address)
    if link:
        page.locator(link).first.click()
        page.wait_for_load_state()
    if page.locator("iframe").count():  # a frame that is loaded lazily holds nothing up
        page.frame_locator("iframe").first.locator("table").first.wait_for()
    picture = Image.open(BytesIO(page.screenshot()))
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    page.close()
    print(f"{path}: {path.stat().st_size // 1024} KB")


@contextmanager
def serving(archive: Path) -> Iterator[str]:
    """The address at which `govcrawl serve` shows an archive."""
    main_of = "from govcrawl.cli import main; main()"
    command = (sys.executable, "-c", main_of, "serve", "--port", "0", "--archive", str(archive))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip().rstrip("/")
        finally:
            process.terminate()


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        sys.exit("no Chromium on this machine: `make browser` installs one")
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
