"""Each indicator: its record, its published figures, its laws, its absences."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from seed import seed_tables
from strategies import balanced, with_gaps

from cchc_stats import indicators as ind
from cchc_stats.forms import DOSSIERS, FORMS, find_form, validate
from cchc_stats.indicators import INDICATORS, find_indicator, measure
from cchc_stats.words.errors import CchcError, ValuesError
from cchc_stats.words.labels import vocabulary
from cchc_stats.words.ratios import half_up

CASES = Path(__file__).parents[1] / "cases"
BY_FORM = {form.code: form for form in FORMS}
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])

Tables = dict[str, pd.DataFrame]
OWN_FORM: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "procedures_in_force": ind.procedures_in_force,
    "procedures_published": ind.procedures_published,
    "procedures_published_on_time_share": ind.procedures_published_on_time_share,
    "one_stop_share": ind.one_stop_share,
    "interlinked_share": ind.interlinked_share,
    "on_time_rate_settled": ind.on_time_rate,
    "on_time_rate_received": lambda f: ind.on_time_rate(f, denominator="received"),
    "on_time_rate_handled": lambda f: ind.on_time_rate(f, denominator="handled"),
    "on_time_rate_due": lambda f: ind.on_time_rate(f, denominator="due"),
    "late_rate_settled": ind.late_rate,
    "early_share_settled": ind.early_share_settled,
    "dossiers_received": ind.dossier_count,
    "dossiers_newly_received": lambda f: ind.dossier_count(f, of="newly_received"),
    "dossiers_settled": lambda f: ind.dossier_count(f, of="settled"),
    "dossiers_settled_late": lambda f: ind.dossier_count(f, of="settled_late"),
    "dossiers_pending": lambda f: ind.dossier_count(f, of="pending"),
    "dossiers_pending_overdue": lambda f: ind.dossier_count(f, of="pending_overdue"),
    "settlement_rate": ind.settlement_rate,
    "pending_overdue_share": ind.pending_overdue_share,
    "backlog_ratio": ind.backlog_ratio,
    "dossiers_online_share_newly_received": ind.dossiers_online_share,
    "dossiers_online_share_received": lambda f: ind.dossiers_online_share(
        f, denominator="received"
    ),
    "staff_assigned": ind.staff_assigned,
    "staff_present": ind.staff_present,
    "staffing_rate": ind.staffing_rate,
    "vacancies": ind.vacancies,
    "staff_changes": ind.staff_changes,
    "training_turns": ind.training_turns,
    "training_turns_postgraduate": lambda f: ind.training_turns(f, course="postgraduate"),
    "training_turns_university": lambda f: ind.training_turns(f, course="university"),
    "training_turns_short_course": lambda f: ind.training_turns(f, course="short_course"),
    "training_turns_refresher": lambda f: ind.training_turns(f, course="refresher"),
    "training_turns_to_date": ind.training_turns_to_date,
    "training_share_of_previous_year": ind.training_share_of_previous_year,
    "positions_placed_share": ind.positions_placed_share,
    "people_trained": ind.people_trained,
    "autonomy_share": ind.autonomy_share,
    "documents_sent": ind.documents_sent,
    "electronic_documents_share": ind.electronic_documents_share,
    "online_share": ind.online_share,
    "online_procedures": ind.online_procedures,
    "iso_procedures_share": ind.iso_procedures_share,
    "iso_announced_share": ind.iso_announced_share,
    "iso_compliant_share": ind.iso_compliant_share,
    "iso_agencies": ind.iso_agencies,
    "iso_inspected": ind.iso_inspected,
    "time_reduction": ind.time_reduction,
    "days_saved": ind.days_saved,
    "time_reduction_mean": ind.time_reduction_mean,
    "time_reduction_by_dossiers": ind.time_reduction_by_dossiers,
    "departments": ind.departments,
    "public_service_units": ind.public_service_units,
    "inspected_share_direct": ind.inspected_share_direct,
    "inspected_share_with_indirect": ind.inspected_share_with_indirect,
    "units_wan": lambda f: ind.connected_units(f, to="wan"),
    "units_lan": ind.connected_units,
    "units_dedicated_network": lambda f: ind.connected_units(f, to="dedicated_network"),
    "units_document_system": lambda f: ind.connected_units(f, to="document_system"),
    "digital_signatures": ind.digital_signatures,
}
# Since 2025, and in no form of the real quarter.
LATER = ("digital_services", "proactive_services")
OWN_FORM |= {
    record.code: getattr(ind, record.code) for record in INDICATORS if record.form in LATER
}
TWO_FORMS: dict[str, tuple[Callable[[pd.DataFrame, pd.DataFrame], pd.Series], str]] = {
    "training_turns_per_person_present": (ind.training_turns_per_person_present, "staffing"),
    "online_procedures_share": (ind.online_procedures_share, "procedures"),
    "digital_signatures_per_person_present": (
        ind.digital_signatures_per_person_present,
        "staffing",
    ),
    "digital_signatures_per_civil_servant_present": (
        ind.digital_signatures_per_civil_servant_present,
        "staffing",
    ),
}
# Shares whose numerator is part of the denominator by an identity of the form.
PARTS_OF_WHOLES = (
    *("procedures_published_on_time_share", "one_stop_share", "interlinked_share"),
    *("on_time_rate_settled", "on_time_rate_received", "on_time_rate_handled", "on_time_rate_due"),
    *("late_rate_settled", "early_share_settled", "settlement_rate", "pending_overdue_share"),
    *("backlog_ratio", "dossiers_online_share_newly_received", "dossiers_online_share_received"),
    *("positions_placed_share", "autonomy_share", "electronic_documents_share", "online_share"),
    *("iso_procedures_share", "iso_announced_share", "iso_compliant_share"),
    "inspected_share_direct",
    *(one.code for one in INDICATORS if one.form == "digital_services" and one.denominator),
)


# What forms of states tell of the days since they were last told.
COUNTED_OVER = {"iso_inspected": "year_to_date", "people_trained": "in_period"}


def read_cases(name: str) -> list[dict[str, str]]:
    return pd.read_csv(CASES / name, dtype="str", keep_default_na=False).to_dict("records")


@pytest.fixture(scope="module")
def seed_values() -> pd.DataFrame:
    return measure(seed_tables())


@pytest.mark.parametrize(
    "case", read_cases("binh_dinh_2020q3.csv"), ids=lambda c: f"{c['indicator']}-{c['group'][:20]}"
)
def test_the_real_quarter_is_measured_as_counted_by_hand(
    case: dict[str, str], seed_values: pd.DataFrame
) -> None:
    key = ["indicator", "group", "basis"]
    rows = (seed_values[key] == [case[name] for name in key]).all(axis=1)
    rows &= seed_values["period"] == pd.Period(case["period"])
    assert rows.sum() == 1
    found = seed_values[rows].iloc[0]
    assert found["status"] == case["status"]
    for name in ("numerator", "denominator"):
        if case[name]:
            assert found[name] == pytest.approx(float(case[name]), abs=1e-6)
        else:
            assert pd.isna(found[name])
    if case["value"]:
        printed = Decimal(case["value"])
        half_unit = 0.5 * 10.0 ** int(printed.as_tuple().exponent)
        assert found["value"] == pytest.approx(float(printed), abs=half_unit + 1e-9)
    else:
        assert pd.isna(found["value"])


def frame_giving(code: str, numerator: int, denominator: int) -> pd.DataFrame:
    """Return one row in which an indicator's formula reads numerator / denominator."""
    record = find_indicator(code)
    row: dict[str, list[int]] = dict.fromkeys(record.columns, [0])
    # A sum published as one number stands in its first term.
    row[record.denominator.split()[0]] = [denominator]
    row[record.numerator.split()[0]] = [numerator]
    return pd.DataFrame(row)


