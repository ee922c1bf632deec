"""The tally against its plain model, and the laws that hold on every engine."""

import datetime as dt
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers import EXPLICIT, FIGURES, WINDOWS, counted, ledger_of, ledgers

from cchc_stats import (
    FormError,
    Window,
    check,
    durations,
    measure,
    read_ledger,
    simulate_ledger,
    tally,
    validate,
)
from cchc_stats.calendars import vietnam_calendar
from cchc_stats.forms import DOSSIERS
from cchc_stats.ledger.counting import cube, doors, series
from cchc_stats.reading import Report
from cchc_stats.words.errors import CchcError, PeriodError, ReadError

DAY = pd.Timestamp("2020-07-01")


def in_pandas(ledger: pd.DataFrame) -> pd.DataFrame:
    return ledger


def in_duckdb(ledger: pd.DataFrame) -> duckdb.DuckDBPyRelation:
    return CONNECTION.from_df(ledger)


def in_parquet(ledger: pd.DataFrame) -> Path:
    path = Path(FOLDER.name) / "ledger.parquet"
    in_duckdb(ledger).write_parquet(str(path))
    return path


@contextmanager
def as_on_a_cluster() -> Iterator[None]:
    """Count a pandas frame as an engine's table: by one expression, grouped there."""
    with pytest.MonkeyPatch.context() as patched:
        for name in ("tally", "durations"):
            module = sys.modules[f"cchc_stats.ledger.counting.{name}"]
            patched.setattr(module, "along_days", lambda _: False)
        yield


CONNECTION = duckdb.connect()
FOLDER = tempfile.TemporaryDirectory()
ENGINES = {"pandas": in_pandas, "duckdb": in_duckdb}
engines = pytest.mark.parametrize("engine", ENGINES.values(), ids=list(ENGINES))
few = settings(max_examples=15)


def one_row(**given: object) -> pd.DataFrame:
    row = {"dossier_id": "1", "agency": "A", "sector": "S", "procedure": "x", "received_at": DAY}
    row |= {"due_at": None, "settled_at": None, "channel": "online", "status": "open"} | given
    return ledger_of([tuple(row.values())])


def figures(frame: pd.DataFrame) -> dict[str, int]:
    """Return the figures of the only row that are not 0, but for the kind of its due date."""
    (row,) = frame[[name for name in FIGURES if not name.startswith("due_by_")]].to_dict("records")
    return {name: int(value) for name, value in row.items() if value}


# --- the laws


@engines
@few
@given(ledger=ledgers())
def test_every_figure_is_that_of_the_plain_model(engine, ledger):
    asked = [*WINDOWS, *EXPLICIT]
    frame = tally(engine(ledger), asked, by=())
    for row, one in zip(frame.to_dict("records"), asked, strict=True):
        window = Window(row["window_start"], row["window_end"])
        assert {name: row[name] for name in FIGURES} == counted(ledger, window), one


@engines
@few
@given(ledger=ledgers())
def test_groups_are_those_of_the_model_and_a_missing_name_is_one(engine, ledger):
    frame = tally(engine(ledger), "2020Q3")
    window = Window.of(pd.Period("2020Q3"))
    named = ledger.fillna({"agency": "(không ghi)", "sector": "(không ghi)"})
    keys = named.groupby(["agency", "sector"]).groups
    assert set(zip(frame["agency"], frame["sector"], strict=True)) == set(keys)
    for row in frame.to_dict("records"):
        part = ledger.loc[keys[row["agency"], row["sector"]]]
        expected = counted(part, window)
        assert {name: row[name] for name in FIGURES} == expected


@engines
@few
@given(ledger=ledgers())
def test_the_identities_of_the_form_hold(engine, ledger):
    frame = tally(engine(ledger), WINDOWS)
    assert len(validate(frame, "dossiers")) == len(frame)
    assert (frame["waiting"] <= frame["pending_not_due"]).all()
    assert (frame["due_on_time"] <= frame["due_total"]).all()


