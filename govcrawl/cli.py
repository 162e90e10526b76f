"""The `govcrawl` commands, thin: each reads its options, calls one function and prints what it says.

Every command that touches an archive takes `--archive DIR`, else `GOVCRAWL_ARCHIVE`, else `archive/`. Expected errors
are one line on stderr and the exit code of their class; a traceback is a bug.
"""

import json
import sys
from pathlib import Path
from typing import Any

import click

from govcrawl import __version__
from govcrawl.errors import GovcrawlError, InputError

ARCHIVE = click.option(
    "--archive",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="GOVCRAWL_ARCHIVE",
    default="archive",
    show_default=True,
    help="The archive folder; also GOVCRAWL_ARCHIVE.",
)


class Commands(click.Group):
    """A command group that turns expected errors into one line and their exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the chosen command; a GovcrawlError ends the process with its own exit code."""
        try:
            return super().invoke(ctx)
        except GovcrawlError as error:
            click.echo(f"govcrawl: {error}", err=True)
            ctx.exit(error.exit_code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="govcrawl")
def main() -> None:
    """China's annual reports on open government information: crawled, archived, checked."""


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def init(folder: Path) -> None:
    """Make FOLDER a place to work in: a scrapy.cfg and an empty archive/."""
    from govcrawl.workspace import make_workspace

    for path in make_workspace(folder):
        click.echo(path)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--url", help="The address the page was published at, where it is known.")
def parse(paths: tuple[Path, ...], url: str | None) -> None:
    """Read files and print one JSON object a line, in the order given. No network, no database."""
    from govcrawl.reading import read_file
    from govcrawl.reading_json import reading_json

    unreadable = 0
    for path in paths:
        try:
            line = json.dumps(reading_json(read_file(path, url), str(path)), ensure_ascii=False)
        except InputError as error:
            click.echo(f"govcrawl: {error}", err=True)
            unreadable += 1
        else:
            sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()
    if unreadable:
        raise SystemExit(InputError.exit_code)
