"""`measure`: rows and wholes, statuses, bases, sources, laws, refusals."""

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from seed import seed_tables
from strategies import balanced, tables, with_gaps

from cchc_stats.forms import DOSSIERS, FORMS, find_form, validate
from cchc_stats.indicators import INDICATORS, find_indicator, measure
from cchc_stats.values.columns import COLUMNS, KEY
from cchc_stats.values.frame import complete_values
from cchc_stats.words.errors import CchcError, ValuesError
from cchc_stats.words.labels import vocabulary

SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
IDENTIFIED = [*KEY, "numerator", "denominator", "value", "status"]


def sorted_by_key(values: pd.DataFrame) -> pd.DataFrame:
    return values.sort_values(list(KEY), ignore_index=True)


def staffing(**columns: object) -> pd.DataFrame:
    rows = {"agency": "Sở A", "period": "2020Q3"} | columns
    return validate(pd.DataFrame(rows), "staffing")


def posts(
    assigned: list[int | None], present: list[int | None], dashes: list[str] | None = None
) -> pd.DataFrame:
    """Return the three categories of posts of one quarter."""
    categories = ["administrative", "administrative_contract", "public_service"]
    return staffing(
        category=categories,
        assigned=assigned,
        present=present,
        not_applicable=dashes or [""] * len(categories),
    ).astype({"assigned": "Int64", "present": "Int64"})


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
        # What is prepared may need rows that are not there, and so may a whole.
        plain = values["indicator"].isin([r.code for r in records if not r.prepared])
        told = values[plain & (values["group"] != "all")] if form.row else values[plain]
        assert set(told["status"]) <= {"reported", "undefined"}


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
@given(with_gaps(DOSSIERS, rows=(2, 5)))
def test_the_whole_is_known_where_every_row_is_or_does_not_apply(frame: pd.DataFrame) -> None:
    values = measure({"dossiers": frame})
    for _, mine in values.groupby(["agency", "period", "indicator"]):
        whole, parts = mine[mine["group"] == "all"].iloc[0], mine[mine["group"] != "all"]
        known = parts[parts["status"].isin(["reported", "undefined"])]
        if "not_reported" in set(parts["status"]):
            assert whole["status"] == "not_reported"
        elif known.empty:
            assert whole["status"] == "not_applicable"
        elif whole["status"] != "not_reported":
            assert whole["numerator"] == known["numerator"].sum()
            left_out = len(parts) - len(known)
            told = f"không tính {left_out}/{len(parts)} dòng ghi '-'"
            assert (told in whole["note"]) == (left_out > 0)
        else:
            assert "dòng ghi '-' ở một phần của công thức" in whole["note"]


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
    whole = rate_of(measure({"staffing": posts([40, 5, 47], [37, 5, None])})).loc["all"]
    assert (whole["status"], whole["note"]) == ("not_reported", "chưa có số liệu của 1/3 dòng")
    assert whole[["numerator", "denominator", "value"]].isna().all()


def test_a_category_that_is_not_there_leaves_the_whole_unknown() -> None:
    frame = staffing(
        category=["administrative", "public_service"], assigned=[40, 47], present=[37, 23]
    )
    values = measure({"staffing": frame}).query("group == 'all'")
    assert set(values["indicator"]) == {
        "staff_assigned",
        "staff_present",
        "staffing_rate",
        "vacancies",
    }
    assert set(values["status"]) == {"not_reported"}
    assert set(values["note"]) == {"chưa có số liệu của 1/3 dòng"}


def test_a_staff_group_that_is_not_there_leaves_the_whole_unknown() -> None:
    training = seed_tables()["training"]
    alone = training[training["staff_group"] == "civil_servants"]
    values = measure({"training": alone})
    values = values[(values["group"] == "all") & (values["period"] == pd.Period("2020Q3"))]
    assert values["indicator"].nunique() == 7
    assert set(values["status"]) == {"not_reported"}


def test_a_row_that_does_not_apply_is_left_out_of_the_whole() -> None:
    frame = posts([40, 5, None], [37, 5, None], ["", "", "assigned, present"])
    rates = rate_of(measure({"staffing": frame}))
    assert rates["status"].to_dict() == {
        "administrative": "reported",
        "administrative_contract": "reported",
        "public_service": "not_applicable",
        "all": "reported",
    }
    assert rates.loc["all", ["numerator", "denominator"]].tolist() == [42, 45]
    assert rates.loc["all", "note"] == "không tính 1/3 dòng ghi '-'"