@engines
@few
@given(ledger=ledgers())
def test_what_is_pending_is_carried_over_into_the_next_window(engine, ledger):
    frame = tally(engine(ledger), ["2020Q2", "2020Q3", "2020Q4"], by="sector")
    parts = [frame[frame["period"] == period] for period in ("2020Q2", "2020Q3", "2020Q4")]
    for now, after in zip(parts, parts[1:], strict=False):
        assert now["pending_total"].tolist() == after["carried_over"].tolist()


@engines
@few
@given(ledger=ledgers())
def test_sectors_add_up_to_the_agency_and_agencies_to_the_whole(engine, ledger):
    table = engine(ledger)
    names = list(FIGURES)
    by_sector = tally(table, WINDOWS).groupby(["agency", "window_start"])[names].sum()
    by_agency = tally(table, WINDOWS, by="agency").set_index(["agency", "window_start"])[names]
    pd.testing.assert_frame_equal(by_sector, by_agency.sort_index())
    # What is overdue ends with an agency's own last event, that of the whole with the ledger's:
    # only where the caller says how far the ledger tells are they of one day.
    told = {"as_of": "2020-12-31"}
    by_agency = tally(table, WINDOWS, by="agency", **told).groupby("window_start")[names].sum()
    whole = tally(table, WINDOWS, by=(), **told).set_index("window_start")[names].sort_index()
    pd.testing.assert_frame_equal(by_agency, whole)


@engines
@few
@given(ledger=ledgers(), seed=st.integers(0, 99))
def test_the_order_of_rows_changes_nothing(engine, ledger, seed):
    shuffled = ledger.sample(frac=1, random_state=seed, ignore_index=True)
    pd.testing.assert_frame_equal(tally(engine(ledger), WINDOWS), tally(engine(shuffled), WINDOWS))


@few
@given(ledger=ledgers())
def test_the_engines_agree(ledger):
    asked = [*WINDOWS, *EXPLICIT]
    one, *others = (tally(engine(ledger), asked) for engine in [*ENGINES.values(), in_parquet])
    with as_on_a_cluster():
        others.append(tally(ledger, asked))
    for other in others:
        pd.testing.assert_frame_equal(one, other)


@few
@given(ledger=ledgers(), hour=st.none() | st.integers(0, 24))
def test_a_cluster_takes_the_days_that_arrays_take(ledger, hour):
    ledger = ledger.assign(legal_wd=pd.array([5, None, 12] * 4, dtype="Int64")[: len(ledger)])
    expected = durations(ledger, WINDOWS, cutoff_hour=hour)
    pd.testing.assert_frame_equal(durations(in_duckdb(ledger), WINDOWS, cutoff_hour=hour), expected)
    with as_on_a_cluster():
        pd.testing.assert_frame_equal(durations(ledger, WINDOWS, cutoff_hour=hour), expected)


@few
@given(ledger=ledgers())
def test_what_is_too_much_for_tables_or_for_places_of_names_counts_the_same(ledger):
    expected = tally(ledger, WINDOWS), durations(ledger, WINDOWS)
    small = [(series, "DENSE", 0), (series, "PENDING", 3), (series, "CELLS", 0), (cube, "STEP", 2)]
    with pytest.MonkeyPatch.context() as patched:
        for module, name, value in (*small, (cube, "FEW_GROUPS", 0)):
            patched.setattr(module, name, value)
        for engine in (in_pandas, in_parquet):
            pd.testing.assert_frame_equal(tally(engine(ledger), WINDOWS), expected[0])
            pd.testing.assert_frame_equal(durations(engine(ledger), WINDOWS), expected[1])
        with as_on_a_cluster():
            pd.testing.assert_frame_equal(tally(ledger, WINDOWS), expected[0])


@engines
@pytest.mark.parametrize("name", ["due_at", "settled_at"])
def test_no_instant_stands_for_none(engine, name):
    """The day 65,536 after 1970, its first microsecond and its neighbours are days as others."""
    far = pd.Timestamp("2149-06-07")
    for shift in (-1, 0, 1):
        time = far + pd.Timedelta(shift, "us")
        frame = tally(engine(one_row(**{name: time})), "2020Q3", by=())
        assert figures(frame) == {"not_counted": 1}


