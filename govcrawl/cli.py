"""The `govcrawl` commands. Each reads its options, calls one function and prints the result.

Every command that uses an archive takes `--archive DIR`, else `GOVCRAWL_ARCHIVE`, else `archive/`. An expected error is
one line on stderr and the exit code of its class; a traceback is a bug.
"""

import codecs
import json
import os
import shlex
import sys
from collections.abc import Iterable
from datetime import datetime
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

import click

from govcrawl import __version__
from govcrawl.durable_files import DISK_ERRORS, missing_calls, not_written
from govcrawl.errors import ArchiveError, GovcrawlError, InputError, RegistryError
from govcrawl.terminal import escaped, escaped_lines, say, say_json


def _where_archives_work(_context: click.Context, _option: click.Parameter, archive: Path) -> Path:
    if missing := missing_calls():
        raise ArchiveError(f"archive {archive}: {missing}")
    return archive


ARCHIVE = click.option(
    "--archive",
    callback=_where_archives_work,
    type=click.Path(path_type=Path, file_okay=False),
    envvar="GOVCRAWL_ARCHIVE",
    default="archive",
    show_default=True,
    help="The archive folder; also GOVCRAWL_ARCHIVE.",
)


class Commands(click.Group):
    """A command group that prints an expected error as one line, or a wrong call's usage, and exits with its code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the chosen command; a GovcrawlError ends the process with its exit code."""
        try:
            done = super().invoke(ctx)
            sys.stdout.flush()
        except OSError as error:
            if error.errno not in DISK_ERRORS:
                raise
            _say_full(error)
            ctx.exit(1)
        except click.ClickException as error:
            _say_wrong_call(error)
            ctx.exit(error.exit_code)
        except GovcrawlError as error:
            say(f"govcrawl: {error}", error=True)
            ctx.exit(error.exit_code)
        return done


def _say_full(error: OSError) -> None:
    """Says that a disk refuses, which may be that of the output; what waits to be written there is given up."""
    say(f"govcrawl: {not_written(error.filename or 'output', error)}", error=True)
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say_wrong_call(error: click.ClickException) -> None:
    """Prints what click says of a call, the names in it as one line."""
    told, message = StringIO(), error.format_message()
    error.show(told)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        sys.stderr.write(told.getvalue())
    else:
        sys.stderr.write(escaped_lines(told.getvalue().replace(click.unstyle(message), escaped(message))))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="govcrawl")
def main() -> None:
    """China's annual reports on open government information: crawled, archived, checked."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            is_ascii = codecs.lookup(stream.encoding).name == "ascii"  # a locale that has no letter of what is printed
            stream.reconfigure(encoding="utf-8" if is_ascii else stream.encoding, errors="backslashreplace")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def init_command(folder: Path) -> None:
    """Create scrapy.cfg and an empty archive/ in FOLDER."""
    from govcrawl.workspace import make_workspace

    for path in make_workspace(folder):
        say(path)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--url", help="The address at which the page was published, if known.")
def parse_command(paths: tuple[Path, ...], url: str | None) -> None:
    """Read files and print one JSON object per line, in the order given. Uses no network and no database."""
    from govcrawl.publish.reading_json import reading_json
    from govcrawl.reading import read_file
    from govcrawl.reading_pool import ReadingPool

    unreadable = 0
    with ReadingPool() as pool:
        for path in paths:
            try:
                line = reading_json(read_file(path, url, pool), str(path))
            except InputError as error:
                say(f"govcrawl: {error}", error=True)
                unreadable += 1
            else:
                say_json(line)
    if unreadable:
        raise SystemExit(InputError.exit_code)


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port on loopback; 0 chooses a free one.")
@click.option(
    "--scenario", default="healthy", show_default=True, help="Faults that the portals show, separated by commas."
)
@click.option("--extra", type=click.Path(path_type=Path), help="A folder of HTML files to publish, with portal.json.")
@click.option("--day", type=click.IntRange(0), default=0, help="A later day: some reports edited, moved, removed, new.")
def replica_command(port: int, scenario: str, extra: Path | None, day: int) -> None:
    """Serve local test portals; the first line of stdout is the base address."""
    from govcrawl.replica import serve_replica

    serve_replica(port, scenario, extra, day)


@main.command()
@ARCHIVE
@click.option("--processes", type=click.IntRange(1), help="Number of reading processes; default: one per core.")
def rebuild_command(archive: Path, processes: int | None) -> None:
    """Rebuild the database from the archive's WARC files, and replace the old one."""
    from govcrawl.archive.layout import database_of
    from govcrawl.archive.projection import rebuild as rebuild_projection

    done = rebuild_projection(archive, processes, _show_progress)
    for problem in done.problems:
        say(f"govcrawl: {problem}", error=True)
    say(f"{database_of(archive)}: {done.arrivals} records read")
    if done.problems:
        raise SystemExit(1)


