"""Tables go into forms by their words; what has no place is told, and every cell is accounted."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from seed import AGENCY, FOLDER, seed_document
from strategies import balanced

from cchc_stats.forms import FORMS, examine, find_form
from cchc_stats.reading.files.document import Cell, Document, Grid, Paragraph
from cchc_stats.reading.reports.read import read_report
from cchc_stats.reading.tables.account import ROLES, read_cells
from cchc_stats.reading.tables.layouts import layouts
from cchc_stats.reading.tables.placing import place
from cchc_stats.words.folding import fold

PERIOD = pd.Period("2020Q3")
IN_TABLES = (
    "procedures",
    "dossiers",
    "staffing",
    "appointments",
    "training",
    "positions",
    "autonomy",
    "documents",
    "online_services",
    "iso9001",
    "organisation",
)


def grid(*rows, number=1, spans=(), known=True, section="", caption=""):
    """Return a table of texts; `spans` merges (row, column, rows, columns)."""
    merged = {(row, column): (down, across) for row, column, down, across in spans}
    covered = {
        (row + i, column + j)
        for (row, column), (down, across) in merged.items()
        for i in range(down)
        for j in range(across)
    } - set(merged)
    wide = max(len(row) for row in rows)
    cells = [
        Cell(i, j, *merged.get((i, j), (1, 1)), row[j] if j < len(row) else "", "")
        for i, row in enumerate(rows)
        for j in range(wide)
        if (i, j) not in covered
    ]
    cells = [Cell(*(c.row, c.column, c.row_span, c.column_span), c.text, c.text) for c in cells]
    return Grid(
        number, f"bảng {number}", section, caption, tuple(cells), len(rows), wide, known_spans=known
    )


def put(*blocks, basis="in_period"):
    document = Document("bao-cao.docx", "docx", blocks, ())
    placed = place(document, agency=AGENCY, period=PERIOD, basis=basis)
    assert_law(placed, document)
    return placed


def assert_law(placed, document):
    """Every cell that is not empty has exactly one role, and a figure exactly one place."""
    told = placed.account
    printed = {
        (one.number, cell.row, cell.column): cell.text
        for one in document.grids
        for cell in one.cells
        if cell.text
    }
    keys = list(zip(told["grid"], told["row"], told["column"], strict=True))
    assert len(set(keys)) == len(keys)
    assert dict(zip(keys, told["text"], strict=True)) == printed
    assert set(told["role"]) <= set(ROLES)
    figures = told[told["role"] == "figure"]
    assert (figures["form_row"] >= 0).all()
    at = figures[["form", "form_row", "form_column"]]
    assert not at.duplicated().any()
    lost = " ".join(placed.unplaced["text"])
    for text in told.loc[told["role"] == "unplaced", "text"]:
        assert text in lost


def only(placed, form):
    assert list(placed.tables) == [form]
    return placed.tables[form]


def typed(table, code):
    form = find_form(code)
    printed, lost = read_cells(table, form)
    frame, faults = examine(printed, form)
    assert [fault for fault in faults if fault.rule != "identity"] == []
    return frame, lost


# The real report.


@pytest.fixture(scope="module")
def seed():
    return place(seed_document(), agency=AGENCY, period=PERIOD)


@pytest.mark.parametrize("code", IN_TABLES)
def test_the_document_gives_the_tables_that_were_made_by_hand(seed, code):
    form = find_form(code)
    ours, lost = typed(seed.tables[code], code)
    theirs = read_report(FOLDER).tables[code]
    assert lost.empty
    columns = [name for name in theirs.columns if name != "source"]
    ours, theirs = (
        frame.reindex(columns=columns).sort_values(list(form.key), ignore_index=True)
        for frame in (ours, theirs)
    )
    optional = [name for name in form.optional if theirs[name].isna().all()]
    pd.testing.assert_frame_equal(
        ours.drop(columns=optional), theirs.drop(columns=optional), check_dtype=False
    )


def test_the_document_is_accounted_for_to_the_last_cell(seed):
    assert_law(seed, seed_document())
    assert set(seed.tables) == set(IN_TABLES)
    lost = seed.unplaced.set_index("text")["reason"]
    assert "không đoán cột" in lost["06 0 03 0 14 0 37 0 01 01"]
    by_hand = pd.read_csv(FOLDER / "unplaced.csv")["text"]
    # Three notes stand in the document in words of its own.
    assert len(set(by_hand) - set(lost.index)) == 3
    roles = seed.account.groupby("role").size()
    # Ten of the row without a heading, two of the row that counts nothing.
    assert roles["unplaced"] == 12


def test_a_figure_of_the_document_says_where_it_stands(seed):
    rows = seed.places.query("form == 'dossiers' and column == 'settled_on_time'")
    assert rows["text"].tolist() == ["60"]
    assert rows["place"].iloc[0] == (
        "binh-dinh-skhcn-2020q3: Phụ lục 1, mục 1.b; b) Tình hình giải quyết hồ sơ; bảng 6, hàng 4,"
        " dòng 'Năng lượng nguyên tử, an toàn bức xạ và hạt nhân', cột 'Kết quả giải quyết > Số hồ"
        " sơ đã giải quyết > Trả đúng hạn'"
    )
    source = seed.tables["training"]["source"].iloc[0]
    assert source.startswith("binh-dinh-skhcn-2020q3: Mục II.4.b; Số lượng cán bộ, công chức qua")
    assert "1. Số lượt công chức hành chính; cột Năm trước" in source


# Layouts.

II_06A = (
    ["STT", "Lĩnh vực giải quyết", "Số lượng hồ sơ tiếp nhận", "", "", "",
     "Số lượng hồ sơ đã giải quyết", "", "", "", "Số lượng hồ sơ đang giải quyết", "", ""],
    ["", "", "Tổng số", "Trong kỳ", "", "Từ kỳ trước", "Tổng số", "Trước hạn", "Đúng hạn",
     "Quá hạn", "Tổng số", "Trong hạn", "Quá hạn"],
    ["", "", "", "Trực tuyến", "Trực tiếp, dịch vụ bưu chính", "", "", "", "", "", "", "", ""],
    ["(1)", "(2)", "(3)=(4)+(5)+(6)", "(4)", "(5)", "(6)", "(7)=(8)+(9)+(10)", "(8)", "(9)", "(10)",
     "(11)=(12)+(13)", "(12)", "(13)"],
)  # fmt: skip
LAND = ["1", "Đất đai", "100", "40", "50", "10", "90", "30", "55", "5", "10", "9", "1"]
STATUS = ["2", "Hộ tịch", "20", "10", "10", "0", "20", "-", "20", "0", "0", "0", "0"]
ALL = ["", "TỔNG CỘNG", "120", "50", "60", "10", "110", "30", "75", "5", "10", "9", "1"]
SPANS = (
    *((0, column, 3, 1) for column in (0, 1)),
    (0, 2, 1, 4), (0, 6, 1, 4), (0, 10, 1, 3), (1, 3, 1, 2),
    *((1, column, 2, 1) for column in (2, 5, 6, 7, 8, 9, 10, 11, 12)),
)  # fmt: skip


@pytest.mark.parametrize(("spans", "known"), [(SPANS, True), ((), False)])
def test_form_06a_counts_those_before_the_day_as_on_time(spans, known):
    placed = put(grid(*II_06A, LAND, STATUS, ALL, spans=spans, known=known))
    table = only(placed, "dossiers")
    assert table["sector"].tolist() == ["Đất đai", "Hộ tịch"]
    assert table["settled_on_time"].tolist() == ["85", "20"]
    assert table["settled_early"].tolist() == ["30", "-"]
    assert table["received_online"].tolist() == ["40", "10"]
    assert table["received_in_person"].tolist() == ["50", "10"]
    assert table["carried_over"].tolist() == ["10", "0"]
    assert table["pending_not_due"].tolist() == ["9", "0"]
    # It is printed in its two parts only.
    assert table["newly_received"].tolist() == ["90", "20"]
    assert placed.account["role"].eq("formula_row").sum() == 13
    totals = placed.totals.set_index("column")["printed"]
    assert totals["received_total"] == "120"
    assert totals["settled_early"] == "30"
    assert placed.account["role"].eq("total").sum() == 11
    assert placed.unplaced.empty


def test_notaries_are_a_sector_and_no_total():
    """Without diacritics "Công chứng" reads like "Cộng chung", which is one."""
    notaries = ["1", "Công chứng", *LAND[2:]]
    placed = put(grid(*II_06A, notaries, ["2", "Hộ tịch", *STATUS[2:]], spans=SPANS))
    assert only(placed, "dossiers")["sector"].tolist() == ["Công chứng", "Hộ tịch"]
    assert placed.totals.empty
    added = put(grid(*II_06A, LAND, STATUS, ["", "Cộng chung", *ALL[2:]], spans=SPANS))
    assert added.totals["column"].tolist()


def test_levels_in_the_place_of_sectors_are_the_whole_of_each_level():
    """A total has no number, and so no rows of its own stand above it."""
    levels = ["Cấp tỉnh", "Cấp huyện", "Cấp xã"]
    rows = [[("I", "II", "III")[at], level, *LAND[2:]] for at, level in enumerate(levels)]
    placed = put(grid(*II_06A, *rows, ALL, spans=SPANS))
    table = only(placed, "dossiers")
    assert table["sector"].tolist() == ["all"] * 3
    assert table["level"].tolist() == ["provincial", "district", "commune"]
    assert placed.totals["printed"].tolist()[0] == "120"


def test_a_numbered_row_without_figures_is_not_reported():
    blank = ["2", "Chăn nuôi", *[""] * 11]
    placed = put(grid(*II_06A, LAND, blank, ["3", *STATUS[1:]], ALL, spans=SPANS))
    table = only(placed, "dossiers")
    assert table["sector"].tolist() == ["Đất đai", "Chăn nuôi", "Hộ tịch"]
    assert table["received_total"].tolist() == ["100", "", "20"]
    # A row that heads others is their heading, not one of them.
    heading = ["", "Nông nghiệp", *[""] * 11]
    placed = put(grid(*II_06A, LAND, heading, STATUS, spans=SPANS))
    assert only(placed, "dossiers")["sector"].tolist() == ["Đất đai", "Hộ tịch"]


@pytest.mark.parametrize("across", [1, 13])
def test_words_below_a_table_are_told_and_are_no_row(across):
    note = "Ghi chú: số liệu đến hết ngày 10/6/2023"
    for before in (0, 1):
        row = [*[""] * before, note, *[""] * (12 - before)]
        spans = (*SPANS, (6, before, 1, across - before)) if across > 1 else SPANS
        placed = put(grid(*II_06A, LAND, STATUS, row, spans=spans))
        assert only(placed, "dossiers")["sector"].tolist() == ["Đất đai", "Hộ tịch"]
        (told,) = placed.unplaced.to_dict("records")
        assert told["text"] == note
        assert told["reason"] == "lời dưới bảng: không phải dòng số liệu"


ITEMS = (
    ["STT", "Nội dung", "Số lượng"],
    ["1", "Tổng số hồ sơ tiếp nhận", "100"],
    ["", "Trong đó: - Kỳ trước chuyển sang", "10"],
    ["", "- Mới tiếp nhận", "90"],
    ["2", "Số hồ sơ đã giải quyết", "80"],
    ["", "- Trước hạn", "30"],
    ["", "- Đúng hạn", "48"],
    ["", "- Quá hạn", "2"],
    ["3", "Số hồ sơ đang giải quyết", "20"],
    ["", "- Trong hạn", "19"],
    ["", "- Quá hạn", "1"],
)


@pytest.mark.parametrize(
    ("on_time", "early", "both"), [("48", "30", "78"), ("78", "30", "78"), ("48", "-", "48")]
)
def test_dossiers_of_the_whole_item_by_item(on_time, early, both):
    rows = [list(row) for row in ITEMS]
    rows[5][2], rows[6][2] = early, on_time
    rows[4][2] = str(int(both) + 2)
    (row,) = only(put(grid(*rows)), "dossiers").to_dict("records")
    assert row["sector"] == "all"
    told = {name: row[name] for name in row if name.startswith(("received", "new", "carried"))}
    assert told == {"received_total": "100", "carried_over": "10", "newly_received": "90"}
    assert (row["settled_on_time"], row["settled_early"], row["settled_late"]) == (both, early, "2")
    assert (row["pending_total"], row["pending_not_due"], row["pending_overdue"]) == (
        "20", "19", "1",
    )  # fmt: skip


def test_overdue_twice_in_one_row_of_headings_is_told_apart_by_the_sums():
    """Of "giải quyết quá hạn" and "quá hạn giải quyết" no word says which is settled."""
    placed = put(
        grid(
            ["STT", "Tên lĩnh vực", "HS đã tiếp nhận", "HS kỳ trước chuyển sang", "HS mới nhận",
             "HS đã giải quyết", "Trong đó: giải quyết đúng và trước hạn",
             "Trong đó: giải quyết quá hạn", "HS chưa giải quyết", "Trong hạn giải quyết",
             "Quá hạn giải quyết"],
            ["1", "Đất đai", "100", "10", "90", "80", "78", "2", "20", "19", "1"],
        )
    )  # fmt: skip
    (row,) = only(placed, "dossiers").to_dict("records")
    assert (row["settled_on_time"], row["pending_total"], row["pending_not_due"]) == (
        "78", "20", "19",
    )  # fmt: skip
    assert (row["settled_late"], row["pending_overdue"]) == ("2", "1")
    assert placed.unplaced.empty


def test_a_label_of_two_rows_is_left():
    placed = put(
        grid(
            ["Nội dung", "Số lượng"],
            ["Bổ nhiệm mới", "3"],
            ["Bổ nhiệm lại", "2"],
            ["Luân chuyển, điều động", "1"],
            ["Miễn nhiệm, từ chức", "4"],
            ["Kỷ luật", "0"],
        )
    )
    table = only(placed, "appointments").set_index("item")["count"]
    assert table.to_dict() == {
        "appointed": "3", "reappointed": "2", "rotated": "1", "disciplined": "0",
    }  # fmt: skip
    (told,) = placed.unplaced.to_dict("records")
    assert told["text"] == "Miễn nhiệm, từ chức | 4"
    assert "có thể là nhiều dòng" in told["reason"]


def test_what_stands_beside_a_whole_form_does_not_hide_it():
    placed = put(
        grid(
            ["TT", "Tên TTHC", "Thời gian giải quyết", "", "Thời gian cắt giảm", "Tỷ lệ (%)"],
            ["", "", "Theo quy định", "Sau cắt giảm", "", ""],
            ["1", "Cấp phép xây dựng", "20", "15", "5", "25%"],
            spans=((0, 0, 2, 1), (0, 1, 2, 1), (0, 2, 1, 2), (0, 4, 2, 1), (0, 5, 2, 1)),
        )
    )
    table = only(placed, "simplifications")
    assert table[["days_before", "days_after"]].to_numpy().tolist() == [["20", "15"]]
    assert placed.unplaced["text"].tolist() == ["5", "25%"]


def test_this_year_and_last_year_side_by_side():
    placed = put(
        grid(
            ["TT", "Nội dung", "Năm trước", "Năm báo cáo"],
            ["1", "Số phòng, ban, chi cục thuộc Sở", "6", "5"],
            ["2", "Số ĐVSN công lập trực thuộc Sở", "3", "2"],
        )
    )
    table = only(placed, "organisation")
    assert table["period"].tolist() == ["2019Q4", "2020Q3"]
    assert table["departments"].tolist() == ["6", "5"]


def test_staff_by_kind_under_quota_and_presence():
    kinds = ["Công chức", "Viên chức", "HĐLĐ 68"]
    placed = put(
        grid(
            ["Chỉ tiêu biên chế được giao", "", "", "Số lượng hiện có", "", ""],
            [*kinds, *kinds],
            ["40", "47", "5", "37", "23", "4"],
            spans=((0, 0, 1, 3), (0, 3, 1, 3)),
        )
    )
    table = only(placed, "staffing").set_index("category")
    assert table["assigned"].to_dict() == {
        "administrative": "40", "public_service": "47", "administrative_contract": "5",
    }  # fmt: skip
    assert table["present"].tolist() == ["37", "23", "4"]


def test_autonomy_in_short_words_with_a_column_of_wholes():
    placed = put(
        grid(
            ["TT", "Nội dung", "Số lượng", "Tổng số"],
            ["1", "ĐVSNCL thực hiện cơ chế tự chủ", "3", "4"],
            ["1.1", "Tự đảm bảo chi TX và chi đầu tư", "0", "4"],
            ["1.2", "Tự đảm bảo chi thường xuyên", "1", "4"],
            ["1.3", "Tự đảm bảo một phần chi TX", "2", "4"],
            ["1.4", "Do NSNN đảm bảo chi thường xuyên", "1", "4"],
        )
    )
    table = only(placed, "autonomy").set_index("item")
    assert table["count"].to_dict() == {
        "service_units_autonomous": "3", "invests_and_runs": "0", "runs_itself": "1",
        "runs_in_part": "2", "state_funded": "1",
    }  # fmt: skip
    assert set(table["of"]) == {"4"}


def test_headings_merged_by_the_eye_alone():
    merged = put(grid(*II_06A, LAND, STATUS, spans=SPANS))
    placed = put(grid(*II_06A, LAND, STATUS, known=True))
    pd.testing.assert_frame_equal(only(placed, "dossiers"), only(merged, "dossiers"))


def test_early_dossiers_are_part_of_those_on_time_where_the_sums_say_so():
    within = ["1", "Đất đai", "100", "40", "50", "10", "90", "30", "85", "5", "10", "9", "1"]
    table = only(put(grid(*II_06A, within, spans=SPANS)), "dossiers")
    assert table["settled_on_time"].tolist() == ["85"]


def test_a_row_of_totals_alone_is_the_whole():
    placed = put(grid(*II_06A, ALL, spans=SPANS))
    assert only(placed, "dossiers")["sector"].tolist() == ["all"]
    assert placed.totals.empty


def test_headings_are_known_by_their_words():
    rows = (
        ["TT", "LINH VUC TTHC", "HS TIEP NHAN", "", "", "HS DA GQ", "", "", "HS DANG GQ", "", ""],
        ["", "", "Tổng", "Kỳ trước", "Mới nhận", "Tổng cộng", "Trước và đúng hạn", "Trễ hạn",
         "Tổng", "Trong hạn", "Quá hạn"],
        ["1", "Đất đai", "61", "2", "59", "60", "58", "2", "1", "1", "0"],
    )  # fmt: skip
    table = only(put(grid(*rows, known=False)), "dossiers")
    expected = {
        "received_total": "61",
        "carried_over": "2",
        "newly_received": "59",
        "settled_total": "60",
        "settled_on_time": "58",
        "settled_late": "2",
        "pending_total": "1",
        "pending_not_due": "1",
        "pending_overdue": "0",
    }
    assert table.iloc[0][list(expected)].to_dict() == expected


def test_a_column_that_the_form_does_not_have_is_told():
    first = [*II_06A[0], "Số hồ sơ chờ bổ sung"]
    rows = [first, *([*row, ""] for row in II_06A[1:3]), [*LAND, "7"]]
    placed = put(grid(*rows, spans=(*SPANS, (0, 13, 3, 1))))
    assert placed.unplaced["text"].tolist() == ["7"]
    (why,) = placed.unplaced["reason"]
    said, _, teaches = why.partition("; ")
    assert said == "cột 'Số hồ sơ chờ bổ sung' không có trong biểu Tình hình giải quyết hồ sơ"
    assert '= ["Số hồ sơ chờ bổ sung"]' in teaches
    assert "chờ bổ sung" in placed.matches["headings_unmatched"][0]


def test_details_and_groups_are_not_counted_twice():
    group = ["I", "Cấp tỉnh", *LAND[2:]]
    detail = ["1.1", "Trong đó: cấp giấy chứng nhận", *STATUS[2:]]
    placed = put(grid(*II_06A, group, LAND, detail, spans=SPANS))
    assert only(placed, "dossiers")["sector"].tolist() == ["Đất đai"]
    totals = placed.totals.set_index("column")["printed"]
    assert totals[["received_total", "settled_early", "settled_late"]].tolist() == [
        "100",
        "30",
        "5",
    ]
    # A claim about those on time counts the early ones as the rows do.
    assert totals["settled_on_time"] == "85"
    assert "tính hai lần" in placed.unplaced["reason"].iloc[0]


def test_a_table_goes_on_after_a_page_break():
    alone = put(grid(*II_06A, LAND, STATUS, spans=SPANS))
    parts = (
        grid(*II_06A, LAND, spans=SPANS),
        Paragraph(1, "12", "", "đoạn 1"),
        grid(STATUS, number=2),
    )
    again = (grid(*II_06A, LAND, spans=SPANS), grid(*II_06A, STATUS, spans=SPANS, number=2))
    within = grid(*II_06A, LAND, *II_06A, STATUS, spans=SPANS)
    figures = [name for name in alone.tables["dossiers"] if name != "source"]
    for blocks in (parts, again, (within,)):
        placed = put(*blocks)
        pd.testing.assert_frame_equal(
            only(placed, "dossiers")[figures], alone.tables["dossiers"][figures]
        )
        assert placed.unplaced.empty


def test_a_row_without_headings_is_not_guessed():
    placed = put(grid(*II_06A, LAND, spans=SPANS), grid(["06", "0", "03", "0", "14"], number=2))
    assert placed.unplaced["text"].tolist() == ["06 0 03 0 14"]
    assert len(placed.tables["dossiers"]) == 1


ORPHAN = ["06", "0", "03", "0", "14", "0", "37", "0", "01", "0", "1", "1", "0"]


@pytest.mark.parametrize("caption", ["", "¹ Liên thông giữa các cơ quan", "12"])
def test_as_many_columns_are_no_heading(caption):
    """A row of bare figures below a table as wide is not one of its sectors."""
    placed = put(grid(*II_06A, LAND, spans=SPANS), grid(ORPHAN, number=2, caption=caption))
    assert only(placed, "dossiers")["sector"].tolist() == ["Đất đai"]
    assert placed.unplaced["text"].tolist() == [" ".join(ORPHAN)]
    within = put(grid(*II_06A, LAND, ORPHAN, spans=SPANS))
    assert only(within, "dossiers")["sector"].tolist() == ["Đất đai"]
    assert within.unplaced["text"].tolist() == [" ".join(ORPHAN)]


@pytest.mark.parametrize(
    ("number", "caption", "goes_on"),
    [
        ("2", "", True),
        ("2", "Trang 12", True),
        ("1", "Bảng 1 (tiếp theo)", True),
        ("2", "¹ Liên thông giữa các cơ quan", True),  # numbered on
        ("1", "Tình hình xử lý phản ánh, kiến nghị", False),
    ],
)
def test_rows_without_headings_go_on_with_the_table_only_if_that_is_sure(number, caption, goes_on):
    rest = [number, *STATUS[1:]]
    parts = grid(*II_06A, LAND, spans=SPANS), grid(rest, number=2, caption=caption)
    placed = put(*parts)
    sectors = ["Đất đai", "Hộ tịch"] if goes_on else ["Đất đai"]
    assert only(placed, "dossiers")["sector"].tolist() == sectors
    assert placed.unplaced.empty == goes_on


def test_a_total_alone_on_the_next_page():
    total = ["TỔNG CỘNG", "", *ALL[2:]]
    placed = put(grid(*II_06A, LAND, spans=SPANS), grid(total, number=2))
    assert placed.totals["printed"].tolist()[0] == "120"
    assert placed.unplaced.empty


def test_the_same_figure_twice_is_told_and_the_first_stands():
    table = ["Tổng số văn bản đi", "Số văn bản giấy", "Số văn bản điện tử"]
    placed = put(
        grid(table, ["10", "4", "6"], caption="a"),
        grid(table, ["11", "4", "7"], number=2, caption="b"),
    )
    assert only(placed, "documents")["sent_total"].tolist() == ["10"]
    assert placed.unplaced["text"].tolist() == ["11", "4", "7"]
    assert placed.unplaced["reason"].str.contains("đã có số này ở").all()


def test_a_strange_table_is_left_whole():
    placed = put(grid(["STT", "Họ và tên", "Chức vụ"], ["1", "Nguyễn Văn A", "Giám đốc"]))
    assert placed.tables == {}
    assert placed.matches["form"].tolist() == [""]
    assert "không rõ bảng này là biểu nào" in placed.unplaced["reason"].iloc[0]


def test_dossiers_of_units_are_not_dossiers_of_sectors():
    rows = [["STT", "Xã, phường", *II_06A[0][2:]], *II_06A[1:3], ["1", "Xã An Hòa", *LAND[2:]]]
    table = only(put(grid(*rows, spans=SPANS)), "dossiers")
    assert table[["agency", "sector"]].values.tolist() == [["Xã An Hòa", "all"]]


def test_periods_of_columns():
    rows = (
        ["Nội dung", "Năm trước", "Quý I", "Quý II", "Quý III", "Lũy kế"],
        ["Bổ nhiệm mới", "11", "1", "2", "-", "3"],
        ["Kỷ luật", "", "0", "0", "0", "0"],
    )
    table = only(put(grid(*rows)), "appointments")
    appointed = table[table["item"] == "appointed"]
    assert appointed[["period", "basis", "count"]].values.tolist() == [
        ["2019Q4", "year_to_date", "11"],
        ["2020Q1", "in_period", "1"],
        ["2020Q2", "in_period", "2"],
        ["2020Q3", "in_period", "-"],
        ["2020Q3", "year_to_date", "3"],
    ]


def test_the_same_period_of_the_year_before_counts_as_the_column_beside():
    for heading, basis in (("9 tháng đầu năm 2020", "year_to_date"), ("Quý III", "in_period")):
        rows = (["Nội dung", heading, "Cùng kỳ năm trước"], ["Bổ nhiệm mới", "11", "9"])
        table = only(put(grid(*rows)), "appointments")
        assert table[["period", "basis", "count"]].values.tolist() == [
            ["2020Q3", basis, "11"],
            ["2019Q3", basis, "9"],
        ]


def test_columns_of_months_and_of_years_to_come_are_not_quarters():
    rows = (["Nội dung", "Tháng 7", "Quý III/2020", "Năm 2021"], ["Bổ nhiệm mới", "11", "9", "4"])
    placed = put(grid(*rows))
    assert placed.tables == {}
    assert placed.unplaced["text"].tolist() == ["Bổ nhiệm mới | 11 | 9 | 4"]


def test_a_report_of_nine_months_counts_from_the_start_of_the_year():
    table = ["Tổng số văn bản đi", "Số văn bản giấy", "Số văn bản điện tử"]
    placed = put(grid(table, ["10", "4", "6"]), basis="year_to_date")
    assert only(placed, "documents")["basis"].tolist() == ["year_to_date"]


def test_staffing_row_by_row():
    rows = (
        ["Loại biên chế", "Được giao", "Hiện có"],
        ["Biên chế hành chính", "40", "37"],
        ["HĐLĐ", "05", "05"],
        ["Tổng số", "45", "42"],
    )
    placed = put(grid(*rows))
    table = only(placed, "staffing")
    assert table[["category", "assigned", "present"]].values.tolist() == [
        ["administrative", "40", "37"],
        ["administrative_contract", "05", "05"],
    ]
    assert placed.totals[["column", "printed"]].values.tolist() == [
        ["assigned", "45"],
        ["present", "42"],
    ]


def test_partial_and_full_online_services():
    wide = "Dịch vụ công trực tuyến"
    under = ["Tổng số TTHC đã cung cấp", "Tổng số hồ sơ tiếp nhận", "Trực tiếp", "Trực tuyến"]
    rows = (
        [f"{wide} một phần", "", "", "", f"{wide} toàn trình", "", "", ""],
        [*under, *under],
        ["8", "53", "10", "43", "4", "9", "0", "9"],
    )
    table = only(put(grid(*rows, known=False)), "online_services")
    assert table["level"].tolist() == ["partial", "full"]
    assert table["received_online"].tolist() == ["43", "9"]


# What is in doubt.


def test_a_sum_without_one_of_its_terms_is_not_made():
    lacking = ["1", "Đất đai", "100", "40", "50", "10", "90", "", "55", "5", "10", "9", "1"]
    placed = put(grid(*II_06A, lacking, spans=SPANS))
    assert only(placed, "dossiers")["settled_on_time"].tolist() == [""]
    assert placed.unplaced["text"].tolist() == ["55"]
    assert placed.unplaced["reason"].tolist() == [
        "ô trước hạn để trống, mà tổng số đã giải quyết nhiều hơn số đúng hạn "
        "và quá hạn cộng lại là 30: không rõ có bao nhiêu hồ sơ trước hạn"
    ]


@pytest.mark.parametrize(
    ("settled", "late", "on_time"),
    [
        ("60", "5", "55"),  # its total tells that these are all
        ("", "5", "55"),  # nothing tells that there are more
        ("59", "5", "55"),  # too many, and so for `check`
        ("60", "", ""),  # 5 were early or late
        ("61", "5", ""),
    ],
)
def test_on_time_stands_as_printed_where_no_cell_before_the_day_is_filled(settled, late, on_time):
    row = ["1", "Đất đai", "100", "40", "50", "10", settled, "", "55", late, "10", "9", "1"]
    placed = put(grid(*II_06A, row, spans=SPANS))
    table = only(placed, "dossiers")
    assert table[["settled_on_time", "settled_early"]].to_numpy().tolist() == [[on_time, ""]]
    assert placed.unplaced["text"].tolist() == ([] if on_time else ["55"])


def test_one_empty_cell_before_the_day_beside_filled_ones_is_a_missing_term():
    lacking = ["1", "Y tế", "100", "40", "50", "10", "", "", "55", "5", "10", "9", "1"]
    placed = put(grid(*II_06A, LAND, lacking, spans=SPANS))
    assert only(placed, "dossiers")["settled_on_time"].tolist() == ["85", ""]
    assert placed.unplaced["reason"].str.contains("không cộng được").all()


def test_words_in_a_cell_of_figures_come_to_the_reader_of_cells():
    words = ["1", "Đất đai", "100", "40", "50", "10", "90", "30", "không rõ", "5", "10", "9", "1"]
    table = only(put(grid(*II_06A, words, spans=SPANS)), "dossiers")
    assert typed(table, "dossiers")[1]["text"].tolist() == ["không rõ"]


def test_one_sector_under_two_headings_is_two_rows():
    first, second = (["I", "Cấp tỉnh", *[""] * 11], ["II", "Cấp huyện", *[""] * 11])
    placed = put(grid(*II_06A, first, LAND, second, LAND, spans=SPANS))
    table = only(placed, "dossiers")
    assert table["level"].tolist() == ["provincial", "district"]
    assert table["sector"].tolist() == ["Đất đai"] * 2
    assert placed.unplaced.empty


def test_a_row_without_a_label_is_the_whole():
    bare = [row[2:] for row in (*II_06A[:3], LAND)]
    assert only(put(grid(*bare, known=False)), "dossiers")["sector"].tolist() == ["all"]
    several = put(grid(*bare, STATUS[2:], known=False))
    assert several.tables == {}
    assert several.unplaced["reason"].str.contains("không có tên").all()


def test_titles_and_bare_numbers_of_columns_are_no_figures():
    title = ["Biểu II.06a/VPCP/KSTT", *[""] * 12]
    numbers = [str(number) for number in range(1, 14)]
    placed = put(grid(title, *II_06A[:3], numbers, LAND, STATUS, known=False))
    assert only(placed, "dossiers")["received_total"].tolist() == ["100", "20"]
    assert placed.account["role"].value_counts()[["formula_row", "figure"]].tolist() == [13, 22]


def test_two_forms_that_are_equally_like_a_table_are_both_named(monkeypatch):
    monkeypatch.setattr("cchc_stats.reading.tables.choosing.APART", 1.0)
    placed = put(grid(["Nội dung", "Số lượng"], ["Số đơn vị có mạng WAN", "1"]))
    assert placed.tables == {}
    why = placed.unplaced["reason"].iloc[0]
    assert "bảng giống biểu Hạ tầng công nghệ thông tin" in why


def test_two_columns_of_one_heading_are_both_left():
    placed = put(
        grid([*II_06A[0], ""], *([*row, ""] for row in II_06A[1:3]), [*LAND, ""], spans=SPANS)
    )
    assert len(placed.tables["dossiers"]) == 1
    twice = ["Tổng số văn bản đi", "Văn bản giấy", "Văn bản điện tử", "Văn bản điện tử"]
    placed = put(grid(twice, ["3", "1", "2", "2"]))
    assert placed.unplaced["text"].tolist() == ["2", "2"]
    assert placed.unplaced["reason"].str.contains("có thể là nhiều cột").all()
    (row,) = placed.tables["documents"].to_dict("records")
    assert (row["sent_total"], row["sent_paper"], row["sent_electronic"]) == ("3", "1", "")


def test_a_blank_form_gives_empty_texts():
    headings = ["Tổng số văn bản đi", "Số văn bản giấy", "Số văn bản điện tử"]
    table = only(put(grid(headings, ["", "", ""])), "documents")
    frame, _ = typed(table, "documents")
    assert frame[["sent_total", "sent_paper", "sent_electronic"]].isna().all(axis=None)


def test_a_label_over_several_rows():
    rows = (
        ["Đối tượng", "Hình thức", "Quý II", "Quý III"],
        ["Công chức", "Thạc sĩ", "1", "2"],
        ["", "Ngắn hạn", "19", "1"],
        ["Viên chức", "Thạc sĩ", "51", "3"],
    )
    for spans, known in ((((1, 0, 2, 1),), True), ((), False)):
        table = only(put(grid(*rows, spans=spans, known=known)), "training")
        assert table[["period", "staff_group", "postgraduate", "short_course"]].values.tolist() == [
            ["2020Q2", "civil_servants", "1", "19"],
            ["2020Q2", "public_employees", "51", ""],
            ["2020Q3", "civil_servants", "2", "1"],
            ["2020Q3", "public_employees", "3", ""],
        ]


def test_the_days_of_an_appendix_stay_with_it():
    headings = ["Tổng số văn bản đi", "Số văn bản giấy", "Số văn bản điện tử"]
    inside = "Phụ lục 1 > 1. Văn bản"
    placed = put(
        Paragraph(1, "Phụ lục 1", "Phụ lục 1", "Phụ lục 1, tiêu đề"),
        Paragraph(
            2, "(Số liệu từ ngày 15/12/2019 đến ngày 14/9/2020)", "Phụ lục 1", "Phụ lục 1, đoạn 1"
        ),
        Paragraph(3, "1. Văn bản", inside, "Phụ lục 1, mục 1, tiêu đề"),
        grid(headings, ["10", "4", "6"], section=inside, caption="1. Văn bản"),
        Paragraph(4, "Phụ lục 2", "Phụ lục 2", "Phụ lục 2, tiêu đề"),
        grid(
            ["Nội dung", "Số lượng"], ["Số đơn vị có mạng WAN", "1"], number=2, section="Phụ lục 2"
        ),
    )
    table = placed.tables["documents"]
    assert table[["window_start", "window_end"]].values.tolist() == [["2019-12-15", "2020-09-14"]]
    assert "window_start" not in placed.tables["infrastructure"]
    assert table["source"].tolist() == ["bao-cao: Phụ lục 1, mục 1; 1. Văn bản; dòng duy nhất"]


def test_a_table_under_no_heading_is_named_by_its_own_place():
    headings = ["Tổng số văn bản đi", "Số văn bản giấy", "Số văn bản điện tử"]
    for caption, source in (("", "bảng 1"), ("Văn bản:", "bảng 1; Văn bản")):
        table = only(put(grid(headings, ["10", "4", "6"], caption=caption)), "documents")
        assert table["source"].tolist() == [f"bao-cao: {source}; dòng duy nhất"]


def test_a_merged_figure_is_placed_once():
    headings = ["Nội dung", "Quý II", "Quý III"]
    rows = (headings, ["Bổ nhiệm mới", "7", ""], ["Kỷ luật", "0", "0"])
    table = only(put(grid(*rows, spans=((1, 1, 1, 2),))), "appointments")
    appointed = table[table["item"] == "appointed"]
    assert appointed[["period", "count"]].values.tolist() == [["2020Q2", "7"], ["2020Q3", ""]]


def test_a_total_merged_over_number_and_name():
    total = ["TỔNG CỘNG", *ALL[1:]]
    total[1] = ""
    merged = put(grid(*II_06A, LAND, STATUS, total, spans=(*SPANS, (6, 0, 1, 2))))
    apart = put(grid(*II_06A, LAND, STATUS, total, known=False))
    for placed in (merged, apart):
        assert len(only(placed, "dossiers")) == 2
        assert len(placed.totals) == 11
        roles = placed.account.set_index("text")["role"]
        assert roles["TỔNG CỘNG"] == "row_label"


# Laws.


@st.composite
def laid_out(draw, form):
    """Draw the texts of a report's form, and its headings as columns of paths."""
    frame = draw(balanced(form, reports=(1, 1)))
    names = [
        name
        for name in form.columns
        if name not in ("agency", "period", "basis", "not_applicable", "source")
        and (name == form.row or frame[name].notna().any())
    ]
    cells = frame[names].astype(object).where(frame[names].notna(), "")
    cells = cells.map(lambda value: f"{value:g}" if isinstance(value, float) else str(value))
    if form.rows:
        cells[form.row] = [form.row_label(code) for code in cells[form.row]]
    return frame, cells


