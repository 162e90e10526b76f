"""Columns by number (沧州, Sichuan, Heilongjiang, parts of Hunan and Tibet): `/<site>/c<COL>/<page>.shtml`.

The page's name says how the list looks (`common_list`, `xxgklist`, `infoopen_index`, `zfxxgk_zclist`), never what it
holds. Articles lie below their column: `c<COL>/202401/<hash>.shtml`, some as `c<COL>/content_<ID>.html`.
"""

import re

from govcrawl.platforms.linked import LinkedLists

NAME = "c-column"

PLATFORM = LinkedLists(
    NAME, re.compile(r"/c\d+/(?:\d{4,8}/)?(?:[0-9a-f]{16,}|content_[\w-]+|(?:\d{4}-\d\d/\d\d/)?\d{6,})\.s?html?$")
).platform
