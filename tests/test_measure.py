"""`measure`: rows and wholes, statuses, bases, sources, laws, refusals."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from seed import seed_tables
from strategies import balanced, tables, with_gaps

from cchc_stats.errors import CchcError, ValuesError
from cchc_stats.forms import DOSSIERS, FORMS, validate
from cchc_stats.indicators import INDICATORS, find_indicator, measure
from cchc_stats.values import COLUMNS, KEY, complete_values

SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
IDENTIFIED = [*KEY, "numerator", "denominator", "value", "status"]


def sorted_by_key(values: pd.DataFrame) -> pd.DataFrame:
    return values.sort_values(list(KEY), ignore_index=True)


def staffing(**columns: object) -> pd.DataFrame:
    rows = {"agency": "Sở A", "period": "2020Q3"} | columns
    return validate(pd.DataFrame(rows), "staffing")


def rate_of(values: pd.DataFrame, code: str = "staffing_rate") -> pd.DataFrame:
    return values[values["indicator"] == code].set_index("group")


@SLOW
@given(tables())
def test_values_are_a_values_frame(given_tables: dict[str, pd.DataFrame]) -> None:
    try:
        values = measure(given_tables)
    except ValuesError:
        assert set(given_tables) == {"positions"}
        return
    assert tuple(values.columns) == COLUMNS
    pd.testing.assert_frame_equal(complete_values(values), values)


@SLOW
@given(st.sampled_from(FORMS).flatmap(lambda form: st.tuples(st.just(form), with_gaps(form))))
def test_the_status_says_why_there_is_no_value(drawn: tuple) -> None:
    form, frame = drawn
    records = [record for record in INDICATORS if record.form == form.code]
    try:
        values = measure({form.code: frame}, indicators=records)
    except ValuesError:
        return
    reported = values["status"] == "reported"
    assert (values["value"].notna() == reported).all()
    assert np.isfinite(values.loc[reported, "value"].to_numpy("float64")).all()
    undefined = values["status"] == "undefined"
    assert (values.loc[undefined, "denominator"] == 0).all()
    if not frame["not_applicable"].any():
        assert "not_applicable" not in set(values["status"])
    if frame[list(form.figures)].notna().all(axis=None):
        assert set(values["status"]) <= {"reported", "undefined"}


@SLOW
@given(balanced(DOSSIERS, rows=(1, 5)))
def test_the_whole_is_the_sum_over_the_sum(frame: pd.DataFrame) -> None:
    values = measure({"dossiers": frame})
    keys = ["agency", "period", "indicator"]
    parts = values[values["group"] != "all"].groupby(keys)[["numerator", "denominator"]]
    sums = parts.sum(min_count=1)
    whole = values[values["group"] == "all"].set_index(keys)[["numerator", "denominator"]]
    pd.testing.assert_frame_equal(sums.sort_index(), whole.sort_index(), check_dtype=False)


@SLOW
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(given_tables: dict, random: object) -> None:
    shuffled = {
        code: frame.iloc[random.sample(range(len(frame)), len(frame))]  # type: ignore[attr-defined]
        for code, frame in given_tables.items()
    }
    try:
        expected = measure(given_tables)
    except ValuesError:
        return
    pd.testing.assert_frame_equal(
        sorted_by_key(measure(shuffled))[IDENTIFIED], sorted_by_key(expected)[IDENTIFIED]
    )


@SLOW
@given(with_gaps(DOSSIERS, reports=(2, 3)))
def test_reports_measured_together_are_as_measured_apart(frame: pd.DataFrame) -> None:
    apart = [
        measure({"dossiers": part}) for _, part in frame.groupby(["agency", "period", "basis"])
    ]
    expected = sorted_by_key(pd.concat(apart))
    found = sorted_by_key(measure({"dossiers": frame}))
    pd.testing.assert_frame_equal(found, expected)


@SLOW
@given(tables())
def test_tables_are_not_changed(given_tables: dict[str, pd.DataFrame]) -> None:
    before = {code: frame.copy(deep=True) for code, frame in given_tables.items()}
    try:
        measure(given_tables)
    except ValuesError:
        return
    for code, frame in given_tables.items():
        pd.testing.assert_frame_equal(frame, before[code])


def test_the_whole_is_unknown_where_a_row_is() -> None:
    frame = staffing(
        category=["administrative", "public_service"], assigned=[40, 47], present=[37, None]
    )
    whole = rate_of(measure({"staffing": frame})).loc["all"]
    assert (whole["status"], whole["note"]) == ("not_reported", "chưa có số liệu của 1/2 dòng")
    assert whole[["numerator", "denominator", "value"]].isna().all()


def test_a_row_that_does_not_apply_is_left_out_of_the_whole() -> None:
    frame = staffing(
        category=["administrative", "public_service"],
        assigned=[40, None],
        present=[37, None],
        not_applicable=["", "assigned, present"],
    )
    rates = rate_of(measure({"staffing": frame}))
    assert rates["status"].to_dict() == {
        "administrative": "reported",
        "public_service": "not_applicable",
        "all": "reported",
    }
    assert rates.loc["all", "value"] == 92.5


def test_a_printed_whole_counts_before_the_sum_of_its_rows() -> None:
    rows = {"agency": "Sở A", "period": "2020Q3", "sector": ["Đất đai", "all"]}
    figures = {"received_total": [5, 9], "carried_over": 0, "newly_received": [5, 9]}
    settled = {"settled_total": [4, 8], "settled_on_time": [4, 6], "settled_late": [0, 2]}
    pending = {"pending_total": 1, "pending_not_due": 1, "pending_overdue": 0}
    places = {"source": ["dòng 1", "dòng tổng"]}
    frame = validate(pd.DataFrame(rows | figures | settled | pending | places), "dossiers")
    rates = rate_of(measure({"dossiers": frame}), "on_time_rate_settled")
    assert rates["value"].to_dict() == {"Đất đai": 100, "all": 75}
    assert rates.loc["all", "source"] == "dòng tổng"


def test_the_source_of_a_sum_is_where_its_rows_stand() -> None:
    frame = seed_tables()["iso9001"]
    whole = rate_of(measure({"iso9001": frame.iloc[:4]}), "iso_agencies").loc["all"]
    assert frame["level"][0] == "all"
    assert whole["source"] == f"{frame['source'][1]}: tổng của 3 dòng"


def test_a_level_alone_is_not_the_whole() -> None:
    frame = seed_tables()["iso9001"]
    values = rate_of(measure({"iso9001": frame[frame["level"] == "commune"]}), "iso_agencies")
    now = values[values["period"] == pd.Period("2020Q3")]
    assert now["status"].to_dict() == {"commune": "reported", "all": "not_reported"}
    assert now.loc["all", "note"] == "chưa có số liệu của 2/3 dòng"


def test_a_stock_is_told_once_and_what_disagrees_is_noted() -> None:
    frame = staffing(
        category="administrative",
        basis=["in_period", "as_of", "year_to_date"],
        assigned=[40, 40, 41],
        present=37,
        source=["quý", "cuối kỳ", "năm"],
    )
    values = measure({"staffing": frame})
    assigned = values[
        (values["indicator"] == "staff_assigned") & (values["group"] == "administrative")
    ]
    assert assigned[["basis", "value", "note", "source"]].values.tolist() == [
        ["as_of", 40, "khác số ở năm: 41", "cuối kỳ"]
    ]


def test_a_stock_that_one_basis_leaves_empty_is_taken_from_the_other() -> None:
    frame = staffing(
        category="administrative", basis=["as_of", "in_period"], assigned=[None, 40], present=37
    )
    assert rate_of(measure({"staffing": frame})).loc["all", "value"] == 92.5


def test_an_optional_column_that_a_report_leaves_empty_gives_no_value() -> None:
    old = seed_tables()["dossiers"]
    assert "early_share_settled" not in set(measure({"dossiers": old})["indicator"])
    new = old.assign(agency="Sở B", settled_early=pd.array([30], dtype="Int64"))
    together = pd.concat([old, new], ignore_index=True)
    early = measure({"dossiers": together}).query("indicator == 'early_share_settled'")
    assert early["agency"].unique().tolist() == ["Sở B"]
    assert early["value"].tolist() == [50, 50]


def test_an_optional_column_with_a_dash_is_in_the_layout() -> None:
    frame = seed_tables()["dossiers"].assign(not_applicable="settled_early")
    early = rate_of(measure({"dossiers": frame}), "early_share_settled")
    assert set(early["status"]) == {"not_applicable"}


def test_the_window_is_the_reports_own_else_the_decrees() -> None:
    values = measure(seed_tables())
    iso = values[(values["indicator"] == "iso_announced_share")]
    iso = iso[(iso["period"] == pd.Period("2020Q3")) & (iso["group"] == "all")].iloc[0]
    assert (iso["window_start"], iso["window_end"]) == (
        pd.Timestamp("2020-01-01"),
        pd.Timestamp("2020-09-01"),
    )
    rate = rate_of(values, "on_time_rate_settled").loc["all"]
    assert (rate["window_start"], rate["window_end"]) == (
        pd.Timestamp("2020-06-15"),
        pd.Timestamp("2020-09-14"),
    )


def test_a_column_as_it_stands_is_reported_and_a_formula_computed() -> None:
    values = measure(seed_tables()).set_index("indicator")
    assert set(values.loc["training_turns", "origin"]) == {"reported"}
    assert set(values.loc["training_turns_to_date", "origin"]) == {"computed"}
    assert set(values.loc["vacancies", "origin"]) == {"computed"}
    assert values.loc["people_trained", "origin"] == "reported"


def test_a_column_of_remarks_is_no_note_of_values() -> None:
    frame = seed_tables()["documents"].assign(note="đã kiểm tra")
    assert set(measure({"documents": frame})["note"]) == {""}


def test_an_own_indicator_is_measured() -> None:
    own = replace(
        find_indicator("electronic_documents_share"),
        code="paper_share",
        formula="sent_paper / sent_total",
    )
    values = measure({"documents": seed_tables()["documents"]}, indicators=[own])
    assert values[["indicator", "numerator", "denominator"]].values.tolist() == [
        ["paper_share", 65, 1380]
    ]


def refusal(tables: dict[str, object], **options: object) -> str:
    with pytest.raises(CchcError) as caught:
        measure(tables, **options)  # type: ignore[arg-type]
    return str(caught.value)


def test_nothing_to_measure_is_refused() -> None:
    forms = ", ".join(form.code for form in FORMS)
    expected = (
        "nothing to measure: no row of a form that an indicator is measured on\n"
        "  where: tables: {}\n"
        f"  mend:  give at least one of {forms}"
    )
    assert refusal({}) == expected.format("none")
    assert refusal({"documents": seed_tables()["documents"].iloc[:0]}) == expected.format(
        "documents"
    )


def test_a_table_of_no_form_is_refused() -> None:
    assert refusal({"dosiers": seed_tables()["dossiers"]}) == (
        "there is no form 'dosiers'\n  where: form=\n  mend:  did you mean 'dossiers'?"
    )


def test_a_ledger_is_refused() -> None:
    assert refusal({"ledger": pd.DataFrame()}) == (
        "table ledger cannot be measured: it is no form of a report\n"
        "  where: tables['ledger']\n"
        "  mend:  count it first, into the form 'dossiers'"
    )


MEND = (
    "\n  where: tables['documents']"
    "\n  mend:  pass the table through validate(frame, 'documents') first"
)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            lambda frame: frame.drop(columns=["sent_total", "source"]),
            "columns sent_total, source are missing",
        ),
        (
            lambda frame: frame.assign(period=frame["period"].dt.asfreq("M")),
            "its periods are period[M], not quarters",
        ),
        (lambda frame: frame.assign(period="2020Q3"), "its periods are str, not quarters"),
        (
            lambda frame: frame.assign(sent_paper="65", sent_total="1.380"),
            "columns sent_total, sent_paper are not numbers",
        ),
        (lambda frame: frame.to_dict("records"), "it is a list, not a DataFrame"),
    ],
)
def test_a_table_that_is_not_its_form_is_refused(change: object, fault: str) -> None:
    table = change(seed_tables()["documents"])  # type: ignore[operator]
    assert refusal({"documents": table}) == f"table documents cannot be measured: {fault}{MEND}"


def test_a_formula_of_a_column_that_is_not_there_is_refused() -> None:
    own = replace(find_indicator("documents_sent"), code="faxes", formula="sent_fax")
    assert refusal({"documents": seed_tables()["documents"]}, indicators=[own]) == (
        "indicator faxes cannot be measured: form documents has no column sent_fax\n"
        "  where: formula 'sent_fax'\n"
        "  mend:  use columns of the form: sent_total, sent_paper, sent_electronic"
    )
