"""From a response's bytes to the text and the tree that lists are read from."""

import re
from functools import lru_cache

from parsel import Selector

from govcrawl import zh
from govcrawl.models import Response
from govcrawl.web_address import web_address

_EMPTY = "<html></html>"
_BASE = re.compile(rb"<base\b", re.IGNORECASE)


def text_of(body: bytes) -> str:
    """The text of a page in UTF-8 or GB 18030, whichever leaves fewer characters unreadable.

    Labels are not asked: pages in GBK that say UTF-8, and the reverse, are common, and the bytes tell them apart.
    """
    spellings = (body.decode(charset, "replace") for charset in ("utf-8-sig", "gb18030"))
    return min(spellings, key=lambda text: text.count("\ufffd")).replace("\0", "")


@lru_cache(maxsize=2)
def tree_of(response: Response) -> Selector:
    """The HTML tree of a response; the last two are kept, since every platform of a portal reads the same page."""
    return fragment(text_of(response.body))


def base_of(response: Response) -> str:
    """The address that a page's relative addresses are joined to: its own, or what its `<base href>` says."""
    if not _BASE.search(response.body):
        return response.url
    written = tree_of(response).xpath("string((//base/@href)[1])").get("").strip()
    return web_address(written, response.url) or response.url


def fragment(html: str) -> Selector:
    """The tree of a piece of HTML, an empty one for an empty piece."""
    return Selector(text=html if html.strip() else _EMPTY, type="html")


def meta(tree: Selector, name: str) -> str:
    """The content of a meta tag, whatever the case of its name; empty where there is none."""
    wanted = name.lower()
    found = (tag for tag in tree.xpath("//meta[@name]") if tag.attrib["name"].lower() == wanted)
    return next((zh.squeeze(tag.attrib.get("content", "")) for tag in found), "")


def title_of(tree: Selector) -> str:
    """The page's title: that of the article where the page names one, else the first part of `<title>`."""
    whole = zh.squeeze(tree.xpath("string(//title)").get(""))
    return meta(tree, "ArticleTitle") or re.split(r"\s*[-_|–—]\s*", whole)[0]
