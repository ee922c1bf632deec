"""Sheets of answers: written for units, filled in, read back; faults by their cells."""

import openpyxl
import pandas as pd
import pytest

from cchc_stats.index import load_scheme, rank_agencies, read_answers, score, write_answer_sheet
from cchc_stats.words import CchcError, ReadError, ValuesError

SCHEME = "example-department"
AGENCIES = ["Sở A", "Sở B"]


@pytest.fixture
def sheet(tmp_path):
    return write_answer_sheet(SCHEME, tmp_path / "phieu.xlsx", agencies=AGENCIES, period="2026Q3")


def filled(path, **cells):
    """Write cells into the sheet of answers, as a unit would."""
    book = openpyxl.load_workbook(path)
    for cell, content in cells.items():
        book.worksheets[0][cell] = content
    book.save(path)
    return path


def test_a_row_per_unit_and_leaf_with_the_answers_of_its_rule(sheet):
    book = openpyxl.load_workbook(sheet)
    assert book.sheetnames[:2] == ["Trả lời", "Hướng dẫn"]
    rows = book.worksheets[0]
    leaves = load_scheme(SCHEME).leaves
    assert rows.max_row == 1 + len(AGENCIES) * len(leaves)
    assert [rows.cell(2, column).value for column in (1, 2, 3)] == ["Sở A", "Quý III/2026", "1.1.1"]
    choices = {str(one.sqref): one.formula1 for one in rows.data_validations.dataValidation}
    assert choices["G2"] == '"có,không,không áp dụng"'
    assert rows.protection.sheet
    assert rows["C2"].protection.locked
    assert not rows["G2"].protection.locked


def test_what_is_filled_in_is_read_and_scored(sheet):
    filled(sheet, G2="Có", I2="QĐ 12", J2="xem trang 3", H7=4)
    answers = read_answers(sheet)
    assert len(answers) == len(AGENCIES) * len(load_scheme(SCHEME).leaves)
    assert answers.loc[0, ["answer", "evidence"]].tolist() == ["Có", "QĐ 12; xem trang 3"]
    scores = score(None, load_scheme(SCHEME), answers=answers)
    assert scores.loc[scores["code"] == "1.1.1", "points"].tolist()[0] == 1
    with pytest.raises(ValuesError) as error:
        rank_agencies(scores)
    assert "(1.1.2, 1.2, 1.3.1" in error.value.where


def test_a_percentage_is_what_its_cell_shows(tmp_path):
    scheme = load_scheme("example-department")
    leaves = [*enumerate(scheme.leaves, 2)]
    row, leaf = next((at, one) for at, one in leaves if one.unit == "percent")
    path = write_answer_sheet(scheme, tmp_path / "a.xlsx", agencies=["Sở A"], period="2026Q3")
    book = openpyxl.load_workbook(path)
    cell = book.worksheets[0][f"H{row}"]
    cell.value, cell.number_format = 0.955, "0.0%"
    book.save(path)
    answers = read_answers(path).set_index("code")
    assert answers.loc[leaf.code, "number"] == 95.5
    other = next(at for at, one in leaves if one.unit == "points")
    book.worksheets[0][f"H{other}"].value = 0.955
    book.worksheets[0][f"H{other}"].number_format = "0.0%"
    book.save(path)
    with pytest.raises(ReadError, match=f"H{other}: '95,5%' is a percentage: write the number"):
        read_answers(path)


def test_faults_come_at_once_with_their_cells(sheet):
    filled(sheet, G2="maybe", C3="9.9", H4=3, H7="x", C6="1.3.1", B9="hè")
    with pytest.raises(ReadError) as error:
        read_answers(sheet)
    for said in (
        "G2: 'maybe' is no answer here; use có, không, không áp dụng",
        "C3: '9.9' is no criterion of this sheet",
        "H4: 1.2 takes no number",
        "H7: 'x' is no number",
        "C5 and C6 are of one criterion of Sở A",
        "B9: 'hè' is no quarter",
        "phieu.xlsx, Trả lời: ",
    ):
        assert said in error.value.where


def test_a_number_that_is_typed_as_a_text_is_one_as_reports_print_it(sheet):
    filled(sheet, H7="1.234", H8="2,5")
    assert read_answers(sheet)["number"].dropna().tolist() == [1234, 2.5]
    filled(sheet, H7="nan", H8="1_000")
    with pytest.raises(ReadError) as error:
        read_answers(sheet)
    assert "H7: 'nan' is no number; H8: '1_000' is no number" in error.value.where


def test_of_very_many_faults_the_first_are_shown_and_the_others_counted(sheet):
    filled(sheet, **{f"H{row}": "x" for row in range(2, 82)})
    with pytest.raises(ReadError) as error:
        read_answers(sheet)
    assert error.value.where.endswith("H51: 'x' is no number; and 30 more")


def test_a_cut_file_and_another_workbook_are_refused(sheet, tmp_path):
    data = sheet.read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(data[: len(data) // 2])
    with pytest.raises(ReadError, match="damaged or cut off"):
        read_answers(tmp_path / "cut.xlsx")
    with pytest.raises(ReadError, match="there is no such file"):
        read_answers(tmp_path / "none.xlsx")
    pd.DataFrame({"a": [1]}).to_excel(tmp_path / "other.xlsx")
    with pytest.raises(ReadError, match="no sheet has the columns of answers"):
        read_answers(tmp_path / "other.xlsx")


def test_the_same_sheet_is_the_same_bytes_and_refusals_come_at_once(sheet, tmp_path):
    again = write_answer_sheet(SCHEME, tmp_path / "b.xlsx", agencies=AGENCIES, period="2026Q3")
    assert again.read_bytes() == sheet.read_bytes()
    with pytest.raises(CchcError) as error:
        write_answer_sheet(SCHEME, tmp_path / "a.csv", agencies=["Sở A", "Sở A", ""])
    for said in ("ends in .xlsx, not in .csv", "'Sở A' is given twice", "'' is no name"):
        assert said in error.value.where
