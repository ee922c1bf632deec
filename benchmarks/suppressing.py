"""`suppress_small` and `audit_suppression` beside the seconds of the processor they may take."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
from timing import Comparison, seconds

from cchc_stats import audit_suppression, suppress_small

AGENCIES, SECTORS, QUARTERS = 7, 20, 4
MOST_SECONDS = 20.0


def comparisons() -> list[Comparison]:
    """Return the time of choice and attack, after seeing that nothing can be worked out."""
    figures = counts()
    published = suppress_small(figures)
    assert audit_suppression(published).empty
    size = f"{AGENCIES} agencies × {SECTORS} sectors × {QUARTERS} quarters with wholes"
    return [
        Comparison.of(
            f"{work.__name__}, {size} ÷ {MOST_SECONDS:g} s of the processor",
            seconds(lambda work=work, frame=frame: work(frame), time.process_time),
            MOST_SECONDS,
            1.0,
        )
        for work, frame in ((audit_suppression, published), (suppress_small, figures))
    ]


def counts() -> pd.DataFrame:
    """Return late dossiers of units, the province, sectors, their whole, years to date."""
    rng = np.random.default_rng(7)
    late = rng.poisson(rng.gamma(1, 8, (AGENCIES, SECTORS, 1)), (AGENCIES, SECTORS, QUARTERS))
    late = np.concatenate([late, late.sum(axis=0, keepdims=True)])
    late = np.concatenate([late, late.sum(axis=1, keepdims=True)], axis=1)
    names = (
        ["in_period", "year_to_date"],
        [*(f"Sở {number}" for number in range(AGENCIES)), "UBND tỉnh"],
        [*(f"Lĩnh vực {number:02}" for number in range(SECTORS)), "all"],
        [f"2020Q{number + 1}" for number in range(QUARTERS)],
    )
    keys = pd.MultiIndex.from_product(names, names=["basis", "agency", "group", "period"])
    frame = keys.to_frame(index=False).assign(indicator="dossiers_settled_late")
    return frame.assign(value=np.stack([late, late.cumsum(axis=2)]).ravel())
