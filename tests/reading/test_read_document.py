"""A document becomes a report: what is written comes back, and nothing else."""

import datetime as dt
import unicodedata
from pathlib import Path

import pandas as pd
import pytest
from document_writer import Table, head, spans, write
from drawn_tables import AGENCY, FORMS_IN_TABLES, KINDS, PERIOD, keyed, tables_of
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from cchc_stats.checking import check
from cchc_stats.forms import Form, find_form
from cchc_stats.reading import Report, read_report
from cchc_stats.words.errors import ReadError

# --- any tables, written and read back --------------------------------------------------------


def is_itemised(form: Form) -> bool:
    """Return whether the form is printed as items with one count each."""
    return bool(form.rows) and len(printed_columns(form)) == 1


def printed_columns(form: Form) -> list[str]:
    """Return the figures that have a column; a whole is printed with its part: 2/3."""
    wholes = set(form.fractions.values())
    return [name for name in form.figures if name not in wholes]


def as_table(form: Form, frame: pd.DataFrame) -> Table:
    """Return the table that prints a frame: headings of the official form."""
    names = [name for name in printed_columns(form) if name in frame]
    names = [name for name in names if name not in form.optional or has_any(frame, name)]
    headings: list[tuple[str, ...]] = [("TT",)]
    if form.row:
        headings.append(("Nội dung",) if is_itemised(form) else form.headings[form.row])
    figures = [("Số lượng",)] if is_itemised(form) else [form.headings[name] for name in names]
    rows = []
    for number, row in enumerate(frame.to_dict("records"), 1):
        label = [form.row_label(row[form.row])] if form.row else []
        rows.append([str(number), *label, *(printed(form, row, name) for name in names)])
    return Table(form.title, [*headings, *figures], rows)


def has_any(frame: pd.DataFrame, name: str) -> bool:
    dashed = frame["not_applicable"].str.split().map(lambda names: name in names)
    return bool((frame[name].notna() | dashed).any())


def printed(form: Form, row: dict, name: str) -> str:
    """Return a cell as printed: "-" for not applicable, nothing for not reported, "2/3"."""
    if name in row["not_applicable"].split():
        return "-"
    if pd.isna(row[name]):
        return ""
    whole = form.fractions.get(name)
    text = plain(row[name])
    return text if whole is None or pd.isna(row[whole]) else f"{text}/{plain(row[whole])}"


def plain(figure) -> str:
    number = float(figure)
    return str(int(number)) if number.is_integer() else str(number).replace(".", ",")


