"""The command line: what it writes, what it says, and how it ends."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from cchc_stats import CchcError, read_report, read_values
from cchc_stats.cli import main
from cchc_stats.publishing.page import folder as writing

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data" / "binh-dinh-skhcn-2020q3"


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def in_english(*words: object) -> Result:
    return run(*words, "--lang", "en")


def refused(result: Result) -> str:
    """Return what stands on stderr of a run that ended with 2 and without a traceback."""
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert isinstance(result.exception, SystemExit)
    return result.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the real report to spoil."""
    return Path(shutil.copytree(DATA, tmp_path / "copy"))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    """Return how a run over the real report ended, and its folder, to be left as it is."""
    out = tmp_path_factory.mktemp("published") / "new" / "folder"
    return run("report", DATA, "--out", out), out


def test_a_report_is_published(published: tuple[Result, Path]):
    result, out = published
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "Sở Khoa học và Công nghệ tỉnh Bình Định, Quý III/2020",
        "Kiểm tra: 2 lỗi, 7 cảnh báo, 13 ghi chú",
        str(out / "index.html"),
    ]
    assert result.stderr == ""  # no bar where nobody watches
    for name in ("index.html", "bieu.docx", "bieu.xlsx", "values.csv"):
        assert (out / name).is_file()
    assert not list(out.glob("*.png"))


def test_the_program_runs_on_its_own_in_english_with_annexes_and_targets(tmp_path: Path):
    units = tmp_path / "units.toml"
    units.write_text(
        'province = "tỉnh Bình Định"\n[targets]\non_time_rate_settled = 95\n'
        '[[unit]]\nname = "Sở Khoa học và Công nghệ"\n',
        encoding="utf-8",
    )
    words = [sys.executable, "-m", "cchc_stats.cli", "report", str(DATA), "--out", str(tmp_path)]
    done = subprocess.run(
        [*words, "--lang", "en", "--annexes", "--units", str(units)],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        timeout=300,
    )
    assert done.returncode == 0, done.stderr.decode()
    lines = done.stdout.decode().splitlines()
    assert lines[1] == "Checks: errors 2, warnings 7, notes 13"
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in page
    assert "≥ 95%" in page
    assert '<details class="annex" open>' in page
    units.write_text(units.read_text("utf-8").replace("on_time", "in_time"), encoding="utf-8")
    said = refused(in_english("report", DATA, "--out", tmp_path, "--units", units))
    assert f"{units} [targets]: 'in_time_rate_settled': 95.0" in said


