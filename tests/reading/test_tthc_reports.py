"""Published settlement of dossiers as documents: what disagrees is told, what agrees is clean.

Each row is written as a table with the percentages in a sentence, and as prose alone. `expected`
holds the rule and the difference of each finding, worked out by hand from the published figures.
"""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
from document_writer import Table, head, write

from cchc_stats.checking import check
from cchc_stats.reading import Report, read_report
from cchc_stats.words.numbers.printing import format_number

CASES = pd.read_csv(
    Path(__file__).parents[1] / "cases" / "tthc_reports.csv", dtype="str", keep_default_na=False
).set_index("case_id")
KINDS = ("docx", "xlsx", "txt")
RECEIVED, SETTLED, PENDING = "Hồ sơ tiếp nhận", "Hồ sơ đã giải quyết", "Hồ sơ đang giải quyết"
HEADINGS = {
    "received_total": (RECEIVED, "Tổng số"),
    "carried_over": (RECEIVED, "Kỳ trước chuyển qua"),
    "received_new": (RECEIVED, "Mới tiếp nhận"),
    "settled_total": (SETTLED, "Tổng số"),
    "settled_on_time_incl_before": (SETTLED, "Đúng hạn"),
    "settled_before_due": (SETTLED, "Trước hạn"),
    "settled_late": (SETTLED, "Quá hạn"),
    "pending_total": (PENDING, "Tổng số"),
    "pending_in_time": (PENDING, "Trong hạn"),
    "pending_overdue": (PENDING, "Quá hạn"),
    "due_in_period": ("Số hồ sơ đến hạn trong kỳ",),
    "returned_or_withdrawn": ("Trả lại hoặc rút",),
}
# Counted by no column of the form: kept apart.
NO_COLUMN = ("due_in_period", "returned_or_withdrawn")
# Column of the published file -> column of the form.
COLUMNS = {name: name for name in HEADINGS if name not in NO_COLUMN} | {
    "received_new": "newly_received",
    "settled_on_time_incl_before": "settled_on_time",
    "settled_before_due": "settled_early",
    "pending_in_time": "pending_not_due",
}
# What may be worth a word and is of no figure: windows, decimals, what cannot be judged.
BESIDE = {"incomplete", "other_window", "mixed_decimals", "unplaced", "points_as_percent"}


def unsigned(period: str) -> list[str]:
    """Return a head that does not state who reports: a case's unit is given instead."""
    return head(period)[2:]


def quarter_of(case: Mapping[str, str]) -> str:
    """Return the quarter of a published period; a month is read into its quarter."""
    label = case["period_label"]
    year = label[-4:]
    if label.startswith("Quý"):
        return f"{year}Q{('I', 'II', 'III', 'IV').index(label.split()[1].split('/')[0]) + 1}"
    month = int(label.split()[1].split("/")[0]) if label.startswith("Tháng") else 12
    return f"{year}Q{(month + 2) // 3}"


def rates_of(case: Mapping[str, str]) -> str:
    parts = []
    if case["stated_on_time_pct"]:
        parts.append(f"Tỷ lệ hồ sơ giải quyết đúng hạn đạt {case['stated_on_time_pct']}")
    if case["stated_late_pct"]:
        parts.append(f"quá hạn {case['stated_late_pct']}")
    return ", ".join(parts) + "." if parts else ""


def as_table(path: Path, case: Mapping[str, str]) -> Path:
    """Write the columns that a row has as a table of one row, and its percentages as a sentence."""
    names = [name for name in HEADINGS if case[name]]
    row = ["1", "Tổng số hồ sơ các lĩnh vực", *(case[name] for name in names)]
    # What both layouts have on time holds the early ones; where they are apart it does not.
    if case["settled_before_due"]:
        on_time = names.index("settled_on_time_incl_before") + 2
        row[on_time] = case["settled_on_time"]
    headings = [("TT",), ("Lĩnh vực",), *(HEADINGS[name] for name in names)]
    lines = [*unsigned(quarter_of(case)), rates_of(case)]
    return write(path, lines, [Table("Tình hình giải quyết hồ sơ", headings, [row])])


