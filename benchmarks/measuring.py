"""`measure` and `quarter_over_quarter` beside the same written by hand in plain pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd
from timing import Comparison, side_by_side

from cchc_stats import INDICATORS, Form, Indicator, measure, quarter_over_quarter, validate
from cchc_stats.forms import find_form

AGENCIES, QUARTERS = 1_000, 20
ROWS = {"dossiers": ["all"], "training": ["civil_servants", "public_employees"]}
ROWS |= {"autonomy": ["runs_itself"], "appointments": ["appointed"]}
FORMS = ("procedures", "documents", "organisation", "inspections", "infrastructure", *ROWS)
CHOSEN = tuple(
    indicator for indicator in INDICATORS if indicator.form in FORMS and not indicator.prepared
)
KEY = ["agency", "period", "basis", "indicator", "group"]


def comparisons() -> list[Comparison]:
    """Return the time of the values and their changes, after seeing that both ways agree."""
    tables = reports()
    ours, by_hand = compared(tables), compared_by_hand(tables)
    require_same(ours, by_hand)
    return [
        side_by_side(
            f"measure + quarter_over_quarter ÷ by hand, {len(ours):,} values "
            f"({AGENCIES:,} agencies, {QUARTERS} quarters, {len(CHOSEN)} indicators)",
            lambda: compared(tables),
            lambda: compared_by_hand(tables),
            rounds=4,
            target=2.0,
        ),
        side_by_side(
            "  measure alone ÷ by hand",
            lambda: measure(tables, indicators=CHOSEN),
            lambda: measured_by_hand(tables),
            rounds=2,
        ),
    ]


def reports() -> dict[str, pd.DataFrame]:
    """Return validated tables: of every agency and quarter its rows, their balances held."""
    random = np.random.default_rng(2020)
    return {code: validate(_report_rows(find_form(code), random), code) for code in FORMS}


def _report_rows(form: Form, random: np.random.Generator) -> pd.DataFrame:
    codes = ROWS.get(form.code, [""])
    size = AGENCIES * QUARTERS * len(codes)
    agencies = np.array([f"Sở số {number:04d}" for number in range(AGENCIES)], dtype=object)
    quarters = pd.period_range("2016Q1", periods=QUARTERS, freq="Q-DEC")
    rows = pd.DataFrame(
        {
            "agency": np.repeat(agencies, QUARTERS * len(codes)),
            "period": quarters.take(np.tile(np.arange(QUARTERS).repeat(len(codes)), AGENCIES)),
            "basis": "in_period",
            "source": f"báo cáo, biểu {form.code}",
        }
    )
    if form.row:
        rows[form.row] = np.tile(codes, AGENCIES * QUARTERS)
    if form.code == "dossiers":
        return rows.assign(**_balanced_dossiers(random, size))
    # Whatever is a part of something else is smaller than it; the balances below are then set.
    figures = {name: random.integers(1, 50, size) for name in form.figures}
    for identity in form.identities:
        parts = sum(figures[name] for name in identity.parts)
        figures[identity.total] = (
            parts if identity.op == "=" else np.minimum(figures[identity.total], parts)
        )
    if form.code == "procedures":
        figures["in_force"] = figures["one_stop"] + figures["interlinked_total"]
    return rows.assign(**figures)


def _balanced_dossiers(random: np.random.Generator, size: int) -> dict[str, np.ndarray]:
    on_time, late, not_due, overdue = (random.integers(0, 50, size) for _ in range(4))
    settled, pending = on_time + late, not_due + overdue
    carried = (settled + pending) // 3
    new = settled + pending - carried
    return {
        "received_total": settled + pending,
        "carried_over": carried,
        "newly_received": new,
        "settled_total": settled,
        "settled_on_time": on_time,
        "settled_late": late,
        "pending_total": pending,
        "pending_not_due": not_due,
        "pending_overdue": overdue,
        "settled_early": on_time // 2,
        "received_online": new // 2,
        "received_in_person": new - new // 2,
    }


def compared(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return quarter_over_quarter(measure(tables, indicators=CHOSEN))


def compared_by_hand(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the same changes as an analyst would write them: matched by merging."""
    values = measured_by_hand(tables)
    earlier = values[[*KEY, "value"]].rename(columns={"value": "previous"})
    earlier["period"] = earlier["period"] + 1
    joined = values.merge(earlier, on=KEY, how="left", validate="one_to_one")
    joined["change"] = joined["value"] - joined["previous"]
    above = joined["previous"].where(joined["previous"] > 0)
    joined["change_pct"] = (100 * joined["change"] / above).where(joined["denominator"].isna())
    joined["change_pp"] = joined["change"].where(joined["unit"] == "percent")
    return joined


def measured_by_hand(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the same values as an analyst would write them: a column each, then one long frame."""
    parts = []
    for indicator in CHOSEN:
        frame, row = tables[indicator.form], find_form(indicator.form).row
        figures = frame[["agency", "period"]].copy()
        figures["basis"] = "as_of" if indicator.kind == "stock" else frame["basis"]
        figures["indicator"] = indicator.code
        figures["group"] = frame[row] if row else "all"
        figures["numerator"] = _sum_of(frame, indicator.numerator)
        figures["denominator"] = (
            _sum_of(frame, indicator.denominator) if indicator.denominator else pd.NA
        )
        figures["denominator"] = figures["denominator"].astype("Int64")
        parts.append(_with_value(figures, indicator))
        if indicator.total and row and not (frame[row] == "all").any():
            keys = ["agency", "period", "basis", "indicator"]
            sums = figures.groupby(keys, sort=False)[["numerator", "denominator"]]
            whole = sums.sum(min_count=1).reset_index().assign(group="all")
            parts.append(_with_value(whole, indicator))
    return pd.concat(parts, ignore_index=True)


def _sum_of(frame: pd.DataFrame, formula: str) -> pd.Series:
    names, signs = formula.split()[::2], ["+", *formula.split()[1::2]]
    terms = [
        frame[name] if sign == "+" else -frame[name]
        for name, sign in zip(names, signs, strict=True)
    ]
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def _with_value(figures: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    value = figures["numerator"].astype("Float64")
    if indicator.denominator:
        whole = figures["denominator"].where(figures["denominator"] != 0)
        value = (100 if indicator.unit == "percent" else 1) * value / whole
    return figures.assign(value=value, unit=indicator.unit)


def require_same(ours: pd.DataFrame, by_hand: pd.DataFrame) -> None:
    """Refuse to time two ways that do not give the same keys and figures."""
    figures = ["value", "previous", "change", "change_pct", "change_pp"]
    one, other = (frame.set_index(KEY)[figures].sort_index() for frame in (ours, by_hand))
    pd.testing.assert_frame_equal(one, other, check_dtype=False, check_exact=False, rtol=1e-12)
