"""Two editions of one report."""

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seed import seed_tables
from strategies import balanced

from cchc_stats.checking import compare_editions, two_editions
from cchc_stats.forms import find_form
from cchc_stats.reading import read_reports
from cchc_stats.words.errors import CchcError


def test_an_edition_is_like_itself():
    assert compare_editions(seed_tables(), seed_tables()).empty


def test_what_changed_in_the_real_report():
    new = seed_tables()
    positions = new["positions"]
    trained = positions["item"] == "people_trained"
    new["positions"] = positions.assign(count=positions["count"].mask(trained, 17))
    new["staffing"] = new["staffing"].iloc[1:]
    new["documents"] = new["documents"].assign(sent_paper=pd.array([pd.NA], dtype="Int64"))
    found = compare_editions(seed_tables(), new)
    told = found[["form", "column", "old", "new", "kind"]].to_numpy().tolist()
    assert sorted(told) == [
        ["documents", "sent_paper", "65", "", "no longer reported"],
        ["positions", "count", "15", "17", "changed"],
        ["staffing", "assigned", "40", "", "removed"],
        ["staffing", "present", "37", "", "removed"],
    ]
    assert found["change"].dropna().tolist() == [2.0]


@given(data=st.data())
def test_there_and_back(data):
    old, new = ({"documents": data.draw(balanced(find_form("documents"), largest=9))} for _ in "ab")
    one, other = compare_editions(old, new), compare_editions(new, old)
    assert sorted(one["change"].dropna()) == sorted(-other["change"].dropna())
    assert (one["kind"] == "added").sum() == (other["kind"] == "removed").sum()


def test_a_row_given_twice():
    twice = {"documents": pd.concat([seed_tables()["documents"]] * 2)}
    with pytest.raises(CchcError, match="rows of form documents have the same agency"):
        compare_editions(twice, {})


def written(path, received, heading="SỞ Y TẾ"):
    """Write a workbook of quarter II/2024 whose one sector received so many dossiers."""
    book = openpyxl.Workbook()
    for line in (heading, "BÁO CÁO KẾT QUẢ GIẢI QUYẾT HỒ SƠ QUÝ II NĂM 2024"):
        book.active.append([line])
    book.active.append(["STT", "Lĩnh vực", "Tổng số hồ sơ tiếp nhận", "Số hồ sơ đã giải quyết"])
    book.active.append([1, "Dược phẩm", received, 90])
    book.save(path)


def test_two_editions_in_a_set_are_told_with_their_cells_and_the_caller_chooses(tmp_path):
    written(tmp_path / "BC.xlsx", 100)
    written(tmp_path / "BC (gui lai).xlsx", 102)
    written(tmp_path / "khac.xlsx", 100, heading="SỞ TƯ PHÁP")
    reports = read_reports(tmp_path, progress=False)
    (told,) = two_editions(reports.reports).to_dict("records")
    assert (told["severity"], told["rule"], told["file"]) == ("warning", "two_editions", "BC.xlsx")
    assert "BC (gui lai).xlsx và BC.xlsx (C4: 102 ≠ 100)" in told["message"]
    with pytest.raises(CchcError, match="several editions") as refused:
        _ = reports.tables
    assert "last_given" in refused.value.mend
    chosen = reports.preferring("last_given").tables["dossiers"]
    assert sorted(chosen["received_total"]) == [100, 100]


def in_parts(path, online, in_person, carried):
    """Write a workbook that prints what came in anew in two parts alone, in columns C to F."""
    book = openpyxl.Workbook()
    for line in ("SỞ Y TẾ", "BÁO CÁO KẾT QUẢ GIẢI QUYẾT HỒ SƠ QUÝ II NĂM 2024"):
        book.active.append([line])
    parts = ["Tiếp nhận trực tuyến", "Tiếp nhận trực tiếp, dịch vụ bưu chính", "Từ kỳ trước"]
    book.active.append(["STT", "Lĩnh vực", *parts, "Số hồ sơ đã giải quyết"])
    book.active.append([1, "Dược phẩm", online, in_person, carried, 90])
    book.save(path)


def test_a_sum_of_printed_cells_is_not_told_again_beside_the_cell_that_moved_it(tmp_path):
    in_parts(tmp_path / "a.xlsx", 60, 40, 5)
    in_parts(tmp_path / "b.xlsx", 63, 40, 4)
    reports = read_reports(tmp_path, progress=False).reports
    assert [one.tables["dossiers"]["newly_received"].item() for one in reports] == [100, 103]
    (told,) = two_editions(reports)["message"]
    assert "(E4: 5 ≠ 4; C4: 60 ≠ 63)" in told