def test_a_dash_beside_a_figure_leaves_the_whole_unknown() -> None:
    frame = posts([40, 5, 47], [37, 5, None], ["", "", "present"])
    rates = rate_of(measure({"staffing": frame}))
    assert rates.loc["public_service", "status"] == "not_applicable"
    whole = rates.loc["all"]
    assert (whole["status"], whole["note"]) == (
        "not_reported",
        "1/3 dòng ghi '-' ở một phần của công thức",
    )
    # The posts assigned are all known, and the people present are "-" and nothing else.
    assert rate_of(measure({"staffing": frame}), "staff_assigned").loc["all", "value"] == 92
    assert rate_of(measure({"staffing": frame}), "staff_present").loc["all", "value"] == 42


def test_rows_that_are_all_dashes_in_part_do_not_apply_together() -> None:
    frame = posts([40, 5, 47], [None] * 3, ["present"] * 3)
    whole = rate_of(measure({"staffing": frame})).loc["all"]
    assert (whole["status"], whole["note"]) == (
        "not_applicable",
        "3/3 dòng ghi '-' ở một phần của công thức",
    )


def test_what_is_not_reported_outranks_a_dash_beside_it() -> None:
    frame = posts([40, 5, None], [37, 5, None], ["", "", "present"])
    rates = rate_of(measure({"staffing": frame}))
    assert set(rates.loc[["public_service", "all"], "status"]) == {"not_reported"}
    assert rates.loc["all", "note"] == "chưa có số liệu của 1/3 dòng"


def settled(**columns: object) -> pd.DataFrame:
    """Return dossiers of a quarter, all settled in it, by sector: how many, and on time."""
    frame = pd.DataFrame({"agency": "Sở A", "period": "2020Q3"} | columns)
    total, on_time = frame["settled_total"], frame["settled_on_time"]
    sums = {"received_total": total, "newly_received": total, "settled_late": total - on_time}
    nothing = ("carried_over", "pending_total", "pending_not_due", "pending_overdue")
    return validate(frame.assign(**sums, **dict.fromkeys(nothing, 0)).convert_dtypes(), "dossiers")


def test_the_sum_of_rows_counts_before_a_printed_whole_and_says_so() -> None:
    frame = settled(
        sector=["Đất đai", "Hộ tịch", "all"],
        settled_total=[1500, 10, 2525],
        settled_on_time=[1490, 10, 2500],
        source=["dòng 1", "dòng 2", "dòng tổng"],
    )
    whole = rate_of(measure({"dossiers": frame}), "on_time_rate_settled").loc["all"]
    assert whole[["numerator", "denominator"]].tolist() == [1500, 1510]
    assert whole["note"] == "khác dòng tổng trong bảng: 2.500/2.525"
    assert whole["source"] == "dòng 1: tổng của 2 dòng"
    count = rate_of(measure({"dossiers": frame}), "dossiers_settled").loc["all"]
    assert (count["value"], count["note"]) == (1510, "khác dòng tổng trong bảng: 2.525")


def test_a_printed_whole_that_is_the_sum_needs_no_word() -> None:
    frame = settled(sector=["Đất đai", "all"], settled_total=[25, 25], settled_on_time=[20, 20])
    assert set(measure({"dossiers": frame}).query("indicator != 'on_time_rate_due'")["note"]) == {
        ""
    }


@pytest.mark.parametrize("dash", ["", "settled_total settled_on_time", "settled_on_time"])
def test_a_printed_whole_stands_for_rows_that_do_not_give_it(dash: str) -> None:
    frame = settled(
        sector=["Đất đai", "all"],
        settled_total=[None, 25],
        settled_on_time=[None, 20],
        source=["dòng 1", "dòng tổng"],
    )
    if dash == "settled_on_time":
        frame["settled_total"] = frame["settled_total"].fillna(5)
    frame["not_applicable"] = [dash, ""]
    whole = rate_of(measure({"dossiers": frame}), "on_time_rate_settled").loc["all"]
    assert (whole["value"], whole["note"], whole["source"]) == (
        80,
        "theo dòng tổng trong bảng",
        "dòng tổng",
    )


