"""Where a number comes from: the cell in the source of every value, and `trace` in one sentence."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pandas as pd
import pytest
from every_rule import answers, every_rule, values
from hypothesis import given
from hypothesis import strategies as st

from cchc_stats.forms import FORMS, find_form, validate
from cchc_stats.forms.printed import MOST, PrintedTables
from cchc_stats.index import score
from cchc_stats.indicators import INDICATORS, find_indicator, measure
from cchc_stats.publishing.tracing import trace
from cchc_stats.reading import read_report
from cchc_stats.reading.reports.many import read_reports
from cchc_stats.trends.comparison import quarter_over_quarter
from cchc_stats.words.errors import CchcError, ValuesError

ROOT = Path(__file__).parents[2]
NAME = "binh-dinh-skhcn-2020q3"
Q3 = pd.Period("2020Q3")
SHARE = {
    "agency": "Sở A",
    "period": "2020Q3",
    "indicator": "electronic_documents_share",
    "numerator": 1315,
    "denominator": 1380,
    "origin": "computed",
    "source": "bc: bảng 5",
}
COUNT = SHARE | {
    "indicator": "documents_sent",
    "value": 1380,
    "numerator": 1380,
    "denominator": None,
    "origin": "reported",
    "unit": "documents",
}


@pytest.fixture(scope="module")
def report():
    return read_report(ROOT / "data" / f"{NAME}.docx")


@pytest.fixture(scope="module")
def measured(report):
    return measure(report.tables)


def one(frame, indicator, group="all", period=Q3):
    found = frame[
        (frame["indicator"] == indicator)
        & (frame["group"] == group)
        & (frame["period"] == period)
        & (frame["basis"] != "year_to_date")
    ]
    assert len(found) == 1
    return found.iloc[0]


# --- the source of every value of a document --------------------------------------------------


def test_tables_have_the_columns_of_their_forms_and_nothing_beside_them(report):
    assert isinstance(report.tables, PrintedTables)
    for code, frame in report.tables.items():
        windows = {"window_start", "window_end"}
        assert set(frame.columns) <= set(find_form(code).columns) | windows
        assert frame.attrs == {}


def test_every_value_names_its_file(measured):
    assert measured["source"].str.startswith(f"{NAME}: ").all()


def test_every_value_of_a_row_quotes_the_cells_it_is_made_of(report, measured):
    """Told from the account of places, by key, and not by way of what measures."""
    cells = {
        (cell["form"], cell["code"], cell["period"], cell["basis"], cell["column"]): cell
        for cell in report.places.to_dict("records")
    }
    quoted = 0
    for value in measured.to_dict("records"):
        known = find_indicator(value["indicator"])
        form = find_form(known.form)
        code = "" if not form.row else value["group"]
        if form.row and value["group"] == "all" and form.code != "iso9001":
            continue  # a whole, of which the next test tells
        bases = {value["basis"]} if known.kind != "stock" else {"as_of", "in_period"}
        names = [name for name in known.columns if name in form.figures]
        for name in names:
            for basis in bases:
                cell = cells.get((form.code, code, value["period"], basis, name))
                if cell is None or cell["text"] == "…":
                    continue
                assert f"cột '{cell['heading']}' “{cell['text']}”" in value["source"], value
                quoted += 1
    assert quoted > 150


def test_values_without_a_cell_have_none_in_their_source(report, measured):
    """An empty cell has no text; what prose tells is quoted as prose."""
    prose = {"simplifications", "inspections", "infrastructure"}
    forms = measured["indicator"].map(lambda code: find_indicator(code).form)
    of_tables = measured[~forms.isin(prose) & (measured["status"] == "reported")]
    assert of_tables["source"].str.contains("“").all()
    assert of_tables["source"].str.contains("; bảng ").all()
    assert measured[forms.isin(prose)]["source"].str.contains("lời văn “").all()


def test_the_real_quarter_as_it_is_printed(measured):
    sent = one(measured, "electronic_documents_share")["source"]
    path = "Trao đổi văn bản giữa các cơ quan hành chính nhà nước"
    assert f"cột '{path} > Số văn bản điện tử' “1315”" in sent
    assert f"cột '{path} > Tổng số văn bản đi' “1380”" in sent
    settled = measured[measured["indicator"] == "on_time_rate_settled"].iloc[0]
    above = "Kết quả giải quyết > Số hồ sơ đã giải quyết"
    assert f"cột '{above} > Trả đúng hạn' “60”, cột '{above} > Tổng số' “60”" in settled["source"]
    # One cell "2/2" gives both figures of the share.
    autonomous = one(measured, "autonomy_share", "agencies_autonomous")["source"]
    assert autonomous.count("“2/2”") == autonomous.count("“") == 1


def test_a_whole_quotes_the_cells_that_are_added(measured):
    present = one(measured, "staffing_rate")["source"]
    assert "tổng của 3 dòng: " in present
    assert "“37” + “05” + “23”" in present
    assert "“40” + “05” + “47”" in present
    agencies = one(measured, "iso_agencies")["source"]
    assert agencies.endswith("tổng của 3 dòng: cột 'Số lượng' “21” + “22” + “105”")


def test_figures_of_other_rows_and_forms_are_quoted_too(measured):
    placed = one(measured, "positions_placed_share", "units_placed")["source"]
    assert re.findall("“(.*?)”", placed) == ["8", "0"]
    online = one(measured, "online_procedures_share", "3")["source"]
    assert re.findall("“(.*?)”", online) == ["8", "62"]
    turns = measured[
        (measured["indicator"] == "training_turns_to_date")
        & (measured["group"] == "civil_servants")
        & (measured["period"] == Q3)
    ]["source"].item()
    assert re.findall("“(.*?)”", turns) == ["18", "18", "16"]


def test_a_plain_dict_measures_the_same_with_the_rows_own_sources(report, measured):
    plain = measure(dict(report.tables))
    pd.testing.assert_frame_equal(plain.drop(columns="source"), measured.drop(columns="source"))
    assert not plain["source"].str.contains("> ").all()
    assert (plain["source"] != measured["source"]).any()


def test_a_folder_is_measured_as_before():
    folder = read_report(ROOT / "data" / NAME)
    assert not isinstance(folder.tables, PrintedTables)
    sent = one(measure(folder.tables), "electronic_documents_share")
    assert sent["source"] == folder.tables["documents"]["source"].item()


# --- figures that are no longer those of the print -------------------------------------------


def test_a_figure_that_was_changed_is_not_quoted(report):
    documents = report.tables["documents"]
    tables = report.tables.of(
        {**report.tables, "documents": documents.assign(sent_electronic=1300, sent_paper=80)}
    )
    found = one(measure(tables), "electronic_documents_share")
    assert found["numerator"] == 1300
    assert re.findall("“(.*?)”", found["source"]) == ["1380"]
    both = report.tables.of({"documents": documents.assign(sent_electronic=2, sent_total=3)})
    found = one(measure(both), "electronic_documents_share")
    assert found["source"] == documents["source"].item()


def test_a_figure_that_was_changed_in_place_is_not_quoted(report):
    again = pickle.loads(pickle.dumps(report))
    again.tables["documents"].loc[0, "sent_total"] = 1400
    assert "“1380”" not in one(measure(again.tables), "documents_sent")["source"]


def test_a_sum_with_a_changed_row_is_not_quoted_in_part(report):
    staffing = report.tables["staffing"]
    changed = staffing.assign(present=staffing["present"].where(staffing.index > 0, 36))
    found = one(measure(report.tables.of({"staffing": changed})), "staffing_rate")
    assert found["numerator"] == 36 + 5 + 23
    assert re.findall("“(.*?)”", found["source"]) == ["40", "05", "47"]


def test_rows_of_another_agency_are_not_quoted(report):
    documents = report.tables["documents"].assign(agency="Sở B")
    found = measure(report.tables.of({"documents": documents}))
    assert not found["source"].str.contains("“").any()


def test_the_cells_go_with_a_report_to_another_process(report, measured):
    again = pickle.loads(pickle.dumps(report))
    pd.testing.assert_frame_equal(measure(again.tables), measured)


# --- several documents -----------------------------------------------------------------------

HEADINGS = "Tổng số văn bản đi\tSố văn bản giấy\tSố văn bản điện tử\n"


def written(path, agency, quarter, figures):
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        f"{agency}\nSố: 12/BC-X\nBÁO CÁO\nCông tác cải cách hành chính Quý {quarter} năm 2020\n\n"
        f"5. Trao đổi văn bản\n{HEADINGS}" + "\t".join(figures) + "\n",
        encoding="utf-8",
    )
    return path


@pytest.fixture
def two(tmp_path):
    written(tmp_path / "a.txt", "SỞ NỘI VỤ", "III", ("1380", "65", "1315"))
    written(tmp_path / "b.txt", "SỞ Y TẾ", "III", ("2.000", "100", "1.900"))
    return tmp_path


def test_a_set_quotes_each_report_in_its_own_rows(two):
    reports = read_reports(two)
    found = measure(reports.tables)
    shares = found[found["indicator"] == "electronic_documents_share"]
    quotes = [re.findall("“(.*?)”", source) for source in shares["source"]]
    assert quotes == [["1315", "1380"], ["1.900", "2.000"]]
    assert [source.split(":")[0] for source in shares["source"]] == ["a", "b"]


def test_of_two_reports_that_state_a_row_the_one_in_the_table_is_quoted():
    def cell(place, text):
        return pd.DataFrame(
            {
                "form": ["documents"],
                "column": "sent_total",
                "code": "",
                "period": Q3,
                "basis": "in_period",
                "heading": "Tổng số",
                "place": place,
                "text": text,
            }
        )

    def row(source):
        figures = {"sent_total": 7, "sent_paper": 0, "sent_electronic": 7, "source": source}
        return validate(
            pd.DataFrame([{"agency": "Sở A", "period": "2020Q3", **figures}]), "documents"
        )

    places = [
        ("Sở A", cell("quy3: Mục 5; bảng 1, hàng 2, cột 'Tổng số'", "07")),
        ("Sở A", cell("quy4: Mục 5; bảng 9, hàng 2, cột 'Tổng số'", "7")),
    ]
    for source, quoted in (("quy3: Mục 5", "bảng 1"), ("quy4: Mục 5", "bảng 9")):
        tables = PrintedTables({"documents": row(source)}, places)
        assert quoted in one(measure(tables), "documents_sent")["source"]
    unclear = PrintedTables({"documents": row("gõ lại")}, places)
    assert one(measure(unclear), "documents_sent")["source"] == "gõ lại"


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=30))
def test_a_sum_names_each_of_its_rows_up_to_a_limit(counts):
    form = find_form("dossiers")
    zeros = dict.fromkeys((name for name in form.figures if name not in form.optional), 0)
    rows = [
        zeros
        | {"agency": "Sở A", "period": "2020Q3", "sector": f"L{n}", "source": f"bc: dòng {n}"}
        | {"received_total": count, "newly_received": count}
        | {"pending_total": count, "pending_not_due": count}
        for n, count in enumerate(counts)
    ]
    table = validate(pd.DataFrame(rows), form)
    places = pd.DataFrame(
        {
            "form": "dossiers",
            "column": "received_total",
            "code": table["sector"],
            "period": table["period"],
            "basis": "in_period",
            "heading": "Tổng số",
            "place": [f"bc: bảng 1, hàng {n}, cột 'Tổng số'" for n in range(len(counts))],
            "text": [str(count) for count in counts],
        }
    )
    found = measure(
        PrintedTables({"dossiers": table}, [("Sở A", places)]),
        indicators=[find_indicator("dossiers_received")],
    )
    source = found[found["group"] == "all"]["source"].item()
    assert source.startswith(f"bc: bảng 1: tổng của {len(counts)} dòng: cột 'Tổng số' ")
    assert re.findall("“(.*?)”", source) == [str(count) for count in counts[:MOST]]
    assert source.endswith("…") == (len(counts) > MOST)


# --- trace: values ---------------------------------------------------------------------------

WORDINGS = [
    (
        SHARE,
        "Tỷ lệ văn bản điện tử trên tổng số văn bản đi của Sở A, Quý III/2020 (trong kỳ): "
        "95,29 % = 1.315/1.380, tính từ bc: bảng 5",
        "Electronic share, of documents sent, Sở A, Q3 2020 (in the period): "
        "95.29% = 1,315/1,380, computed from bc: bảng 5",
    ),
    (
        SHARE | {"window_start": "2020-06-15", "window_end": "2020-09-14", "note": "chưa đủ"},
        "Tỷ lệ văn bản điện tử trên tổng số văn bản đi của Sở A, Quý III/2020 "
        "(trong kỳ, 15/06/2020-14/09/2020): 95,29 % = 1.315/1.380, tính từ bc: bảng 5; "
        "ghi chú: chưa đủ",
        "Electronic share, of documents sent, Sở A, Q3 2020 "
        "(in the period, 15/06/2020-14/09/2020): 95.29% = 1,315/1,380, computed from bc: bảng 5; "
        "note: chưa đủ",
    ),
    (
        COUNT,
        "Văn bản đi của Sở A, Quý III/2020 (trong kỳ): 1.380 văn bản, theo bc: bảng 5",
        "Documents sent, Sở A, Q3 2020 (in the period): 1,380 documents, according to bc: bảng 5",
    ),
    (
        COUNT | {"source": ""},
        "Văn bản đi của Sở A, Quý III/2020 (trong kỳ): 1.380 văn bản, không ghi lấy từ đâu",
        "Documents sent, Sở A, Q3 2020 (in the period): 1,380 documents, no place is given",
    ),
    (
        COUNT | {"origin": "claimed", "basis": "year_to_date"},
        "Văn bản đi của Sở A, 9 tháng đầu năm 2020 (lũy kế): 1.380 văn bản, "
        "nêu trong lời văn ở bc: bảng 5",
        "Documents sent, Sở A, first 9 months of 2020 (year to date): 1,380 documents, "
        "claimed in the text at bc: bảng 5",
    ),
    (
        SHARE | {"origin": "tallied", "source": "sổ hồ sơ"},
        "Tỷ lệ văn bản điện tử trên tổng số văn bản đi của Sở A, Quý III/2020 (trong kỳ): "
        "95,29 % = 1.315/1.380, đếm từ sổ hồ sơ",
        "Electronic share, of documents sent, Sở A, Q3 2020 (in the period): "
        "95.29% = 1,315/1,380, counted from sổ hồ sơ",
    ),
    (
        SHARE | {"numerator": 0, "denominator": 0, "status": "undefined"},
        "Tỷ lệ văn bản điện tử trên tổng số văn bản đi của Sở A, Quý III/2020 (trong kỳ): "
        "không tính được vì mẫu số bằng 0 (0/0), theo bc: bảng 5",
        "Electronic share, of documents sent, Sở A, Q3 2020 (in the period): "
        "undefined, since the denominator is 0 (0/0), according to bc: bảng 5",
    ),
    (
        COUNT | {"value": None, "numerator": None, "status": "not_applicable"},
        "Văn bản đi của Sở A, Quý III/2020 (trong kỳ): không áp dụng (ghi dấu “-”), "
        "theo bc: bảng 5",
        "Documents sent, Sở A, Q3 2020 (in the period): not applicable (“-” is printed), "
        "according to bc: bảng 5",
    ),
    (
        COUNT | {"value": None, "numerator": None, "status": "not_reported"},
        "Văn bản đi của Sở A, Quý III/2020 (trong kỳ): chưa báo cáo, theo bc: bảng 5",
        "Documents sent, Sở A, Q3 2020 (in the period): not reported, according to bc: bảng 5",
    ),
    (
        COUNT | {"indicator": "staff_assigned", "unit": "", "group": "administrative", "value": 40},
        "Biên chế được giao (Biên chế hành chính) của Sở A, Quý III/2020 (trong kỳ): 40 biên chế, "
        "theo bc: bảng 5",
        "Posts assigned (administrative posts), Sở A, Q3 2020 (in the period): 40 posts, "
        "according to bc: bảng 5",
    ),
    (
        COUNT | {"indicator": "của tôi", "unit": "lần", "group": "nhóm 1", "value": 0.001},
        "của tôi (nhóm 1) của Sở A, Quý III/2020 (trong kỳ): 0,001 lần, theo bc: bảng 5",
        "của tôi (nhóm 1), Sở A, Q3 2020 (in the period): 0.001 lần, according to bc: bảng 5",
    ),
]


@pytest.mark.parametrize(("row", "vi", "en"), WORDINGS)
def test_a_value_in_one_sentence(row, vi, en):
    assert trace(row) == vi
    assert trace(row, lang="en") == en


def test_a_row_may_be_a_series_a_frame_or_a_mapping():
    frame = pd.DataFrame([SHARE])
    assert trace(frame) == trace(frame.iloc[0]) == trace(SHARE)
    assert list(frame.columns) == list(SHARE)


def test_a_quotient_is_rounded_half_up_as_the_exact_fraction():
    # 1 of 800 is 0.125 %.
    told = trace(SHARE | {"numerator": 1, "denominator": 800, "value": 0.125})
    assert ": 0,13 % = 1/800, " in told


def test_a_mean_is_not_shown_as_a_quotient():
    mean = SHARE | {"indicator": "time_reduction_mean", "numerator": 100 / 3, "denominator": 2}
    told = trace(mean | {"value": 50 / 3, "unit": "percent"})
    assert "16,67 %, tính từ" in told


def test_what_stands_on_several_lines_is_told_in_one():
    assert "\n" not in trace(SHARE | {"source": "bc:\nbảng 5", "note": "a\n\nb"})


def quarters(**second):
    before = SHARE | {"period": "2020Q2", "numerator": 90, "denominator": 100}
    return pd.DataFrame([before, SHARE | {"numerator": 95, "denominator": 100} | second])


def test_a_comparison_tells_what_it_was_before():
    compared = quarter_over_quarter(quarters())
    first, second = (trace(row) for _, row in compared.iterrows())
    assert second.endswith("tính từ bc: bảng 5; so với Quý II/2020 là 90 %: +5 điểm %")
    assert first.endswith("; không so sánh được: không có số liệu kỳ trước (Quý I/2020)")
    english = trace(quarter_over_quarter(quarters(), lang="en").iloc[1], lang="en")
    assert english.endswith("; against 90% before (Q2 2020): +5 pp")


def test_a_comparison_of_counts_has_their_unit_and_of_the_same_no_change():
    counts = pd.DataFrame([COUNT | {"period": "2020Q2", "value": 1400, "numerator": 1400}, COUNT])
    assert trace(quarter_over_quarter(counts).iloc[1]).endswith(
        "; so với Quý II/2020 là 1.400 văn bản: -20 văn bản"
    )
    same = quarter_over_quarter(quarters(numerator=90))
    assert trace(same.iloc[1]).endswith("; so với Quý II/2020 là 90 %: không đổi")


def test_every_value_of_a_document_and_of_a_folder_can_be_traced(measured):
    folder = measure(read_report(ROOT / "data" / NAME).tables)
    for frame in (measured, folder):
        rows = frame.drop_duplicates(["indicator", "status"])
        there = [one.code for one in INDICATORS if one.code in set(frame["indicator"])]
        assert len(there) > 50
        assert len(rows) > len(there)
        for _, row in rows.iterrows():
            told = trace(row)
            assert find_indicator(row["indicator"]).label_vi in told
            assert row["source"] in told
            assert told == " ".join(told.split())


# --- trace: scores ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def scores():
    return score(values().assign(source="bc: bảng 5"), every_rule(), answers=answers())


def node(scores, code, **cells):
    return scores[scores["code"] == code].iloc[0].to_dict() | cells


OF_SCORES = [
    (
        "1.1",
        "Sở A, Quý III/2020, tự chấm: 1.1 Tiêu chí: 57/60 = 95 % ≥ 95 % nên được "
        "95 % × 2 điểm = 1,9 điểm; tức 1,9/2 điểm; theo bc: bảng 5",
        "Sở A, Q3 2020, self-assessed: 1.1 Criterion: 57/60 = 95% ≥ 95%, which gives "
        "95% × 2 points = 1.9 points; that is 1.9/2 points; according to bc: bảng 5",
    ),
    (
        "1",
        "Sở A, Quý III/2020, tự chấm: 1 Tiêu chí: 18,67/20 điểm, là tổng của các mục bên dưới",
        "Sở A, Q3 2020, self-assessed: 1 Criterion: 18.67/20 points, the sum of the items below it",
    ),
    (
        "2.1",
        "Sở A, Quý III/2020, tự chấm: 2.1 Tiêu chí: trả lời “có” nên được 1/1 điểm; "
        "không ghi tài liệu kiểm chứng",
        "Sở A, Q3 2020, self-assessed: 2.1 Criterion: answered “yes”, which gives 1/1 point; "
        "no evidence is given",
    ),
    (
        "3",
        "Sở A, Quý III/2020, tự chấm: 3 Tiêu chí: được cộng 1 × 0,5 điểm = 0,5 điểm; "
        "không ghi lấy từ đâu",
        "Sở A, Q3 2020, self-assessed: 3 Criterion: adds 1 × 0.5 points = 0.5 points; "
        "no place is given",
    ),
]


@pytest.mark.parametrize(("code", "vi", "en"), OF_SCORES)
def test_a_score_in_one_sentence(scores, code, vi, en):
    assert trace(node(scores, code)) == vi
    assert trace(node(scores, code), lang="en") == en


def test_a_score_that_is_not_known_says_so():
    unknown = score(values(), every_rule())
    assert trace(node(unknown, "2.1")) == (
        "Sở A, Quý III/2020, tự chấm: 2.1 Tiêu chí: chưa có câu trả lời "
        "nên chưa biết điểm (tối đa 1 điểm)"
    )
    assert trace(node(unknown, "2")) == (
        "Sở A, Quý III/2020, tự chấm: 2 Tiêu chí: chưa tính được, mới biết 2 điểm, "
        "còn tối đa 16 điểm chưa biết; gồm các mục bên dưới"
    )


def test_a_score_by_an_example_scheme_says_so_once():
    example = score(values(), every_rule("example"))
    for code in ("total", "1", "1.1"):
        told = trace(node(example, code))
        assert told.count("thang điểm ví dụ") == 1


def test_every_score_can_be_traced_in_one_line(scores):
    for _, row in scores.iterrows():
        for lang in ("vi", "en"):
            told = trace(row, lang=lang)
            assert told == " ".join(told.split())
            assert row["agency"] in told


def test_the_source_of_a_measured_figure_comes_through_to_its_score(report):
    mine = measure(report.tables, indicators=[find_indicator("electronic_documents_share")])
    mine = mine.assign(indicator="RATE")
    told = trace(node(score(mine, every_rule()), "1.1"))
    assert f"theo {NAME}: " in told
    assert "“1315”" in told


# --- refusals --------------------------------------------------------------------------------

NO_ROWS = [
    (
        pd.DataFrame([SHARE, COUNT]),
        "one row is traced at a time, not 2\n"
        "  where: row=\n"
        "  mend:  choose one, such as values.iloc[0]",
    ),
    (
        pd.DataFrame([SHARE]).iloc[:0],
        "one row is traced at a time, not 0\n"
        "  where: row=\n"
        "  mend:  choose one, such as values.iloc[0]",
    ),
    (
        ["Sở A", 95.29],
        "a row is a Series, a frame of one row or a mapping, not a list\n"
        "  where: row=\n"
        "  mend:  give values.iloc[0]",
    ),
    (
        None,
        "a row is a Series, a frame of one row or a mapping, not a NoneType\n"
        "  where: row=\n"
        "  mend:  give values.iloc[0]",
    ),
    (
        {name: cell for name, cell in SHARE.items() if name != "source"},
        "the row does not say where its number comes from: column source is missing\n"
        "  where: row=\n"
        "  mend:  give the row as measure or score returns it, with all its columns",
    ),
    (
        {"agency": "Sở A", "source": ""},
        "the row is none of values or of scores: it has neither indicator, nor code and "
        "max_points\n"
        "  where: columns: agency, source\n"
        "  mend:  give a row of what measure, quarter_over_quarter or score returns",
    ),
    (
        {},
        "the row is none of values or of scores: it has neither indicator, nor code and "
        "max_points\n"
        "  where: columns: none\n"
        "  mend:  give a row of what measure, quarter_over_quarter or score returns",
    ),
    (
        pd.Series(["a", "b"], index=["source", "source"]),
        "column source stands more than once in the row\n"
        "  where: row=\n"
        "  mend:  keep one column of each name",
    ),
]


@pytest.mark.parametrize(("row", "words"), NO_ROWS)
def test_what_is_no_row_is_refused(row, words):
    with pytest.raises(ValuesError) as caught:
        trace(row)
    assert str(caught.value) == words


def test_a_row_that_is_no_value_is_refused_as_values_are():
    with pytest.raises(ValuesError, match="column status: 'lost' in row 1 is none of"):
        trace(SHARE | {"status": "lost"})
    with pytest.raises(ValuesError, match="value 10 beside 1315/1380"):
        trace(SHARE | {"value": 10, "unit": "percent"})


def test_a_row_that_is_no_whole_score_is_refused(scores):
    row = node(scores, "1.1")
    for name in ("rule", "scheme_status", "assessor"):
        less = {key: cell for key, cell in row.items() if key != name}
        with pytest.raises(ValuesError, match=f"these are no scores: column {name} missing"):
            trace(less)


def test_another_language_is_refused():
    with pytest.raises(CchcError, match="no labels in language 'fr'"):
        trace(SHARE, lang="fr")


def test_every_form_with_cells_has_an_indicator_that_quotes_them(report, measured):
    of = measured["indicator"].map(lambda code: find_indicator(code).form)
    for form in FORMS:
        if (report.places["form"] == form.code).any():
            assert measured[of == form.code]["source"].str.contains("“").any(), form.code


@pytest.mark.parametrize("note", [None, float("nan"), pd.NA])
def test_a_comparison_without_a_note_is_said_without_one(note):
    row = SHARE | {"value": 95.3, "unit": "percent", "basis": "in_period", "group": "all"}
    row |= {"status": "reported", "note": "", "change": pd.NA, "previous": pd.NA}
    compared = trace(pd.Series(row | {"comparison_note": note}))
    assert "so sánh" not in compared and "nan" not in compared
    told = trace(pd.Series(row | {"comparison_note": "quý trước không báo cáo"}))
    assert "quý trước không báo cáo" in told