@pytest.mark.parametrize(
    "case", read_cases("published_rates.csv"), ids=lambda c: f"{c['case']}-{c['indicator']}"
)
def test_published_rates_are_reproduced_as_printed(case: dict[str, str]) -> None:
    numerator, denominator = int(case["numerator"]), int(case["denominator"])
    rate = OWN_FORM[case["indicator"]](frame_giving(case["indicator"], numerator, denominator))
    decimals = len(case["printed"].partition(",")[2])
    assert half_up(rate[0], 1, decimals) == Decimal(case["printed"].replace(",", "."))


def test_every_record_can_be_read_and_traced() -> None:
    codes = [record.code for record in INDICATORS]
    assert len(set(codes)) == len(codes)
    units = vocabulary()["unit"]
    for record in INDICATORS:
        assert record.label_vi and record.label_en and record.source, record.code
        assert record.unit in units, record.code
        assert record.better in ("higher", "lower", "none"), record.code
        assert record.kind in ("events", "stock", "ratio", "count", "mean"), record.code
        assert find_indicator(record.code) is record
        if not record.prepared:
            assert set(record.columns) <= set(find_form(record.form).figures), record.code
    labels = [record.label_vi for record in INDICATORS]
    assert len(set(labels)) == len(labels)


def test_indicators_stand_in_the_order_of_the_forms() -> None:
    order = [form.code for form in FORMS]
    places = [order.index(record.form) for record in INDICATORS]
    assert places == sorted(places)
    assert set(places) == set(range(len(order)))