def test_notes_print_every_digit_of_a_printed_total() -> None:
    frame = settled(
        sector=["Đất đai", "all"], settled_total=[25, 1234567], settled_on_time=[20, 1234561]
    )
    values = measure({"dossiers": frame}, lang="en")
    note = rate_of(values, "on_time_rate_settled").loc["all", "note"]
    assert note == "the printed total differs: 1,234,561/1,234,567"


def test_the_note_of_a_printed_whole_that_stands_is_kept() -> None:
    frame = settled(sector=["Đất đai", "all"], settled_total=[None, 25], settled_on_time=[None, 20])

    def noted(tables: Mapping[str, pd.DataFrame], lang: str) -> pd.DataFrame:
        return tables["dossiers"].assign(note=["một dòng", "dòng tổng"])

    own = replace(find_indicator("on_time_rate_settled"), prepare=noted)
    whole = rate_of(measure({"dossiers": frame}, indicators=[own]), own.code).loc["all"]
    assert (whole["value"], whole["note"]) == (80, "dòng tổng; theo dòng tổng trong bảng")


def test_a_printed_whole_alone_is_the_whole() -> None:
    frame = settled(sector=["all"], settled_total=[25], settled_on_time=[20])
    whole = rate_of(measure({"dossiers": frame}), "on_time_rate_settled").loc["all"]
    assert (whole["value"], whole["note"]) == (80, "")


def test_the_whole_covers_the_days_of_all_its_rows() -> None:
    frame = settled(
        sector=["Đất đai", "Hộ tịch", "Đầu tư"],
        settled_total=[5, 5, 5],
        settled_on_time=[5, 5, 5],
        window_start=pd.to_datetime(["2020-07-01", None, "2020-06-20"]),
        window_end=pd.to_datetime(["2020-09-30", None, "2020-09-10"]),
    )
    values = measure({"dossiers": frame})
    whole = rate_of(values, "dossiers_settled").loc["all"]
    # The row that states no days is of the decree's: 15/6 to 14/9.
    assert (whole["window_start"], whole["window_end"]) == (
        pd.Timestamp("2020-06-15"),
        pd.Timestamp("2020-09-30"),
    )
    assert whole["note"] == "các dòng có kỳ số liệu khác nhau"


def test_a_stock_is_of_its_last_day() -> None:
    frame = settled(
        sector=["Đất đai", "Hộ tịch"],
        settled_total=[5, 5],
        settled_on_time=[5, 5],
        window_start=pd.to_datetime(["2020-07-01", "2020-06-20"]),
        window_end=pd.to_datetime(["2020-09-30", "2020-09-30"]),
    )
    pending = measure({"dossiers": frame}).query("indicator == 'dossiers_pending'")
    days = set(pending["window_start"]) | set(pending["window_end"])
    assert days == {pd.Timestamp("2020-09-30")}
    assert set(pending["note"]) == {""}


def test_the_whole_says_which_of_its_rows_says_what() -> None:
    notes = ["a", "", "b", "a", "c", "d"]

    def noted(tables: Mapping[str, pd.DataFrame], lang: str) -> pd.DataFrame:
        return tables["simplifications"].assign(note=notes)

    frame = pd.DataFrame({"agency": "Sở A", "period": "2020Q3", "procedure": list("uvwxyz")})
    frame = validate(frame.assign(days_before=10, days_after=8), "simplifications")
    own = replace(find_indicator("days_saved"), prepare=noted)
    values = rate_of(measure({"simplifications": frame}, indicators=[own]), "days_saved")
    assert values["note"].tolist() == [*notes, "u: a; w: b; x: a"]


def test_levels_of_two_vocabularies_do_not_add_up() -> None:
    tables = seed_tables()
    old = tables["online_services"]
    mixed = validate(pd.concat([old, old.assign(level=["partial", "full"])]), "online_services")
    both = {"online_services": mixed, "procedures": tables["procedures"]}
    wholes = measure(both).query("group == 'all' and unit != 'documents'")
    mine = wholes[wholes["indicator"].str.startswith("online")]
    assert mine["indicator"].nunique() == 3
    assert set(mine["status"]) == {"not_reported"}
    assert set(mine["note"]) == {"các dòng theo hai cách phân loại khác nhau, không cộng được"}


def test_the_vacancies_say_what_a_quota_passed_takes_off() -> None:
    vacant = rate_of(measure({"staffing": posts([40, 5, 47], [37, 9, 23])}), "vacancies")
    assert vacant["value"].tolist() == [3, -4, 24, 23]
    assert vacant["note"].tolist() == ["", "", "", "đã trừ 4 người vượt biên chế"]