# --- plain SQL, window by window, says the same

TRUE = {
    "usable": """coalesce(year(received_at) BETWEEN 1990 AND 2100, false)
        AND NOT (settled_at IS NULL AND status IN ('settled', 'returned', 'withdrawn'))
        AND coalesce(settled_at::DATE >= received_at::DATE
            AND (settled_at >= received_at OR settled_at = settled_at::DATE)
            AND settled_at < TIMESTAMP '2101-01-01', true)
        AND coalesce(due_at::DATE >= received_at::DATE
            AND (due_at >= received_at OR due_at = due_at::DATE)
            AND due_at < TIMESTAMP '2101-01-01', true)""",
    "late": """coalesce(settled_at > CASE WHEN due_at = due_at::DATE
        THEN due_at + INTERVAL '1 day' - INTERVAL '1 microsecond' ELSE due_at END, false)""",
    "waits": "settled_at IS NULL AND status = 'waiting'",
    "gone": "settled_at IS NOT NULL AND status IN ('returned', 'withdrawn')",
    "here": "received_at < over AND coalesce(settled_at >= start, true)",
    "new": "here AND received_at >= start",
    "ended": "here AND coalesce(settled_at < over, false)",
    "pending": "here AND NOT ended",
    "falls_due": "coalesce(due_at >= start AND due_at < over, false) AND NOT gone AND NOT waits",
}
SUMS = {
    "received_total": "here",
    "carried_over": "here AND NOT new",
    "newly_received": "new",
    "received_online": "new AND coalesce(channel = 'online', false)",
    "settled_total": "ended AND NOT gone",
    "settled_on_time": "ended AND NOT gone AND NOT late",
    "settled_early": "ended AND NOT gone AND coalesce(settled_at::DATE < due_at::DATE, false)",
    "settled_late": "ended AND NOT gone AND late",
    "pending_total": "pending",
    "pending_overdue": "pending AND NOT waits AND coalesce(due_at < until, false)",
    "returned": "ended AND gone AND status = 'returned'",
    "withdrawn": "ended AND gone AND status = 'withdrawn'",
    "without_due_date": "here AND due_at IS NULL",
    "due_by_day": "here AND coalesce(due_at = due_at::DATE, false)",
    "due_by_hour": "here AND coalesce(due_at <> due_at::DATE, false)",
    "due_total": "falls_due",
    "due_on_time": "falls_due AND settled_at IS NOT NULL AND NOT late",
    "waiting": "pending AND waits",
}


def in_sql(ledger: pd.DataFrame, window: Window, by: tuple[str, ...]) -> pd.DataFrame:
    """Return the figures of one window by plain SQL."""
    named = ledger["agency"].fillna("?") if "agency" in by else pd.Series("?", ledger.index)
    until = {
        name: last_known(part, window) or dt.datetime.combine(window.after, dt.time())
        for name, part in ledger.groupby(named)
    }
    ledger = ledger.assign(until=named.map(until).astype("datetime64[us]"))
    flags = ", ".join(f"{text} AS {name}" for name, text in TRUE.items())
    edges = f"TIMESTAMP '{window.start}' AS start, TIMESTAMP '{window.after}' AS over"
    sums = [f"count(*) FILTER (usable AND {text}) AS {name}" for name, text in SUMS.items()]
    keys = [f"coalesce({name}, '(không ghi)') AS {name}" for name in by]
    chosen = ", ".join(
        [*keys, *sums, "count(*) FILTER (NOT coalesce(usable, false)) AS not_counted"]
    )
    known = "SELECT * REPLACE (coalesce(status, '') AS status)"
    source = f"(SELECT *, {flags} FROM ({known}, {edges} FROM ledger))"
    grouped, order = (
        ", ".join(f"ledger.{name} {how}" for name in by) for how in ("", "NULLS LAST")
    )
    rest = f"GROUP BY {grouped} ORDER BY {order}" if by else ""
    query = f"SELECT {chosen} FROM {source} AS ledger {rest}"
    return CONNECTION.from_df(ledger).query("ledger", query).df()


