"""The whole from its units, and who has not reported."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_copies import copied, spoiled
from seed import seed_tables
from strategies import balanced, with_gaps

from cchc_stats import check, measure, validate
from cchc_stats.forms import DOSSIERS, FORMS, find_form
from cchc_stats.indicators import consolidate, missing_reports
from cchc_stats.reading.reports.many import read_reports
from cchc_stats.words import Window
from cchc_stats.words.agencies.changes import agency_changes
from cchc_stats.words.errors import CchcError, FormError, ValuesError

WHOLE = "UBND tỉnh"
SUMMED = [form for form in FORMS if form.code != "simplifications"]
SUM_ISO = {"iso9001": ""}
DASH = "not_applicable"


def dossiers(*rows: tuple[str, str, int], **more: object) -> pd.DataFrame:
    """Return dossiers of (agency, sector, number), all settled on time."""
    frame = pd.DataFrame(rows, columns=["agency", "sector", "received_total"])
    settled = {name: frame["received_total"] for name in ("settled_total", "settled_on_time")}
    none = ("carried_over", "settled_late", "pending_total", "pending_not_due", "pending_overdue")
    frame = frame.assign(
        period="2020Q3", newly_received=frame["received_total"], **settled, **dict.fromkeys(none, 0)
    )
    return frame.assign(**more)


def by_sector(result: dict[str, pd.DataFrame]) -> dict[str, object]:
    table = result["dossiers"]
    return dict(zip(table["sector"], table["received_total"], strict=True))


# --- laws


@settings(max_examples=60)
@given(st.sampled_from(SUMMED).flatmap(lambda form: st.tuples(st.just(form), balanced(form))))
def test_the_whole_balances_and_its_columns_add_up(drawn):
    form, table = drawn
    whole = consolidate({form.code: table}, agency=WHOLE, allow_missing=True, stated_by=SUM_ISO)[
        form.code
    ]
    validate(whole, form)
    assert set(whole["agency"]) == {WHOLE}
    keys = [name for name in form.key if name != "agency"]
    assert not whole.duplicated(keys).any()
    for name in form.figures:
        assert whole[name].sum() == table[name].sum()


@settings(max_examples=60)
@given(
    st.sampled_from(FORMS).flatmap(lambda form: st.tuples(st.just(form), with_gaps(form))),
    st.randoms(use_true_random=False),
    st.booleans(),
)
def test_the_order_of_units_and_rows_does_not_matter(drawn, random, allow_missing):
    form, table = drawn
    order = list(table.index)
    random.shuffle(order)
    options = {"agency": WHOLE, "allow_missing": allow_missing, "stated_by": SUM_ISO}
    options["parts"] = sorted(set(table["agency"])) + ["Sở Tư pháp"]
    one, other = (
        consolidate({form.code: frame}, **options)[form.code] for frame in (table, table.loc[order])
    )
    pd.testing.assert_frame_equal(one, other)


@settings(max_examples=60)
@given(st.sampled_from(FORMS).flatmap(lambda form: st.tuples(st.just(form), with_gaps(form))))
def test_the_whole_of_one_unit_is_that_unit(drawn):
    form, table = drawn
    one = table[table["agency"] == table["agency"].iloc[0]].reset_index(drop=True)
    whole = consolidate({form.code: one}, agency=one["agency"].iloc[0])[form.code]
    pd.testing.assert_frame_equal(whole, one)


@settings(max_examples=60)
@given(balanced(DOSSIERS, reports=(2, 6)))
def test_rates_of_the_whole_are_sum_over_sum(table):
    whole = measure(consolidate({"dossiers": table}, agency=WHOLE, allow_missing=True))
    rates = whole[(whole["indicator"] == "on_time_rate_settled") & (whole["group"] == "all")]
    assert len(rates) == table["period"].nunique()
    for rate in rates.to_dict("records"):
        rows = table[table["period"] == rate["period"]]
        assert rate["numerator"] == rows["settled_on_time"].sum()
        assert rate["denominator"] == rows["settled_total"].sum()


@settings(max_examples=40)
@given(st.sampled_from(SUMMED).flatmap(lambda form: st.tuples(st.just(form), with_gaps(form))))
def test_a_sum_is_known_only_where_every_term_is_or_is_a_dash(drawn):
    form, table = drawn
    keys = [name for name in form.key if name != "agency"]
    whole = consolidate({form.code: table}, agency=WHOLE, allow_missing=True, stated_by=SUM_ISO)[
        form.code
    ]
    if len(set(table["agency"])) == 1:
        return
    apart = {name for identity in form.identities for name in identity.where_given}
    for row in whole.to_dict("records"):
        same = (table[keys] == pd.Series({key: row[key] for key in keys})).all(axis=1)
        for name in set(form.figures) - apart:
            cells = table[same]
            dashes = cells[DASH].str.split().map(lambda names, name=name: name in names)
            known = bool((cells[name].notna() | dashes).all() and not dashes.all())
            assert pd.notna(row[name]) == known
            assert (name in row[DASH].replace(",", " ").split()) == bool(dashes.all())


# --- figures


def test_two_copies_of_the_real_quarter_are_twice_its_figures():
    one = seed_tables()
    other = {code: table.assign(agency="Sở Y tế") for code, table in one.items()}
    both = {code: pd.concat([table, other[code]], ignore_index=True) for code, table in one.items()}
    whole = consolidate(both, agency=WHOLE)
    assert list(whole) == [form.code for form in FORMS if form.code in one]
    assert whole["documents"]["sent_total"].tolist() == [2 * 1380]
    assert whole["dossiers"]["received_total"].tolist() == [2 * 61]
    staffing = whole["staffing"].set_index(["period", "category"])["present"]
    assert staffing[pd.Period("2020Q3"), "administrative"] == 2 * 37
    # "-" of both stays "-", and what is not yet reported stays empty.
    communes = whole["autonomy"].set_index("item").loc["communes_autonomous"]
    assert communes[DASH] == "count"
    quarter = whole["appointments"].set_index(["period", "basis", "item"])["count"]
    assert quarter[pd.Period("2020Q4"), "in_period", "appointed"] is pd.NA
    # The department's table describes the province: twice that is nobody's figure.
    assert whole["iso9001"][list(find_form("iso9001").figures)].isna().all(axis=None)
    assert whole["iso9001"]["source"].str.startswith("không cộng").all()
    assert len(whole["simplifications"]) == 2 * len(one["simplifications"])
    for code, table in whole.items():
        validate(table, code)
    assert check(whole).query("severity == 'error'").empty
    measure(whole)


def test_iso_tables_of_units_are_taken_from_one_or_summed_when_told():
    one = seed_tables()["iso9001"]
    both = {"iso9001": pd.concat([one, one.assign(agency="Sở Y tế")], ignore_index=True)}
    stated = consolidate(both, agency=WHOLE, stated_by={"iso9001": "Sở Y tế"})["iso9001"]
    assert stated["announced"].tolist() == one["announced"].tolist()
    added = consolidate(both, agency=WHOLE, stated_by=SUM_ISO)["iso9001"]
    sums = added.set_index(["period", "level"])["announced"]
    assert sums[pd.Period("2020Q3"), "district"] == 44
    with pytest.raises(CchcError, match="no unit is named 'Sở Y'"):
        consolidate(both, agency=WHOLE, stated_by={"iso9001": "Sở Y"})


def test_sectors_are_summed_and_a_sector_that_a_unit_has_not_is_no_gap():
    table = dossiers(("A", "Đất đai", 5), ("A", "Hộ tịch", 2), ("B", "đất  đai", 7))
    whole = consolidate({"dossiers": table}, agency=WHOLE)
    assert by_sector(whole) == {"Hộ tịch": 2, "Đất đai": 12}


def test_rows_all_are_not_counted_beside_sectors():
    rows = [("A", "all", 7), ("A", "Đất đai", 5), ("A", "Hộ tịch", 2), ("B", "Đất đai", 4)]
    assert by_sector(consolidate({"dossiers": dossiers(*rows)}, agency=WHOLE)) == {
        "Đất đai": 9,
        "Hộ tịch": 2,
    }
    both = [*rows, ("B", "all", 4)]
    whole = by_sector(consolidate({"dossiers": dossiers(*both)}, agency=WHOLE))
    assert whole == {"all": 11, "Đất đai": 9, "Hộ tịch": 2}


def test_where_a_unit_tells_its_whole_alone_the_result_is_the_whole():
    rows = [("A", "Đất đai", 5), ("A", "Hộ tịch", 2), ("B", "all", 4), ("C", "all", 1)]
    rows += [("C", "Đất đai", 1)]
    whole = consolidate({"dossiers": dossiers(*rows)}, agency=WHOLE)
    assert by_sector(whole) == {"all": 12}
    assert check(whole).empty


def test_what_some_layouts_count_apart_keeps_the_balance():
    one = dossiers(("A", "all", 5), returned=2, received_total=7, newly_received=7)
    both = pd.concat([one, dossiers(("B", "all", 4))], ignore_index=True)
    whole = consolidate({"dossiers": validate(both, "dossiers")}, agency=WHOLE)["dossiers"]
    assert whole["returned"].tolist() == [2]
    assert whole["withdrawn"].isna().all()
    validate(whole, "dossiers")


def documents(*agencies: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "agency": agencies,
            "period": "2020Q3",
            "sent_total": 10,
            "sent_paper": 4,
            "sent_electronic": 6,
        }
    )


def test_a_unit_without_a_row_leaves_the_sum_unknown_unless_allowed():
    tables = {"documents": documents("A", "B"), "dossiers": dossiers(("C", "all", 1))}
    whole = consolidate(tables, agency=WHOLE)["documents"]
    assert whole["sent_total"].isna().all()
    assert whole["source"].tolist() == ["tổng của 2/3 đơn vị: A; B. thiếu: C"]
    allowed = consolidate(tables, agency=WHOLE, allow_missing=True)["documents"]
    assert allowed["sent_total"].tolist() == [20]
    assert allowed["source"].tolist() == whole["source"].tolist()
    told = consolidate(tables, agency=WHOLE, parts=["A", "B"])
    assert told["documents"]["sent_total"].tolist() == [20]
    assert "dossiers" not in told
    wanted = consolidate(tables, agency=WHOLE, parts=["A", "B", "D"])["documents"]
    assert wanted["source"].tolist() == ["tổng của 2/3 đơn vị: A; B. thiếu: D"]
    assert wanted["sent_total"].isna().all()


def test_the_names_of_many_units_are_shortened():
    table = documents(*(f"Đơn vị {number}" for number in range(12)))
    source = consolidate({"documents": table}, agency=WHOLE)["documents"]["source"][0]
    assert source.startswith("tổng của 12 đơn vị: Đơn vị 0; Đơn vị 1; ")
    assert source.endswith("(và 7 đơn vị khác)")


def test_a_fixed_row_that_a_unit_has_not_leaves_the_sum_unknown():
    table = pd.DataFrame(
        {
            "agency": ["A", "A", "B"],
            "period": "2020Q3",
            "category": ["administrative", "public_service", "administrative"],
            "assigned": [5, 3, 2],
            "present": [4, 3, 2],
        }
    )
    whole = consolidate({"staffing": table}, agency=WHOLE)["staffing"].set_index("category")
    assert whole.loc["administrative", "assigned"] == 7
    assert whole.loc["public_service", "assigned"] is pd.NA


def test_a_procedure_that_two_units_name_is_told_apart_by_the_unit():
    rows = pd.DataFrame(
        {
            "agency": ["A", "B", "B"],
            "period": "2020Q3",
            "procedure": ["Cấp phép", "Cấp phép", "Gia hạn"],
            "days_before": [15, 10, 8],
            "days_after": [13, 8, 7],
        }
    )
    whole = consolidate({"simplifications": rows}, agency=WHOLE)["simplifications"]
    told = dict(zip(whole["procedure"], whole["days_before"], strict=True))
    assert told == {"Cấp phép (A)": 15, "Cấp phép (B)": 10, "Gia hạn": 8}
    assert whole["source"].tolist() == ["A", "B", "B"]


def test_days_that_units_share_stay_and_others_are_told():
    days = {"window_start": pd.Timestamp("2020-06-15"), "window_end": pd.Timestamp("2020-09-14")}
    same = documents("A", "B").assign(**days)
    whole = consolidate({"documents": same}, agency=WHOLE)["documents"]
    assert whole[[*days]].iloc[0].to_dict() == days
    same.loc[1, "window_end"] = pd.Timestamp("2020-09-30")
    whole = consolidate({"documents": same}, agency=WHOLE)["documents"]
    assert whole["window_end"].isna().all()
    assert whole["source"][0].endswith(". các kỳ số liệu khác nhau")


def test_the_decrees_quarter_and_the_calendars_are_not_summed_unmarked():
    kinds = [Window.of(pd.Period("2026Q3")), Window.of_calendar(pd.Period("2026Q3"))]
    rows = documents("A", "B").assign(
        period="2026Q3",
        window_start=[pd.Timestamp(one.start) for one in kinds],
        window_end=[pd.Timestamp(one.end) for one in kinds],
    )
    with pytest.raises(ValuesError, match=r"(?s)summed unmarked.*across_windows=True"):
        consolidate({"documents": rows}, agency=WHOLE)
    whole = consolidate({"documents": rows}, agency=WHOLE, across_windows=True)["documents"]
    assert whole["source"][0].endswith(
        ". gồm cả quý theo Nghị định 09/2019/NĐ-CP và quý dương lịch"
    )
    assert whole["window_start"].isna().all()


def test_nothing_that_is_given_is_changed():
    tables = {"documents": documents("A", "B"), "dossiers": dossiers(("A", "all", 1))}
    before = {code: table.copy() for code, table in tables.items()}
    consolidate(tables, agency=WHOLE)
    for code, table in before.items():
        pd.testing.assert_frame_equal(tables[code], table)


# --- refusals


@pytest.mark.parametrize(
    ("tables", "options", "words"),
    [
        ({"documents": documents("A")}, {"agency": " "}, "the whole has no name"),
        ({}, {}, "there is no unit to sum"),
        ({"documents": documents("A")}, {"parts": ["B"]}, "there is no unit to sum"),
        ({"documents": documents("A", WHOLE)}, {}, "the whole is among the units: UBND tỉnh"),
        (
            {"documents": documents("Sở Nội vụ", "SỞ NỘI VỤ")},
            {},
            "names that may be one unit: Sở Nội vụ = SỞ NỘI VỤ",
        ),
        ({"documant": documents("A")}, {}, "there is no form 'documant'"),
        ([1], {}, "tables are consolidated, not list"),
    ],
)
def test_refusals_say_what_is_wrong(tables, options, words):
    with pytest.raises(CchcError, match=words) as refused:
        consolidate(tables, **{"agency": WHOLE} | options)
    assert refused.value.mend


def test_units_of_nearly_one_name_are_summed_when_they_are_named():
    """Two communes may differ by an accent alone; a unit misspelled in `parts` is no gap."""
    tables = {"documents": documents("UBND xã Tân Lập", "UBND xã Tân Lạp")}
    with pytest.raises(CchcError, match="names that may be one unit") as refused:
        consolidate(tables, agency=WHOLE)
    assert "parts=" in refused.value.mend
    both = consolidate(tables, agency=WHOLE, parts=["UBND xã Tân Lập", "UBND xã Tân Lạp"])
    assert both["documents"]["sent_total"].tolist() == [20]
    departments = {"documents": documents("Sở Nội vụ", "Sở Y tế")}
    with pytest.raises(CchcError, match="Sở Nội vụ = SỞ NỘI VỤ"):
        consolidate(departments, agency=WHOLE, parts=["SỞ NỘI VỤ", "Sở Y tế"])


def test_a_unit_twice_in_a_quarter_is_refused():
    with pytest.raises(FormError, match="2 faults"):
        consolidate({"documents": documents("A", "A")}, agency=WHOLE)


# --- who has not reported

DEPARTMENT, DISTRICT, OTHER = "Sở Nội vụ", "UBND huyện Tây Sơn", "Sở Y tế"


def test_reports_and_forms_that_are_not_there(tmp_path: Path):
    copied(tmp_path, "a", "SỞ NỘI VỤ")
    (copied(tmp_path, "b", DISTRICT) / "documents.csv").unlink()
    (tmp_path / "BC quý III - Sở Y tế.docx").write_bytes(b"")
    reports = read_reports(tmp_path)
    asked = [DEPARTMENT, DISTRICT, OTHER, "Sở Tư pháp"]
    missing = missing_reports(reports, asked, ["2020Q3"])
    assert missing[["agency", "form"]].values.tolist() == [
        [DISTRICT, "documents"],
        [OTHER, ""],
        ["Sở Tư pháp", ""],
    ]
    assert missing["period"].unique().tolist() == [pd.Period("2020Q3")]
    reasons = missing["reason"].tolist()
    assert (reasons[0], reasons[2]) == ("thiếu biểu", "chưa gửi báo cáo")
    assert reasons[1].startswith("đọc không được: BC quý III - Sở Y tế.docx: ")
    none = missing_reports(reports, DISTRICT, "quý III năm 2020", forms=["dossiers"])
    assert list(none.columns) == ["agency", "period", "form", "reason"]
    assert none.empty


PROVINCES = pd.read_csv(
    Path(__file__).parents[1] / "cases" / "provinces_2025.csv",
    dtype="str",
    keep_default_na=False,
)
FIVE_CITIES = {"Hà Nội", "Hồ Chí Minh", "Hải Phòng", "Đà Nẵng", "Cần Thơ"}
# Towns of the same name, and their last days.
TOWNS = {"UBND thành phố Huế": "2024-12-31", "UBND thành phố Bắc Ninh": "2025-06-30"}
QUARTERS = [str(one) for one in pd.period_range("2024Q4", "2026Q3", freq="Q")]


@pytest.fixture(scope="module")
def of_another(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    copied(folder, "a", OTHER)
    return read_reports(folder)


@pytest.mark.parametrize("row", PROVINCES.to_dict("records"), ids=lambda row: row["province"])
def test_a_province_is_asked_in_the_quarters_at_whose_end_it_is_there(row, of_another):
    """By its name and kind of that day, the 14th of the quarter's last month."""

    def name_of(old: str, day: str) -> str:
        name = row["province"] if row["merged_on"] and day >= row["merged_on"] else old
        became = name == row["province"] and row["city_since"] and day >= row["city_since"]
        return f"UBND {'thành phố' if name in FIVE_CITIES or became else 'tỉnh'} {name}"

    last_days = {one: f"{one[:4]}-{3 * int(one[-1]):02}-14" for one in QUARTERS}
    for old in row["made_of"].split("|"):
        for name in {name_of(old, day) for day in ("2024-12-31", "2026-11-30")}:
            missing = missing_reports(of_another, [name], QUARTERS)["period"].astype(str).tolist()
            olds = row["made_of"].split("|")
            there = [
                quarter
                for quarter, day in last_days.items()
                if name in {name_of(one, day) for one in olds} or day <= TOWNS.get(name, "")
            ]
            assert missing == there, name


