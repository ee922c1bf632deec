"""`read_report` of a folder: the real quarter, and folders as they come."""

import datetime as dt
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from seed import AGENCY, FOLDER, seed_tables

from cchc_stats.checking import check
from cchc_stats.forms import FORMS, validate
from cchc_stats.indicators import measure
from cchc_stats.reading import CLAIMS, UNPLACED, read_report
from cchc_stats.words.errors import FormError, PeriodError, ReadError

# Forms of later years are in no report of 2020.
THERE = [form.code for form in FORMS if form.code in seed_tables()]

HEAD = 'agency = "Sở A"\nperiod = "2020Q3"\n'
STAFFING = "period,basis,category,assigned,present,section,table,row\n"
ONE = STAFFING + "2020Q3,as_of,administrative,40,37,Mục II,Biên chế,1\n"


@pytest.fixture(scope="module")
def report():
    return read_report(FOLDER)


@pytest.fixture
def folder(tmp_path):
    """Return what makes a report folder of texts."""

    def make(head=HEAD, **files):
        path = tmp_path / "bao-cao"
        path.mkdir(exist_ok=True)
        if head is not None:
            (path / "report.toml").write_text(head, encoding="utf-8")
        for name, text in files.items():
            content = text if isinstance(text, bytes) else text.encode()
            (path / f"{name}.csv").write_bytes(content)
        return path

    return make


# --- the real quarter -------------------------------------------------------------------------


def test_the_head(report):
    assert (report.agency, report.number) == (AGENCY, "/BC-SKHCCN")
    assert report.signed_on == dt.date(2020, 9, 9)
    assert report.period == pd.Period("2020Q3")
    assert str(report.window) == "15/06/2020-14/09/2020"
    assert report.source == "binh-dinh-skhcn-2020q3"
    assert repr(report) == (
        f"Report('{AGENCY}', 2020Q3, 14 tables, {len(report.claims)} claims,"
        f" {len(report.unplaced)} unplaced)"
    )


def test_all_forms_are_read_in_official_order(report):
    assert list(report.tables) == THERE


@pytest.mark.parametrize("code", THERE)
def test_the_tables_are_those_of_a_second_reader(report, code):
    """`seed_tables` knows no numerals and no documents: integers, one slash, dashes, nothing."""
    second = seed_tables()[code]
    first = report.tables[code]
    dashes = [sorted(text.replace(",", " ").split()) for text in first["not_applicable"]]
    assert dashes == [sorted(text.split()) for text in second["not_applicable"]]
    aside = ["source", "not_applicable"]
    pd.testing.assert_frame_equal(
        first.drop(columns=aside),
        second[first.columns].drop(columns=aside),
        check_dtype=True,
    )


@pytest.mark.parametrize("code", THERE)
def test_every_table_is_a_valid_form(report, code):
    pd.testing.assert_frame_equal(validate(report.tables[code], code), report.tables[code])


FIGURES = [
    ("procedures", {}, "in_force", 62),
    ("procedures", {}, "published_on_time", 2),
    ("dossiers", {}, "received_total", 61),
    ("dossiers", {}, "settled_late", 0),
    ("staffing", {"category": "public_service"}, "present", 23),
    ("training", {"period": "2019Q4", "staff_group": "civil_servants"}, "total", 51),
    ("training", {"period": "2020Q2", "staff_group": "public_employees"}, "short_course", 3),
    ("positions", {"item": "people_trained"}, "count", 15),
    ("autonomy", {"item": "service_units_autonomous"}, "count", 2),
    ("autonomy", {"item": "service_units_autonomous"}, "of", 3),
    ("documents", {}, "sent_electronic", 1315),
    ("online_services", {"level": "3"}, "received_online", 53),
    ("iso9001", {"level": "all"}, "procedures", 62),
    ("iso9001", {"level": "all"}, "procedures_of", 62),
    ("iso9001", {"level": "commune", "period": "2020Q3"}, "announced", 105),
    ("organisation", {"period": "2020Q3"}, "departments", 6),
    ("inspections", {}, "inspected_directly", 3),
    ("inspections", {}, "subordinate_units", 4),
    ("infrastructure", {}, "digital_signatures", 34),
]