@pytest.mark.parametrize("kind", KINDS)
@settings(
    max_examples=30,
    suppress_health_check=list(HealthCheck),
    deadline=None,
    # Each example writes a file: what fails is told as it was drawn.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(data=st.data())
def test_any_tables_written_as_a_document_come_back(tmp_path, kind, data):
    forms = data.draw(FORMS_IN_TABLES)
    frames = {form.code: data.draw(tables_of(form)) for form in forms}
    frames = {code: frame for code, frame in frames.items() if len(frame)}
    grids = [as_table(find_form(code), frame) for code, frame in frames.items()]
    path = write(tmp_path / f"giả-định.{kind}", head("2020Q3"), grids)
    report = read_report(path, agency=AGENCY)
    assert set(report.tables) == set(frames)
    for code, frame in frames.items():
        form = find_form(code)
        assert keyed(form, report.tables[code]) == keyed(form, frame), code
    assert report.unplaced.to_dict("records") == []
    assert report.claims.empty


# --- who reports, and on what -----------------------------------------------------------------

NOTHING = (
    "the reporting agency is not named; the report's number is not found; "
    "no date of signature is found; the period is not told"
)
MONTHLY = ("Sở Thí Dụ", "BÁO CÁO", "Công tác cải cách hành chính tháng 6 năm 2020")
GIVE = "mend:  give it: read_report(…, "


@pytest.mark.parametrize(
    ("lines", "given", "words"),
    [
        ((), {"agency": AGENCY, "period": PERIOD}, ["there is no text in it"]),
        (("Không có gì",), {}, ["the document does not say", GIVE + "agency=…, period=…)"]),
        (("Không có gì",), {}, [f"does not say agency and period: {NOTHING}", ", its head"]),
        (("Không có gì",), {"agency": AGENCY}, ["does not say period: ", GIVE + "period=…)"]),
        (("Không có gì",), {"agency": " "}, ["does not say agency and period: "]),
        (("Không có gì",), {"period": PERIOD}, ["does not say agency: ", GIVE + "agency=…)"]),
        (
            MONTHLY,
            {},
            ["does not say period: ", "the period is not told: June 2020 (Báo cáo công tác"],
        ),
        (
            MONTHLY,
            {"period": "tháng 6 năm 2020"},
            [
                "the report's period is a month (2020-06), not a quarter",
                "mend:  give the quarter the month belongs to",
            ],
        ),
        (
            MONTHLY,
            {"period": "hôm qua"},
            ["no quarter, month or year is named", ", period = hôm qua", '"quý III năm 2020"'],
        ),
    ],
)
def test_what_the_head_does_not_say_is_refused_in_words(tmp_path, lines, given, words):
    path = write(tmp_path / "thiếu.docx", lines)
    with pytest.raises(ReadError) as refused:
        read_report(path, **given)
    for part in (*words, str(path)):
        assert part in str(refused.value)


def test_a_path_to_nothing_is_refused(tmp_path):
    with pytest.raises(ReadError) as refused:
        read_report(tmp_path / "không-có.docx")
    assert "there is nothing to read" in str(refused.value)
    assert "mend:  check the path" in str(refused.value)


def test_an_agency_that_is_given_stands_before_that_of_the_head_with_a_warning(tmp_path):
    path = write(tmp_path / "bc.docx", head("2020Q3"), [dossiers(SETTLED)])
    said = read_report(path)
    assert (said.agency, said.number, said.period) == (AGENCY, "12/BC-STD", PERIOD)
    assert said.signed_on == dt.date(2020, 9, 20)
    other = read_report(path, agency="Sở Y tế", period="9 tháng đầu năm 2020")
    assert (other.agency, other.period) == ("Sở Y tế", PERIOD)
    assert set(other.tables["dossiers"]["agency"]) == {"Sở Y tế"}
    warned = check(other).query("rule == 'as_printed'")
    assert warned["severity"].tolist() == ["warning"]
    assert "“Sở Thí Dụ" in warned["message"].iloc[0]
    assert "“Sở Y tế”" in warned["message"].iloc[0]
    assert read_report(path, agency=AGENCY.upper()).warnings == ()


def test_another_quarter_than_the_document_states_is_read_with_a_warning(tmp_path):
    path = write(tmp_path / "bc.docx", head("2020Q3"), [dossiers(SETTLED)])
    other = read_report(path, period="quý I năm 2021")
    assert str(other.window) == "15/12/2020-14/03/2021"
    assert set(map(str, other.tables["dossiers"]["period"])) == {"2021Q1"}
    warned = check(other).query("rule == 'as_printed' and severity == 'warning'")["message"]
    (sentence,) = [one for one in warned if "Quý I/2021" in one]
    assert "ghi kỳ báo cáo là Quý III/2020" in sentence


def test_of_several_quarters_that_a_head_states_one_is_given(tmp_path):
    closing = "Trên đây là báo cáo quý II năm 2020 của Sở Thí Dụ./."
    path = write(tmp_path / "bc.docx", [*head("2020Q3"), closing], [dossiers(SETTLED)])
    assert str(read_report(path).period) == "2020Q3"
    assert str(read_report(path, period="2020Q2").period) == "2020Q2"
    assert "Quý III/2020 và Quý II/2020" in read_report(path, period="2020Q1").warnings[-1]


# --- tables as they are printed ---------------------------------------------------------------

IN, OUT, OPEN = "Tiếp nhận", "Đã giải quyết", "Đang giải quyết"
FIRST = (("TT",), ("Lĩnh vực",), (IN, "Tổng số"), (IN, "Kỳ trước"), (IN, "Mới tiếp nhận"))
LAST = ((OPEN, "Tổng số"), (OPEN, "Trong hạn"), (OPEN, "Quá hạn"))
# 60 settled on time, 40 of them early.
SETTLED = ((OUT, "Tổng số"), (OUT, "Đúng hạn"), (OUT, "Quá hạn"))
APART = ((OUT, "Tổng số"), (OUT, "Trước hạn"), (OUT, "Đúng hạn"), (OUT, "Quá hạn"))
TOGETHER = ((OUT, "Tổng số"), (OUT, "Đúng và trước hạn"), (OUT, "Quá hạn"))
LAND = ["1", "Đất đai", "64", "2", "62", "63", "60", "3", "1", "1", "0"]
CIVIL = ["2", "Hộ tịch", "10", "0", "10", "10", "10", "0", "0", "0", "0"]
CAPTION = "Tình hình giải quyết hồ sơ"


def dossiers(settled, *rows, more=()) -> Table:
    rows = rows or (LAND, CIVIL)
    return Table(CAPTION, [*FIRST, *settled, *LAST, *more], rows)


def read(tmp_path: Path, *tables: Table, lines=(), kind: str = "docx") -> Report:
    return read_report(write(tmp_path / f"bc.{kind}", [*head("2020Q3"), *lines], tables))


def figures(report: Report, *names: str) -> list[list[int]]:
    return report.tables["dossiers"][list(names)].to_numpy().tolist()


ON_TIME = ("settled_total", "settled_on_time", "settled_late")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("settled", [SETTLED, TOGETHER])
def test_on_time_in_one_column(tmp_path, settled, kind):
    report = read(tmp_path, dossiers(settled), kind=kind)
    assert figures(report, *ON_TIME) == [[63, 60, 3], [10, 10, 0]]
    assert report.unplaced.empty and set(check(report)["severity"]) <= {"note"}


@pytest.mark.parametrize("kind", KINDS)
def test_early_and_on_time_in_two_columns_are_on_time_together(tmp_path, kind):
    row = [*LAND[:6], "40", "20", *LAND[7:]]
    report = read(tmp_path, dossiers(APART, row), kind=kind)
    assert figures(report, *ON_TIME, "settled_early") == [[63, 60, 3, 40]]
    assert report.unplaced.empty and set(check(report)["severity"]) <= {"note"}


def test_a_negative_figure_is_kept_apart_and_the_rest_stays(tmp_path):
    wrong = [*LAND[:8], "-1", *LAND[9:]]
    report = read(tmp_path, dossiers(SETTLED, wrong, CIVIL))
    (lost,) = report.unplaced.to_dict("records")
    assert lost["text"] == "-1" and lost["reason"].endswith("-1 là số âm")
    assert "Đất đai" in lost["place"] and "đang giải quyết: Tổng số" in lost["place"]
    pending = report.tables["dossiers"]["pending_total"]
    assert pd.isna(pending[0]) and pending[1] == 0
    assert figures(report, *ON_TIME) == [[63, 60, 3], [10, 10, 0]]


@pytest.mark.parametrize(
    ("text", "reason"),
    [("gần 60", "số"), ("6,5", "số thập phân"), ("60%", "số"), ("sáu mươi", "số")],
)
def test_what_is_no_count_is_kept_apart(tmp_path, text, reason):
    report = read(tmp_path, dossiers(SETTLED, [*LAND[:6], text, *LAND[7:]]))
    (lost,) = report.unplaced.to_dict("records")
    assert lost["text"] == text and reason in lost["reason"]
    assert report.tables["dossiers"]["settled_on_time"].isna().all()
    assert figures(report, "settled_total", "settled_late") == [[63, 3]]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("received", "found"), [("74", []), ("75", [("printed_sum", "75", "74")])])