def test_a_console_without_vietnamese_letters_does_not_end_the_run(tmp_path: Path):
    words = [sys.executable, "-m", "cchc_stats.cli", "report", str(tmp_path / "Sở"), "--out", "x"]
    done = subprocess.run(
        words,
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": "ascii:strict"},
        timeout=300,
    )
    assert done.returncode == 2
    assert b"PATH" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_broken_identity_is_a_finding_not_a_failure(copy: Path, tmp_path: Path):
    table = copy / "documents.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("1380", "1381"), encoding="utf-8")
    result = run("report", copy, "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "Kiểm tra: 3 lỗi, 7 cảnh báo" in result.stdout
    findings = (tmp_path / "out" / "findings.csv").read_text(encoding="utf-8-sig")
    assert "65 + 1315 = 1380" in findings


# --- refusals


def test_a_missing_folder(tmp_path: Path):
    said = refused(in_english("report", tmp_path / "nope", "--out", tmp_path / "out"))
    assert said == (
        "cchc-stats: there is nothing to read\n"
        f"  where: PATH {tmp_path / 'nope'}\n"
        "  mend:  check the path\n"
    )
    assert not (tmp_path / "out").exists()


def test_a_folder_without_head(tmp_path: Path):
    said = refused(in_english("report", tmp_path, "--out", tmp_path / "out"))
    assert "the folder has no head" in said
    assert "mend:  add report.toml" in said


def test_a_head_that_is_no_toml(copy: Path, tmp_path: Path):
    (copy / "report.toml").write_text("agency = ", encoding="utf-8")
    said = refused(in_english("report", copy, "--out", tmp_path / "out"))
    assert "the head cannot be read" in said


def test_a_table_with_a_wrong_column(copy: Path, tmp_path: Path):
    table = copy / "staffing.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("category", "kategory", 1), "utf-8")
    said = refused(in_english("report", copy, "--out", tmp_path / "out"))
    assert "column category" in said
    assert "staffing.csv" in said
    assert not (tmp_path / "out").exists()


def test_a_target_that_is_a_file(tmp_path: Path):
    target = tmp_path / "out"
    target.write_text("mine")
    said = refused(in_english("report", DATA, "--out", target))
    assert said == (
        "cchc-stats: the target is a file, not a folder\n"
        f"  where: {target}\n"
        "  mend:  give the name of a folder, new or of an earlier run\n"
    )
    assert target.read_text() == "mine"


def test_a_folder_in_the_place_of_a_file_is_left_and_so_is_all_else(tmp_path: Path):
    (tmp_path / "index.html").mkdir()
    (tmp_path / "values.csv").write_text("mine")
    said = refused(in_english("report", DATA, "--out", tmp_path))
    assert "a folder stands where index.html is to be written" in said
    assert "mend:  move that folder away, or give another target" in said
    assert (tmp_path / "values.csv").read_text() == "mine"


def test_a_target_whose_name_no_folder_can_have(tmp_path: Path):
    said = refused(in_english("report", DATA, "--out", tmp_path / ("a" * 300)))
    assert "the target cannot be " in said


def test_a_target_that_cannot_be_made(tmp_path: Path):
    (tmp_path / "file").write_text("mine")
    said = refused(in_english("report", DATA, "--out", tmp_path / "file" / "out"))
    assert said.startswith("cchc-stats: the target cannot be written: ")
    assert f"where: {tmp_path / 'file' / 'out'}" in said
    assert "mend:  give a folder you may write to" in said


def test_the_reports_own_folder_is_no_target(copy: Path):
    before = (copy / "claims.csv").read_bytes()
    said = refused(in_english("report", copy, "--out", copy))
    assert "the target is the folder of a report, whose own tables would be overwritten" in said
    assert (copy / "claims.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["report"], "Missing argument 'PATH'"),
        (["report", DATA], "Missing option '--out'"),
        (["check", DATA, "--only", "bad"], "'bad' is not one of 'error', 'warning', 'note'"),
        (["rapport"], "No such command 'rapport'"),
    ],
)
def test_usage(words: list[object], said: str):
    assert said in refused(in_english(*words))


def test_help_teaches():
    result = run("report", "--help")
    assert result.exit_code == 0
    assert "cchc-stats report data/binh-dinh-skhcn-2020q3.docx --out build/report" in result.stdout
    for name in ("index.html", "values.csv", "comparisons.csv", "findings.csv", "bieu.docx"):
        assert name in result.stdout
    assert "report" in run("--help").stdout


def test_a_report_is_scored(tmp_path: Path):
    result = run("report", DATA, "--out", tmp_path, "--scheme", "example-department")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1] == str(tmp_path / "index.html")
    assert "Thang điểm ví dụ" in result.stderr
    assert (tmp_path / "scores.csv").is_file()
    assert "Đã biết" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_a_report_has_the_history_that_is_given(published: tuple[Result, Path], tmp_path: Path):
    before = published[1]
    values = pd.read_csv(before / "values.csv", dtype="str")
    values = values.drop(columns=values.filter(like="row_of_"))  # rows are taken out on purpose
    now = values[(values["period"] == "2020Q3") & (values["basis"] != "year_to_date")]
    earlier = pd.concat(now.assign(period=quarter) for quarter in ("2020Q1", "2020Q2"))
    earlier.to_csv(tmp_path / "history.csv", index=False)
    out = tmp_path / "two"
    result = run("report", DATA, "--out", out, "--history", tmp_path / "history.csv")
    assert result.exit_code == 0, result.output
    page = (out / "index.html").read_text(encoding="utf-8")
    assert '<section id="trends">' in page
    assert '<section id="trends">' not in (before / "index.html").read_text("utf-8")
    assert "nothing.csv" in refused(
        in_english("report", DATA, "--out", out, "--history", "nothing.csv")
    )


def test_a_form_that_is_refused_is_told_and_the_page_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_: object, **__: object) -> Path:
        raise CchcError("a row has no place", where="documents", mend="save it as .docx")

    monkeypatch.setattr(writing, "write_form", refuse)
    result = run("report", DATA, "--out", tmp_path)
    assert result.exit_code == 0
    assert "cchc-stats: bieu.xlsx: a row has no place\n  ở:        documents\n" in result.stderr
    assert (tmp_path / "index.html").is_file()


# --- for programs


