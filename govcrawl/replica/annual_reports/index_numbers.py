"""Index numbers as portals give them: the prefix of an organ in each grammar, and serials within a year.

A prefix is made from the organ's name, so that the same organ always has the same one. Prefixes with a check character
have the right one: GB 11714 for the nine characters of an organisation code, GB 32100 for the eighteen of a credit
code.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from random import Random

from govcrawl.replica.plan import PortalPlan, PublishingOrgan

_CODE_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def code_on_portal(plan: PortalPlan, organ: PublishingOrgan) -> str:
    """The organ's code on its portal: `area` in the addresses of its pages, and the beginning of its index numbers."""
    if organ.code:
        return organ.code
    if plan.numbering == "path":
        return f"{plan.prefix}{7 * plan.organs.index(organ) + 12:03d}"
    return checked_organisation_code("002" + f"{_digits(plan, organ, 5):05d}")


def checked_organisation_code(eight: str) -> str:
    """The eight characters with their check character after GB 11714."""
    weighted = sum(weight * int(character, 36) for weight, character in zip(_CODE_WEIGHTS, eight, strict=True))
    return eight + "0123456789X0"[11 - weighted % 11]


def checked_credit_code(seventeen: str) -> str:
    """The seventeen characters with their check character after GB 32100."""
    values = (_CREDIT_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(seventeen))
    return seventeen + _CREDIT_ALPHABET[-sum(values) % 31]


def draw_index_number(plan: PortalPlan, organ: PublishingOrgan, published_on: str, rng: Random) -> str | None:
    """An index number for a page published on that day, or None where the portal gives none.

    Its year is that of publication. Its serial is among the year's first, since reports come in January.
    """
    grammar = _GRAMMARS.get(plan.numbering)
    return grammar(plan, organ, published_on[:4], rng) if grammar else None


def _by_organ(plan: PortalPlan, organ: PublishingOrgan, year: str, rng: Random) -> str:
    return f"{code_on_portal(plan, organ)}/{year}-{rng.randint(8, 990):05d}"


def _hyphenated(plan: PortalPlan, organ: PublishingOrgan, year: str, rng: Random) -> str:
    code = code_on_portal(plan, organ)
    return f"{code[:-1]}-{code[-1]}/{year}-{rng.randint(8, 990):05d}"


def _credit(plan: PortalPlan, organ: PublishingOrgan, year: str, rng: Random) -> str:
    code = checked_credit_code(f"11{plan.portal.division_code}{code_on_portal(plan, organ)}")
    return f"{code}/{year}-{rng.randint(100000, 199999)}"


def _path(plan: PortalPlan, organ: PublishingOrgan, year: str, rng: Random) -> str:
    return f"{code_on_portal(plan, organ)}/{year}-{rng.randint(150000, 229999)}"


def _division(plan: PortalPlan, _: PublishingOrgan, year: str, rng: Random) -> str:
    return f"{plan.portal.division_code}/{year}-{rng.randint(8, 990):05d}"


def _counted(plan: PortalPlan, organ: PublishingOrgan, year: str, rng: Random) -> str:
    """A number of a dense counter, under the portal's prefix where it has one, else under the organ's.

    Each organ has a range of serials, so that no two reports have the same number.
    """
    size = max(channel.catalogue for channel in plan.channels) // len(plan.organs)
    first = 1 + size * plan.organs.index(organ)
    return f"{plan.prefix or code_on_portal(plan, organ)}/{year}-{rng.randint(first + 1, first + size - 3):05d}"


def _shared(plan: PortalPlan, _: PublishingOrgan, year: str, rng: Random) -> str:
    return f"{plan.prefix}/{year}-{rng.randint(4000, 7999):05d}"


_GRAMMARS: Mapping[str, Callable[[PortalPlan, PublishingOrgan, str, Random], str]] = {
    "organ": _by_organ,
    "hyphenated": _hyphenated,
    "uscc": _credit,
    "path": _path,
    "division": _division,
    "shared": _shared,
    "counted": _counted,
}


def _digits(plan: PortalPlan, organ: PublishingOrgan, count: int) -> int:
    """A number of at most so many digits that depends on the organ's full name alone."""
    digest = hashlib.sha256(f"{plan.region}{organ.name}".encode()).digest()
    return int.from_bytes(digest[:8]) % int("1" + "0" * count)