def test_a_printed_total_is_a_claim_and_no_row(tmp_path, kind, received, found):
    total = ["", "TỔNG CỘNG", received, "2", "72", "73", "70", "3", "1", "1", "0"]
    report = read(tmp_path, dossiers(SETTLED, LAND, CIVIL, total), kind=kind)
    assert report.tables["dossiers"]["sector"].tolist() == ["Đất đai", "Hộ tịch"]
    totals = report.totals.set_index("column")["value"]
    assert totals["received_total"] == int(received) and totals["settled_on_time"] == 70
    errors = check(report).query("severity == 'error'")
    assert list(zip(errors["rule"], errors["found"], errors["expected"], strict=True)) == found


def test_a_row_of_details_is_not_counted_twice(tmp_path):
    detail = ["", "Trong đó: cấp đổi giấy chứng nhận", *LAND[2:]]
    report = read(tmp_path, dossiers(SETTLED, LAND, detail, CIVIL))
    assert report.tables["dossiers"]["sector"].tolist() == ["Đất đai", "Hộ tịch"]
    (lost,) = report.unplaced.to_dict("records")
    assert all(text in lost["text"] for text in LAND[2:])
    assert lost["reason"] == "dòng chi tiết của dòng trên: cộng thêm sẽ tính hai lần"


@pytest.mark.parametrize("kind", KINDS)
def test_extra_columns_are_kept_apart(tmp_path, kind):
    more = (("Số hồ sơ có phiếu xin lỗi",), ("Ghi chú",))
    rows = ([*LAND, "7", "xin lỗi đủ"], [*CIVIL, "", ""])
    report = read(tmp_path, dossiers(SETTLED, *rows, more=more), kind=kind)
    assert figures(report, *ON_TIME) == [[63, 60, 3], [10, 10, 0]]
    lost = report.unplaced.set_index("text")["reason"]
    assert sorted(lost.index) == ["7", "xin lỗi đủ"]
    assert lost["7"].startswith(
        "cột 'Số hồ sơ có phiếu xin lỗi' không có trong biểu Tình hình giải quyết hồ sơ"
    )
    assert "ghi chú" in lost["xin lỗi đủ"]