@pytest.mark.parametrize(
    ("quarter", "status"), [("2025Q2", "not_reported"), ("2025Q3", "reported")]
)
def test_districts_are_a_part_until_they_ceased(quarter: str, status: str) -> None:
    levels = seed_tables()["iso9001"].iloc[[1, 3]].assign(period=pd.Period(quarter))
    values = rate_of(measure({"iso9001": levels}), "iso_agencies")
    assert values.loc["all", "status"] == status
    # A level that reports all the same is added.
    levels = seed_tables()["iso9001"].iloc[[1, 2, 3]].assign(period=pd.Period(quarter))
    assert rate_of(measure({"iso9001": levels}), "iso_agencies").loc["all", "value"] == 148


def test_notes_are_written_in_the_language_asked_for() -> None:
    tables = seed_tables()
    tables["staffing"] = posts([40, 5, None], [37, 9, None], ["", "", "assigned present"]).assign(
        agency=tables["staffing"]["agency"]
    )
    values = measure(tables, lang="en")
    assert rate_of(values, "vacancies").loc["all", "note"] == (
        "1 of 3 rows are left out, having '-'; less 4 people above the quota"
    )
    assert rate_of(values, "vacancies").loc["all", "source"].endswith("total of 3 rows")
    due = "approximate: only a ledger tells exactly how many dossiers fell due"
    assert rate_of(values, "on_time_rate_due").loc["all", "note"] == due
    later = tables | {"staffing": tables["staffing"].assign(period=pd.Period("2021Q1"))}
    turns = measure(later, lang="en").query("indicator == 'training_turns_per_person_present'")
    assert "no figure of the form Staffing quotas" in set(turns["note"])
    empty = "no figure of quarter IV; no figure of the form Staffing quotas"
    assert empty in set(turns["note"])
    figures = [*KEY, "numerator", "denominator", "value", "status"]
    pd.testing.assert_frame_equal(values[figures], measure(tables)[figures])


def test_notes_have_the_same_places_for_figures_in_both_languages() -> None:
    for code, label in vocabulary()["measuring"].items():
        assert set(re.findall(r"{\w+}", label.vi)) == set(re.findall(r"{\w+}", label.en)), code
    for record in INDICATORS:
        assert not record.netted or record.netted in vocabulary()["measuring"]
        assert bool(record.note_vi) == bool(record.note_en)


def test_another_language_is_refused() -> None:
    assert refusal(seed_tables(), lang="fr") == (
        'no labels in language \'fr\'\n  where: lang=\n  mend:  use "vi" or "en"'
    )


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
        ["as_of", 40, "khác số lũy kế: 41 (năm)", "cuối kỳ"]
    ]


def test_a_stock_that_one_basis_leaves_empty_is_taken_from_the_other() -> None:
    frame = staffing(
        category="administrative", basis=["as_of", "in_period"], assigned=[None, 40], present=37
    )
    assert rate_of(measure({"staffing": frame})).loc["administrative", "value"] == 92.5


def test_the_whole_of_a_stock_adds_groups_of_different_bases() -> None:
    frame = posts([40, 5, 47], [37, 0, 23]).assign(basis=["as_of", "as_of", "in_period"])
    present = rate_of(measure({"staffing": frame}), "staff_present")
    assert present["value"].tolist() == [37, 0, 23, 60]
    assert (present["basis"] == "as_of").all()
    assert present.loc["all", "source"].endswith("tổng của 3 dòng")


def test_the_whole_of_a_stock_adds_each_group_once_and_says_what_disagrees() -> None:
    once = posts([40, 5, 47], [37, 5, 23]).assign(basis="as_of")
    again = once.iloc[[2]].assign(basis="in_period", source="quý", present=1234567)
    frame = pd.concat([again, once], ignore_index=True)
    whole = rate_of(measure({"staffing": frame}), "staff_present").loc["all"]
    assert (whole["value"], whole["note"]) == (
        65,
        "Biên chế sự nghiệp: khác số trong kỳ: 1.234.567 (quý)",
    )