def last_known(ledger: pd.DataFrame, window: Window) -> dt.datetime | None:
    """Return the last event, where after it nothing is heard for longer than ever before."""
    days = {time.date() for name in ("received_at", "settled_at") for time in ledger[name].dropna()}
    known = sorted(day for day in days if 1990 <= day.year <= 2100)
    if len(known) < 4 or known[-1] >= window.end:
        return None
    count = vietnam_calendar().count
    one = dt.timedelta(days=1)
    longest = max(
        count(first, after - one) if after > first + one else 0
        for first, after in zip(known[:-1], known[1:], strict=True)
    )
    silent = count(known[-1], window.end)
    return dt.datetime.combine(known[-1], dt.time()) if silent > longest else None


@st.composite
def daily_ledgers(draw: st.DrawFn) -> pd.DataFrame:
    """Draw a ledger with something on most days, and then nothing, of some agencies."""
    hour = st.sampled_from([0, 8 * 60, 17 * 60, 24 * 60 - 1])
    rows = []
    for agency in draw(st.lists(st.sampled_from(["A", "B'", "", None]), min_size=1, unique=True)):
        for day in range(draw(st.integers(0, 60)), draw(st.integers(61, 90)), 3):
            received = dt.datetime(2020, 6, 1) + dt.timedelta(days=day, minutes=draw(hour))
            due, ended = (
                None
                if draw(st.booleans()) and draw(st.booleans())
                else received.replace(hour=0, minute=0)
                + dt.timedelta(days=draw(st.integers(0, longest)), minutes=draw(hour))
                for longest in (20, 40)
            )
            status = draw(st.sampled_from(["settled", "open", "waiting", "returned", None]))
            channel = draw(st.sampled_from(["online", "postal", None]))
            row = (str(len(rows)), agency, draw(st.sampled_from(["S", "T"])), "x")
            rows.append((*row, received, due, ended, channel, status))
    return ledger_of(rows)


SOME_DAYS = st.dates(dt.date(2020, 5, 20), dt.date(2020, 9, 30))


@settings(max_examples=20, deadline=None)
@given(
    ledger=daily_ledgers(),
    days=st.lists(st.tuples(SOME_DAYS, st.integers(0, 90)), min_size=1, max_size=4, unique=True),
    by=st.sampled_from([(), ("agency",), ("sector",), ("agency", "sector")]),
)
def test_plain_sql_window_by_window_says_the_same(ledger, days, by):
    asked = [Window(first, first + dt.timedelta(days=length)) for first, length in days]
    counts = [tally(engine(ledger), asked, by=by) for engine in [in_pandas, in_parquet]]
    with as_on_a_cluster():
        counts.append(tally(ledger, asked, by=by))
    expected = pd.concat([in_sql(ledger, window, by) for window in asked], ignore_index=True)
    for found in counts:
        for name in (*by, *SUMS, "not_counted"):
            assert found[name].tolist() == expected[name].tolist(), name


@settings(max_examples=5)
@given(ledger=ledgers())
def test_names_of_one_hash_are_compared_as_they_are(ledger):
    """More agencies than are told apart by their places, and a hash of three bits for all."""
    rows = [
        (f"N{n}", f"Sở {n}", "S", "x", DAY, None, None, "", "open") for n in range(cube.FEW + 1)
    ]
    many = pd.concat([ledger, ledger_of(rows)], ignore_index=True)
    hashed = cube._hash
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(cube, "_hash", lambda by: f"({hashed(by)} & 7)")
        frame = tally(in_parquet(many), WINDOWS, by="agency")
    pd.testing.assert_frame_equal(frame, tally(many, WINDOWS, by="agency"))


