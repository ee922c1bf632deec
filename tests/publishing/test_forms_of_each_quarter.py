"""What a form asks in each quarter, and that what several agencies answer is read back."""

from __future__ import annotations

import docx
import openpyxl
import pandas as pd
import pytest
from drawn_tables import keyed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import figures

from cchc_stats.forms import FORMS, find_form, validate
from cchc_stats.publishing import write_form
from cchc_stats.reading import read_report
from cchc_stats.words import Window

ONLINE = "Mức độ dịch vụ công trực tuyến"
OLD, NEW = ["Mức độ 3", "Mức độ 4"], ["Một phần", "Toàn trình"]
PROACTIVE = [f"Chủ động mức độ {level}" for level in range(1, 5)]
CHANNELS = ["Số mới tiếp nhận trực tuyến", "Số mới tiếp nhận trực tiếp, dịch vụ bưu chính"]
UNITS = ("Sở Nội vụ", "Sở Y tế", "UBND xã Hòa Thịnh")

# Decree 42/2022/NĐ-CP (15/8/2022) brought "một phần, toàn trình"; Resolution 203/2025/QH15 ended
# districts with 30/6/2025; Decree 224/2026/NĐ-CP brought proactive services on 1/7/2026; form
# II.06a of Circular 01/2020/TT-VPCP has early dossiers and channels.
ASKED = [
    # quarter, levels of online services, proactive, districts, channels and early, digital services
    ("2020Q3", OLD, [], True, False, False),
    ("2022Q4", OLD + NEW, [], True, True, False),
    ("2025Q2", NEW, [], True, True, True),
    ("2025Q3", NEW, [], False, True, True),
    ("2026Q2", NEW, [], False, True, True),
    ("2026Q3", NEW, PROACTIVE, False, True, True),
    ("2026Q4", NEW, PROACTIVE, False, True, True),
]


def cells_of(path) -> list[list[list[str]]]:
    """Return the texts of each table of a form, row by row."""
    if path.suffix == ".docx":
        tables = docx.Document(str(path)).tables[1:-1]  # between letterhead and who signs
        return [[[cell.text for cell in row.cells] for row in one.rows] for one in tables]
    sheets = openpyxl.load_workbook(path).worksheets[1:]
    return [[[cell or "" for cell in row] for row in one.values] for one in sheets]


@pytest.mark.parametrize(("quarter", "online", "proactive", "districts", "early", "digital"), ASKED)
def test_a_blank_form_asks_what_its_quarter_asks(
    tmp_path, quarter, online, proactive, districts, early, digital
):
    # Both kinds draw the same tables.
    kind = "docx" if quarter == "2026Q4" else "xlsx"
    path = write_form(None, tmp_path / f"x.{kind}", period=quarter, blank=True)
    tables = cells_of(path)
    texts = [text for table in tables for row in table for text in row]
    (levels,) = [table for table in tables if ONLINE in table[0] + table[1]]
    assert [row[1] for row in levels if str(row[0]).isdigit()] == online
    assert [text for text in texts if text.startswith("Chủ động mức độ")] == proactive
    assert any("cấp huyện" in text.casefold() for text in texts) == districts
    assert [name in texts for name in (*CHANNELS, "Trước hạn")] == [early] * 3
    assert any("toàn trình" in text and "Trực tuyến" in text for text in texts) == digital


@st.composite
def answers(draw, form, period):
    """Draw what several agencies answer a form of a quarter."""
    end = Window.of(period).end
    codes = [*form.rows_between(end, end)] if form.row else [""]
    given_columns = [name for name in form.figures if form.asks(name, end, end)]
    rows = [
        {"agency": agency, "period": period, "basis": form.row_basis.get(code, form.basis)}
        | ({form.row: code} if code else {})
        | draw(figures(form, given_columns, largest=2000))
        for agency in UNITS
        for code in codes or ["Đất đai", "Hộ tịch"]
    ]
    frame = pd.DataFrame(rows)
    for name in ("decision",) if form.code == "simplifications" else ():
        frame[name] = pd.Series(pd.NA, index=frame.index, dtype="str")
    return validate(frame, form)