@pytest.mark.parametrize(("code", "where", "column", "printed"), FIGURES)
def test_a_figure_is_as_printed(report, code, where, column, printed):
    table = report.tables[code]
    for name, wanted in where.items():
        table = table[table[name].astype("str") == wanted]
    assert table[column].tolist() == [printed]


def test_the_three_absences_survive(report):
    training = report.tables["training"]
    later = training[training["period"] == pd.Period("2020Q4")]
    assert later["total"].isna().all()
    assert later["not_applicable"].tolist() == ["", ""]
    autonomy = report.tables["autonomy"].set_index("item")
    assert pd.isna(autonomy.loc["communes_autonomous", "count"])
    assert autonomy.loc["communes_autonomous", "not_applicable"] == "count"
    assert autonomy.loc["runs_itself", ["count", "not_applicable"]].tolist() == [0, ""]
    assert pd.isna(autonomy.loc["runs_itself", "of"])


def test_the_days_are_read(report):
    cuts = report.tables["simplifications"]
    assert cuts["days_after"].tolist() == [13.0, 8.0]
    assert set(cuts["decided_on"]) == {pd.Timestamp("2020-07-21")}
    iso = report.tables["iso9001"]
    assert iso["window_end"].tolist()[0] == pd.Timestamp("2020-09-01")
    assert iso["window_end"].isna().tolist() == [False] * 4 + [True]


def test_every_row_says_where_it_stood(report):
    for code, table in report.tables.items():
        places = table["source"].str.split("; ")
        assert table["source"].str.startswith("binh-dinh-skhcn-2020q3: ").all(), code
        assert (places.str.len() >= 3).all(), code
        assert table["source"].str.contains("Mục|Phụ lục").all(), code
    assert report.tables["staffing"]["source"][0] == (
        "binh-dinh-skhcn-2020q3: Mục II.4.a; Quản lý biên chế;"
        " Biên chế hành chính: Biên chế; cột được giao và hiện có"
    )


def test_the_row_without_a_heading_is_unplaced_and_nowhere_else(report):
    assert list(report.unplaced.columns) == list(UNPLACED)
    orphan = report.unplaced.iloc[0]
    assert orphan["text"] == "06 0 03 0 14 0 37 0 01 01"
    assert orphan["place"] == "Phụ lục 1, giữa mục 1 và mục 3"
    assert "không còn tiêu đề" in orphan["reason"]
    assert (report.unplaced != "").all(axis=None)
    # What the folder itself sets apart, and nothing that the reader lost on the way.
    written = pd.read_csv(FOLDER / "unplaced.csv", dtype="str", keep_default_na=False)
    assert report.unplaced.to_numpy().tolist() == written[list(UNPLACED)].to_numpy().tolist()


def test_claims_are_typed_and_placed(report):
    claims = report.claims
    assert list(claims.columns) == list(CLAIMS)
    kinds = {name: str(kind) for name, kind in claims.dtypes.items()}
    assert kinds == dict.fromkeys(CLAIMS, "str") | {
        **{"value": "Float64", "denominator": "Float64", "period": "period[Q-DEC]"}
    }
    shares = claims[claims["indicator"] == "electronic_documents_share"]
    assert shares["value"].tolist() == [99.0, 99.0]
    units = claims[claims["quote"] == "3/4 đơn vị trực thuộc"]
    assert units[["value", "denominator"]].to_numpy().tolist() == [[3.0, 4.0]]
    assert units["place"].tolist() == ["binh-dinh-skhcn-2020q3: Mục I.3; Đoạn thứ hai"]
    without = claims["unit"] == "qualitative"
    assert without.any()
    assert claims.loc[without, "value"].isna().all()
    assert claims.loc[~without, "value"].notna().all()


# --- options and the head ---------------------------------------------------------------------