@few
@given(ledger=ledgers(faults=False))
def test_a_flow_of_quarters_is_that_of_the_year_to_date(ledger):
    """What is counted by events adds up over adjoining windows; stocks do not."""
    asked = ["2020Q1", "2020Q2", "2020Q3", (pd.Period("2020Q3"), "year_to_date")]
    frame = tally(ledger, asked, by=())
    flows = ["newly_received", "settled_total", "settled_late", "returned", "due_total"]
    assert frame[flows].iloc[:3].sum().tolist() == frame[flows].iloc[3].tolist()


def test_the_tally_of_a_ledger_is_found_clean(simulated):
    frame = validate(tally(simulated, ["2020Q2", "2020Q3"]), "dossiers")
    agency = frame["agency"].iloc[0]
    one = frame[frame["agency"] == agency]
    assert one["received_total"].sum() > 100
    now, before = (report_of(one, period) for period in ("2020Q3", "2020Q2"))
    assert check(now, previous=before).empty


def report_of(frame: pd.DataFrame, period: str) -> Report:
    """Return a report of the rows of one quarter."""
    rows = frame[frame["period"] == period].reset_index(drop=True)
    quarter, nothing = pd.Period(period), pd.DataFrame()
    table = {"dossiers": rows}
    agency = rows["agency"].iloc[0]
    window = Window.of(quarter)
    return Report(agency, "", None, quarter, window, table, nothing, nothing, "ledger")


# --- what is decided, one dossier each


@engines
@pytest.mark.parametrize(
    ("dossier", "expected"),
    [
        # Without a due day nothing is late, and the form says how many those are.
        ({}, {"pending_total": 1, "pending_not_due": 1, "without_due_date": 1}),
        (
            {"settled_at": DAY + pd.Timedelta(days=40), "status": "settled"},
            {"settled_total": 1, "settled_on_time": 1, "without_due_date": 1},
        ),
        # Waiting for supplements the clock stands still.
        (
            {"due_at": DAY, "status": "waiting"},
            {"pending_total": 1, "pending_not_due": 1, "waiting": 1},
        ),
        ({"due_at": DAY}, {"pending_total": 1, "pending_overdue": 1, "due_total": 1}),
        # The returned and withdrawn leave, and no due day counts against them.
        ({"due_at": DAY, "settled_at": DAY, "status": "returned"}, {"returned": 1}),
        ({"due_at": DAY, "settled_at": DAY, "status": "withdrawn"}, {"withdrawn": 1}),
    ],
)
def test_a_dossier_counts_as_is_said(engine, dossier, expected):
    always = {"received_total": 1, "newly_received": 1, "received_online": 1}
    frame = tally(engine(one_row(**dossier)), "2020Q3")
    assert figures(frame) == always | expected


@engines
@pytest.mark.parametrize(
    "dossier",
    [
        {"received_at": None},
        {"due_at": DAY - pd.Timedelta(days=1)},
        {"received_at": DAY + pd.Timedelta(hours=9), "due_at": DAY + pd.Timedelta(hours=8)},
        *({"due_at": pd.Timestamp(day)} for day in ("2202-07-01", "2101-01-01", "1020-07-01")),
        {"received_at": pd.Timestamp("0020-07-01")},
        {"settled_at": pd.Timestamp("2101-01-01"), "status": "settled"},
        {"settled_at": DAY - pd.Timedelta(days=1), "status": "settled"},
        *({"status": status} for status in ("settled", "returned", "withdrawn")),
    ],
)
def test_what_no_window_can_hold_is_counted_apart(engine, dossier):
    assert figures(tally(engine(one_row(**dossier)), "2020Q3")) == {"not_counted": 1}


@engines
@pytest.mark.parametrize("other_due", ["2020-07-20", "2020-07-20 16:00"])
def test_a_due_day_lasts_to_its_end_whatever_another_dossier_has(engine, other_due):
    afternoon = one_row(
        due_at=DAY, settled_at=DAY + pd.Timedelta(hours=15), status="settled", agency="A"
    )
    ledger = pd.concat([afternoon, one_row(due_at=pd.Timestamp(other_due), agency="B")])
    frame = tally(engine(ledger), "2020Q3")
    other = "time_of_day" if ":" in other_due else "end_of_day"
    assert frame["due_rule"].tolist() == ["end_of_day", other]
    assert frame["settled_late"].tolist() == [0, 0]
    both = tally(engine(ledger), "2020Q3", by="sector")
    assert both["due_rule"].tolist() == ["mixed" if ":" in other_due else "end_of_day"]
    assert both[["due_by_day", "due_by_hour"]].sum(axis=1).tolist() == [2]