def _show_progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done / 1e6:,.1f} of {total / 1e6:,.1f} MB" + "\n" * (done == total))


@main.command()
@ARCHIVE
def digest_command(archive: Path) -> None:
    """Print the content digest, equal for databases with the same content, whatever their history."""
    from govcrawl.archive.layout import database_of
    from govcrawl.db.connection import read_database
    from govcrawl.db.digest import content_digest as digest_of

    with read_database(database_of(archive)) as connection:
        say(digest_of(connection))


@main.command()
@ARCHIVE
@click.option("--sample", type=click.IntRange(1), help="Check this many random records; default: all.")
@click.option("--manifest", "by_manifest", is_flag=True, help="Compare the records with the daily manifests instead.")
def verify_command(archive: Path, sample: int | None, by_manifest: bool) -> None:
    """Read every record, digest and fact locator again; list the faults and exit 1 if there are any."""
    from govcrawl.archive.manifests import manifest_differences
    from govcrawl.archive.verification import verify_archive

    if by_manifest and sample:
        raise click.UsageError("--sample goes without --manifest: a Merkle root stands for all captures of a day")
    _list_problems(archive, manifest_differences(archive) if by_manifest else verify_archive(archive, sample))


def _list_problems(archive: Path, lines: Iterable[object]) -> None:
    found = _listed(lines)
    say(f"{archive}: {found or 'no'} problem{'s' if found != 1 else ''}", error=True)
    if found:
        raise SystemExit(1)


def _listed(lines: Iterable[object]) -> int:
    """Prints lines as they come; returns their number."""
    found = 0
    for found, line in enumerate(lines, 1):  # noqa: B007 - the last number is the count
        say(line)
    return found


@main.command()
@ARCHIVE
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Only this day (UTC); default: every day with captures.")
def manifest_command(archive: Path, day: datetime | None) -> None:
    """Write each day's evidence manifest: its captures, and the Merkle root over them."""
    from govcrawl.archive.manifests import write_manifests

    written = write_manifests(archive, f"{day:%Y-%m-%d}" if day else None)
    for path in written.paths:
        say(path)
    if written.problems:
        _list_problems(archive, written.problems)


@main.command()
@ARCHIVE
@click.argument("capture_id")
def prove_command(archive: Path, capture_id: str) -> None:
    """Print the proof that a day's manifest contains a capture, as JSON."""
    from govcrawl.archive.manifests import prove as proof_of

    for line in json.dumps(proof_of(archive, capture_id), indent=1).split("\n"):
        say(line)


@main.command()
@ARCHIVE
@click.option("--province", help="Only this province, by its registry name (zhejiang).")
@click.option("--year", type=int, help="Only this report year.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The state as of this day; default: today.")
@click.option("--format", "style", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
def coverage_command(archive: Path, province: str | None, year: int | None, as_of: datetime | None, style: str) -> None:
    """Print the agency × year matrix, with a reason for every cell that is not ok."""
    from govcrawl.publish.coverage_report import write_coverage

    write_coverage(archive, province, year, as_of.date() if as_of else None, style, sys.stdout)


@main.command()
@ARCHIVE
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--format", "style", type=click.Choice(["parquet", "csv"]), default="parquet", show_default=True)
def export_command(archive: Path, folder: Path, style: str) -> None:
    """Write one typed file per table into FOLDER, with a datapackage.json."""
    from govcrawl.publish.export import export_tables

    for path in export_tables(archive, folder, style):
        say(path)


@main.command("import")
@ARCHIVE
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def import_command(archive: Path, files: tuple[Path, ...]) -> None:
    """Import responses of registered portals from WARC FILES made by other software; list unusable records."""
    from govcrawl.archive.warc_import import import_files as take_in

    done = take_in(archive, files)
    say(f"{archive}: {done.kept} answers taken in, {done.known} known before, {done.passed} passed over")
    for host, count in done.refused.items():
        say(f"refused, not in the registry: {host} ({count})")
    if done.problems:
        _list_problems(archive, done.problems)


@main.command("export-wacz")
@ARCHIVE
@click.argument("portal")
@click.argument("year", type=int)
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
def export_wacz_command(archive: Path, portal: str, year: int, file: Path | None) -> None:
    """Write PORTAL's reports on YEAR, as captured, to a WACZ FILE that replay tools open."""
    from govcrawl.archive.wacz import export_wacz

    say(export_wacz(archive, portal, year, file or Path(f"{portal}-{year}.wacz")))


@main.command()
@ARCHIVE
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--since", type=click.Path(path_type=Path), help="The previous release; default: the latest beside FOLDER."
)
def release_command(archive: Path, folder: Path, since: Path | None) -> None:
    """Write a release into the new FOLDER: tables, database, descriptions, changes, checksums."""
    from govcrawl.publish.release import make_release

    for path in make_release(archive, folder, since):
        say(path)


