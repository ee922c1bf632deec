"""Where a row stands in its document."""

from __future__ import annotations

import pandas as pd

PLACE = ("section", "table", "row")


def places(cells: pd.DataFrame, document: str) -> pd.Series:
    """Return each row's place: document: section; table; row.

    Examples
    --------
    >>> places(pd.DataFrame({"section": ["Mục II", ""], "table": ["Biên chế", ""]}), "BC").tolist()
    ['BC: Mục II; Biên chế', 'BC']
    """
    columns = [cells[name] for name in PLACE if name in cells]
    rows = zip(*columns, strict=True) if columns else [()] * len(cells)
    joined = ["; ".join(part for part in parts if part) for parts in rows]
    texts = [f"{document}: {place}" if place else document for place in joined]
    return pd.Series(texts, index=cells.index, dtype="str")
