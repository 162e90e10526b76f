"""Maps radicals to the characters that they look like.

A font may use one glyph for both, and text extraction then returns either code. Unicode has a compatibility mapping for
the Kangxi radicals. Those of the supplement that are characters of today are listed here.
"""

import unicodedata

_KANGXI = range(0x2F00, 0x2FD6)
_SUPPLEMENT = dict(
    zip(
        "⺟⺠⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻚⻛⻜⻝⻢⻥⻦⻨⻩⻬⻮⻰⻳",
        "母民虎西见角贝车長长门青页风飞食马鱼鸟麦黄齐齿龙龟",
        strict=True,
    )
)
_UNIFIED = str.maketrans({**{chr(code): unicodedata.normalize("NFKC", chr(code)) for code in _KANGXI}, **_SUPPLEMENT})


def unified(text: str) -> str:
    """Returns the text with each radical replaced by its character."""
    return text.translate(_UNIFIED)