def test_a_report_is_told_to_programs(tmp_path: Path):
    words = ["report", DATA, "--out", tmp_path, "--scheme", "example-department", "--json"]
    found = json.loads(run(*words).stdout)
    assert (found["agency"], found["period"]) == (
        "Sở Khoa học và Công nghệ tỉnh Bình Định",
        "2020Q3",
    )
    assert found["findings"] == {"error": 2, "warning": 7, "note": 13}
    assert found["index"]["points"] is None
    assert found["index"]["complete"] is False
    assert all(Path(file).is_file() for file in found["files"])
    assert found["refused"] == {}


def test_findings_are_told_to_programs(tmp_path: Path):
    result = run("check", DATA, tmp_path / "nothing.docx", "--only", "error", "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert [one["severity"] for one in found["reports"][0]["findings"]] == ["error", "error"]
    assert found["reports"][0]["findings"][0]["period"] == "2020Q3"
    assert found["failures"][0]["what"] == "không có gì để đọc"


def test_scores_and_schemes_are_told_to_programs(tmp_path: Path):
    (tmp_path / "answers.csv").write_text(ANSWERS, "utf-8")
    words = [*SELF, "--answers", tmp_path / "answers.csv", "--json", "--reasons", "--lost"]
    (found,) = json.loads(run(*words).stdout)
    assert (found["agency"], found["period"], found["points"]) == ("Bình Định", "2019Q4", 59.69)
    assert found["reasons"]["F8"].startswith("Tác động")
    assert sum(one["lost"] for one in found["lost"]) == pytest.approx(65 - 59.69)
    schemes = json.loads(run("schemes", "--json").stdout)
    assert "qd-766-2022" in [one["name"] for one in schemes]
    nodes = json.loads(run("schemes", "qd-766-2022", "--json").stdout)
    assert nodes[0]["parent"] == ""


def test_a_refusal_leaves_stdout_empty_for_programs_too():
    assert "where: PATH no\n" in refused(in_english("report", "no", "--out", "x", "--json"))


def test_answers_need_a_scheme(tmp_path: Path):
    told = refused(in_english("report", DATA, "--out", tmp_path, "--answers", DATA / "answers.csv"))
    assert "answers are for scoring" in told
    assert "--scheme" in told


ANSWERS = "agency,period,code,number\n" + "".join(
    f'Bình Định,2019Q4,F{number},"{points}"\n'
    for number, points in enumerate(["7", "5", "13,65", "7,04", "7", "8", "9", "3"], start=1)
)
SELF = ["score", "-", "--scheme", "par-index-2019-province-self"]


def test_a_whole_score_ends_with_0(tmp_path: Path):
    (tmp_path / "answers.csv").write_text(ANSWERS, "utf-8")
    out = tmp_path / "scores.csv"
    result = run(*SELF, "--answers", tmp_path / "answers.csv", "--out", out)
    assert result.exit_code == 0, result.output
    assert result.stdout == "Bình Định, Quý IV/2019: Đạt 59,69/65 điểm (91,83%).\n"
    assert result.stderr == ""
    assert out.read_text("utf-8-sig").startswith("agency,period,assessor,code,")


def test_an_open_score_ends_with_1_and_says_what_is_missing(tmp_path: Path):
    (tmp_path / "answers.csv").write_text(ANSWERS.replace("F8", "F7"), "utf-8")
    told = refused(in_english(*SELF, "--answers", tmp_path / "answers.csv"))
    assert "rows 7, 8 answer one leaf twice" in told
    (tmp_path / "answers.csv").write_text("\n".join(ANSWERS.splitlines()[:-1]) + "\n", "utf-8")
    result = run(*SELF, "--answers", tmp_path / "answers.csv", "--lang", "en", "--lost")
    assert result.exit_code == 1
    assert "56.69 points are known; 6 of 65 points are not known yet" in result.stdout
    assert result.stdout.splitlines()[-1] == "  -?  Impact of the reform: no figure"


def test_values_are_scored_with_reasons(published: tuple[Result, Path]):
    words = ["score", published[1] / "values.csv", "--scheme", "example-department", "--reasons"]
    result = run(*words, "--answers", DATA / "answers.csv")
    assert result.exit_code == 1
    assert "7.1.1 Tỷ lệ văn bản điện tử" in result.stdout
    assert "1.315/1.380 = 95,29 %" in result.stdout


def test_two_kinds_of_quarter_are_scored_together_where_that_is_asked(tmp_path: Path):
    days = {"A": "2026-06-15,2026-09-14", "B": "2026-07-01,2026-09-30"}
    rows = [f"Sở {name},2026Q3,ON_TIME,9,10,{of}\n" for name, of in days.items()]
    head = "agency,period,indicator,numerator,denominator,window_start,window_end\n"
    (tmp_path / "values.csv").write_text(head + "".join(rows), "utf-8")
    words = ["score", tmp_path / "values.csv", "--scheme", "qd-766-2022"]
    assert "or pass --across-windows: the score's note says so" in refused(in_english(*words))
    assert run(*words, "--across-windows").exit_code == 1


def test_each_assessor_is_named_in_words(tmp_path: Path):
    said = pd.concat(
        pd.read_csv(StringIO(ANSWERS), dtype="str").assign(assessor=name)
        for name in ("self", "appraised_1")
    )
    said.to_csv(tmp_path / "answers.csv", index=False)
    lines = run(*SELF, "--answers", tmp_path / "answers.csv").stdout.splitlines()
    assert [", thẩm định vòng 1: " in line for line in lines] == [False, True]


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["score", "nothing.csv", "--scheme", "qd-766-2022"], "nothing.csv"),
        (["score", "-", "--scheme", "qd-766-2023"], "qd-766-2022"),
        (["score", "-", "--scheme", "qd-766-2022"], "there is nothing to score"),
        (["schemes", "qd-766-2023"], "qd-766-2022"),
    ],
)
def test_what_cannot_be_scored_is_said(words: list[str], what: str):
    assert what in refused(in_english(*words))


