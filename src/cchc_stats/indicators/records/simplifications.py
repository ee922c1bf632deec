"""Indicators of time cut from procedures: per procedure, and of all that were cut."""

from __future__ import annotations

import pandas as pd

from cchc_stats.indicators.indicator import Indicator, Tables, indicate
from cchc_stats.indicators.tables import Rows, indicate_whole, tables_of

_SECTION_2 = "Báo cáo CCHC, phần II.2"


def time_reduction(simplifications: pd.DataFrame) -> pd.Series:
    """Return the share of a procedure's time that was cut (tỷ lệ cắt giảm thời gian).

    The whole, in `measure`, is Σ days cut / Σ days before: procedures with a longer legal time
    weigh more. A plain mean and one weighted by dossiers are indicators of their own.

    Parameters
    ----------
    simplifications : frame with `days_before, days_after` (working days), one row per procedure.

    Returns
    -------
    Series `time_reduction`, Float64 percent, index of `simplifications`; negative where the time
    became longer, <NA> where a term is missing or the time before was 0.
    Source: report, section II.2.

    Examples
    --------
    >>> cut = pd.DataFrame({"days_before": [15, 10], "days_after": [13, 8]})
    >>> time_reduction(cut).round(2).tolist()
    [13.33, 20.0]
    """
    return indicate(simplifications, TIME_REDUCTION)


# Not additive, like the two means below: a procedure that was cut in two quarters would count its
# days twice in the denominator. Days saved are each saved once, and add up.
TIME_REDUCTION = Indicator(
    code="time_reduction",
    label_vi="Tỷ lệ cắt giảm thời gian giải quyết",
    label_en="Time cut, of the time before",
    unit="percent",
    better="higher",
    kind="ratio",
    form="simplifications",
    formula="(days_before - days_after) / days_before",
    source=_SECTION_2,
    additive=False,
)


def days_saved(simplifications: pd.DataFrame) -> pd.Series:
    """Return the working days cut from a procedure (số ngày cắt giảm).

    Parameters
    ----------
    simplifications : frame with `days_before, days_after` (working days), one row per procedure.

    Returns
    -------
    Series `days_saved`, Float64 working days, index of `simplifications`; negative where the time
    became longer, <NA> where a term is missing. Source: report, section II.2.

    Examples
    --------
    >>> days_saved(pd.DataFrame({"days_before": [15, 10], "days_after": [13, 8]})).tolist()
    [2.0, 2.0]
    """
    return indicate(simplifications, DAYS_SAVED)


DAYS_SAVED = Indicator(
    code="days_saved",
    label_vi="Số ngày làm việc cắt giảm",
    label_en="Working days cut",
    unit="working_days",
    better="higher",
    # Not a count: days of a rule are no events, and no Poisson limits belong to them.
    kind="ratio",
    form="simplifications",
    formula="days_before - days_after",
    source=_SECTION_2,
)


def time_reduction_mean(simplifications: pd.DataFrame) -> pd.Series:
    """Return the plain mean of the procedures' time reductions, each weighing the same.

    Parameters
    ----------
    simplifications : validated frame of the form, one row per procedure.

    Returns
    -------
    Series `time_reduction_mean`, Float64 percent, one value per agency, period and basis (its
    index). A procedure that had 0 days before has no reduction and is left out, and where that
    leaves none the mean is <NA>; so it is where the days of a procedure are missing.
    Source: report, section II.2.

    Raises
    ------
    ValuesError
        The frame is not the form's.

    Examples
    --------
    >>> from cchc_stats.forms import validate
    >>> cut = validate(pd.DataFrame({"agency": "Sở A", "period": "2020Q3", "procedure": ["a", "b"],
    ...                              "days_before": [15, 10], "days_after": [13, 8]}),
    ...                "simplifications")
    >>> time_reduction_mean(cut).round(2).tolist()
    [16.67]
    """
    frame = _reductions(tables_of(simplifications=simplifications), "vi")
    return indicate_whole(frame, TIME_REDUCTION_MEAN, row="procedure")


def _reductions(tables: Tables, _: str) -> pd.DataFrame:
    """Return the reduction of each procedure, and 1 where it has one."""
    frame = tables["simplifications"]
    reduction = indicate(frame, TIME_REDUCTION)
    none = (frame["days_before"] == 0).fillna(False) & frame["days_after"].notna()
    return frame.assign(
        reduction_pct=reduction.mask(none, 0.0), procedures=1.0 - none.astype("Float64")
    )


TIME_REDUCTION_MEAN = Indicator(
    code="time_reduction_mean",
    label_vi="Tỷ lệ cắt giảm thời gian bình quân các thủ tục",
    label_en="Mean of the procedures' time cut",
    unit="percent",
    better="higher",
    kind="mean",
    form="simplifications",
    formula="reduction_pct / procedures",
    source=_SECTION_2,
    additive=False,
    groups=False,
    prepare=_reductions,
    made_from=("days_before", "days_after"),
)


def time_reduction_by_dossiers(simplifications: pd.DataFrame) -> pd.Series:
    """Return the share of time cut from all dossiers: each procedure weighs by its dossiers.

    Σ dossiers · (days_before − days_after) / Σ dossiers · days_before: the share of the people's
    waiting time that the cuts save.

    Parameters
    ----------
    simplifications : validated frame of the form with `dossiers`, one row per procedure.

    Returns
    -------
    Series `time_reduction_by_dossiers`, Float64 percent, one value per agency, period and basis
    (its index) of the reports that give dossiers; <NA> where a procedure lacks a figure or nothing
    was waited for. Source: report, section II.2.

    Raises
    ------
    ValuesError
        The frame is not the form's.

    Examples
    --------
    >>> from cchc_stats.forms import validate
    >>> cut = validate(pd.DataFrame({"agency": "Sở A", "period": "2020Q3", "procedure": ["a", "b"],
    ...                              "days_before": [15, 10], "days_after": [13, 8],
    ...                              "dossiers": [2, 7]}), "simplifications")
    >>> time_reduction_by_dossiers(cut).tolist()
    [18.0]
    """
    frame = _waiting(tables_of(simplifications=simplifications), "vi")
    return indicate_whole(frame, TIME_REDUCTION_BY_DOSSIERS, row="procedure")


def _waiting(tables: Tables, _: str) -> pd.DataFrame:
    """Return the days waited for all dossiers of each procedure, where dossiers are given."""
    frame = tables["simplifications"]
    if "dossiers" not in frame:
        frame = frame.assign(dossiers=pd.array([pd.NA] * len(frame), dtype="Int64"))
    rows = Rows(frame, "procedure")
    told: pd.DataFrame = frame[~rows.lacking(["dossiers"])[rows.reports[0]]]
    dossiers = told["dossiers"].astype("Float64")
    return told.assign(
        dossier_days_before=dossiers * told["days_before"],
        dossier_days_after=dossiers * told["days_after"],
    )


TIME_REDUCTION_BY_DOSSIERS = Indicator(
    code="time_reduction_by_dossiers",
    label_vi="Tỷ lệ cắt giảm thời gian, tính theo số hồ sơ",
    label_en="Time cut, weighted by dossiers",
    unit="percent",
    better="higher",
    kind="ratio",
    form="simplifications",
    formula="(dossier_days_before - dossier_days_after) / dossier_days_before",
    source=_SECTION_2,
    additive=False,
    groups=False,
    prepare=_waiting,
    made_from=("dossiers", "days_before", "days_after"),
)

RECORDS = (TIME_REDUCTION, DAYS_SAVED, TIME_REDUCTION_MEAN, TIME_REDUCTION_BY_DOSSIERS)
