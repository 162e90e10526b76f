"""A folder to work in without the repository, as `govcrawl init` creates it."""

from pathlib import Path

from govcrawl.errors import UsageError

SCRAPY_CFG = "[settings]\ndefault = govcrawl.settings\n# scrapy crawl zhejiang -a year=2024\n"


def make_workspace(folder: Path) -> tuple[Path, ...]:
    """Creates `scrapy.cfg` and `archive/` in `folder` where missing; returns the paths created.

    Raises UsageError if the folder cannot be created or written.
    """
    config, archive = folder / "scrapy.cfg", folder / "archive"
    made = [path for path in (config, archive) if not path.exists()]
    try:
        archive.mkdir(parents=True, exist_ok=True)
        if config in made:
            config.write_text(SCRAPY_CFG, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror}; name a folder you may write to") from error
    return tuple(made)
