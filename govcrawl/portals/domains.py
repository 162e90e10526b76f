"""Hosts of the government: how their names are written, and which of them are one place to be polite to.

`www.hangzhou.gov.cn`, `jxj.hangzhou.gov.cn` and `hangzhou.gov.cn` are one place, and so are all hosts under
`zj.gov.cn`: the bundled public-suffix snapshot holds `gov.cn` as the suffix, and none of the two-letter province
codes below it (those are suffixes as `zj.cn`, not as `zj.gov.cn`). Nothing is ever downloaded or cached on disk.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from govcrawl.web_address import ascii_name

if TYPE_CHECKING:
    import tldextract

SUFFIXES = ("gov.cn", "xn--zfr164b")
"""What governments may register names under: `gov.cn`, and since 2024 `.政务`, here in the letters of DNS."""

HOST = rf"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:{'|'.join(map(re.escape, SUFFIXES))})"
"""The pattern of a government's host, in the letters of DNS."""


@lru_cache(maxsize=4096)
def registered_domain(host: str) -> str:
    """The domain below the public suffix (`jyt.zj.gov.cn` → `zj.gov.cn`); an IP, `localhost` or a suffix as it is."""
    bare = host.lower().rstrip(".")
    return _extract()(bare).top_domain_under_public_suffix or bare


@cache
def _extract() -> tldextract.TLDExtract:
    import tldextract  # noqa: PLC0415 - it brings `requests`, which commands that ask no host need not load

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def ascii_host(name: str) -> str:
    """A host name in the letters of DNS, in lower case (`北京市.政务` → `xn--1lq90ivtl.xn--zfr164b`).

    What cannot be written so is given back in lower case.
    """
    return ascii_name(name) or name.lower().rstrip(".")


def is_government(host: str) -> bool:
    """Whether a host is a government's by its name: one that anybody has registered below one of `SUFFIXES`."""
    return re.fullmatch(HOST, host) is not None


def bare_host(host: str) -> str:
    """A host without `www.`: both are one host to the registry."""
    return host.removeprefix("www.")
