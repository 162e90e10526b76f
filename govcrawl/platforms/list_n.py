"""Lists whose pages are numbered from the first on: `list_1.shtml`, `list-1.html`, `list1.html`, `/list-61891-1.html`.

The number may begin with 0. Nothing else is common to them; their articles are those of plain directories.
"""

from govcrawl.platforms.linked import LinkedLists
from govcrawl.platforms.static_dir import ARTICLE

NAME = "list-n"

PLATFORM = LinkedLists(NAME, ARTICLE, sure=False).platform