@engines
@pytest.mark.parametrize(
    ("due", "settled", "late"),
    [
        ("2020-07-10", "2020-07-10 23:59:59.999999", 0),
        ("2020-07-10", "2020-07-11", 1),
        ("2020-07-10 17:00", "2020-07-10 17:00", 0),
        ("2020-07-10 17:00", "2020-07-10 17:00:01", 1),
        ("2020-07-10 00:00:01", "2020-07-10 09:00", 1),
    ],
)
def test_a_day_is_due_until_it_is_over_and_an_hour_is_that_instant(engine, due, settled, late):
    ledger = one_row(due_at=pd.Timestamp(due), settled_at=pd.Timestamp(settled), status="settled")
    frame = tally(engine(ledger), "2020Q3")
    assert frame[["settled_on_time", "settled_late"]].to_numpy().tolist() == [[1 - late, late]]
    assert frame["due_on_time"].tolist() == [1 - late]
    days = durations(engine(ledger), "2020Q3")
    assert days["on_printed_day_pct"].tolist() == [100 * (1 - late)]


@engines
@few
@given(ledger=ledgers(), others=ledgers())
def test_no_row_of_one_agency_changes_another_s_figures(engine, ledger, others):
    ours = pd.concat([ledger[ledger["agency"] == "A"], one_row(agency="A")])
    both = pd.concat([ours, others[others["agency"] != "A"]])
    for count in (tally, durations):
        alone, beside = (count(engine(one), WINDOWS) for one in (ours, both))
        beside = beside[beside["agency"] == "A"].reset_index(drop=True)
        pd.testing.assert_frame_equal(alone, beside)


@engines
def test_the_last_day_belongs_to_the_window_to_its_last_instant(engine):
    last = pd.Timestamp("2020-09-14 23:59:59.999999")
    frame = tally(engine(one_row(received_at=last)), ["2020Q3", "2020Q4"])
    assert frame["newly_received"].tolist() == [1, 0]
    assert frame["carried_over"].tolist() == [0, 1]


@engines
def test_the_day_of_receipt_is_not_before_it_and_the_last_known_year_counts(engine):
    dossier = one_row(
        received_at=DAY + pd.Timedelta(hours=9), due_at=DAY, settled_at=DAY, status="settled"
    )
    later = one_row(due_at=pd.Timestamp("2100-12-31 23:59"))
    frame = tally(engine(pd.concat([dossier, later])), "2020Q3")
    assert frame[["settled_on_time", "pending_not_due", "not_counted"]].values.tolist() == [
        [1, 1, 0]
    ]


def test_files_are_counted_the_same_whether_read_first_or_not(tmp_path):
    """What reading rejects is what the tally of the same file does not count."""
    (path,) = simulate_ledger(5_000, seed=3, path=tmp_path, fault_share=0.1)
    ledger = read_ledger(path)
    asked = ["2020Q3", Window("2019-05-01", "2019-05-01")]
    directly, read = tally(path, asked, by=()), tally(ledger, asked, by=())
    assert directly["not_counted"].tolist() == [len(ledger.rejects)] * 2
    assert len(ledger.rejects) > 200
    columns = [name for name in FIGURES if name != "not_counted"]
    pd.testing.assert_frame_equal(directly[columns], read[columns])


def test_windows_are_asked_for_in_several_ways():
    ledger = one_row()
    asked = ["quý III/2020", "9 tháng đầu năm 2020", Window("2020-06-15", "2020-09-14")]
    frame = tally(ledger, asked)
    assert frame["basis"].tolist() == ["in_period", "year_to_date", "in_period"]
    assert frame["period"].isna().tolist() == [False, False, True]
    quarters = pd.period_range("2020Q1", "2020Q4", freq="Q-DEC")
    assert tally(ledger, quarters)["newly_received"].tolist() == [0, 0, 1, 0]
    assert len(tally(ledger, (pd.Period("2020Q3"), "year_to_date"))) == 1