def test_what_holds_a_stock_or_dossiers_carried_over_is_not_additive() -> None:
    held = {"received_total", "carried_over", "pending_total", "pending_not_due", "pending_overdue"}
    for record in INDICATORS:
        carried = record.form == "dossiers" and held & set(record.columns)
        if record.kind == "stock" or carried:
            assert not record.additive, record.code
    additive = {record.code for record in INDICATORS if record.additive}
    assert {code for code in additive if code.startswith("on_time")} == {"on_time_rate_settled"}
    assert {code for code in additive if "time_reduction" in code} == set()
    assert {"days_saved", "iso_inspected"} <= additive


def test_poisson_limits_belong_to_what_happens_alone() -> None:
    """A stock carried over and a plan of inspections are no Poisson counts."""
    for code in ("dossiers_received", "iso_inspected", "days_saved"):
        assert find_indicator(code).kind == "ratio"
    assert find_indicator("dossiers_newly_received").kind == "count"


def test_a_rate_says_that_it_is_computed_from_the_circulars_columns() -> None:
    columns = "tính từ các cột của biểu II.06a, Thông tư 01/2020/TT-VPCP"
    decision = "theo Quyết định 766/QĐ-TTg, 2.1, tính trên các cột của biểu II.06a"
    for record in INDICATORS:
        if record.form == "dossiers" and record.denominator:
            handled = record.code == "on_time_rate_handled"
            assert record.source == (decision if handled else columns)


def test_labels_tell_that_received_is_with_what_was_carried_over() -> None:
    for record in INDICATORS:
        if "received_total" in record.columns and record.form == "dossiers":
            assert record.label_vi.endswith("(kể cả kỳ trước chuyển qua)"), record.code
            assert record.label_en.endswith("(incl. carried over)"), record.code
    vacancies = find_indicator("vacancies")
    assert vacancies.label_vi == "Biên chế còn trống (giao trừ hiện có)"
    assert vacancies.label_en == "Vacancies (assigned less present)"


def test_every_record_has_its_function() -> None:
    assert OWN_FORM.keys() | TWO_FORMS.keys() == {record.code for record in INDICATORS}
    assert set(ind.__all__) == {name for name in ind.__all__ if hasattr(ind, name)}


def same_figures(series: pd.Series, frame: pd.DataFrame, code: str, values: pd.DataFrame) -> None:
    """Assert that a function's figures are the ones that `measure` gave the same rows."""
    record, form = find_indicator(code), find_form(find_indicator(code).form)
    assert series.name == code and series.dtype == "Float64"
    mine = values[values["indicator"] == code]
    if not record.groups:
        expected = mine.set_index(["agency", "period", "basis"])["value"]
        pd.testing.assert_series_equal(
            series.sort_index(), expected.sort_index(), check_names=False, check_index_type=False
        )
        return
    assert series.index.isin(frame.index).all()
    rows = frame.loc[series.index]
    group = rows[form.row] if form.row else pd.Series("all", index=rows.index)
    given = rows[["agency", "period"]].assign(group=group, own=series)
    if record.kind != "stock" and "turns_to_date" not in record.columns:
        given["basis"] = rows["basis"].replace({"as_of": COUNTED_OVER.get(code, "as_of")})
    keys = [name for name in given.columns if name != "own"]
    joined = given[group != "all"] if form.row else given
    joined = joined.merge(mine[[*keys, "value"]], on=keys, how="left", validate="many_to_one")
    pd.testing.assert_series_equal(joined["own"], joined["value"], check_names=False)