@pytest.mark.parametrize("kind", ["docx", "txt"])
def test_headings_repeated_after_a_page_break(tmp_path, kind):
    report = read(tmp_path, dossiers(SETTLED, LAND), dossiers(SETTLED, CIVIL), kind=kind)
    assert report.tables["dossiers"]["sector"].tolist() == ["Đất đai", "Hộ tịch"]
    assert report.unplaced.empty


@pytest.mark.parametrize("kind", ["xlsx", "txt"])
def test_headings_repeated_within_the_table(tmp_path, kind):
    headings = dossiers(SETTLED).headings
    again = [["" for _ in headings] for _ in range(2)]
    for span in spans(headings):
        again[span.top][span.left] = span.text
    report = read(tmp_path, dossiers(SETTLED, LAND, *again, CIVIL), kind=kind)
    assert report.tables["dossiers"]["sector"].tolist() == ["Đất đai", "Hộ tịch"]
    assert report.unplaced.empty


def test_a_row_that_lost_its_heading_stays_apart(tmp_path):
    path = write(tmp_path / "bc.txt", head("2020Q3"), [dossiers(SETTLED)])
    orphan = "06\t0\t03\t0\t14\t0"
    path.write_text(path.read_text("utf-8") + f"\nMột đoạn văn.\n\n{orphan}\n", "utf-8")
    report = read_report(path)
    (lost,) = report.unplaced.to_dict("records")
    assert lost["text"].split() == orphan.split()
    assert lost["reason"] == "dòng không có tiêu đề bảng và tên cột: không đoán cột"
    assert figures(report, *ON_TIME) == [[63, 60, 3], [10, 10, 0]]


@settings(max_examples=10, suppress_health_check=list(HealthCheck), deadline=None)
@given(
    cells=st.lists(
        st.lists(st.sampled_from(["", "-", "0", "7", "12", "3,5", "x", "5%"]), min_size=11,
                 max_size=11),
        min_size=1, max_size=3,
    )
)  # fmt: skip
def test_every_cell_is_in_one_place_or_kept_apart(tmp_path, cells):
    rows = [[str(at), f"Lĩnh vực {at}", *row] for at, row in enumerate(cells, 1)]
    more = (("Số hồ sơ có phiếu xin lỗi",), ("Ghi chú",))
    report = read(tmp_path, dossiers(SETTLED, *rows, more=more), kind="txt")
    printed = sorted(cell for row in cells for cell in row if cell)
    table = report.tables["dossiers"]
    taken = []
    for one in report.places.itertuples():
        value = table[one.column][one.row]
        if one.column != "sector" and (pd.notna(value) or one.text == "-"):
            taken.append(one.text)
            assert one.text == "-" or value == int(one.text)
    lost = [part for text in report.unplaced["text"] for part in text.split(" | ")]
    assert sorted([*taken, *lost]) == printed


def test_decomposed_letters_are_read_alike(tmp_path):
    path = write(tmp_path / "bc.txt", head("2020Q3"), [dossiers(SETTLED)])
    composed = read_report(path)
    path.write_text(unicodedata.normalize("NFD", path.read_text("utf-8")), "utf-8")
    decomposed = read_report(path)
    assert decomposed.agency == composed.agency == AGENCY
    pd.testing.assert_frame_equal(decomposed.tables["dossiers"], composed.tables["dossiers"])
    assert decomposed.unplaced.empty


APPOINTMENTS = find_form("appointments")
PRINTED = st.one_of(st.sampled_from(["", "-", "0"]), st.integers(0, 10**6).map(str))


@pytest.mark.parametrize("kind", KINDS)
@settings(
    max_examples=10,
    suppress_health_check=list(HealthCheck),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(
    cells=st.dictionaries(
        st.sampled_from(sorted(APPOINTMENTS.rows)), st.tuples(PRINTED, PRINTED), min_size=2
    )
)
@example(cells={"appointed": ("2", "5"), "rotated": ("-", ""), "resigned": ("0", "1")})
def test_quarter_and_year_to_date_side_by_side(tmp_path, kind, cells):
    headings = [("TT",), ("Nội dung",), ("Quý III",), ("Lũy kế",)]
    rows = [[str(at), APPOINTMENTS.row_label(code), *cells[code]] for at, code in enumerate(cells)]
    report = read(tmp_path, Table(APPOINTMENTS.title, headings, rows), kind=kind)
    said = keyed(APPOINTMENTS, report.tables["appointments"])
    wanted = {}
    for code, texts in cells.items():
        for basis, text in zip(("in_period", "year_to_date"), texts, strict=True):
            if text:
                figure = {"count": int(text)} if text != "-" else {}
                dashes = frozenset({"count"} if text == "-" else ())
                wanted[AGENCY, "2020Q3", basis, code] = figure, dashes
    assert {key: cells for key, cells in said.items() if any(cells)} == wanted
    assert report.unplaced.empty