def as_grid(form, cells, names, *, known, flat=False):
    """Return a table with the official headings, merged or with the gaps that merging leaves."""
    paths = [form.headings[name] for name in names]
    deep = max(map(len, paths))
    rows = [["" for _ in names] for _ in range(deep)]
    spans = []
    for column, path in enumerate(paths):
        for depth, text in enumerate(path):
            fresh = flat or not column or paths[column - 1][: depth + 1] != path[: depth + 1]
            if not fresh:
                continue
            rows[depth][column] = text
            last = depth == len(path) - 1
            across = 1
            while (
                not flat
                and not last
                and column + across < len(paths)
                and paths[column + across][: depth + 1] == path[: depth + 1]
            ):
                across += 1
            spans.append((depth, column, deep - depth if last else 1, across))
    body = cells[names].to_numpy().tolist()
    return grid(*rows, *body, spans=spans if known else (), known=known)


def texts(table, form, names):
    shown = [name for name in names if name != form.row]
    key = [form.row] if form.row else []
    return table[[*key, *shown]].sort_values([*key, *shown]).to_numpy().tolist()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
@pytest.mark.parametrize("known", [True, False], ids=["merged", "inferred"])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_form_laid_out_by_its_headings_places_back(form, known, data):
    frame, cells = data.draw(laid_out(form))
    names = list(cells.columns)
    placed = put(as_grid(form, cells, names, known=known))
    table = only(placed, form.code)
    expected = cells.assign(**{form.row: frame[form.row]}) if form.row else cells
    assert texts(table, form, names) == texts(expected, form, names)
    assert placed.unplaced.empty


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_the_order_of_the_columns_changes_nothing(form, data):
    frame, cells = data.draw(laid_out(form))
    names = data.draw(st.permutations(list(cells.columns)))
    if form.row and len(form.figures) <= 2:
        # Where labels name the figures they stand to their left.
        names = [form.row, *(name for name in names if name != form.row)]
    placed = put(as_grid(form, cells, names, known=True, flat=True))
    expected = cells.assign(**{form.row: frame[form.row]}) if form.row else cells
    names = list(cells.columns)
    assert texts(only(placed, form.code), form, names) == texts(expected, form, names)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from(["", "1", "-", "Tổng số", "Lĩnh vực", "(1)", "Ghi chú", "x", "Quý I"]),
            min_size=4,
            max_size=4,
        ),
        min_size=1,
        max_size=6,
    ),
    st.booleans(),
)
def test_no_cell_of_any_table_is_lost(rows, known):
    put(grid(*rows, known=known))