@pytest.mark.parametrize(
    "code",
    [
        code
        for code in OWN_FORM
        if "reduction_by" not in code and find_indicator(code).form not in LATER
    ],
)
def test_the_function_gives_the_figures_of_measure(code: str, seed_values: pd.DataFrame) -> None:
    frame = seed_tables()[find_indicator(code).form]
    series = OWN_FORM[code](frame)
    assert len(series)
    if code in set(seed_values["indicator"]):
        same_figures(series, frame, code, seed_values)
    else:
        assert series.isna().all()


@pytest.mark.parametrize("code", TWO_FORMS)
def test_the_function_of_two_forms_gives_the_figures_of_measure(
    code: str, seed_values: pd.DataFrame
) -> None:
    function, other = TWO_FORMS[code]
    tables = seed_tables()
    frame = tables[find_indicator(code).form]
    same_figures(function(frame, tables[other]), frame, code, seed_values)


@pytest.mark.parametrize("code", BY_FORM)
@SLOW
@given(data=st.data())
def test_functions_agree_with_measure_whatever_is_missing(code: str, data: st.DataObject) -> None:
    frame = data.draw(with_gaps(BY_FORM[code], optional=True, largest=60))
    wanted = [r for r in INDICATORS if r.form == code and r.code in OWN_FORM]
    if code == "positions" and not frame["item"].str.endswith("s_placed").any():
        wanted = [r for r in wanted if r.code != "positions_placed_share"]
    try:
        values = measure({code: frame})
    except ValuesError:  # there is none of the indicators
        values = pd.DataFrame(columns=["agency", "period", "indicator", "value"])
    for record in wanted:
        series = OWN_FORM[record.code](frame)
        own = values[values["indicator"] == record.code]
        if own.empty:  # an optional column that no report has in its layout
            assert series.isna().all()
            continue
        here = frame.set_index(["agency", "period"]).index.isin(
            own.set_index(["agency", "period"]).index
        )
        if len(series) and here.all():
            same_figures(series, frame, record.code, own)


@pytest.mark.parametrize("form", dict.fromkeys(find_indicator(c).form for c in PARTS_OF_WHOLES))
@SLOW
@given(data=st.data())
def test_a_part_of_a_whole_is_between_0_and_100(form: str, data: st.DataObject) -> None:
    frame = data.draw(balanced(BY_FORM[form], optional=True, largest=60))
    for code in [code for code in PARTS_OF_WHOLES if find_indicator(code).form == form]:
        assert OWN_FORM[code](frame).dropna().between(0, 100).all(), code


@SLOW
@given(balanced(DOSSIERS))
def test_on_time_and_late_make_all_that_were_settled(frame: pd.DataFrame) -> None:
    both = ind.on_time_rate(frame) + ind.late_rate(frame)
    settled = frame["settled_total"] > 0
    assert both[settled].to_numpy("float64") == pytest.approx(100)
    assert both[~settled].isna().all()


@SLOW
@given(balanced(DOSSIERS, largest=1000), st.integers(2, 50))
def test_rates_do_not_change_with_the_size_of_the_office(frame: pd.DataFrame, times: int) -> None:
    larger = frame.assign(**{name: frame[name] * times for name in DOSSIERS.figures})
    for code in (code for code in OWN_FORM if find_indicator(code).form == "dossiers"):
        if find_indicator(code).denominator:
            expected = OWN_FORM[code](frame).to_numpy("float64", na_value=np.nan)
            found = OWN_FORM[code](larger).to_numpy("float64", na_value=np.nan)
            assert found == pytest.approx(expected, nan_ok=True)


def cut(**columns: list[float | None]) -> pd.DataFrame:
    size = len(columns["days_before"])
    rows = {"agency": "Sở A", "period": "2020Q3", "procedure": list("abcdef")[:size]}
    return validate(pd.DataFrame(rows | columns), "simplifications")


