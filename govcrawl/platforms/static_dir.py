"""Plain directories of an unknown product: `/<path>/`, `/<path>/index_1.html`, articles anywhere below.

An article is a page whose name holds a long number or a hash (`2016/11-04/237098.html`, `t20240129_109.html`,
`202401/1f0c….shtml`); pages are numbered from 0 or 1, which their pager tells.
"""

import re

from govcrawl.platforms.linked import LinkedLists

NAME = "static-dir"
ARTICLE = re.compile(
    r"/(?=[^/?]{1,160}$)(?!list|index|col)(?=[^/?]*?(?:\d{4}|[0-9a-f]{16}|[0-9a-f-]{32}))[^/?]*\.(?:s?html?|jhtml)$"
)

PLATFORM = LinkedLists(NAME, ARTICLE, sure=False).platform