def test_a_window_without_dossiers_is_zeros_and_a_ledger_without_rows_has_none():
    assert figures(tally(one_row(), "2010Q1")) == {}
    assert tally(one_row().head(0), "2020Q3").empty
    whole = tally(one_row().head(0), "2020Q3", by=())
    assert (len(whole), figures(whole)) == (1, {})


def test_the_columns_are_those_of_the_form_and_typed():
    frame = tally(one_row(), "2020Q3")
    start = ["agency", "sector", "period", "basis", "window_start", "window_end"]
    assert frame.columns[:6].tolist() == start
    assert set(DOSSIERS.columns) <= set(frame.columns)
    assert {str(frame[name].dtype) for name in FIGURES} == {"Int64"}
    assert str(frame["period"].dtype) == "period[Q-DEC]"
    assert tally(one_row(), "2020Q3", by="procedure")["sector"].tolist() == ["all"]


def test_a_form_without_its_quarter_is_refused_later_and_not_before():
    frame = tally(one_row(), Window("2020-07-01", "2020-07-31"))
    with pytest.raises(FormError):
        validate(frame, "dossiers")


def test_values_measured_of_a_tally_are_tallied():
    values = measure({"dossiers": validate(tally(one_row(due_at=DAY), "2020Q3"), "dossiers")})
    assert set(values["origin"]) == {"tallied"}
    flows = values[values["basis"] == "in_period"]
    assert flows["window_start"].unique().tolist() == [pd.Timestamp("2020-06-15")]


# --- where a ledger lives


def test_files_are_counted_as_frames_are(tmp_path, simulated):
    CONNECTION.from_df(simulated).write_parquet(str(tmp_path / "a.parquet"))
    CONNECTION.from_df(simulated).write_csv(str(tmp_path / "a.csv"))
    expected = tally(simulated, WINDOWS)
    for source in (
        tmp_path / "a.parquet",
        [str(tmp_path / "a.parquet")],
        str(tmp_path / "*.parquet"),
        tmp_path / "a.csv",
        SimpleNamespace(frame=simulated),
        CONNECTION.from_df(simulated),
    ):
        pd.testing.assert_frame_equal(tally(source, WINDOWS), expected)


def test_a_large_frame_goes_to_the_engine_and_counts_the_same(monkeypatch, simulated):
    expected = tally(simulated, WINDOWS)
    monkeypatch.setattr(doors, "LARGE", 10)
    pd.testing.assert_frame_equal(tally(simulated, WINDOWS), expected)


@engines
def test_instants_with_a_zone_are_local_times_of_vietnam(engine):
    late = pd.Timestamp("2020-09-14 18:30", tz="UTC")  # half past one, 15 September, in Vietnam
    ledger = one_row()
    ledger["received_at"] = pd.Series([late])
    assert figures(tally(engine(ledger), "2020Q3")) == {}
    assert tally(engine(ledger), "2020Q4")["newly_received"].tolist() == [1]


@engines
def test_codes_that_are_numbers_are_names(engine):
    ledger = pd.concat([one_row(), one_row()]).assign(sector=[7, 11])
    assert tally(engine(ledger), "2020Q3")["sector"].tolist() == ["7", "11"]


def test_days_without_times_count_as_midnights():
    table = CONNECTION.from_df(one_row(due_at=DAY)).query(
        "l", "SELECT * REPLACE (received_at::DATE AS received_at, due_at::DATE AS due_at) FROM l"
    )
    assert tally(table, "2020Q3")["pending_overdue"].tolist() == [1]