def test_scores_that_cannot_be_written_are_refused(tmp_path: Path):
    (tmp_path / "answers.csv").write_text(ANSWERS, "utf-8")
    words = [*SELF, "--answers", tmp_path / "answers.csv", "--out", tmp_path / "no" / "scores.csv"]
    assert "there is no such folder to write into" in refused(in_english(*words))


def test_schemes_are_listed_and_shown():
    listed = run("schemes")
    assert "  100 điểm, 46 tiêu chí chấm điểm; thang điểm ví dụ" in listed.stdout
    assert listed.exit_code == 0
    names = [line.split(":")[0] for line in listed.stdout.splitlines() if not line.startswith(" ")]
    assert names == [
        "example-department",
        "example-digital-services",
        "par-index-2019-province-self",
        "qd-766-2022",
        "qd-766-2022-online",
    ]
    english = run("schemes", "--lang", "en").stdout
    assert "qd-766-2022: Index of service to citizens and businesses" in english
    shown = run("schemes", "qd-766-2022", "--lang", "en")
    assert "    ON_TIME 2.1" in shown.stdout
    assert "20 points [proportional: ON_TIME]" in shown.stdout
    assert "no decision's" in run("schemes", "example-department", "--lang", "en").stderr
    assert "Provisional scheme" in run("schemes", "qd-766-2022-online", "--lang", "en").stderr


# --- form


def test_a_report_is_written_as_a_form_and_checked_again(tmp_path: Path):
    out = tmp_path / "bieu.docx"
    result = run("form", DATA, "--out", out, "--as-reports")
    assert (result.exit_code, result.stdout.strip()) == (0, str(out))
    again = run("check", out)
    assert "Sở Khoa học và Công nghệ tỉnh Bình Định, Quý III/2020" in again.stdout


