"""A calendar as a small table of the engine that a ledger lives on.

It has to be a table of that engine: joined with a view over memory, DuckDB takes the ledger for the
smaller side, and three times as long.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cchc_stats.words import CchcError

if TYPE_CHECKING:
    import narwhals as nw

    from cchc_stats.calendars import WorkingCalendar

TABLE = "temp.cchc_stats_calendar"


@contextmanager
def calendar_table(frame: Any, calendar: WorkingCalendar) -> Iterator[nw.LazyFrame[Any]]:
    """Give `day, ordinal, working` (0 or 1) for each day of a calendar, on a frame's engine.

    Raises
    ------
    CchcError
        An engine on which it is not known how to make a table.
    """
    import narwhals as nw

    engine, native = frame.implementation, frame.to_native()
    if engine.is_pandas():
        yield nw.from_native(_in_pandas(calendar))
    elif engine.is_duckdb():
        # The relation's own connection: no other one's tables can be joined with it.
        native.query("ledger", f"CREATE OR REPLACE TEMP TABLE {_bare(TABLE)} AS {_sql(calendar)}")
        try:
            yield nw.from_native(native.query("ledger", f"FROM {TABLE}"))
        finally:
            native.query("ledger", f"DROP TABLE {TABLE}")
    elif engine.is_pyspark():
        from pyspark.sql.functions import broadcast

        days = _in_pandas(calendar)
        rows = list(zip(*(days[name].tolist() for name in days), strict=True))
        schema = "day timestamp_ntz, ordinal long, working long"
        table = native.sparkSession.createDataFrame(
            [(day.to_pydatetime(), ordinal, worked) for day, ordinal, worked in rows], schema
        )
        yield nw.from_native(broadcast(table))
    else:
        raise CchcError(
            f"working days are not counted on {engine}",
            where="ledger=",
            mend="give a pandas frame, a DuckDB relation, files or a Spark frame",
        )


def _in_pandas(calendar: WorkingCalendar) -> pd.DataFrame:
    first = np.datetime64(calendar.first, "D")
    days = (first + np.arange(len(calendar.ordinal))).astype("datetime64[us]")
    working = calendar.working.astype("int64")
    return pd.DataFrame({"day": days, "ordinal": calendar.ordinal, "working": working})


def _sql(calendar: WorkingCalendar) -> str:
    last = calendar.last + dt.timedelta(days=1)
    return (
        f"SELECT unnest(range(TIMESTAMP '{calendar.first}', TIMESTAMP '{last}', INTERVAL 1 DAY)) "
        f"AS day, unnest({calendar.ordinal.tolist()}) AS ordinal, "
        f"unnest({calendar.working.astype('int64').tolist()}) AS working"
    )


def _bare(name: str) -> str:
    return name.removeprefix("temp.")