def test_the_three_reductions_of_the_whole_differ() -> None:
    frame = cut(days_before=[15, 10], days_after=[13, 8], dossiers=[2, 7])
    values = measure({"simplifications": frame})
    whole = values[values["group"] == "all"].set_index("indicator")["value"]
    assert whole["time_reduction"] == 16  # 4 of 25 days
    assert whole["time_reduction_mean"] == pytest.approx(50 / 3)  # of 13.33 and 20
    assert whole["time_reduction_by_dossiers"] == 18  # 2 * 2 + 7 * 2 of 2 * 15 + 7 * 10 days
    assert whole["days_saved"] == 4


def test_a_procedure_of_no_days_is_left_out_of_the_mean() -> None:
    frame = cut(days_before=[15, 0], days_after=[12, 0])
    assert ind.time_reduction_mean(frame).tolist() == [20]
    assert ind.time_reduction(frame).isna().tolist() == [False, True]


def test_a_mean_is_not_known_where_a_procedure_is_not() -> None:
    frame = cut(days_before=[15, None], days_after=[12, 8])
    assert ind.time_reduction_mean(frame).isna().tolist() == [True]
    values = measure({"simplifications": frame})
    mean = values[values["indicator"] == "time_reduction_mean"].iloc[0]
    assert mean["status"] == "not_reported"
    assert mean["note"] == "chưa có số liệu của 1/2 dòng"


def turns(**columns: object) -> pd.DataFrame:
    rows = {"agency": "Sở A", "staff_group": "civil_servants"} | columns
    courses = dict.fromkeys(("postgraduate", "university", "short_course", "refresher"), pd.NA)
    frame = pd.DataFrame(rows).assign(**courses)
    return validate(frame.astype(dict.fromkeys(courses, "Int64")), "training")


def to_date(frame: pd.DataFrame) -> pd.DataFrame:
    values = measure({"training": frame})
    mine = values[values["indicator"] == "training_turns_to_date"]
    return mine[mine["group"] != "all"].set_index("period")


def test_turns_to_date_start_anew_each_year() -> None:
    quarters = ["2019Q3", "2019Q4", "2020Q1", "2020Q2"]
    frame = turns(period=quarters, total=[5, 6, 7, 8])
    assert ind.training_turns_to_date(frame).tolist() == [pd.NA, pd.NA, 7, 15]
    notes = to_date(frame)["note"]
    assert notes[pd.Period("2019Q4")] == "chưa có số liệu quý I, II"


def test_a_reported_year_to_date_bridges_quarters_that_are_missing() -> None:
    frame = turns(
        period=["2020Q2", "2020Q3", "2020Q4"],
        basis=["year_to_date", "in_period", "in_period"],
        total=[36, 16, None],
    )
    assert ind.training_turns_to_date(frame).tolist() == [36, 52, pd.NA]
    found = to_date(frame)
    assert found["basis"].unique().tolist() == ["year_to_date"]
    assert found["note"].tolist() == ["", "", "chưa có số liệu quý IV"]


def test_a_reported_year_to_date_counts_before_its_quarters_and_says_so() -> None:
    frame = turns(
        period=["2020Q1", "2020Q2", "2020Q2"],
        basis=["in_period", "in_period", "year_to_date"],
        total=[18, 18, 40],
        source=["Q1", "Q2", "tổng"],
    )
    found = to_date(frame).loc[pd.Period("2020Q2")]
    assert (found["value"], found["note"], found["source"]) == (40, "khác tổng các quý: 36", "tổng")


def test_a_quarter_without_turns_to_speak_of_adds_nothing() -> None:
    frame = turns(period=["2020Q1", "2020Q2"], total=[None, 3], not_applicable=["total", ""])
    found = to_date(frame)
    assert found["status"].tolist() == ["not_applicable", "reported"]
    assert found["value"].tolist() == [pd.NA, 3]
    assert found["note"].tolist() == ["", "quý I ghi '-': không cộng"]


