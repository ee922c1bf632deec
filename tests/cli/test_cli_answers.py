"""`cchc-stats answers`: the workbook in which units answer for a scheme."""

from click.testing import CliRunner

from cchc_stats.cli import main
from cchc_stats.index import read_answers


def run(*words: object):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_a_sheet_for_the_units_of_a_list(tmp_path):
    units, out = tmp_path / "units.toml", tmp_path / "phieu.xlsx"
    units.write_text('province = "tỉnh A"\n[[unit]]\nname = "Sở Nội vụ"\n', "utf-8")
    result = run(
        *("answers", "example-department", "--units", units, "--agencies", "Sở Y tế"),
        *("--period", "2026Q3", "--out", out),
    )
    assert result.exit_code == 0, result.output
    assert result.stdout.strip() == str(out)
    assert read_answers(out)["agency"].unique().tolist() == ["Sở Y tế", "Sở Nội vụ"]


def test_without_units_it_is_refused(tmp_path):
    result = run("answers", "example-department", "--out", tmp_path / "phieu.xlsx")
    assert result.exit_code == 2
    assert "chưa cho đơn vị nào" in result.stderr
    assert not [*tmp_path.iterdir()]