@SLOW
@given(balanced(find_form("staffing"), rows=(3, 3)), st.data())
def test_a_stock_is_the_same_at_whatever_bases_its_rows_are(
    frame: pd.DataFrame, data: st.DataObject
) -> None:
    bases = st.sampled_from(["as_of", "in_period", "year_to_date"])
    drawn = data.draw(st.lists(bases, min_size=len(frame), max_size=len(frame)))
    expected = sorted_by_key(measure({"staffing": frame.assign(basis="as_of")}))
    found = sorted_by_key(measure({"staffing": frame.assign(basis=drawn)}))
    pd.testing.assert_frame_equal(found[IDENTIFIED], expected[IDENTIFIED])


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
        pd.Timestamp("2020-09-01"),
        pd.Timestamp("2020-09-01"),
    )
    now = values[values["period"] == pd.Period("2020Q3")]
    inspected = rate_of(now, "iso_inspected").loc["all"]
    assert (inspected["window_start"], inspected["window_end"]) == (
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
        (
            lambda frame: pd.concat([frame, frame[["sent_total", "source"]]], axis=1),
            "columns sent_total, source stand more than once",
        ),
        (
            lambda frame: pd.concat([frame] * 2),
            "rows 1, 2 have the same agency, period, basis",
        ),
        (lambda frame: frame.assign(agency=" "), "column agency is empty in row 1"),
        (
            lambda frame: frame.assign(agency=pd.Series([None], dtype="str")),
            "column agency is empty in row 1",
        ),
        (
            lambda frame: frame.assign(period=pd.PeriodIndex([None], freq="Q-DEC")),
            "column period is empty in row 1",
        ),
        (
            lambda frame: frame.assign(sent_paper=np.inf),
            "column sent_paper is infinite in row 1",
        ),
        (
            lambda frame: frame.assign(sent_paper=pd.array([-np.inf], dtype="Float64")),
            "column sent_paper is infinite in row 1",
        ),
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


def test_rows_of_the_same_group_are_refused() -> None:
    frame = posts([40, 5, 47], [37, 5, 23])
    assert refusal({"staffing": pd.concat([frame, frame.iloc[1:]])}) == (
        "table staffing cannot be measured: rows 2, 3, 4, 5 have the same "
        "agency, period, basis, category\n"
        "  where: tables['staffing']\n"
        "  mend:  pass the table through validate(frame, 'staffing') first"
    )


@pytest.mark.parametrize(
    "formula",
    [
        *("", "a * b", "a/b", "a+b", "a / b / c", "a / b + c", "a + b / c", "2 * a", "a +", "- a"),
        *("(a - (b + c)) / d", "(a + b / c", "a + b) / c", "a  + b", "a\n", "a // b"),
    ],
)
def test_a_formula_that_would_be_misread_is_refused(formula: str) -> None:
    with pytest.raises(ValuesError) as caught:
        replace(find_indicator("documents_sent"), formula=formula)
    assert str(caught.value) == (
        f"formula {formula!r} of indicator documents_sent is no sum or quotient of sums\n"
        "  where: formula=\n"
        "  mend:  write it like 'a', 'a - b', 'a / b' or '(a + b) / (c + d)', with spaces"
    )


@pytest.mark.parametrize(
    ("formula", "columns"),
    [
        ("a", ("a",)),
        ("a + b - c", ("a", "b", "c")),
        ("(a + b)", ("a", "b")),
        ("(a + b) / (c - a)", ("a", "b", "c")),
        ("a / (b + c)", ("a", "b", "c")),
    ],
)
def test_a_formula_names_its_columns(formula: str, columns: tuple[str, ...]) -> None:
    assert replace(find_indicator("documents_sent"), formula=formula).columns == columns


def test_a_report_is_not_its_tables() -> None:
    with pytest.raises(ValuesError, match="tables are frames by the code of their form") as caught:
        measure([posts([40, 5, 47], [37, 5, 23])])  # type: ignore[arg-type]
    assert "mend:  give a report, a set of reports, a store, or {'dossiers': frame}" in str(
        caught.value
    )


@pytest.mark.parametrize(
    ("indicators", "told"),
    [
        (["staff_present"], "'staff_present' is no Indicator"),
        (find_indicator("staff_present"), "they are one, or one code twice"),
        ([find_indicator("staff_present")] * 2, "they are one, or one code twice"),
    ],
)
def test_indicators_are_different_records(indicators, told: str) -> None:
    with pytest.raises(ValuesError, match=told):
        measure({"staffing": posts([40, 5, 47], [37, 5, 23])}, indicators=indicators)