def test_a_quarter_that_is_a_dash_after_others_is_told() -> None:
    frame = turns(
        period=["2020Q1", "2020Q2", "2020Q3", "2020Q4", "2020Q4"],
        basis=["in_period"] * 4 + ["year_to_date"],
        total=[2, None, None, 3, 5],
        not_applicable=["", "total", "total", "", ""],
    )
    found = to_date(frame)
    assert found["value"].tolist() == [2, 2, 2, 5]
    notes = ["", "quý II ghi '-': không cộng", "quý II, III ghi '-': không cộng", ""]
    assert found["note"].tolist() == notes


def test_turns_to_date_cover_the_stated_days_since_the_first_quarter() -> None:
    days = {
        "window_start": pd.to_datetime(["2020-01-01", "2020-04-01", None]),
        "window_end": pd.to_datetime(["2020-03-31", "2020-06-30", None]),
    }
    found = to_date(turns(period=["2020Q1", "2020Q2", "2021Q1"], total=[1, 2, 3], **days))
    assert found["window_start"].dt.strftime("%d/%m/%Y").tolist() == [
        "01/01/2020",
        "01/01/2020",
        "15/12/2020",
    ]
    assert found["window_end"].dt.strftime("%d/%m/%Y").tolist() == [
        "31/03/2020",
        "30/06/2020",
        "14/03/2021",
    ]


def test_what_is_inspected_is_of_the_year_whatever_the_form_says() -> None:
    levels = seed_tables()["iso9001"].iloc[:4]
    both = pd.concat([levels, levels.iloc[:1].assign(basis="year_to_date", inspected=34)])
    values = measure({"iso9001": validate(both, "iso9001")})
    mine = values[values["indicator"] == "iso_inspected"]
    assert set(mine["basis"]) == {"year_to_date"}
    assert mine.loc[mine["group"] == "all", "value"].tolist() == [34]


def test_people_trained_are_of_the_period_whatever_the_form_says() -> None:
    items = seed_tables()["positions"].assign(basis="as_of")
    values = measure({"positions": items})
    assert values.set_index("indicator").loc["people_trained", "basis"] == "in_period"


def test_remarks_of_a_report_are_no_notes_of_prepared_values() -> None:
    tables = {code: frame.assign(note="đã kiểm tra") for code, frame in seed_tables().items()}
    assert not measure(tables)["note"].str.contains("đã kiểm tra").any()


@pytest.mark.parametrize(
    ("dashes", "status", "note"),
    [
        (["", "days_before days_after"], "reported", "không tính 1/2 dòng ghi '-'"),
        (["", "days_after"], "not_reported", "1/2 dòng ghi '-' ở một phần của công thức"),
    ],
)
def test_a_mean_leaves_out_what_does_not_apply_at_all(
    dashes: list[str], status: str, note: str
) -> None:
    before = None if "days_before" in dashes[1] else 10
    frame = cut(days_before=[15, before], days_after=[12, None]).assign(not_applicable=dashes)
    values = measure({"simplifications": frame})
    for code in ("time_reduction", "time_reduction_mean", "days_saved"):
        whole = values[(values["indicator"] == code) & (values["group"] == "all")].iloc[0]
        assert (whole["status"], whole["note"]) == (status, note)


def test_the_year_before_may_be_four_quarters() -> None:
    quarters = ["2019Q1", "2019Q2", "2019Q3", "2019Q4", "2020Q1"]
    frame = turns(period=quarters, total=[10, 20, 10, 10, 25])
    shares = ind.training_share_of_previous_year(frame)
    assert shares.tolist() == [pd.NA, pd.NA, pd.NA, pd.NA, 50]


def test_turns_to_date_name_every_place_that_they_are_added_from() -> None:
    frame = turns(
        period=["2020Q1", "2020Q2"],
        total=[1, 2],
        source=["mục II, cột Quý I", "mục II, cột Quý II"],
    )
    assert to_date(frame)["source"].tolist()[1] == "mục II, cột Quý I + cột Quý II"


def test_the_whole_counts_the_procedures_in_force_once() -> None:
    tables = seed_tables()
    levels = tables["online_services"].assign(procedures=pd.array([8, 23], dtype="Int64"))
    values = measure({"online_services": levels, "procedures": tables["procedures"]})
    share = values[values["indicator"] == "online_procedures_share"].set_index("group")
    assert share.loc["all", ["numerator", "denominator", "value"]].tolist() == [31, 62, 50]
    assert share.loc["3", "source"] == (
        f"{levels['source'][0]}; {tables['procedures']['source'][0]}"
    )


