"""Tables with levels: measured by level, summed over units, never a whole added to its parts."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_stats.forms import DOSSIERS, validate
from cchc_stats.indicators import consolidate, measure

LEVELS = ("provincial", "district", "commune")
SECTORS = ("Đất đai", "Hộ tịch", "Y tế")
Row = tuple[str, str, str, int, int]  # agency, level, sector, settled on time, late


def dossiers(rows: list[Row], **more: object) -> pd.DataFrame:
    names = ["agency", "level", "sector", "settled_on_time", "settled_late"]
    frame = pd.DataFrame(rows, columns=names).assign(period="2024Q3", **more)
    total = frame["settled_on_time"] + frame["settled_late"]
    frame = frame.assign(received_total=total, newly_received=total, settled_total=total)
    nothing = ("carried_over", "pending_total", "pending_not_due", "pending_overdue")
    return validate(frame.assign(**dict.fromkeys(nothing, 0)), "dossiers")


def rates(frame: pd.DataFrame, code: str = "on_time_rate_settled") -> dict[str, tuple]:
    values = measure({"dossiers": frame})
    mine = values[values["indicator"] == code].set_index("group")
    return {
        group: (row["numerator"], row["denominator"], row["note"]) for group, row in mine.iterrows()
    }


def test_rows_of_levels_stand_under_them_and_add_up() -> None:
    rows = [
        ("T", "provincial", "Đất đai", 40, 1),
        ("T", "provincial", "Hộ tịch", 7, 0),
        ("T", "commune", "Hộ tịch", 28, 0),
    ]
    assert rates(dossiers(rows)) == {
        "provincial|Đất đai": (40, 41, ""),
        "provincial|Hộ tịch": (7, 7, ""),
        "commune|Hộ tịch": (28, 28, ""),
        "provincial": (47, 48, ""),
        "commune": (28, 28, ""),
        "all": (75, 76, ""),
    }


def test_a_printed_total_of_a_level_or_of_all_is_no_further_part() -> None:
    rows = [
        ("T", "provincial", "Đất đai", 40, 1),
        ("T", "provincial", "all", 40, 1),
        ("T", "commune", "Hộ tịch", 28, 0),
        ("T", "commune", "all", 29, 0),
        ("T", "all", "all", 68, 1),
    ]
    found = rates(dossiers(rows))
    assert found["provincial"] == (40, 41, "")
    assert found["commune"] == (28, 28, "khác dòng tổng trong bảng: 29/29")
    assert found["all"] == (68, 69, "Cấp xã: khác dòng tổng trong bảng: 29/29")


def test_what_does_not_balance_in_a_level_is_told_of_the_level_and_of_the_whole() -> None:
    frame = dossiers([("T", "provincial", "Đất đai", 40, 1), ("T", "commune", "Hộ tịch", 28, 0)])
    settled = frame["settled_total"].mask(frame["level"] == "commune", 30)
    notes = {
        group: note
        for group, (*_, note) in rates(frame.assign(settled_total=settled)).items()
        if note
    }
    assert set(notes) == {"commune|Hộ tịch", "commune", "all"}


def test_rows_of_the_whole_beside_its_levels_are_not_added_to_them() -> None:
    rows = [
        ("T", "all", "Đất đai", 40, 1),
        ("T", "all", "Hộ tịch", 35, 0),
        ("T", "provincial", "all", 47, 1),
        ("T", "commune", "all", 28, 0),
    ]
    found = rates(dossiers(rows))
    assert found["all"] == (75, 76, "")
    assert found["provincial"] == (47, 48, "")
    assert set(found) == {"Đất đai", "Hộ tịch", "provincial", "commune", "all"}


def test_a_level_that_has_not_reported_leaves_the_whole_unknown() -> None:
    frame = dossiers([("T", "provincial", "Đất đai", 40, 1), ("T", "commune", "Y tế", 5, 0)])
    frame["settled_on_time"] = frame["settled_on_time"].mask(frame["level"] == "commune")
    values = measure({"dossiers": frame})
    status = values[values["indicator"] == "on_time_rate_settled"].set_index("group")["status"]
    assert status["provincial"] == "reported"
    assert status[["commune|Y tế", "commune", "all"]].tolist() == ["not_reported"] * 3


cells = st.lists(
    st.tuples(
        st.sampled_from(["A", "B"]),
        st.sampled_from(LEVELS),
        st.sampled_from(SECTORS),
        st.integers(0, 50),
        st.integers(0, 50),
    ),
    min_size=1,
    unique_by=lambda row: row[:3],
)


@settings(max_examples=25, deadline=None)
@given(cells)
def test_the_whole_is_the_sum_of_all_cells(rows: list[Row]) -> None:
    """However they are told: by level, by level and in all, or by one unit without levels."""
    on_time, late = (sum(row[at] for row in rows) for at in (3, 4))
    summed = consolidate({"dossiers": dossiers(rows)}, agency="T")["dossiers"]
    printed = [("T", "all", "all", on_time, late)]
    told = dossiers([("T", *row[1:]) for row in rows if row[0] == rows[0][0]])
    assert rates(summed)["all"][:2] == (on_time, on_time + late)
    with_total = pd.concat([summed, dossiers(printed)], ignore_index=True)
    assert rates(with_total)["all"][:2] == (on_time, on_time + late)
    if len({row[0] for row in rows}) == 1:
        assert rates(told)["all"][:2] == (on_time, on_time + late)


@settings(max_examples=25, deadline=None)
@given(cells, st.sampled_from(["A", "B"]))
def test_units_with_and_without_levels_are_summed_alike(rows: list[Row], flat: str) -> None:
    plain = pd.DataFrame(rows, columns=[0, 1, 2, 3, 4]).query("@flat == `0`")
    plain = plain.groupby([0, 2], as_index=False)[[3, 4]].sum()
    without = [(flat, "all", sector, *figures) for _, sector, *figures in plain.to_numpy().tolist()]
    mixed = [row for row in rows if row[0] != flat] + without
    whole = consolidate({"dossiers": dossiers(mixed)}, agency="T")["dossiers"]
    expected = sum(row[3] for row in rows)
    assert rates(whole)["all"][0] == expected
    if without and len(mixed) > len(without):
        assert set(whole["level"]) == {"all"}


def test_one_unit_of_totals_makes_the_sum_one_of_totals() -> None:
    rows = [
        ("A", "all", "Đất đai", 1, 0),
        ("B", "provincial", "Đất đai", 4, 0),
        ("B", "commune", "all", 8, 0),
    ]
    whole = consolidate({"dossiers": dossiers(rows)}, agency="T")["dossiers"]
    told = whole[["level", "sector", "settled_on_time"]].to_numpy().tolist()
    assert told == [["all", "all", 13]]


def test_what_the_whole_alone_tells_stands_beside_the_sum_of_its_units() -> None:
    """A province reports by unit in one table, and of itself in the others."""
    documents = pd.DataFrame({"agency": ["T"], "period": "2024Q3", "sent_total": 10})
    documents = documents.assign(sent_paper=4, sent_electronic=6)
    by_unit = dossiers([("A", "all", "all", 1, 0), ("B", "all", "all", 4, 2)])
    whole = consolidate({"dossiers": by_unit, "documents": documents}, agency="T")
    assert whole["documents"]["sent_total"].tolist() == [10]
    assert whole["dossiers"]["settled_total"].tolist() == [7]
    assert whole["dossiers"]["source"].tolist() == ["tổng của 2 đơn vị: A; B"]


def test_digital_services_of_units_are_summed_by_level_or_in_all() -> None:
    def channels(*rows: tuple[str, str, int]) -> pd.DataFrame:
        frame = pd.DataFrame(rows, columns=["agency", "level", "received_online_full"])
        others = ("received_online_part", "received_in_person", "received_postal")
        return frame.assign(period="2026Q3", **dict.fromkeys(others, 1))

    shown = ["level", "received_online_full"]
    by_level = channels(("A", "provincial", 5), ("B", "commune", 7), ("B", "provincial", 1))
    whole = consolidate({"digital_services": by_level}, agency="T")["digital_services"]
    assert sorted(whole[shown].to_numpy().tolist()) == [["commune", 7], ["provincial", 6]]
    one_in_all = channels(("A", "all", 5), ("B", "commune", 7), ("B", "provincial", 1))
    whole = consolidate({"digital_services": one_in_all}, agency="T")["digital_services"]
    assert whole[shown].to_numpy().tolist() == [["all", 13]]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_what_was_built_from_sentences_says_so_and_can_be_left_out(lang: str) -> None:
    rows = [("T", "all", "Đất đai", 40, 1), ("T", "all", "Hộ tịch", 7, 0)]
    places = ["bc.docx, mục 2, bảng 1", "bc.docx, mục 3, lời văn “đúng hạn 7 hồ sơ”"]
    frame = dossiers(rows, source=places)
    said = {"vi": "theo lời văn", "en": "from the report's prose"}[lang]
    values = measure({"dossiers": frame}, lang=lang)
    mine = values[values["indicator"] == "on_time_rate_settled"].set_index("group")["note"]
    assert mine.to_dict() == {"Đất đai": "", "Hộ tịch": said, "all": f"Hộ tịch: {said}"}
    without = measure({"dossiers": frame}, prose=False, lang=lang)
    mine = without[without["indicator"] == "on_time_rate_settled"].set_index("group")
    assert mine["numerator"].to_dict() == {"Đất đai": 40, "all": 40}
    assert not without["note"].str.contains(said).any()


def test_a_stock_from_sentences_at_two_bases_says_so_once() -> None:
    rows = [("T", "all", "Đất đai", 40, 1)]
    place = "bc.docx, mục 3, lời văn “đúng hạn 40 hồ sơ”"
    both = [dossiers(rows, source=place, basis=basis) for basis in ("in_period", "year_to_date")]
    values = measure({"dossiers": pd.concat(both, ignore_index=True)})
    mine = values[values["indicator"] == "dossiers_pending"]
    assert mine["note"].tolist() == ["theo lời văn"] * 2


def test_every_level_has_a_name() -> None:
    assert set(LEVELS) <= set(DOSSIERS.stated["level"].codes)
