"""Due days by law: so many working days after receipt, in place of the printed day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cchc_stats.ledger.counting.cube import grouped, in_groups
from cchc_stats.ledger.counting.doors import calendar_table
from cchc_stats.words import CchcError

if TYPE_CHECKING:
    import narwhals as nw

    from cchc_stats.calendars import WorkingCalendar

NO_LIMIT = 10.0**9  # working days
PRINTED, LEGAL = DUE = ("printed", "legal")


def require_due(due: object) -> None:
    """Refuse another word than those of `DUE`."""
    if due not in DUE:
        raise CchcError(
            f"dossiers do not go by a due day {due!r}",
            where="due=",
            mend=f"give {' or '.join(map(repr, DUE))}",
        )


def _is_told() -> nw.Expr:
    """Return whether a dossier tells its working days: no number is above all in some engines."""
    import narwhals as nw

    return (nw.col("legal_wd") >= 0) & (nw.col("legal_wd") < NO_LIMIT)


def by_law(frame: nw.LazyFrame[Any], groups: pd.DataFrame, by: Sequence[str]) -> np.ndarray:
    """Return of each group how many dossiers tell the working days that the law gives."""
    import narwhals as nw

    stated = frame.filter(_is_told()).with_columns(code=nw.lit(0))
    return in_groups(groups, grouped(stated, by), by)


@contextmanager
def due_by_law(frame: Any, calendar: WorkingCalendar | None) -> Iterator[nw.LazyFrame[Any]]:
    """Give a ledger whose `due_at` is the day that the law gives, where it tells `legal_wd`.

    That is the last of so many full working days, counted from the day after receipt; a dossier
    without `legal_wd` keeps its printed day.

    Parameters
    ----------
    frame : `received_at, due_at, legal_wd` and other columns, as `open_ledger` returns them.

    Raises
    ------
    CchcError
        No column `legal_wd`; a day of receipt or a due day that the calendar does not know.
    """
    import narwhals as nw

    if "legal_wd" not in frame.collect_schema().names():
        raise CchcError(
            "the ledger does not tell the working days that the law gives",
            where="due='legal': column legal_wd",
            mend="read an export with a column of time limits, 'Thời hạn giải quyết' in working "
            "days, or go by the printed days: due='printed'",
        )
    if calendar is None:
        from cchc_stats.calendars import vietnam_calendar

        calendar = vietnam_calendar()
    names = frame.collect_schema().names()
    with _dated(frame, calendar) as dated:
        _require_calendar(dated, calendar)
        due = nw.when(_is_told()).then(nw.col("law_day")).otherwise(nw.col("due_at"))
        yield dated.with_columns(due_at=due).select(*names)


@contextmanager
def _dated(frame: Any, calendar: WorkingCalendar) -> Iterator[Any]:
    """Give a ledger with the column `law_day`: the day of receipt where the law gives no full day.

    It is missing where the calendar does not know it.
    """
    import narwhals as nw

    if frame.implementation.is_duckdb():
        law_day = _law_day_in_sql(calendar)
        yield nw.from_native(frame.to_native().project(f"*, {law_day} AS law_day"))
        return
    with calendar_table(frame, calendar) as table:
        begins = table.select(
            nw.col("day").alias("begin_day"), nw.col("ordinal").alias("begin_ordinal")
        )
        ends = table.filter(nw.col("working") == 1).select(
            nw.col("ordinal").cast(nw.Float64()).alias("end_ordinal"),
            nw.col("day").alias("law_day"),
        )
        joined = (
            frame.with_columns(
                begin_day=nw.col("received_at").dt.truncate("1d"),
                full_days=nw.col("legal_wd").floor(),
            )
            .join(begins, on="begin_day", how="left")
            .with_columns(
                end_ordinal=nw.col("begin_ordinal").cast(nw.Float64()) + nw.col("full_days")
            )
            .join(ends, on="end_ordinal", how="left")
        )
        same = nw.when(nw.col("full_days") == 0)
        yield joined.with_columns(
            law_day=same.then(nw.col("begin_day")).otherwise(nw.col("law_day"))
        )


def _law_day_in_sql(calendar: WorkingCalendar) -> str:
    """Return the expression of the day, the calendar in it: a relation joins no frame."""
    offsets = np.flatnonzero(calendar.working)
    begun, first = calendar.ordinal.tolist(), f"DATE '{calendar.first}'"
    # Days before the working days of the list, counted from its begin.
    ends = {int(calendar.ordinal[at]): int(at) for at in offsets}
    listed = [ends.get(number) for number in range(1, max(ends) + 1)]
    days = ",".join("NULL" if one is None else str(one) for one in listed)
    at = f"date_diff('day', {first}, received_at::DATE)"
    full_days = "floor(legal_wd)"
    end = f"[{','.join(map(str, begun))}][{at} + 1] + {full_days}"
    return (
        f"CASE WHEN NOT coalesce(legal_wd >= 0 AND legal_wd < {NO_LIMIT}, false) "
        f"OR {at} NOT BETWEEN 0 AND {len(begun) - 1} THEN NULL "
        f"WHEN {full_days} = 0 THEN date_trunc('day', received_at)::TIMESTAMP "
        f"WHEN {end} > {len(listed)} THEN NULL "
        f"ELSE ({first} + [{days}][CAST({end} AS BIGINT)])::TIMESTAMP END"
    )


def _require_calendar(dated: nw.LazyFrame[Any], calendar: WorkingCalendar) -> None:
    """Refuse dossiers whose due day by law is none of the calendar's."""
    import narwhals as nw

    lost = _is_told() & ~nw.col("received_at").is_null() & nw.col("law_day").is_null()
    beyond = grouped(dated.filter(lost).with_columns(code=nw.lit(0)), ())
    if number := int(beyond["n"].sum()):
        raise CchcError(
            f"the calendar does not know the due day by law of {number} dossiers",
            where=f"due='legal': the calendar goes from {calendar.first:%d/%m/%Y} to "
            f"{calendar.last:%d/%m/%Y}",
            mend="pass a calendar that goes further, vietnam_calendar(provisional=True), or go by "
            "the printed days: due='printed'",
        )