def test_an_empty_form_is_handed_out(tmp_path: Path):
    out = tmp_path / "mau.xlsx"
    words = ["form", "--blank", "--period", "2020Q4", "--agency", "Sở Y tế", "--out", out]
    assert run(*words).exit_code == 0
    assert out.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["form"], "Missing option '--out'"),
        (["form", "--out", "x.docx"], "where: no PATH, and no --blank"),
        (["form", DATA, "--blank", "--out", "x.docx"], "where: PATH and --blank are both given"),
        (["form", "--blank", "--out", "x.docx"], "the empty form has no quarter"),
        (["form", DATA, "--out", "x.pdf"], "a form is not written as .pdf"),
        (["form", DATA, "--out", "x.docx", "--period", "2031Q1"], "there is nothing of Quý I/2031"),
        (["form", DATA, "--out", "x.docx", "--period", "2031Q1"], "or --blank without PATH"),
        (["form", "nothing.docx", "--out", "x.docx"], "there is nothing to read"),
    ],
)
def test_a_form_that_cannot_be_written_is_told(words: list[object], said: str):
    assert said in refused(in_english(*words))
    assert not Path("x.docx").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", DATA, "--out", "x.docx"], "written as CSV, not as .docx\n  where: --out x.docx"),
        (
            ["score", "-", "--scheme", "example-department", "--out", "x.docx"],
            "written as CSV, not as .docx\n  where: --out x.docx",
        ),
        (["score", "-", "--scheme", "example-department"], "give VALUES, --answers, or both"),
        (
            ["score", "no.csv", "--scheme", "example-department", "--answers", "a.csv"],
            "there is nothing to read\n  where: VALUES no.csv; --answers a.csv\n",
        ),
        (
            ["check", DATA, "--layouts", "no.toml", "--corrections", "no.csv"],
            "where: --layouts no.toml; --corrections no.csv\n",
        ),
    ],
)
def test_refusals_speak_of_the_command_line(words: list[object], said: str):
    assert said in refused(in_english(*words))
    assert not Path("x.docx").exists()


# --- how it ends


def test_stopped_while_it_starts_it_ends_without_a_traceback():
    program = """
import runpy, sys
class Stopped:
    def find_spec(name, *_):
        if name == "cchc_stats.cli.reports":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Stopped)
runpy.run_module("cchc_stats.cli", run_name="__main__")
"""
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (130, b"")


def ends(*words: object, **options: object) -> subprocess.CompletedProcess:
    program = [sys.executable, "-m", "cchc_stats.cli", *map(str, words)]
    return subprocess.run(program, check=False, timeout=300, stderr=subprocess.PIPE, **options)


def test_nobody_reads_what_is_printed():
    read, write = os.pipe()
    os.close(read)
    done = ends("schemes", "qd-766-2022", stdout=write)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk here")
def test_a_full_disk_behind_what_is_printed():
    with Path("/dev/full").open("w") as full:
        done = ends("schemes", "--lang", "en", stdout=full)
    assert done.returncode == 2
    assert b"cchc-stats: No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("fault", "code", "told"),
    [
        (KeyboardInterrupt(), 130, "cchc-stats: stopped\n"),
        (MemoryError(), 2, "cchc-stats: there is not memory enough\n"),
        (OSError(28, "No space left on device"), 2, "cchc-stats: No space left on device\n"),
        (KeyError("x"), 2, "cchc-stats: a fault of the program: KeyError: 'x'\n"),
    ],
)
def test_whatever_happens_it_ends_with_a_word(monkeypatch, fault, code, told):
    def fail(**_: object) -> None:
        raise fault

    monkeypatch.setattr("cchc_stats.cli.scoring.list_schemes", fail)
    result = in_english("schemes")
    assert result.exit_code == code
    assert result.stderr.startswith(told)
    assert "Traceback" not in result.stderr


def test_wrong_use_ends_with_2():
    assert run("check").exit_code == 2
    assert run("no-such-command").exit_code == 2
    assert run("--help").exit_code == 0


def test_what_a_report_does_not_say_is_given_on_the_line(tmp_path: Path):
    path = tmp_path / "bc.txt"
    path.write_text("Đã tiếp nhận 12 hồ sơ.\n", encoding="utf-8")
    said = refused(in_english("form", path, "--out", tmp_path / "a.docx"))
    assert "mend:  give it: --agency …, --period …" in said
    assert run("check", path, "--agency", "Sở A", "--period", "2020Q3").exit_code == 0


def test_a_report_without_small_numbers_leaves_them_out_of_every_file(tmp_path: Path):
    out = tmp_path / "out"
    result = run("report", DATA, "--out", out, "--below", 5)
    assert result.exit_code == 0
    assert "không công bố: số dưới 5, hoặc số mà từ đó suy ra được số dưới 5" in result.stdout
    values = read_values(out / "values.csv")
    assert (values["suppressed"].fillna("") != "").sum() > 10
    carried, form = "carried_over", read_report(out / "bieu.docx").tables["dossiers"]
    assert form[carried].isna().all()
    assert (form["received_total"].isna() | form["newly_received"].isna()).all()
    for file in ("claims.csv", "unplaced.csv"):
        assert len(pd.read_csv(out / file)) == 0
    # The one dossier pending, and 2 carried over: of 61, 59 were new.
    pending = values[values["indicator"] == "dossiers_pending"]
    assert pending["value"].isna().all()
