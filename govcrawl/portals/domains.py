"""The registered domain of a host: the unit that politeness counts in.

`www.hangzhou.gov.cn`, `jxj.hangzhou.gov.cn` and `hangzhou.gov.cn` are one place to be polite to, and so are all hosts
under `zj.gov.cn`: the bundled public-suffix snapshot holds `gov.cn` as the suffix, and none of the two-letter province
codes below it (those are suffixes as `zj.cn`, not as `zj.gov.cn`). Nothing is ever downloaded or cached on disk.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tldextract


@lru_cache(maxsize=4096)
def registered_domain(host: str) -> str:
    """The domain below the public suffix (`jyt.zj.gov.cn` → `zj.gov.cn`); an IP, `localhost` or a suffix as it is."""
    bare = host.lower().rstrip(".")
    return _extract()(bare).top_domain_under_public_suffix or bare


@cache
def _extract() -> tldextract.TLDExtract:
    import tldextract  # noqa: PLC0415 - it brings `requests`, which commands that ask no host need not load

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
