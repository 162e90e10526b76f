"""The plain columns of the vendor behind Guangdong's platform: `/<path>/index.html`, `/<path>/content/post_<ID>.html`.

Pages are `index_2.html` and so on; `mpost_<ID>.html` is the same article for phones.
"""

import re

from govcrawl.platforms.linked import LinkedLists

NAME = "nfcms"

PLATFORM = LinkedLists(NAME, re.compile(r"/content/m?post_\d+\.html$")).platform
