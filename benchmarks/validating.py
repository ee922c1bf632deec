"""`validate` beside the same rules checked by hand in numpy, and beside pandera alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
from timing import Comparison, seconds, side_by_side

from cchc_stats import FormError, validate
from cchc_stats.forms import DOSSIERS

SECTORS, QUARTERS = 20, 20
FIGURES = (
    "received_total",
    "carried_over",
    "newly_received",
    "settled_total",
    "settled_on_time",
    "settled_late",
    "pending_total",
    "pending_not_due",
    "pending_overdue",
)
BALANCES = (
    ("received_total", ("carried_over", "newly_received")),
    ("received_total", ("settled_total", "pending_total")),
    ("settled_total", ("settled_on_time", "settled_late")),
    ("pending_total", ("pending_not_due", "pending_overdue")),
)


def comparisons() -> list[Comparison]:
    """Return the time of validating, after seeing that both ways come to the same verdict."""
    right = dossiers(1_000_000)
    wrong = right.copy()
    wrong.loc[::2, "received_total"] += 1
    few = right.head(1_000)
    typed = validate(few, "dossiers")
    require_same(right, wrong)
    half_wrong = side_by_side(
        f"validate {len(right):,} rows ÷ numpy by hand, half wrong",
        lambda: refusal(wrong),
        lambda: wrong_by_hand(wrong),
        rounds=6,
        target=2.5,
    )
    error = refusal(wrong)
    listing = seconds(lambda: error.faults)
    return [
        side_by_side(
            f"validate {len(right):,} rows ÷ numpy by hand, all right",
            lambda: validate(right, "dossiers"),
            lambda: wrong_by_hand(right),
            rounds=6,
            target=1.5,
        ),
        half_wrong,
        Comparison.of(
            f"  the table of its {error.count:,} faults ÷ the same", listing, half_wrong.other
        ),
        side_by_side(
            f"validate {len(few):,} rows ÷ pandera alone, all right",
            lambda: validate(few, "dossiers"),
            lambda: DOSSIERS.schema.validate(typed, lazy=True),
            rounds=30,
            target=0.15,
        ),
    ]


def dossiers(size: int) -> pd.DataFrame:
    """Return rows of the settlement form that hold all balances, typed as a read report is."""
    random = np.random.default_rng(2020)
    on_time, late, not_due, overdue = (random.integers(0, 50, size) for _ in range(4))
    settled, pending = on_time + late, not_due + overdue
    carried = (settled + pending) // 3
    row = np.arange(size)
    agencies = np.array([f"Sở số {n:04d}" for n in range(size // (SECTORS * QUARTERS) + 1)], object)
    sectors = np.array([f"Lĩnh vực {n}" for n in range(SECTORS)], object)
    quarters = pd.period_range("2016Q1", periods=QUARTERS, freq="Q-DEC")
    keys = {
        "agency": pd.Series(agencies[row // (SECTORS * QUARTERS)], dtype="str"),
        "period": quarters.take(row // SECTORS % QUARTERS),
        "basis": pd.Series("in_period", index=row, dtype="str"),
        "sector": pd.Series(sectors[row % SECTORS], dtype="str"),
    }
    figures = {
        "received_total": settled + pending,
        "carried_over": carried,
        "newly_received": settled + pending - carried,
        "settled_total": settled,
        "settled_on_time": on_time,
        "settled_late": late,
        "pending_total": pending,
        "pending_not_due": not_due,
        "pending_overdue": overdue,
    }
    typed = {name: pd.array(column, dtype="Int64") for name, column in figures.items()}
    return pd.DataFrame(keys | typed)


def refusal(frame: pd.DataFrame) -> FormError:
    """Return the error with which a frame is refused."""
    try:
        validate(frame, "dossiers")
    except FormError as error:
        return error
    raise AssertionError("a wrong frame was let through")


def wrong_by_hand(frame: pd.DataFrame) -> np.ndarray:
    """Return the mask of the rows that break a rule of the form."""
    if any(str(frame[name].dtype) != "Int64" for name in FIGURES):
        raise TypeError("counts are whole numbers")
    figures = {name: frame[name].to_numpy("int64", na_value=0) for name in FIGURES}
    known = {name: frame[name].notna().to_numpy() for name in FIGURES}
    wrong = np.zeros(len(frame), dtype=bool)
    for name in FIGURES:
        wrong |= figures[name] < 0
    for total, parts in BALANCES:
        gap, all_known = figures[total].copy(), known[total].copy()
        for part in parts:
            gap -= figures[part]
            all_known &= known[part]
        wrong |= (gap != 0) & all_known
    for name in ("agency", "sector"):
        wrong |= frame[name].isna().to_numpy() | (frame[name] == "").to_numpy()
    wrong |= frame["period"].isna().to_numpy()
    wrong |= ~frame["basis"].isin(["in_period", "year_to_date", "as_of"]).to_numpy()
    wrong |= frame.duplicated(["agency", "period", "basis", "sector"], keep=False).to_numpy()
    return wrong


def require_same(right: pd.DataFrame, wrong: pd.DataFrame) -> None:
    """Refuse to time two ways that do not come to the same verdict."""
    validate(right, "dossiers")
    by_hand = wrong_by_hand(wrong)
    if wrong_by_hand(right).any() or not by_hand.any():
        raise AssertionError("the check by hand is wrong")
    # A wrong total breaks two balances, so each wrong row gives two faults.
    if refusal(wrong).count != 2 * by_hand.sum():
        raise AssertionError("validate and the check by hand disagree")
