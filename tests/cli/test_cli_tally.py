"""`cchc-stats tally`: what it prints, what it writes, and how it ends."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from cchc_stats import FORMS, check, read_ledger, read_report, tally, validate
from cchc_stats.cli import main

ROWS = """\
MaHoSo;TenDonVi;TenLinhVuc;NgayTiepNhan;NgayHenTra;NgayKetThucXuLy;KenhThucHien;TrangThai;ChuHoSo
1;Sở A;Đất đai;10/06/2020 08:00;22/06/2020;20/06/2020 09:00;2;Đã trả kết quả;Nguyễn Văn A
2;Sở A;Đất đai;2020-07-01 08:00:00;08/07/2020;10/07/2020 09:00;1;Đã trả kết quả;Nguyễn Văn B
3;Sở A;Hộ tịch;44076.5;14/09/2020;;3;Đang xử lý;Nguyễn Văn C
4;Sở B;Hộ tịch;01/09/2020;31/12/2020;;2;Chờ bổ sung;Nguyễn Văn D
5;Sở B;Hộ tịch;01/09/2020;31/08/2020;;2;;Nguyễn Văn E
6;Sở B;Hộ tịch;;31/08/2020;;2;;Nguyễn Văn G
"""


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["tally", *(str(word) for word in words)])


def in_english(*words: object) -> Result:
    return run(*words, "--lang", "en")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def test_an_export_is_counted_and_what_was_rejected_is_told(export: Path):
    result = run(export, "--quarter", "2020Q3")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "Đã đọc 6 dòng: 4 hồ sơ, 2 dòng không dùng được, 0 dòng trùng",
        "Không có hạn trả 0, chờ bổ sung 1, trả lại 0, rút 0",
        "Quý III/2020, 15/06/2020-14/09/2020: tiếp nhận 4 (kỳ trước chuyển qua 1, mới 3), đã giải "
        "quyết 2 (đúng hạn 1, quá hạn 1), đang giải quyết 2 (trong hạn 1, quá hạn 1)",
    ]
    assert result.stderr.splitlines() == [
        "  không có ngày tiếp nhận: 1",
        "  hẹn trả trước khi tiếp nhận: 1",
    ]


def test_kinds_of_due_dates_and_statuses_of_the_national_list_are_told(tmp_path: Path):
    path = tmp_path / "export.csv"
    rows = [
        "MaHoSo;TenDonVi;NgayTiepNhan;NgayHenTra;NgayKetThucXuLy;TrangThai",
        "1;Sở A;01/07/2020;10/07/2020 17:00;10/07/2020 16:00;Đã trả kết quả",
        "2;Sở B;01/07/2020;10/07/2020;10/07/2020 16:00;10",
        "3;Sở B;01/07/2020;10/07/2020;12/07/2020;Dừng xử lý",
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    result = run(path, "--quarter", "2020Q3")
    assert result.stdout.splitlines()[2] == (
        "Hạn trả: 2 hồ sơ ghi ngày (tính đến hết ngày đó), 1 hồ sơ ghi giờ (tính đúng giờ đó)"
    )
    assert "đã giải quyết 2 (đúng hạn 2, quá hạn 0)" in result.stdout
    assert result.stderr.splitlines() == [
        "Trạng thái hiểu theo danh mục quốc gia, chưa có văn bản xác nhận: "
        "'10' (1), 'Dừng xử lý' (1)",
        "15/06/2020-14/09/2020: sổ hồ sơ chỉ có từ 01/07/2020 đến 12/07/2020, không đủ kỳ",
    ]


def test_the_table_is_that_of_the_library_and_a_form(export: Path, tmp_path: Path):
    out = tmp_path / "form.csv"
    assert run(export, "--quarter", "2020Q3", "--by", "sector", "--out", out).exit_code == 0
    written = pd.read_csv(out, encoding="utf-8-sig")
    expected = tally(read_ledger(export), "2020Q3", by="sector")
    assert written["sector"].tolist() == expected["sector"].tolist() == ["Đất đai", "Hộ tịch"]
    figures = list(expected.select_dtypes("Int64").columns)
    assert written[figures].values.tolist() == expected[figures].values.tolist()
    assert written["period"].tolist() == ["2020Q3", "2020Q3"]
    form = next(form for form in FORMS if form.code == "dossiers")
    validate(expected[[name for name in expected if name in form.schema.columns]], form)


def test_rejects_are_written_with_their_reasons_and_without_names(export: Path, tmp_path: Path):
    out = tmp_path / "rejects.csv"
    result = run(export, "--quarter", "2020Q3", "--rejects", out)
    assert result.stdout.splitlines()[-1] == str(out)
    rejects = pd.read_csv(out, encoding="utf-8-sig")
    assert rejects[["row", "reason"]].values.tolist() == [
        [5, "due_before_receipt"],
        [6, "no_receipt_date"],
    ]
    assert "Nguyễn" not in out.read_text(encoding="utf-8-sig")


def test_windows_by_their_days_to_date_and_several(export: Path):
    result = run(
        *(export, "--quarter", "9 tháng đầu năm 2020", "--quarter", "2020Q3"),
        *("--from", "2020-06-01", "--to", "2020-06-30", "--by", "whole", "--lang", "en"),
    )
    assert result.exit_code == 0
    lines = result.stdout.splitlines()[2:]
    assert [line.split(": ")[0].split(", ")[-1] for line in lines] == [
        "15/12/2019-14/09/2020",
        "15/06/2020-14/09/2020",
        "01/06/2020-30/06/2020",
    ]
    assert lines[2].endswith(
        "received 1 (carried over 0, new 1), settled 1 (on time 1, late 0), "
        "pending 0 (not due 0, overdue 0)"
    )


def test_working_days_stand_beside_the_counts_when_asked_for(export: Path, tmp_path: Path):
    out = tmp_path / "form.csv"
    assert (
        run(export, "--quarter", "2020Q3", "--by", "whole", "--days", "--out", out).exit_code == 0
    )
    # 10/6 to 20/6/2020 (a Saturday): 7 working days; 1/7 to 10/7: 7.
    assert pd.read_csv(out)["mean_wd"].tolist() == [7.0]


def test_folders_and_unknown_texts(export: Path, tmp_path: Path):
    more = tmp_path / "more" / "deep"
    more.mkdir(parents=True)
    text = ROWS.replace("\n1;", "\n7;").replace(";2;Đã trả", ";qua loa;Đã trả").splitlines()
    (more / "two.csv").write_text("\n".join(text[:2]) + "\n", encoding="utf-16")
    result = run(tmp_path, "--quarter", "2020Q3", "--by", "whole", "--lang", "en")
    assert result.exit_code == 0
    assert result.stdout.startswith("Rows read: 7; dossiers: 5;")
    assert "Not known as a channel or status: 'qua loa' (1)" in result.stderr


@pytest.mark.parametrize("quarter", ["2020Q3", "9 tháng đầu năm 2020"])
@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_the_official_form_is_written_and_reads_back(
    export: Path, tmp_path: Path, kind: str, quarter: str
):
    out = tmp_path / f"bieu.{kind}"
    words = ("--quarter", quarter, "--by", "sector", "--agency", "Sở Y tế", "--out", out)
    assert run(export, *words).exit_code == 0
    report = read_report(out)
    expected = tally(read_ledger(export), quarter, by="sector").set_index("sector")
    read = report.tables["dossiers"].set_index("sector")
    assert report.agency == "Sở Y tế"
    figures = [
        "received_total",
        "newly_received",
        "settled_on_time",
        "settled_late",
        "pending_overdue",
    ]
    for sector in expected.index:
        assert read.loc[sector, figures].tolist() == expected.loc[sector, figures].tolist()
    assert (check(report)["severity"] == "error").sum() == 0


REFUSED = [
    ((), "no window is asked for\n  where: --quarter\n"),
    (("--from", "2020-06-01"), "a window has a first and a last day\n  where: --from, --to\n"),
    (("--quarter", "hôm qua"), 'where: "hôm qua"'),
    (
        ("--from", "2020-06-30", "--to", "2020-06-01"),
        "a window must not end before it starts\n  where: --from 2020-06-30, --to 2020-06-01\n",
    ),
    (("--quarter", "2020Q3", "--out", "x.pdf"), "tables are written as CSV, not as .pdf"),
    (("--quarter", "2020Q3", "--rejects", "x.xlsx"), "tables are written as CSV, not as .xlsx"),
    (
        ("--quarter", "2020Q3", "--quarter", "2020Q4", "--out", "x.xlsx"),
        "the official form is of one quarter, by agency and sector",
    ),
    (
        ("--quarter", "2020Q3", "--by", "procedure", "--out", "x.docx"),
        "the official form is of one quarter, by agency and sector",
    ),
    (
        ("--quarter", "2020Q3", "--columns", "no.toml", "--agency-changes", "x.toml"),
        "there is nothing to read\n  where: --columns no.toml; --agency-changes x.toml\n",
    ),
]


@pytest.mark.parametrize(("options", "said"), REFUSED)
def test_refusals_say_how_to_mend(options: tuple[str, ...], said: str, export: Path):
    result = in_english(export, *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("cchc-stats: ")
    assert said in result.stderr
    assert "mend:" in result.stderr


def test_an_export_that_is_none_is_refused(tmp_path: Path):
    result = in_english(tmp_path / "no.csv", "--quarter", "2020Q3")
    assert result.exit_code == 2
    assert "there is no such file" in result.stderr
    (tmp_path / "x.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    result = in_english(tmp_path / "x.csv", "--quarter", "2020Q3")
    assert "the export has no column for dossier_id" in result.stderr


PARTIAL = [
    "MaHoSo;TenDonVi;NgayTiepNhan;NgayHenTra;NgayKetThucXuLy",
    "1;Sở A;20/08/2020;25/08/2020;24/08/2020",
    "2;Sở A;28/08/2020;04/09/2020;",
    "3;Sở A;31/08/2020;07/09/2020;",
]


def test_a_window_that_the_ledger_does_not_cover_is_told_and_refused_where_asked(tmp_path: Path):
    path = tmp_path / "export.csv"
    path.write_text("\n".join(PARTIAL), encoding="utf-8")
    result = run(path, "--quarter", "2020Q3")
    assert "đang giải quyết 2 (trong hạn 2, quá hạn 0)" in result.stdout
    told = "15/06/2020-14/09/2020: sổ hồ sơ chỉ có từ 20/08/2020 đến 31/08/2020, không đủ kỳ"
    assert told in result.stderr.splitlines()
    strict = in_english(path, "--quarter", "2020Q3", "--strict")
    assert strict.exit_code == 2
    assert "the ledger does not cover the whole window" in strict.stderr
    as_of = run(path, "--quarter", "2020Q3", "--as-of", "2020-08-29")
    assert "tiếp nhận 2 (kỳ trước chuyển qua 0, mới 2)" in as_of.stdout


def test_what_reading_decided_is_told_in_one_sentence(tmp_path: Path):
    (tmp_path / "2020-08.csv").write_text("\n".join(PARTIAL), encoding="utf-8")
    later = [PARTIAL[0], PARTIAL[2] + "03/09/2020"]
    (tmp_path / "2020-09.csv").write_text("\n".join(later), encoding="utf-8")
    (tmp_path / "ghi-chu.txt").write_text("Nộp trước ngày 15.", encoding="utf-8")
    told = run(tmp_path, "--quarter", "2020Q3").stderr
    assert "dòng được bản xuất mới hơn, hoặc bước sau, thay thế 1" in told
    assert "hồ sơ đang mở không còn trong bản xuất sau 1" in told
    assert "tệp không đọc được 1 (ghi-chu.txt" in told


def test_nothing_small_is_printed_or_written_below_a_bound(tmp_path: Path):
    rows = ["MaHoSo;TenLinhVuc;NgayTiepNhan;NgayHenTra;NgayKetThucXuLy"]
    late = {"Đất đai": 2, "Hộ tịch": 9, "Đầu tư": 8, "Y tế": 31}
    for sector, number in late.items():
        for at in range(60):
            settled = "20/07/2020" if at < number else "09/07/2020"
            rows.append(f"{sector}{at};{sector};01/07/2020;10/07/2020;{settled}")
    export, out = tmp_path / "export.csv", tmp_path / "public.csv"
    export.write_text("\n".join(rows), encoding="utf-8")
    words = (export, "--quarter", "2020Q3", "--by", "sector", "--below", 5)
    result = run(*words, "--out", out)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines() == [
        "không công bố: số dưới 5, hoặc số mà từ đó suy ra được số dưới 5",
        str(out),
    ]
    table = pd.read_csv(out).set_index("sector")
    assert table["settled_late"].isna().sum() > 1
    assert pd.isna(table.loc["Đất đai", "settled_late"])
    assert table.loc["Đất đai", ["settled_total", "settled_on_time"]].isna().any()
    assert table.loc["Y tế", "settled_late"] == 31
    assert "due_on_time" not in table  # 58 of 60 due on time would tell it again
    assert run(*words, "--out", tmp_path / "public.docx").exit_code == 0
    form = read_report(tmp_path / "public.docx", agency="Sở A").tables["dossiers"]
    assert form.set_index("sector").loc["Đất đai", ["settled_late"]].isna().all()


@pytest.mark.parametrize(
    ("more", "what"),
    [
        (["--rejects", "rejects.csv"], "durations and rejected rows are of single dossiers"),
        (["--days"], "durations and rejected rows are of single dossiers"),
        (["--from", "2020-07-01", "--to", "2020-07-31"], "what windows of days have in common"),
    ],
)
def test_what_tells_of_single_dossiers_is_not_published(export: Path, more: list[str], what: str):
    result = in_english(export, "--quarter", "2020Q3", "--below", 5, *more)
    assert result.exit_code == 2
    assert what in result.stderr
    assert "where: --below" in result.stderr


def test_what_reading_offers_the_command_offers(tmp_path: Path):
    """Two offices of one number, two exports, years of two digits, an agency renamed since."""
    heading = "Mã hồ sơ;Đơn vị xử lý;Ngày tiếp nhận;Ngày hẹn trả;Ngày trả"
    (tmp_path / "b.csv").write_text(
        f"{heading}\n7;Sở Rừng;20/06/20;10/07/20;\n7;Sở B;20/06/20;10/07/20;09/07/20\n"
    )
    (tmp_path / "a.csv").write_text(f"{heading}\n7;SỞ RỪNG;20/06/20;10/07/20;11/07/20\n")
    (tmp_path / "own.toml").write_text(
        '[[change]]\nold = "Sở Rừng"\nnew = "Sở Xanh"\non = 2020-07-01\n'
        'source = "made up"\nstatus = "confirmed"\n'
    )
    days = ["--exported-on", "b.csv=2020-06-30", "--exported-on", "a.csv=2020-09-15"]
    options = ["--key", "agency", "--two-digit-years", "--agency-changes", tmp_path / "own.toml"]
    out = tmp_path / "out.csv"
    result = run(*(tmp_path / name for name in ("a.csv", "b.csv")), "--quarter", "2020Q3",
                 "--by", "agency", *days, *options, "--out", out)  # fmt: skip
    assert result.exit_code == 0, result.stderr
    table = pd.read_csv(out)
    assert table[["agency", "settled_on_time", "settled_late"]].values.tolist() == [
        ["Sở B", 1, 0],
        ["Sở Xanh", 0, 1],
    ]


def test_an_export_without_dossiers_covers_nothing(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text("Mã hồ sơ;Đơn vị xử lý;Ngày tiếp nhận;Ngày hẹn trả;Ngày trả\n")
    result = run(path, "--quarter", "2020Q3", "--strict")
    assert result.exit_code == 2
    assert "sổ hồ sơ chỉ có từ – đến –" in result.stderr


def test_days_of_exports_are_of_names_or_in_order(export: Path):
    days = ["--exported-on", "2020-06-30", "--exported-on", f"{export.name}=2020-09-15"]
    result = in_english(export, "--quarter", "2020Q3", *days)
    assert (result.exit_code, "say FILE=DAY each time" in result.stderr) == (2, True)


def test_the_due_day_may_be_that_of_the_law(tmp_path: Path):
    """Three working days from Wednesday 01/07/2020 end on Monday 06/07, before the printed day."""
    path, out = tmp_path / "export.csv", tmp_path / "out.csv"
    heading = "MaHoSo;TenDonVi;NgayTiepNhan;NgayHenTra;NgayKetThucXuLy;Thời hạn giải quyết"
    row = "1;Sở A;01/07/2020;10/07/2020;07/07/2020;3 ngày làm việc"
    path.write_text(f"{heading}\n{row}\n", encoding="utf-8")
    late = []
    for due in ("printed", "legal"):
        result = run(path, "--quarter", "2020Q3", "--by", "whole", "--due", due, "--out", out)
        assert result.exit_code == 0
        late.append(int(pd.read_csv(out)["settled_late"].sum()))
    assert late == [0, 1]
    digital = ("--form", "digital_services", "--due", "legal")
    refused = run(path, "--quarter", "2026Q3", *digital)
    assert (refused.exit_code, "--due legal" in refused.stderr) == (2, True)
    assert "--agency, who reports" in run("--help").stdout


def test_why_a_file_of_a_folder_was_left_out_is_said_in_the_language_asked(tmp_path: Path):
    rows = "Mã hồ sơ;Ngày tiếp nhận;Ngày hẹn trả;Ngày trả\n1;01/07/2020;10/07/2020;\n"
    (tmp_path / "a.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04zzzz")
    for lang, why in (
        ("vi", "b.xlsx: tệp Excel bị cắt cụt"),
        ("en", "b.xlsx: the workbook is cut"),
    ):
        told = run(tmp_path, "--quarter", "2020Q3", "--lang", lang)
        assert why in told.stderr
