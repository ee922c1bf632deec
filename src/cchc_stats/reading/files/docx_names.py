"""The names of WordprocessingML as lxml spells them."""

from __future__ import annotations

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PARAGRAPH, TABLE, ROW, CELL, RUN = W + "p", W + "tbl", W + "tr", W + "tc", W + "r"
RUN_PROPERTIES, PARAGRAPH_PROPERTIES = W + "rPr", W + "pPr"
ROW_PROPERTIES, CELL_PROPERTIES = W + "trPr", W + "tcPr"
TEXT, VALUE = W + "t", W + "val"
ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
TEXT_BOX = W + "txbxContent"
# What wraps paragraphs, rows, cells or runs without being seen itself.
WRAPPERS = frozenset(
    {W + name for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")}
    | {W + name for name in ("hyperlink", "fldSimple", "dir", "bdo", "ruby", "rubyBase")}
)
DELETED = frozenset({W + "del", W + "moveFrom"})


def is_on(flag: object) -> bool:
    """Return whether a switch (an element, or None) is there and not turned off."""
    get = getattr(flag, "get", None)
    return get is not None and get(VALUE) not in ("0", "false", "off")