def test_what_needs_another_form_is_left_out_without_it() -> None:
    tables = seed_tables()
    for code, (_, other) in TWO_FORMS.items():
        form = find_indicator(code).form
        assert code not in set(measure({form: tables[form]})["indicator"])
        assert code in set(measure({form: tables[form], other: tables[other]})["indicator"])


@pytest.mark.parametrize("code", TWO_FORMS)
def test_a_form_without_rows_gives_no_figure(code: str) -> None:
    function, other = TWO_FORMS[code]
    tables = seed_tables()
    frame = tables[find_indicator(code).form]
    without = function(frame, tables[other].iloc[:0])
    assert without.index.equals(frame.index) and without.isna().all()
    assert function(frame.iloc[:0], tables[other]).empty
    empty = {find_indicator(code).form: frame, other: tables[other].iloc[:0]}
    assert code not in set(measure(empty)["indicator"])


@pytest.mark.parametrize("code", [r.code for r in INDICATORS if r.validated])
@settings(parent=SLOW, max_examples=15)
@given(data=st.data())
def test_what_is_prepared_and_not_reported_says_why(code: str, data: st.DataObject) -> None:
    record = find_indicator(code)
    tables = {
        name: data.draw(with_gaps(BY_FORM[name], optional=True))
        for name in (record.form, *record.needs)
    }
    try:
        values = measure(tables, indicators=[record])
    except ValuesError:  # no row that this indicator is measured on
        return
    unknown = (values["status"] == "not_reported") & (values["origin"] == "computed")
    assert (values.loc[unknown, "note"] != "").all()


def test_an_own_cell_that_is_empty_is_told_beside_another_form() -> None:
    tables = seed_tables()
    networks = tables["infrastructure"].assign(digital_signatures=pd.array([pd.NA], dtype="Int64"))
    values = measure({"infrastructure": networks, "staffing": tables["staffing"]}, lang="en")
    share = values[values["indicator"] == "digital_signatures_per_person_present"].iloc[0]
    title = find_form("infrastructure").title_en
    assert (share["status"], share["note"]) == ("not_reported", f"no figure of the form {title}")


def test_another_form_without_the_period_leaves_a_note() -> None:
    tables = seed_tables()
    later = tables["staffing"].assign(period=pd.Period("2021Q1"))
    values = measure({"infrastructure": tables["infrastructure"], "staffing": later})
    share = values[values["indicator"] == "digital_signatures_per_person_present"].iloc[0]
    assert (share["status"], share["note"]) == (
        "not_reported",
        "thiếu số liệu của biểu Quản lý biên chế",
    )


def test_a_dash_in_the_other_form_is_not_applicable() -> None:
    tables = seed_tables()
    staffing = tables["staffing"].copy()
    service = staffing["category"] == "public_service"
    staffing["present"] = staffing["present"].mask(service)
    staffing["not_applicable"] = staffing["not_applicable"].mask(service, "present")
    values = measure({"training": tables["training"], "staffing": staffing})
    turns_per = values[values["indicator"] == "training_turns_per_person_present"]
    now = turns_per[turns_per["period"] == pd.Period("2020Q3")].set_index("group")
    assert now.loc["public_employees", "status"] == "not_applicable"
    assert (now.loc["all", "status"], now.loc["all", "note"]) == (
        "not_reported",
        "1/2 dòng ghi '-' ở một phần của công thức",
    )


def test_what_is_to_be_said_of_the_other_form_is_said() -> None:
    tables = seed_tables()
    staffing = tables["staffing"].copy()
    contract = staffing["category"] == "administrative_contract"
    staffing["present"] = staffing["present"].mask(contract)
    staffing["not_applicable"] = staffing["not_applicable"].mask(contract, "present")
    values = measure({"infrastructure": tables["infrastructure"], "staffing": staffing})
    share = values[values["indicator"] == "digital_signatures_per_person_present"].iloc[0]
    assert (share["denominator"], share["note"]) == (60, "không tính 1/3 dòng ghi '-'")