def test_agency_and_period_may_be_given(folder):
    path = folder("", staffing=ONE)
    read = read_report(path, agency="Sở B", period="quý III năm 2020")
    assert (read.agency, read.period) == ("Sở B", pd.Period("2020Q3"))
    assert read.tables["staffing"]["agency"].tolist() == ["Sở B"]
    other = read_report(folder(HEAD), agency="Sở B")
    assert (other.agency, len(other.warnings)) == ("Sở B", 1)
    assert "“Sở A”" in other.warnings[0]
    assert read_report(folder(HEAD), agency="SỞ A").warnings == ()


def test_another_quarter_than_the_head_states_is_read_with_a_warning(folder):
    assert read_report(str(folder(HEAD)), period="9 tháng đầu năm 2020").warnings == ()
    other = read_report(folder(HEAD), period=pd.Period("2021Q1"))
    assert str(other.period) == "2021Q1"
    (warning,) = other.warnings
    assert "Quý III/2020" in warning
    assert "Quý I/2021" in warning


def test_a_head_alone_is_a_report(folder):
    read = read_report(folder())
    assert (read.tables, read.number, read.signed_on) == ({}, "", None)
    assert (len(read.claims), len(read.unplaced)) == (0, 0)
    assert list(read.claims.columns) == list(CLAIMS)
    assert str(read.claims["value"].dtype) == "Float64"


def test_the_head_may_state_its_window_and_print_its_date(folder):
    window = "[window]\nstart = 2019-12-01\nend = 2020-02-29\n"
    read = read_report(folder(f'{HEAD}signed_on = "09/9/2020"\n{window}'))
    assert str(read.window) == "01/12/2019-29/02/2020"
    assert read.signed_on == dt.date(2020, 9, 9)
    at = read_report(folder(HEAD + "signed_on = 2020-09-09T08:00:00\n"))
    assert at.signed_on == dt.date(2020, 9, 9)


def refusal(path, **options) -> ReadError:
    with pytest.raises(ReadError) as error:
        read_report(path, **options)
    return error.value


def test_there_must_be_a_report(tmp_path):
    error = refusal(tmp_path / "nowhere")
    assert str(error) == (
        f"there is nothing to read\n  where: {tmp_path / 'nowhere'}\n  mend:  check the path"
    )
    file = tmp_path / "bc.docx"
    file.write_bytes(b"PK")
    assert str(refusal(file)) == (
        f"the file is cut short or damaged: File is not a zip file\n  where: {file}\n"
        "  mend:  copy or download it again, or open it in its program and save it again"
    )


HEADS = {
    None: ("the folder has no head", "add report.toml with agency and period"),
    "": ("the head does not say agency and period", "add it there, or give it: .*agency=…"),
    'agency = "Sở A"': ("the head does not say period", "add it there, or give it: .*period=…"),
    'agency = "  "\nperiod = "2020Q3"': ("the head does not say agency", "add it there"),
    'agency = 5\nperiod = "2020Q3"': ("agency is no name: 5", 'agency = "Sở …"'),
    "agency = Sở A": ("the head cannot be read: Invalid value", "correct the file"),
    'agency = "A"\nperiod = "2020-07"': (
        r"the report's period is a month \(2020-07\), not a quarter",
        "give the quarter the month belongs to",
    ),
    'agency = "A"\nperiod = "hôm qua"': ("no quarter, month or year is named", "write"),
    'agency = "A"\nperiod = 2020-09-09': ("a text is needed, not a date", ""),
    HEAD + 'signed_on = "hôm qua"': ("signed_on is no day: 'hôm qua'", "write it as 2020-09-09"),
    HEAD + "window = 5": ("the window cannot be read", "write .window. with start = 2020-06-15"),
    HEAD + "[window]\nstart = 2020-06-15": ("the window cannot be read: 'end'", "end = 2020-09-14"),
    HEAD + "[window]\nstart = 2020-06-15\nend = 2020-06-01": (
        "the window cannot be read: a window must not end before it starts",
        "end = 2020-09-14",
    ),
}


@pytest.mark.parametrize("head", HEADS)
def test_a_head_that_cannot_be_used(folder, head):
    what, mend = HEADS[head]
    error = refusal(folder(head and f"{head}\n", staffing=ONE))
    assert "report.toml" in error.where
    assert re.search(what, error.what)
    assert re.search(mend, error.mend)
    assert error.mend