@pytest.mark.parametrize(("quarter", "kind"), [("2020Q3", "docx"), ("2026Q3", "xlsx")])
@settings(max_examples=1, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_several_agencies_answer_comes_back(tmp_path, quarter, kind, data):
    period = pd.Period(quarter, "Q-DEC")
    end = Window.of(period).end
    asked = [form for form in FORMS if form.span.meets(end, end)]
    frames = {form.code: data.draw(answers(form, period)) for form in asked}
    path = write_form(frames, tmp_path / f"x.{kind}", period=period, agency="UBND tỉnh Đắk Lắk")
    report = read_report(path)
    assert report.agency == "Ủy ban nhân dân tỉnh Đắk Lắk"
    assert set(report.tables) == set(frames)
    for code, frame in frames.items():
        form = find_form(code)
        assert keyed(form, report.tables[code]) == keyed(form, frame), code
    assert report.unplaced.empty
    # A report names who sends it.
    again = write_form(report, tmp_path / f"again.{kind}", period=period)
    assert read_report(again).agency == report.agency


@pytest.mark.parametrize("levels", [["all"] * 3, ["provincial", "provincial", "commune"]])
def test_digital_services_of_several_agencies_come_back(tmp_path, levels):
    form = find_form("digital_services")
    rows = [
        {"agency": agency, "period": "2026Q3", "level": level}
        | {name: 7 + at for name in form.figures if name.startswith("received")}
        for at, (agency, level) in enumerate(zip(UNITS, levels, strict=True))
    ]
    frame = validate(pd.DataFrame(rows), form)
    path = write_form({form.code: frame}, tmp_path / "x.xlsx", period="2026Q3")
    table = read_report(path, agency="UBND tỉnh Đắk Lắk").tables[form.code]
    assert keyed(form, table) == keyed(form, frame)


def test_agencies_that_have_nothing_are_rows_and_no_totals(tmp_path):
    """0 = 0 + 0 tells of no agency that it sums up those below it."""
    form = find_form("procedures")
    rows = [
        {"agency": agency, "period": "2020Q3"} | dict.fromkeys(form.figures, 0) for agency in UNITS
    ]
    rows[0] |= {"in_force": 9, "one_stop": 9}
    frame = validate(pd.DataFrame(rows), form)
    path = write_form({form.code: frame}, tmp_path / "x.docx", period="2020Q3")
    table = read_report(path, agency="UBND tỉnh Đắk Lắk").tables[form.code]
    assert keyed(form, table) == keyed(form, frame)


def page_of(folder, rows) -> pd.DataFrame:
    """Return the digital services that a page with one table of them says."""
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    path = folder / "x.html"
    path.write_text(
        "<p>UBND TỈNH ĐẮK LẮK</p><p>BÁO CÁO</p><p>Kết quả cải cách hành chính quý III năm 2026</p>"
        "<p>Dịch vụ công số, số hóa hồ sơ và thanh toán trực tuyến</p>"
        f"<table>{cells}</table>",
        encoding="utf-8",
    )
    table = read_report(path).tables["digital_services"]
    return table.set_index(["agency", "level"])["received_online_full"]


FIGURES = [
    "Hồ sơ tiếp nhận: Trực tuyến toàn trình",
    "Trực tuyến một phần",
    "Trực tiếp",
    "Bưu chính",
]


def test_an_agency_goes_on_where_its_cell_is_empty_below_it(tmp_path):
    head = ["TT", "Cơ quan, đơn vị", "Cấp giải quyết", *FIGURES]
    rows = [["1", "Sở Nội vụ", "Cấp tỉnh", 3, 10, 4, 6], ["2", "", "Cấp xã", 5, 20, 5, 15]]
    rows += [["3", "Sở Y tế", "Cấp tỉnh", 1, 2, 1, 1], ["4", "", "Cấp xã", 2, 4, 1, 3]]
    assert page_of(tmp_path, [head, *rows]).to_dict() == {
        ("Sở Nội vụ", "provincial"): 3,
        ("Sở Nội vụ", "commune"): 5,
        ("Sở Y tế", "provincial"): 1,
        ("Sở Y tế", "commune"): 2,
    }


def test_a_row_an_agency_is_the_whole_of_it(tmp_path):
    head = ["TT", "Cơ quan, đơn vị", *FIGURES]
    rows = [["1", "Sở Nội vụ", 3, 10, 4, 6], ["2", "UBND xã An Phú", 5, 20, 5, 15]]
    rows += [["", "Tổng cộng", 8, 30, 9, 21]]
    assert page_of(tmp_path, [head, *rows]).to_dict() == {
        ("Sở Nội vụ", "all"): 3,
        ("UBND xã An Phú", "all"): 5,
    }
