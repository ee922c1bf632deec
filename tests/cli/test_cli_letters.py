"""`cchc-stats letters`: a letter to each unit, from the reports as they came."""

from click.testing import CliRunner
from seed import FOLDER

from cchc_stats.cli import main


def run(*words: object):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_a_report_with_faults_gives_a_letter_and_a_missing_one_a_reminder(tmp_path):
    units = tmp_path / "units.toml"
    names = ("Sở Khoa học và Công nghệ", "Sở Nội vụ")
    units.write_text(
        'province = "tỉnh Bình Định"\n' + "".join(f'[[unit]]\nname = "{one}"\n' for one in names),
        "utf-8",
    )
    result = run("letters", FOLDER, "--units", units, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    written = [line.rpartition("/")[2] for line in result.stdout.splitlines()]
    assert written == ["2020Q3-so-khoa-hoc-va-cong-nghe.docx", "2020Q3-so-noi-vu.docx"]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {*written}


def test_the_edition_before_is_held_against(tmp_path):
    result = run("letters", FOLDER, "--earlier", FOLDER, "--xlsx", "--out", tmp_path)
    assert result.exit_code == 0, result.output
    assert len(result.stdout.splitlines()) == 2


def test_refusals(tmp_path):
    result = run("letters", tmp_path / "none", "--out", tmp_path / "out")
    assert result.exit_code == 2
    result = run("letters", FOLDER, "--units", tmp_path / "none.toml", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "--units" in result.stderr
    assert not (tmp_path / "out").exists()