@main.command("as-of")
@ARCHIVE
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--format", "style", type=click.Choice(["csv", "json"]), default="csv", show_default=True)
def as_of_command(archive: Path, day: datetime, style: str) -> None:
    """Print the facts of every report that was public at the end of DAY (UTC), as far as the archive shows."""
    from govcrawl.publish.as_of import write_as_of

    write_as_of(archive, day.date(), style, sys.stdout)


@main.command()
@ARCHIVE
@click.option("--province", "provinces", multiple=True, help="Only this province; may be given several times.")
@click.option("--calendar", type=click.Path(path_type=Path, dir_okay=False), help="A calendar of your own (TOML).")
@click.option("--systemd", "unit", flag_value="systemd", help="Print a service and a timer instead.")
@click.option("--cron", "unit", flag_value="cron", help="Print lines for crontab instead.")
@click.option("--github", "unit", flag_value="github", help="Print a GitHub Actions workflow instead.")
@click.option(
    "--run", "is_run", is_flag=True, help="Run them, each whatever the one before did; end with the worst code."
)
def season_command(
    archive: Path, provinces: tuple[str, ...], calendar: Path | None, unit: str | None, *, is_run: bool
) -> None:
    """Print the crawl commands due today, none on most days; or run them, or print what runs them once a day."""
    from govcrawl import season as seasons
    from govcrawl.clock import today
    from govcrawl.portals import load_registry as load_portals

    known = seasons.load_calendar(calendar)
    spiders = seasons.spiders(provinces, load_portals().provinces)
    if unit:
        options = (*(f"--province={name}" for name in provinces), *([f"--calendar={calendar}"] if calendar else ()))
        program = str(Path(sys.executable).with_name("govcrawl"))
        call = (program, "season", "--run", f"--archive={archive}", *options)
        sys.stdout.write(escaped_lines(seasons.unit(unit, known, call, Path.cwd())))
        return
    say(f"govcrawl: {seasons.calendar_explanation(known, today())}", error=True)
    commands = seasons.crawls(known.asked(today()), spiders, archive)
    if not is_run:
        for command in commands:
            say(shlex.join(command))
    elif commands:
        season = seasons.SeasonRun(commands)
        code = season.run()
        say(f"govcrawl: {season.summary()}", error=True)
        raise SystemExit(code)


@main.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
def diff_command(old: Path, new: Path) -> None:
    """Print every fact in which two databases (or archives, or releases) differ; exit 1 if any does."""
    from govcrawl.archive.layout import database_of
    from govcrawl.publish.comparison import fact_differences

    databases = (database_of(path) if path.is_dir() else path for path in (old, new))
    if found := _listed(fact_differences(*databases)):
        say(f"{found} fact{'s differ' if found != 1 else ' differs'}", error=True)
        raise SystemExit(1)


@main.command()
@ARCHIVE
def index_command(archive: Path) -> None:
    """Rebuild the full-text index for the search page of `serve`. It can be deleted at any time."""
    from govcrawl.browse.search_index import index_of, make_index

    count = make_index(archive)
    say(f"{index_of(archive)}: {count} sections")


@main.command()
@ARCHIVE
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--allow-host", "names", multiple=True, help="A further name by which requests may name this server; repeatable."
)
@click.option("--base-url", default="/", show_default=True, help="The path under which a proxy shows this server.")
@click.option("--cors", is_flag=True, help="Let pages of other sites read the JSON.")
def serve_command(archive: Path, port: int, host: str, names: tuple[str, ...], base_url: str, cors: bool) -> None:
    """Serve the archive's pages with Datasette."""
    from govcrawl.archive.layout import database_of
    from govcrawl.browse import Site, serve_pages

    serve_pages(database_of(archive), Site(host, port, base_url, names, cors))


@main.group(name="portals")
def portals_group() -> None:
    """The registry of portals: list, check and explain its entries, draft new ones, probe a portal."""


@portals_group.command(name="list")
@click.option("--province", help="Only this province, by its registry name (zhejiang).")
@click.option("--platform", help="Only portals that declare this platform.")
def list_portals(province: str | None, platform: str | None) -> None:
    """Print a table of portals."""
    from govcrawl import portals
    from govcrawl.survey import registry_report

    for line in registry_report.registry_table(registry_report.chosen(portals.load_registry(), province, platform)):
        say(line)