@pytest.mark.parametrize(("signed", "doubtful"), [("2020-12-16", True), ("2020-10-02", False)])
def test_a_report_of_the_quarter_before_that_was_signed_when_this_one_was_due(
    tmp_path: Path, signed, doubtful
):
    copied(tmp_path, "a", DEPARTMENT, signed_on=signed)
    (missing,) = missing_reports(read_reports(tmp_path), [DEPARTMENT], ["2020Q4"]).to_dict(
        "records"
    )
    assert ("16/12/2020: xem lại kỳ" in missing["reason"]) == doubtful
    assert missing["reason"].startswith("chưa gửi báo cáo")


def test_who_ceased_is_not_asked(tmp_path: Path):
    copied(tmp_path, "a", OTHER)
    reports = read_reports(tmp_path)
    quarters = ["2025Q2", "2025Q3"]
    missing = missing_reports(reports, [DISTRICT, DEPARTMENT], quarters)
    asked = [(agency, str(period)) for agency, period in missing[["agency", "period"]].values]
    assert asked == [(DISTRICT, "2025Q2"), (DEPARTMENT, "2025Q2"), (DEPARTMENT, "2025Q3")]
    merged = {"old": DEPARTMENT, "new": OTHER, "on": pd.Timestamp("2025-08-01").date()}
    changes = agency_changes(extra=[merged])
    missing = missing_reports(reports, [DEPARTMENT], quarters, changes=changes)
    assert missing["period"].astype(str).tolist() == ["2025Q2"]


def test_questions_that_cannot_be_asked(tmp_path: Path):
    shutil.copytree(spoiled(copied(tmp_path, "a"), "documents", "1380", "1380"), tmp_path / "b")
    reports = read_reports(tmp_path)
    with pytest.raises(CchcError, match="there is no agency to ask for"):
        missing_reports(reports, [], ["2020Q3"])
    with pytest.raises(CchcError, match="there is no quarter to ask for"):
        missing_reports(reports, [DEPARTMENT], [])
    with pytest.raises(CchcError, match="a set of reports is asked, not tuple"):
        missing_reports(reports.reports, [DEPARTMENT], ["2020Q3"])