@pytest.mark.parametrize(
    ("spoilt", "error", "words"),
    [
        (lambda f: f.drop(columns="due_at"), CchcError, "the ledger lacks due_at"),
        (lambda f: f.rename(columns={"due_at": "due_on"}), CchcError, r"due_at \('due_on'\?\)"),
        (lambda f: f.astype({"due_at": "str"}), CchcError, r"no time stamps: due_at \(String\)"),
        (lambda f: 7, CchcError, "not a int"),
        (lambda f: "no/such/folder", ReadError, "there is no ledger here"),
    ],
)
def test_what_is_no_ledger_is_refused(spoilt, error, words):
    with pytest.raises(error, match=words):
        tally(spoilt(one_row()), "2020Q3")


def test_a_file_cut_short_or_spoilt_and_files_of_other_kinds_are_refused(tmp_path, simulated):
    path = tmp_path / "a.parquet"
    CONNECTION.from_df(simulated).write_parquet(str(path))
    whole = path.read_bytes()
    path.write_bytes(whole[:-200])
    with pytest.raises(ReadError, match="the ledger cannot be read"):
        tally(path, "2020Q3")
    path.write_bytes(whole[:400] + b"\xff" * (len(whole) // 2) + whole[400 + len(whole) // 2 :])
    with pytest.raises(ReadError, match="the ledger cannot be read"):
        tally(path, "2020Q3")
    (tmp_path / "b.xlsx").touch()
    with pytest.raises(ReadError, match=r"Parquet, or all are CSV: \.xlsx"):
        tally(tmp_path / "b.xlsx", "2020Q3")


@pytest.mark.parametrize(
    ("windows", "words"),
    [
        ([], "no window is asked for"),
        (7, "7 names no window"),
        (pd.Period("2020-07"), "2020-07 is none"),
        ((pd.Period("2020Q3"), "as_of"), "counted over days, not as of one"),
        (["2020Q3", "quý III/2020"], "is asked for twice"),
    ],
)
def test_what_is_no_window_is_refused(windows, words):
    with pytest.raises(PeriodError, match=words):
        tally(one_row(), windows)


@pytest.mark.parametrize("by", ["channel", ("agency", "agency")])
def test_another_column_to_count_by_is_refused(by):
    with pytest.raises(CchcError, match="counted by some of agency, sector, procedure"):
        tally(one_row(), "2020Q3", by=by)


# --- dossiers that come more than once


@engines
@few
@given(ledger=ledgers(), names=st.lists(st.sampled_from(["1", "2", "3", None]), min_size=12))
def test_dossiers_that_come_more_than_once_are_told_by_group(engine, ledger, names):
    ledger = ledger.assign(dossier_id=pd.array(names[: len(ledger)], dtype="str"))
    keys = ["agency", "sector"]
    named = ledger.dropna(subset="dossier_id").fillna(
        {"agency": "(không ghi)", "sector": "(không ghi)"}
    )
    again = named[named.duplicated([*keys, "dossier_id"])]
    expected = again.groupby(keys).size().to_dict()
    counts = [tally(engine(ledger), WINDOWS, key="dossier_id")]
    with as_on_a_cluster():
        counts.append(tally(ledger, WINDOWS, key="dossier_id"))
    for frame in counts:
        groups = zip(frame["agency"], frame["sector"], strict=True)
        assert frame["repeated"].tolist() == [expected.get(group, 0) for group in groups]
        pd.testing.assert_frame_equal(frame.drop(columns="repeated"), tally(ledger, WINDOWS))


@engines
def test_a_dossier_given_three_times_is_told_and_one_of_two_offices_is_none(engine):
    thrice = pd.concat([one_row(dossier_id="H0")] * 3)
    assert tally(engine(thrice), "2020Q3", by=(), key="dossier_id")["repeated"].tolist() == [2]
    offices = pd.concat([one_row(agency="A"), one_row(agency="B")])
    assert tally(engine(offices), "2020Q3", key=["dossier_id"])["repeated"].tolist() == [0, 0]
    assert "repeated" not in tally(engine(thrice), "2020Q3")
    with pytest.raises(CchcError, match=r"the ledger lacks dossier_no"):
        tally(engine(thrice), "2020Q3", key="dossier_no")