@portals_group.command(name="check")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--sample", type=click.Path(path_type=Path), help="A list of hosts: how many of them are known.")
def check_portals(files: tuple[Path, ...], sample: Path | None) -> None:
    """Check the registry with the overlay of this folder, and FILES laid over both; list every fault and exit 2."""
    from govcrawl import portals
    from govcrawl.survey.address_report import recall
    from govcrawl.survey.registry_report import registry_faults

    found = registry_faults(files)
    for fault in found:
        say(fault)
    say(f"{len(found) or 'no'} fault{'s' if len(found) != 1 else ''}", error=True)
    if found:
        raise SystemExit(RegistryError.exit_code)
    for line in recall(sample, portals.load_registry()) if sample else ():
        say(line)


@portals_group.command(name="explain")
@ARCHIVE
@click.argument("portal")
def explain_portal(archive: Path, portal: str) -> None:
    """Print everything known of an entry, given its id; or where any address belongs and whether it may be asked."""
    from govcrawl import portals
    from govcrawl.survey import registry_report
    from govcrawl.survey.address_report import known_of, placed

    registry = portals.load_registry()
    if "." in portal:
        lines = placed(portal, registry, known_of(archive, portal, registry))
    else:
        lines = registry_report.entry_explanation(registry.portal(portal), registry)
    for line in lines:
        say(line)


@portals_group.command(name="allow")
@ARCHIVE
@click.argument("host")
@click.option("--portal", "portal_id", help="The portal that may ask it; unless set, the one whose pages lead to it.")
def allow_host(archive: Path, host: str, portal_id: str | None) -> None:
    """Write into the overlay beside scrapy.cfg that HOST may be asked, as a host of one portal."""
    from govcrawl.portals import load_registry
    from govcrawl.portals.allowed_hosts import changes_for, write_changes
    from govcrawl.portals.overlay import folder_here
    from govcrawl.survey.address_report import government_host, portal_for

    registry, folder, name = load_registry(), folder_here(), government_host(host)
    changes = changes_for(name, portal_for(name, portal_id, archive, registry), registry)
    for path, line in write_changes(folder, changes, registry):
        say(f"{path}: {line}")


@portals_group.command(name="rest")
@ARCHIVE
@click.option("--clear", "portal_id", help="End the rest of this portal's hosts: the next crawl asks them again.")
def rest_command(archive: Path, portal_id: str | None) -> None:
    """Print the hosts that crawls leave alone for now, or end a rest that is known to be over."""
    from govcrawl import portals
    from govcrawl.archive.resting_hosts import end_rests, resting_hosts

    portal = portals.load_registry().portal(portal_id).id if portal_id else None
    found = end_rests(archive, portal) if portal else resting_hosts(archive)
    if not _listed(f"no longer {host}" if portal else host for host in found):
        say("no host rests", error=True)


@portals_group.command(name="new")
@click.argument("url")
def draft_portal(url: str) -> None:
    """Print a draft TOML entry for a portal at URL, and the fields still to fill in."""
    from govcrawl import portals
    from govcrawl.survey import registry_report

    for line in registry_report.draft(url, portals.load_registry()):
        say(line)


@portals_group.command(name="probe")
@click.argument("portal_id")
@click.option(
    "--pages", type=click.IntRange(1, 20), default=6, show_default=True, help="The largest number of pages to request."
)
def probe_portal(portal_id: str, pages: int) -> None:
    """Visit a portal politely, print what was recognised and the TOML line for it."""
    from tempfile import TemporaryDirectory

    from govcrawl import portals
    from govcrawl.crawl.portal_visit import visit
    from govcrawl.reading_pool import ReadingPool
    from govcrawl.survey import visit_report

    portal = portals.load_registry().portal(portal_id)
    with TemporaryDirectory() as folder, ReadingPool() as pool:
        found = visit(portal, Path(folder), pages)
        for line in pool.call(visit_report.told, portal, found.robots, found.stored):
            say(line)


@main.group(name="agencies")
def agencies_group() -> None:
    """The organs that publish reports."""


@agencies_group.command(name="explain")
@ARCHIVE
@click.argument("name")
@click.argument("other", required=False)
def explain_agency(archive: Path, name: str, other: str | None) -> None:
    """Print what identifies the agency of a NAME or id, and why it and others, or OTHER, are one agency or two."""
    from govcrawl.archive.layout import database_of
    from govcrawl.survey.agency_report import agency_explanation

    for line in agency_explanation(database_of(archive), (name, other) if other else (name,)):
        say(line)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default="docs")
def docs_command(folder: Path) -> None:
    """Write the generated pages (vocabulary, data dictionary, JSON of the browse pages) into FOLDER."""
    from govcrawl.generated_docs import write_docs

    for path in write_docs(folder):
        say(path)