def test_the_due_rate_says_that_it_is_approximate(seed_values: pd.DataFrame) -> None:
    due = seed_values[seed_values["indicator"] == "on_time_rate_due"]
    expected = "gần đúng: số hồ sơ đến hạn chỉ đếm được chính xác từ sổ hồ sơ"
    assert due["note"].unique().tolist() == [expected]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda f: ind.on_time_rate(f, denominator="all"),
            "no on-time rate is divided by 'all'\n"
            "  where: denominator=\n"
            "  mend:  use one of settled, received, handled, due",
        ),
        (
            lambda f: ind.dossiers_online_share(f, denominator="settled"),
            "no online share is divided by 'settled'\n"
            "  where: denominator=\n"
            "  mend:  use one of newly_received, received",
        ),
        (
            lambda f: ind.dossier_count(f, of="returned"),
            "no dossiers are counted as 'returned'\n"
            "  where: of=\n"
            "  mend:  use one of received, newly_received, settled, settled_late, pending, "
            "pending_overdue",
        ),
        (
            lambda f: ind.training_turns(f, course="short"),
            "no training turns are counted of course 'short'\n"
            "  where: course=\n"
            "  mend:  use one of all, postgraduate, university, short_course, refresher",
        ),
        (
            lambda f: ind.connected_units(f, to="internet"),
            "no units are counted as connected to 'internet'\n"
            "  where: to=\n"
            "  mend:  use one of wan, lan, dedicated_network, document_system",
        ),
    ],
)
def test_an_unknown_option_is_refused_with_those_there_are(
    call: Callable[[pd.DataFrame], pd.Series], message: str
) -> None:
    with pytest.raises(CchcError) as refusal:
        call(pd.DataFrame())
    assert str(refusal.value) == message


def test_a_function_of_two_forms_refuses_a_frame_that_is_not_its_form() -> None:
    tables = seed_tables()
    with pytest.raises(ValuesError) as refusal:
        ind.online_procedures_share(tables["online_services"], tables["documents"])
    assert str(refusal.value) == (
        "table procedures cannot be measured: columns in_force, published_total, "
        "published_on_time, published_late, one_stop, interlinked_total, interlinked_horizontal, "
        "interlinked_vertical are missing\n"
        "  where: tables['procedures']\n"
        "  mend:  pass the table through validate(frame, 'procedures') first"
    )


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        (pd.DataFrame({"sent_total": ["1.380"]}), "column sent_total: '1.380' is no count"),
        (pd.DataFrame({"sent_total": ["-"]}), "column sent_total: '-' is no count"),
        (pd.DataFrame({"sent_total": [True]}), "column sent_total: np.True_ is no count"),
        (pd.DataFrame({"sent_total": [3, -37]}), "column sent_total: np.int64(-37) is no count"),
        (pd.DataFrame({"sent": [3]}), "column sent_total is missing"),
        ({"sent_total": [3]}, "it is a dict, not a DataFrame"),
    ],
)
def test_a_function_refuses_what_is_no_figure(frame, told) -> None:
    with pytest.raises(ValuesError) as caught:
        ind.documents_sent(frame)
    assert str(caught.value) == (
        f"documents_sent cannot be measured: {told}\n"
        "  where: table documents\n"
        "  mend:  pass the table through validate(frame, 'documents') first"
    )


def test_people_trained_asks_for_its_items() -> None:
    with pytest.raises(ValuesError, match="people_trained cannot be measured: column item, count"):
        ind.people_trained(pd.DataFrame({"a": [1]}))


def test_a_frame_without_places_is_measured() -> None:
    cut = pd.DataFrame({"agency": "Sở A", "period": pd.PeriodIndex(["2020Q3"] * 2, freq="Q-DEC")})
    cut = cut.assign(procedure=["a", "b"], days_before=[15, 10], days_after=[13, 8])
    assert ind.time_reduction_mean(cut).round(2).tolist() == [16.67]


@pytest.mark.parametrize("wrong", [{"better": "highest"}, {"kind": "evts"}])
def test_a_record_knows_its_words(wrong) -> None:
    record = find_indicator("documents_sent")
    (name, word), *_ = wrong.items()
    with pytest.raises(ValuesError, match=f"indicator documents_sent: {name} is '{word}'"):
        replace(record, **wrong)