def figure(case: Mapping[str, str], name: str) -> str:
    return format_number(int(case[name]), decimals=0)


def received_of(case: Mapping[str, str]) -> str:
    sentence = f"Tổng số hồ sơ tiếp nhận là {figure(case, 'received_total')} hồ sơ"
    if case["carried_over"]:
        sentence += f" (kỳ trước chuyển sang {figure(case, 'carried_over')} hồ sơ, "
        sentence += f"tiếp nhận mới {figure(case, 'received_new')} hồ sơ)"
    return f"{sentence}."


def settled_of(case: Mapping[str, str]) -> str:
    parts = []
    if case["settled_total"]:
        parts.append(f"Đã giải quyết {figure(case, 'settled_total')} hồ sơ")
    if case["settled_before_due"]:
        parts += [f"trước hạn {figure(case, 'settled_before_due')} hồ sơ"]
        parts += [f"đúng hạn {figure(case, 'settled_on_time')} hồ sơ"]
        parts += [f"tỷ lệ trước và đúng hạn đạt {case['stated_on_time_pct']}"]
    elif case["settled_on_time_incl_before"]:
        share = case["stated_on_time_pct"]
        parts += [f"giải quyết đúng hạn {figure(case, 'settled_on_time_incl_before')} hồ sơ"]
        parts[-1] += f", đạt {share}" if share else ""
    elif case["stated_on_time_pct"]:
        parts += [f"tỷ lệ giải quyết đúng hạn đạt {case['stated_on_time_pct']}"]
    if case["settled_late"]:
        share = case["stated_late_pct"]
        parts += [
            f"quá hạn {figure(case, 'settled_late')} hồ sơ" + (f" ({share})" if share else "")
        ]
    return ", ".join(parts) + "."


def pending_of(case: Mapping[str, str]) -> str:
    parts = []
    if case["pending_total"]:
        parts.append(f"Đang giải quyết {figure(case, 'pending_total')} hồ sơ")
    if case["pending_in_time"]:
        first = "chưa đến hạn" if parts else "Đang giải quyết trong hạn"
        parts.append(f"{first} {figure(case, 'pending_in_time')} hồ sơ")
    if case["pending_overdue"]:
        parts.append(f"quá hạn {figure(case, 'pending_overdue')} hồ sơ")
    return ", ".join(parts) + "." if parts else ""


def as_prose(path: Path, case: Mapping[str, str]) -> Path:
    """Write a row as sentences, with no table at all."""
    said = " ".join(filter(None, (received_of(case), settled_of(case), pending_of(case))))
    return write(path, [*unsigned(quarter_of(case)), said])


def read(path: Path, case: Mapping[str, str]) -> Report:
    return read_report(path, agency=case["unit"], period=quarter_of(case))


def told(report: Report) -> list[str]:
    """Return rule and difference of what is wrong with the figures, apart from remarks."""
    found = check(report)
    found = found[~found["rule"].isin(BESIDE)]
    return sorted(f"{one.rule} {one.difference:g}" for one in found.itertuples())


def expected(case: Mapping[str, str]) -> list[str]:
    return sorted(filter(None, case["expected"].split("; ")))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", CASES.index)
def test_a_published_row_as_a_table(name, kind, tmp_path):
    case = CASES.loc[name]
    report = read(as_table(tmp_path / f"mot.{kind}", case), case)
    (row,) = report.tables["dossiers"].to_dict("records")
    for printed, column in COLUMNS.items():
        assert (row.get(column) == int(case[printed])) if case[printed] else True
    kept = [text for name in NO_COLUMN if (text := case[name])]
    placed = [str(row[name]) for name in ("returned", "withdrawn") if pd.notna(row.get(name))]
    assert sorted([*report.unplaced["text"], *placed]) == sorted(kept)
    assert told(report) == expected(case)


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_that_exceeds_what_was_received_is_told_in_form_06a_too(kind, tmp_path):
    # "Trước hạn" and the channels have columns in form II.06a, and no figure in the published row.
    case = CASES.loc["DALAT-2023Y-MC"]
    names = [name for name in HEADINGS if name not in ("received_new", *NO_COLUMN)]
    headings = [("TT",), ("Lĩnh vực",), *(HEADINGS[name] for name in names)]
    row = ["1", "Tổng số hồ sơ các lĩnh vực", *(case[name] for name in names)]
    table = Table("Tình hình giải quyết hồ sơ", headings, [row])
    report = read(
        write(tmp_path / f"mot.{kind}", [*unsigned("2023Q4"), rates_of(case)], [table]), case
    )
    (read_row,) = report.tables["dossiers"].to_dict("records")
    assert read_row["settled_on_time"] == int(case["settled_on_time_incl_before"])
    assert pd.isna(read_row["settled_early"])
    assert report.unplaced.empty
    assert told(report) == expected(case)