CELLS = (
    "",
    "",
    "1",
    "06",
    "-",
    "2/3",
    "13,3%",
    "Tổng cộng",
    "I",
    "1.1",
    "Trong đó",
    "(1)",
    "không",
)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_cell_of_a_table_with_known_words_is_lost(data):
    layout = data.draw(st.sampled_from(layouts()))
    known = [text for _, path in layout.headings._spelled for text in path]
    word = st.sampled_from([*known, "TT", "Nội dung", "Lĩnh vực", "Ghi chú", "Số lượng", ""])
    wide = data.draw(st.integers(1, 7))
    heading = st.lists(word, min_size=wide, max_size=wide)
    body = st.lists(word | st.sampled_from(CELLS), min_size=wide, max_size=wide)
    rows = data.draw(st.lists(heading, min_size=1, max_size=3))
    rows += data.draw(st.lists(body, max_size=5))
    placed = put(grid(*rows, known=data.draw(st.booleans())))
    for code, table in placed.tables.items():
        typed(table, code)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
@pytest.mark.parametrize("spell", [str.upper, fold], ids=["capitals", "no accents"])
def test_capitals_and_missing_accents_change_nothing(form, spell):
    figures = [name for name in form.figures if name not in form.optional]
    codes = [spell(label.vi) for label in form.rows.values()] or ["Đất đai", "Hộ tịch"]
    codes = codes if form.row else [""]
    texts = [[str(20 + 7 * i + j) for j in range(len(figures))] for i in range(len(codes))]
    cells = pd.DataFrame(texts, columns=figures)
    names = [form.row, *figures] if form.row else figures
    cells[names[0]] = codes if form.row else cells[names[0]]
    plain = as_grid(form, cells, names, known=True)
    spelled = replace(
        plain,
        cells=tuple(
            cell._replace(text=spell(cell.text))
            if not cell.text.isdigit() and cell.row < 3
            else cell
            for cell in plain.cells
        ),
    )
    assert only(put(spelled), form.code)[figures].equals(cells[figures].astype("str"))
