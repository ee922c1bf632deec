"""Published settlement of dossiers as a table of the form."""

from pathlib import Path

import pandas as pd

from cchc_stats.forms import DOSSIERS

PUBLISHED = Path(__file__).parents[1] / "data" / "published" / "settlement.csv"


def published(case: str) -> pd.DataFrame:
    """Return a published row as a frame of the form."""
    cells = pd.read_csv(PUBLISHED, dtype="str").set_index("case_id").loc[case]
    figures = {
        name: pd.array([None if pd.isna(cells[name]) else int(cells[name])], dtype="Int64")
        for name in DOSSIERS.figures
        if name in cells
    }
    head = {"agency": [cells["agency"]], "period": [cells["period"]], "basis": [cells["basis"]]}
    frame = pd.DataFrame(head | {"sector": ["all"], "source": [cells["source"]]} | figures)
    return frame.reindex(columns=dict.fromkeys([*frame.columns, *DOSSIERS.figures]))