@pytest.mark.parametrize("name", CASES.index)
def test_a_published_row_as_prose(name, tmp_path):
    case = CASES.loc[name]
    report = read(as_prose(tmp_path / "mot.docx", case), case)
    (row,) = report.tables["dossiers"].to_dict("records")
    for printed, column in COLUMNS.items():
        if case[printed]:
            assert row[column] == int(case[printed]), column
    assert told(report) == expected(case)


def test_consistent_rows_have_no_error_and_no_warning_at_all(tmp_path):
    for name in ("LD-2024Q1-ALL", "VP-2021M09", "KT-2023Q1-ALL", "LD-2020Q1-XA"):
        for write_as in (as_table, as_prose):
            case = CASES.loc[name]
            report = read(write_as(tmp_path / f"{name}.docx", case), case)
            assert set(check(report)["severity"]) <= {"note"}, name


LEVELS = ("LD-2020Q1-TINH", "LD-2020Q1-HUYEN", "LD-2020Q1-XA")


@pytest.mark.parametrize("kind", KINDS)
def test_a_published_total_that_is_not_the_sum_of_its_levels(tmp_path, kind):
    # The three levels have 635595 on time, the province says 635593: a slip of the page.
    names = ["received_total", "settled_total", "settled_on_time_incl_before", "settled_late"]
    cases = [CASES.loc[name] for name in (*LEVELS, "LD-2020Q1-ALL")]
    labels = ("Cấp tỉnh", "Cấp huyện", "Cấp xã", "TỔNG CỘNG")
    rows = [
        [str(at), label, *(case[name] for name in names)]
        for at, (label, case) in enumerate(zip(labels, cases, strict=True), 1)
    ]
    headings = [("TT",), ("Lĩnh vực",), *(HEADINGS[name] for name in names)]
    table = Table("Tình hình giải quyết hồ sơ", headings, rows)
    path = write(tmp_path / f"cap.{kind}", unsigned("2020Q1"), [table])
    report = read_report(path, agency="UBND tỉnh Lâm Đồng")
    table = report.tables["dossiers"]
    assert table["level"].tolist() == ["provincial", "district", "commune"]
    assert table["sector"].tolist() == ["all"] * 3
    found = check(report).query("severity == 'error'")
    assert found[["rule", "found", "expected"]].to_numpy().tolist() == [
        ["printed_sum", "635.593", "635.595"]
    ]


def test_a_published_total_in_prose_that_is_not_the_sum_of_its_levels(tmp_path):
    names = ("Toàn tỉnh", "Cấp tỉnh", "12 huyện, thành phố", "Cấp xã")
    cases = [CASES.loc[name] for name in ("LD-2020Q1-ALL", *LEVELS)]
    told = [
        f"{name} tiếp nhận {figure(case, 'received_total')} hồ sơ. {settled_of(case)}"
        for name, case in zip(names, cases, strict=True)
    ]
    path = write(tmp_path / "cap.docx", [*unsigned("2020Q1"), *told])
    report = read_report(path, agency="UBND tỉnh Lâm Đồng")
    levels = report.tables["dossiers"]["level"].tolist()
    assert levels == ["all", "provincial", "district", "commune"]
    found = check(report).query("severity == 'error'")
    assert found[["rule", "found", "expected"]].to_numpy().tolist() == [
        ["identity", "643272", "635593 + 7677 = 643270"],
        ["printed_total", "635593", "635595"],
    ]