def test_a_head_in_another_encoding(folder):
    path = folder(None)
    (path / "report.toml").write_bytes(HEAD.encode("utf-16"))
    assert refusal(path).what.startswith("the head cannot be read: 'utf-8' codec")
    (path / "report.toml").write_bytes(b"\xef\xbb\xbf" + HEAD.encode())
    assert read_report(path).agency == "Sở A"


# --- files ------------------------------------------------------------------------------------


def test_a_byte_order_mark_blank_lines_and_line_ends_do_not_matter(folder):
    text = "\ufeff" + ONE.replace("\n", "\r\n") + "\r\n,,,,,,,\r\n\r\n"
    assert read_report(folder(staffing=text)).tables["staffing"]["assigned"].tolist() == [40]


def test_a_file_name_in_capitals_is_read_too(folder):
    path = folder()
    (path / "staffing.CSV").write_text(ONE, encoding="utf-8")
    assert list(read_report(path).tables) == ["staffing"]


FILES = {
    "cells": (
        ONE + "2020Q3,as_of,public_service,47\n",
        "the table cannot be read: line 3 has 4 cells, the heading 8",
    ),
    "quotes": (
        ONE + '2020Q3,as_of,"administrative,1\n',
        "the table cannot be read: unexpected end",
    ),
    "utf-16": (ONE.encode("utf-16"), "the table cannot be read: 'utf-8' codec can't decode"),
    # "Biên chế" in TCVN3, a one-byte encoding of the nineties.
    "tcvn": (ONE.encode().replace("Biên chế".encode(), b"Bi\xaan ch\xd5"), "'utf-8' codec"),
    "empty": ("", "the table cannot be read: it has no line of column names"),
    "blank": ("\n\n", "the table cannot be read: it has no line of column names"),
    "semicolons": (
        ONE.replace(",", ";"),
        "the table cannot be read: its cells are separated by semicolons",
    ),
    "twice": (ONE.replace("assigned,", "present,"), "column present stands more than once"),
    "no period": (ONE.replace("period,", "kỳ,"), "column period is missing"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_no_table(folder, kind):
    content, what = FILES[kind]
    error = refusal(folder(staffing=content))
    assert what in error.what
    assert error.where.endswith("staffing.csv")
    assert error.mend


def test_a_file_too_large_is_not_loaded(folder):
    path = folder(staffing=ONE)
    with (path / "staffing.csv").open("r+b") as file:
        file.truncate(50_000_001)
    error = refusal(path)
    assert error.what == "the table cannot be read: it is larger than 50 MB"


@pytest.mark.parametrize(
    ("name", "mend"),
    [
        ("staffings", "did you mean staffing.csv?"),
        ("Dossiers", "did you mean dossiers.csv?"),
        ("claim", "did you mean claims.csv?"),
        ("ledger", "name it procedures, dossiers"),
        ("xyz", "name it procedures, dossiers"),
    ],
)
def test_a_file_of_no_form_is_not_passed_over(folder, name, mend):
    error = refusal(folder(staffing=ONE, **{name: ONE}))
    assert error.what == "the file is of no form"
    assert error.where.endswith(f"{name}.csv")
    assert error.mend.startswith(mend)


def test_a_claim_must_have_its_columns_and_quarters(folder):
    error = refusal(folder(claims="quote,value\n99%,99%\n"))
    assert error.what == "column unit is missing"
    assert error.mend == "add the column; the file has quote, value"
    with pytest.raises(PeriodError, match="claims.csv, column period"):
        read_report(folder(claims="quote,value,unit,period\n99%,99%,percent,tháng 7/2020\n"))
    read = read_report(folder(claims='quote,value,unit,more\nđạt 99%,"99,5%",percent,x\n'))
    assert read.claims["value"].tolist() == [99.5]
    assert read.claims["denominator"].isna().all()
    assert read.claims["place"].tolist() == ["bao-cao"]


# --- cells ------------------------------------------------------------------------------------

NO_FIGURE = "không đọc được thành số của cột này"
PLACE = "bao-cao: Mục II; Biên chế; 1; cột 'Tổng số biên chế, lao động hiện có'"


@pytest.mark.parametrize(
    "cell",
    ["ba bảy", "=SUM(A1)", "gần 97%", "97%", "khoảng 37", "37 ngày", "3 tháng", "37*", "37 38"]
    + ["5 điểm", "9/9/2020", "#REF!", "NaN", "True"],
)
def test_a_cell_that_is_no_count_comes_back_unplaced(folder, cell):
    read = read_report(folder(staffing=ONE.replace(",37,", f",{cell},")))
    staffing = read.tables["staffing"]
    assert staffing["assigned"].tolist() == [40]
    assert staffing["present"].isna().all()
    assert read.unplaced.to_numpy().tolist() == [[cell, PLACE, NO_FIGURE]]


@pytest.mark.parametrize(
    ("cell", "count"),
    [("037", 37), (" 37 ", 37), ("1.380", 1380), ("37 người", 37), ("1,2 nghìn", 1200)],
)
def test_a_count_as_people_print_it(folder, cell, count):
    read = read_report(folder(staffing=ONE.replace(",37,", f',"{cell}",')))
    assert read.tables["staffing"]["present"].tolist() == [count]
    assert read.unplaced.empty


def test_a_fraction_where_no_whole_belongs(folder):
    read = read_report(folder(staffing=ONE.replace(",37,", ",2/3,")))
    assert read.tables["staffing"]["present"].isna().all()
    reason = "phân số trong một cột không có mẫu số"
    assert read.unplaced.to_numpy().tolist() == [["2/3", PLACE, reason]]


AUTONOMY = "period,basis,item,count,of\n"


@pytest.mark.parametrize(
    ("cells", "figures", "lost"),
    [
        ("2/3,", [2, 3], []),
        ("5/2022,", [5, 2022], []),
        ("02/3,3", [2, 3], []),
        ("2/3,-", [2, 3], []),
        ("2,3", [2, 3], []),
        ("2/3,4", [2, 4], ["2/3"]),
        ("1.456/1.625,", [1456, 1625], []),
    ],
)
def test_a_fraction_fills_count_and_whole(folder, cells, figures, lost):
    text = f"{AUTONOMY}2020Q3,as_of,runs_in_part,{cells}\n"
    read = read_report(folder(autonomy=text))
    table = read.tables["autonomy"]
    assert table[["count", "of"]].to_numpy().tolist() == [figures]
    assert table["not_applicable"].tolist() == [""]
    assert read.unplaced["text"].tolist() == lost
    if lost:
        assert read.unplaced["reason"].tolist() == ["mẫu số khác với cột tổng"]
        assert read.unplaced["place"].tolist() == ["bao-cao; cột 'Số lượng'"]


CUTS = "period,basis,procedure,days_before,days_after,decision,decided_on,window_start\n"


@pytest.mark.parametrize(
    ("cell", "day", "lost"),
    [
        ("21/7/2020", "2020-07-21", False),
        ("2020-07-21", "2020-07-21", False),
        ("", None, False),
        ("-", None, False),
        ("tháng 7", None, True),
        ("21/4 đến 20/5/2019", None, True),
        ("2901", None, True),
    ],
)
def test_days(folder, cell, day, lost):
    text = f"{CUTS}2020Q3,in_period,Cấp lại,15,13 ngày,,{cell},{cell}\n"
    read = read_report(folder(simplifications=text))
    cuts = read.tables["simplifications"]
    for name in ("decided_on", "window_start"):
        assert cuts[name].tolist() == [pd.NaT if day is None else pd.Timestamp(day)]
    assert cuts["days_after"].tolist() == [13.0]
    assert cuts["decision"].isna().all()
    assert read.unplaced["reason"].tolist() == ["không đọc được thành ngày"] * (2 * lost)


# --- faults -----------------------------------------------------------------------------------


def test_rows_that_stand_twice_are_refused_and_the_file_is_named(folder):
    with pytest.raises(FormError) as error:
        read_report(folder(staffing=ONE + ONE.splitlines()[1] + "\n"))
    assert str(error.value) == (
        "staffing.csv: form staffing (Quản lý biên chế): 2 faults\n"
        "  where: Staffing quotas, row 1 'administrative posts' (bao-cao: Mục II; Biên chế; 1):"
        " column category 'Loại biên chế': 'administrative' stands in another row of the same"
        " agency, period and basis\n"
        "         Staffing quotas, row 2 'administrative posts' (bao-cao: Mục II; Biên chế; 1):"
        " column category 'Loại biên chế': 'administrative' stands in another row of the same"
        " agency, period and basis\n"
        "  mend:  keep one of the rows"
    )
    assert error.value.faults["file"].tolist() == ["staffing.csv"] * 2
    assert error.value.faults["agency"].tolist() == ["Sở A"] * 2


def test_the_faults_of_all_files_are_told_together(folder):
    path = folder(
        staffing=ONE.replace("administrative", "hành chính").replace(",37,", ",-1,"),
        documents="period,basis,sent_total,sent_papers,sent_electronic\n2020Q3,in_period,3,1,2\n",
        organisation="period,basis,departments,public_service_units\ntháng 7/2020,as_of,6,3\n",
    )
    with pytest.raises(FormError) as error:
        read_report(path)
    assert error.value.what == "bao-cao: 4 faults in 3 files"
    assert error.value.count == 4
    assert error.value.faults[["file", "rule"]].to_numpy().tolist() == [
        ["staffing.csv", "unknown_code"],
        ["staffing.csv", "negative"],
        ["documents.csv", "missing_column"],
        ["organisation.csv", "month"],
    ]
    for name in ("staffing.csv", "documents.csv", "organisation.csv", "('sent_papers'?)"):
        assert name in str(error.value)


def test_a_form_without_rows_is_refused(folder):
    with pytest.raises(FormError, match="staffing.csv: .*\n.*the frame has no rows"):
        read_report(folder(staffing=STAFFING))


def test_a_broken_identity_is_read_as_it_stands_and_check_tells_it(tmp_path):
    path = tmp_path / "copy"
    shutil.copytree(FOLDER, path)
    file = path / "dossiers.csv"
    text = file.read_text(encoding="utf-8")
    assert text.count(",61,2,59,60,") == 1
    file.write_text(text.replace(",61,2,59,60,", ",61,2,58,60,"), encoding="utf-8")
    report = read_report(path)
    assert report.tables["dossiers"]["newly_received"].tolist() == [58]
    found = check(report)
    errors = found[(found["severity"] == "error") & (found["rule"] == "identity")]
    assert errors[["rule", "found", "expected", "difference"]].to_numpy().tolist() == [
        ["identity", "61", "2 + 58 = 60", 1.0]
    ]
    assert errors["file"].tolist() == ["copy"]


def test_what_is_read_is_text_and_nothing_is_run(folder):
    """A formula that a spreadsheet would run stays text, in names and in figures."""
    text = CUTS + '2020Q3,in_period,"=HYPERLINK(""x"")",15,13,"=1+1",,\n'
    cuts = read_report(folder(simplifications=text)).tables["simplifications"]
    assert cuts[["procedure", "decision"]].to_numpy().tolist() == [['=HYPERLINK("x")', "=1+1"]]


def test_reading_the_folder_of_the_working_directory(folder, monkeypatch):
    monkeypatch.chdir(folder(staffing=ONE))
    read = read_report(Path())
    assert read.source == "bao-cao"
    assert read.tables["staffing"]["source"].tolist() == ["bao-cao: Mục II; Biên chế; 1"]


# --- the days that the head states ------------------------------------------------------------

DAYS = HEAD + "[window]\nstart = 2020-06-01\nend = 2020-08-31\n"
DOCUMENTS = "period,basis,sent_total,sent_paper,sent_electronic\n"
SENT = DOCUMENTS + "2020Q3,in_period,3,1,2\n2020Q2,in_period,3,1,2\n2020Q3,year_to_date,6,2,4\n"


def days_of(table: pd.DataFrame) -> list[list[str]]:
    days = table[["window_start", "window_end"]].astype("str").fillna("")
    return days.to_numpy().tolist()


def test_the_stated_window_reaches_the_rows_of_its_quarter_and_the_values(folder):
    table = read_report(folder(DAYS, documents=SENT)).tables["documents"]
    assert days_of(table) == [["2020-06-01", "2020-08-31"], ["", ""], ["", ""]]
    values = measure({"documents": table})
    mine = values[(values["period"] == pd.Period("2020Q3")) & (values["basis"] == "in_period")]
    assert mine["window_start"].astype("str").unique().tolist() == ["2020-06-01"]
    assert mine["window_end"].astype("str").unique().tolist() == ["2020-08-31"]
    other = values[values["period"] == pd.Period("2020Q2")]
    assert other["window_start"].astype("str").unique().tolist() == ["2020-03-15"]


def test_a_window_of_the_row_stands(folder):
    own = SENT.replace("electronic\n", "electronic,window_start,window_end\n")
    own = own.replace("3,1,2\n2020Q2", "3,1,2,2020-07-01,\n2020Q2")
    own = own.replace("3,1,2\n2020Q3", "3,1,2,,\n2020Q3").replace("6,2,4\n", "6,2,4,,\n")
    table = read_report(folder(DAYS, documents=own)).tables["documents"]
    assert days_of(table) == [["2020-07-01", ""], ["", ""], ["", ""]]


def test_without_a_stated_window_no_row_has_one(folder):
    table = read_report(folder(documents=SENT)).tables["documents"]
    assert not {"window_start", "window_end"} & set(table.columns)
    later = DAYS.replace("2020Q3", "2021Q3")
    table = read_report(folder(later, documents=SENT)).tables["documents"]
    assert not {"window_start", "window_end"} & set(table.columns)


# --- names of files and of columns ------------------------------------------------------------


def test_names_in_capitals_are_opened_too(folder):
    path = folder()
    (path / "claims.CSV").write_text("quote,value,unit\n99%,99%,percent\n", encoding="utf-8")
    (path / "unplaced.CSV").write_text("text,place,reason\nx,y,z\n", encoding="utf-8")
    read = read_report(path)
    assert read.claims["value"].tolist() == [99.0]
    assert read.unplaced.to_numpy().tolist() == [["x", "y", "z"]]


@pytest.mark.parametrize("name", ["staffing.CSV", "Staffing.csv"])
def test_two_files_of_one_name_are_refused(folder, name):
    path = folder(staffing=ONE)
    (path / name).write_text(ONE, encoding="utf-8")
    if len(list(path.glob("*.[cC]*"))) == 1:
        pytest.skip("this file system does not tell capitals apart")
    assert str(refusal(path)) == (
        f"two files are of one name: {name}, staffing.csv\n  where: {path}\n"
        "  mend:  keep one of them"
    )


def test_columns_that_the_reader_fills_in_are_not_overwritten(folder):
    text = (
        DOCUMENTS.replace("\n", ",source,agency,not_applicable\n") + "2020Q3,in_period,3,1,2,x,y,\n"
    )
    error = refusal(folder(documents=text))
    assert error.what == (
        "column agency, source, not_applicable does not belong into a form's file"
    )
    assert error.where.endswith("documents.csv")
    assert error.mend.startswith("leave it out: the agency stands in report.toml")


def test_a_link_to_nowhere_is_not_an_empty_table(folder):
    path = folder()
    for name in ("documents", "claims"):
        file = path / f"{name}.csv"
        file.symlink_to(path / "nowhere")
        error = refusal(path)
        assert error.what == "there is no such file"
        assert error.where == str(file)
        assert error.mend == "check the path, and where a link leads"
        file.unlink()


def test_a_path_that_cannot_be_looked_at(tmp_path, monkeypatch):
    long = tmp_path / ("a" * 300)
    assert str(refusal(long)) == (
        f"the path cannot be looked at: File name too long\n  where: {long}\n"
        "  mend:  check the path, and that you may read it"
    )

    def closed(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", closed)
    (tmp_path / "report.toml").write_text(HEAD, encoding="utf-8")
    error = refusal(tmp_path)
    assert error.what == "the folder cannot be read: [Errno 13] Permission denied"
    assert error.where == str(tmp_path)


# --- figures of claims, and counts that are no whole numbers ----------------------------------

CLAIM = "quote,value,denominator,unit,basis,place\n"


@pytest.mark.parametrize(
    ("cells", "figures", "lost"),
    [
        ("3/4,", [3, 4], []),
        ("3/4,4", [3, 4], []),
        ("3,4", [3, 4], []),
        ("3/4,5", [3, 5], [["3/4", "mẫu số khác với cột tổng"]]),
        ("abc,", [None, None], [["abc", "không đọc được thành số"]]),
        ("9/9/2020,", [None, None], [["9/9/2020", "không đọc được thành số"]]),
        ("3,x", [3, None], [["x", "không đọc được thành số"]]),
        ("3,1/2", [3, None], [["1/2", "không đọc được thành số"]]),
        ("gần 75%,", [75, None], []),
        (",", [None, None], []),
        ("-,", [None, None], []),
    ],
)
def test_the_figures_of_a_claim(folder, cells, figures, lost):
    read = read_report(folder(claims=f"{CLAIM}q,{cells},count,,Đoạn hai\n"))
    row = read.claims[["value", "denominator"]].astype(object)
    assert row.where(row.notna(), None).to_numpy().tolist() == [figures]
    wanted = [[text, "bao-cao: Đoạn hai", reason] for text, reason in lost]
    assert read.unplaced.to_numpy().tolist() == wanted


def test_the_basis_of_a_claim(folder):
    rows = "q,1,,count,as_of,\nq,1,,count,,\n"
    assert read_report(folder(claims=CLAIM + rows)).claims["basis"].tolist() == ["as_of", ""]
    error = refusal(folder(claims=f"{CLAIM}{rows}q,1,,count,quarterly,\n"))
    assert error.what == "there is no basis 'quarterly'"
    assert error.where.endswith("claims.csv, row 3, column basis")
    assert error.mend == ("leave the cell empty, or use one of in_period, year_to_date, as_of")


def test_a_count_read_as_a_fraction_is_unplaced_and_the_report_stands(folder):
    text = DOCUMENTS + '2020Q3,in_period,"1,380",65,"1.315"\n'
    read = read_report(
        folder(documents=text, autonomy=f'{AUTONOMY}2020Q3,as_of,runs_itself,"1/2,5",\n')
    )
    documents = read.tables["documents"]
    assert documents["sent_total"].isna().all()
    assert documents[["sent_paper", "sent_electronic"]].to_numpy().tolist() == [[65, 1315]]
    reason = "đọc thành số thập phân trong một cột chỉ ghi số nguyên"
    assert read.unplaced.to_numpy().tolist() == [
        ["1/2,5", "bao-cao; cột 'Số lượng'", reason],
        ["1,380", "bao-cao; cột 'Tổng số văn bản đi'", reason],
    ]


def test_a_table_with_numbered_rows_is_read_whole_or_refused_wherever_it_is_cut(folder):
    lines = "period,basis,category,assigned,present,row_of_2\n2020Q3,as_of,administrative,40,37,1\n"
    whole = f"{lines}2020Q3,as_of,public_service,41,30,2\n"
    table = read_report(folder(staffing=whole)).tables["staffing"]
    for length in range(len(whole)):
        with pytest.raises(ReadError, match="staffing.csv"):
            read_report(folder(staffing=whole[:length]))
    assert table["present"].tolist() == [37, 30]
    with pytest.raises(ReadError, match="of 2 rows that the head states 1 are whole"):
        read_report(folder(staffing=lines))


def test_a_table_cut_in_its_last_line_is_refused(folder):
    for cut in range(1, len("2020Q3,as_of,administrative,40,37,Mục II,Biên chế,1\n")):
        with pytest.raises(ReadError, match="staffing.csv"):
            read_report(folder(staffing=ONE[:-cut]))
