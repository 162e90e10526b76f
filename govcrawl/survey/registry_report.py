"""The registry in words: what `govcrawl portals` prints, and drafts of lines to add.

Pure text out of portals; nothing here asks a network. What a visit found is told by `probe_report`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from unicodedata import east_asian_width
from urllib.parse import urlsplit

from govcrawl.errors import InputError, UsageError
from govcrawl.models import Portal
from govcrawl.portals import Registry, registered_domain
from govcrawl.portals.domains import ascii_host, is_government
from govcrawl.portals.loading import package_files, read_portals
from govcrawl.portals.overlay import folder_above, overlay_files, read_overlay
from govcrawl.portals.registry import unplaced
from govcrawl.portals.writing import toml_line
from govcrawl.vocabulary import BUILT_PLATFORMS, DETECT

SOURCED: Mapping[str, str] = {
    "H": "the home page is from a public list of home pages",
    "h": "the home page is inferred or named by another source",
    "C": "the family shows in an address of the portal's own",
    "c": "the family is inferred, or unknown",
    "L": "an address of a list is from a public list of disclosure columns",
    "R": "a report or its column was seen on a public copy of a page",
    "r": "a report or its column is known from a mirror or by its id alone",
}
"""What each letter of `basis` rests on."""

_HEAD = ("id", "name", "host", "platforms", "columns")


def registry_table(portals: Iterable[Portal]) -> Iterator[str]:
    """A line a portal under a head, aligned for a terminal, then how many there are."""
    rows = [_row(portal) for portal in portals]
    widths = [max(map(_width, column)) for column in zip(_HEAD, *rows, strict=True)]
    for row in (_HEAD, *rows):
        yield "  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
    yield f"{len(rows)} portals"


def chosen(registry: Registry, province: str | None, platform: str | None) -> tuple[Portal, ...]:
    """The portals of a province that declare a platform; all where neither is given.

    Raises:
        UsageError: there is no such province, or no portal that declares such a platform.
    """
    portals = registry.province(province) if province else tuple(registry.values())
    found = tuple(portal for portal in portals if platform in {None, *portal.platforms})
    if platform and not found:
        declared = sorted({name for portal in portals for name in portal.platforms})
        raise UsageError(f"no portal declares platform {platform!r}; there are: {', '.join(declared)}")
    return found


def _row(portal: Portal) -> tuple[str, ...]:
    known = len(portal.columns) + len(portal.organs)
    return portal.id, portal.name, portal.host or "–", ", ".join(portal.platforms), str(known or "–")


def _width(text: str) -> int:
    """The columns a text takes on a terminal."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def registry_faults(paths: Sequence[Path]) -> tuple[str, ...]:
    """What is wrong with the registry and the overlay of this folder, a line each, with some files laid over both.

    Raises:
        InputError: a file cannot be read.
    """
    shipped, folder = package_files(), folder_above(Path.cwd())
    given = {path.resolve() for path in paths}
    laid = {
        name: content
        for name, content in overlay_files(folder).items()
        if folder and (folder.parent / name).resolve() not in given
    }
    files = {**laid, **{path.name: _content(path) for path in paths}}
    overlay, of_files = read_overlay(files)
    return (*of_files, *unplaced(shipped, overlay), *read_portals(shipped, overlay)[1])


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}; give the path of a registry file") from error


def entry_explanation(portal: Portal, registry: Registry) -> Iterator[str]:
    """Everything the registry knows of an entry, in words."""
    yield f"{portal.id} {portal.name}, {portal.level}, in {portal.province}.toml"
    for name, words in _explained(portal, registry):
        yield f"  {name:<10} {words}"


def _explained(portal: Portal, registry: Registry) -> Iterator[tuple[str, str]]:
    yield "home", portal.home or f"none: {portal.reason}"
    if portal.hosts[1:]:
        yield "more hosts", ", ".join(portal.hosts[1:])
    yield from (("platform", f"{name}, {_standing(name)}") for name in portal.platforms)
    lists = {"columns": portal.columns, "organs": portal.organs, "examples": portal.examples}
    yield from ((name, " ".join(values)) for name, values in lists.items() if values)
    if portal.backend:
        others = sum(other.backend == portal.backend for other in registry.values()) - 1
        yield "back-end", f"{portal.backend}, shared with {others} portals, which are limited together"
    if portal.shared_with:
        yield "shared", f"the host is also that of {', '.join(portal.shared_with)}"
    yield from (("basis", SOURCED[letter]) for letter in portal.basis if portal.home)
    if portal.expect:
        yield "expect", f"{portal.expect}{f' since {portal.since}' if portal.since else ''}: told, and no fault"
    if portal.note:
        yield "note", portal.note
    yield "crawled by", _crawled_by(portal)


def _standing(platform: str) -> str:
    if platform == DETECT:
        return "family unknown: each crawl tells it by the pages' marks, and so does `govcrawl portals probe`"
    return "built" if platform in BUILT_PLATFORMS else "planned: valid, not crawled yet"


def _crawled_by(portal: Portal) -> str:
    if not portal.hosts:
        return "nothing: it has no address"
    if not set(portal.platforms) & {*BUILT_PLATFORMS, DETECT}:
        return "nothing yet: no family of it is built"
    return f"scrapy crawl {portal.province} -a portal={portal.id}"


def draft(url: str, registry: Registry) -> Iterator[str]:
    """The line of TOML for a portal at an address, as far as the address tells, and what a person has to fill in.

    Raises:
        UsageError: the address is none under .gov.cn, or its host is in the registry already.
    """
    parts = urlsplit(url if "//" in url else f"http://{url}")
    host = ascii_host(parts.hostname or "")
    if parts.scheme not in {"http", "https"} or not is_government(host):
        raise UsageError(
            f"{url}: only addresses under .gov.cn and .政务 are registered; give one like https://www.yuhang.gov.cn/"
        )
    if known := registry.by_host(host):
        raise UsageError(f"{url}: the host is that of {known[0].id}; see `govcrawl portals explain {known[0].id}`")
    above = _government_at(host, registry)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    yield f"# into portals/{above.province if above else '<province>'}.toml; to fill in:"
    yield from (f"#   {words}" for words in (_OF_AN_ORGAN if above else _OF_A_PLACE))
    yield toml_line(_drafted(f"{parts.scheme}://{host}/", path, above))


def _government_at(host: str, registry: Registry) -> Portal | None:
    """The government under whose domain a host lies: then the host is that of an organ of it."""
    domain = registered_domain(host)
    return next((one for one in registry.by_host(domain) if one.level != "organ"), None) if host != domain else None


_OF_AN_ORGAN = (
    "name       as the site has it",
    "platforms  what `govcrawl portals probe` recognises once the line is in the file",
    "basis      H if the address is from a published list, h if not",
)
_OF_A_PLACE = (
    "id         the six-digit division code; <code>-<slug> for an organ's own site or a place without a code",
    "level      province, prefecture, county or organ",
    *_OF_AN_ORGAN,
)
"""What an address does not tell."""


def _drafted(home: str, path: str, above: Portal | None) -> Portal:
    slug = urlsplit(home).netloc.split(".")[0]
    entry = Portal(
        id="000000",
        name="？",
        province="",
        division_code="000000",
        level="county",
        hosts=(urlsplit(home).netloc,),
        home=home,
        platforms=(DETECT,),
        examples=(home + path.lstrip("/"),) if path.strip("/") else (),
        basis="hc",
    )
    if above is None:
        return entry
    return replace(entry, id=f"{above.id[:6]}-{slug}", name=f"{above.name}？", level="organ")
