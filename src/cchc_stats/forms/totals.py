"""Names of rows that state a whole: "Tổng cộng", "TỔNG SỐ (I+II)", "all"."""

from __future__ import annotations

import re

from cchc_stats.words import fold

# Without diacritics "Tổng công ty" (corporation) begins like a total.
_TOTAL = re.compile(r"(?:tong cong(?! ty\b)|tong so)\b.*|(?:tong|cong) ?:?")


def names_total(text: str, *, whole: bool) -> bool:
    """Return whether a row's name is that of a printed total, which is not one more row.

    Parameters
    ----------
    text : the name as printed, in any spelling.
    whole : True where a row spelled exactly `all` may state the whole.

    Examples
    --------
    >>> [names_total(name, whole=True) for name in ("TỔNG  CỘNG (I+II)", "ALL", "all", "Tổng hợp")]
    [True, True, False, False]
    """
    if whole and text == "all":
        return False
    folded = fold(text)
    return folded == "all" or _TOTAL.fullmatch(folded) is not None
