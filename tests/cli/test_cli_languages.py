"""What the command line says when it refuses is in one language, the one that is asked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from cchc_stats.cli import main

DATA = Path(__file__).parents[2] / "data" / "binh-dinh-skhcn-2020q3"
VIETNAMESE = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]")
ENGLISH = re.compile(
    r"(?<![\w./=-])(?:the|is|are|of|not|and|or|with|it|for|from|by|at|as|this|that|which|what|there"
    r"|no|give|use|write|say|missing|such|one|row|column|file|where|mend|option|argument|cannot"
    r"|error|usage|try|more|than)(?![\w./=-])",
    re.IGNORECASE,
)
# What is quoted stands as it is written: names of columns, words of a file, what to type.
QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|`[^`\n]*`|(?:/[^\s/;,:]+)+")


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with files that cannot be used, in which the commands run."""
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "trong.txt": "",
        "khong.txt": "Đã tiếp nhận 12 hồ sơ.\n",
        "a.csv": "a;b\n1;2\n",
        "answers.csv": "agency,period,code,answer\nSở A,2020Q3,9.9.9,yes\n",
        "bad.csv": "agency,period,code\n",
        "values.csv": "agency,period,indicator,value\nSở A,2020Q3,x,mười\n",
        "scheme.toml": 'name = "x"\n[[nodes]]\ncode = 1\nrule = "propotional"\n',
        "no.toml": "a = = b\n",
        "units.toml": 'province = "tỉnh A"\n[[unit]]\nname = "Sở A"\n',
        "own.toml": '[columns]\nwhen = "Ngày"\n',
        "lay.toml": '[colums]\n"x" = "y"\n',
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "hong.docx").write_bytes(b"PK\x03\x04")
    (tmp_path / "anh.docx").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    (tmp_path / "rong").mkdir()
    return tmp_path


QUARTER = ("--quarter", "2020Q3")
SCORE = ("--scheme", "example-department")
REFUSED = [
    (),
    ("rapport",),
    ("check",),
    ("report", DATA),
    ("check", DATA, "--ony", "error"),
    ("check", DATA, "--only", "bad"),
    ("check", DATA, "--budget", "x"),
    ("check", DATA, "--budget", "0"),
    ("tally", "a.csv", *QUARTER, "--below"),
    ("schemes", "a", "b"),
    ("check", "nope.docx"),
    ("check", "trong.txt"),
    ("check", "khong.txt"),
    ("check", "hong.docx"),
    ("check", "anh.docx"),
    ("check", "a.csv"),
    ("check", "rong"),
    ("check", "khong.txt", "--layouts", "no.toml"),
    ("check", "khong.txt", "--layouts", "lay.toml"),
    ("check", DATA, "--corrections", "a.csv"),
    ("check", DATA, "--period", "2020-13"),
    ("check", DATA, "--out", "x.docx"),
    ("report", DATA, "--out", DATA),
    ("report", DATA, "--out", "a.csv"),
    ("report", DATA, "--out", "x", "--scheme", "qd-1"),
    ("report", DATA, "--out", "x", "--answers", "answers.csv"),
    ("report", DATA, "--out", "x", "--history", "a.csv"),
    ("form", "--out", "x.docx"),
    ("form", DATA, "--out", "x.pdf"),
    ("form", DATA, "--out", "x.docx", "--period", "2031Q1"),
    ("form", DATA, "--out", "kia/x.docx"),
    ("form", "--blank", "--out", "x.docx", "--period", "tháng 5 năm 2020"),
    ("score", "-", *SCORE),
    ("score", "values.csv", *SCORE),
    ("score", "-", *SCORE, "--answers", "answers.csv"),
    ("score", "-", *SCORE, "--answers", "bad.csv"),
    ("score", "-", "--scheme", "scheme.toml"),
    ("score", "-", "--scheme", "no.toml"),
    ("schemes", "qd-766-2023"),
    ("tally", "a.csv"),
    ("tally", "a.csv", *QUARTER),
    ("tally", "no.csv", *QUARTER),
    ("tally", "rong", *QUARTER),
    ("tally", "a.csv", *QUARTER, "--columns", "own.toml"),
    ("tally", "a.csv", "--quarter", "quý 5 năm 2020"),
    ("tally", "a.csv", "--from", "2020-06-30", "--to", "2020-06-01"),
    ("tally", "a.csv", *QUARTER, "--exported-on", "hôm nào"),
    ("tally", "a.csv", *QUARTER, "--below", "5", "--days"),
    ("tally", "a.csv", *QUARTER, "--agency-changes", "no.toml"),
    ("check", "khong.txt", "--units", "no.toml"),
    ("check", "khong.txt", "--units", "own.toml"),
    ("units", "rong"),
    ("letters", "rong", "--out", "o"),
    ("province", "rong", "--units", "own.toml", "--out", "o"),
    ("province", "rong", "--units", "units.toml", "--out", "o"),
]


def told(words: tuple[object, ...], lang: str) -> str:
    """Return what a refusal says beside quotes, in a language that is asked or the usual one."""
    options = [] if lang == "vi" else ["--lang", lang]
    result = CliRunner().invoke(main, [*map(str, words), *options])
    assert result.exit_code == 2, words
    assert result.stdout == ""
    return QUOTED.sub("", result.stderr)


@pytest.mark.parametrize("words", REFUSED[1:], ids=lambda words: " ".join(map(str, words[:4])))
def test_a_refusal_is_in_the_language_asked(words: tuple[object, ...], files: Path):
    vietnamese, english = told(words, "vi"), told(words, "en")
    assert VIETNAMESE.search(vietnamese)
    assert not ENGLISH.search(vietnamese), vietnamese
    assert not VIETNAMESE.search(english), english


def test_without_a_command_help_is_printed():
    assert "Commands:" in CliRunner().invoke(main, []).output


@pytest.mark.parametrize("words", REFUSED[1:], ids=lambda words: " ".join(map(str, words[:4])))
def test_nobody_is_told_to_call_python(words: tuple[object, ...], files: Path):
    for lang in ("vi", "en"):
        assert not re.search(r"\w\([^)]*[=…]|\w\(\)|\b[a-z_]+=(?=[\s,;:…]|$)", told(words, lang))
