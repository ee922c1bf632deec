"""What is particular to a form stands with the form: read from the sources, and by adding one."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import cchc_stats
from cchc_stats.forms import FORMS, LEDGER

SRC = Path(cchc_stats.__file__).parent
CODES = {form.code for form in (*FORMS, LEDGER)}
FILES = [path for path in sorted(SRC.rglob("*.py")) if path.relative_to(SRC).parts[0] != "forms"]
# Facts that tie two forms together, which neither can state alone.
TIES = {"checking/across.py"}


def of_a_form(node: ast.AST) -> bool:
    """Return whether an expression is `form.code`, of whatever form."""
    is_code = isinstance(node, ast.Attribute) and node.attr == "code"
    return is_code and "form" in ast.unparse(node.value).lower()


def literal_codes(node: ast.AST) -> set[str]:
    return {
        one.value
        for one in ast.walk(node)
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value in CODES
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SRC)))
def test_no_form_is_told_apart_by_its_code(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    compared = [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        and any(of_a_form(side) for side in (node.left, *node.comparators))
        and any(literal_codes(side) for side in (node.left, *node.comparators))
    ]
    assert compared == []


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if str(path.relative_to(SRC)) not in TIES],
    ids=lambda path: str(path.relative_to(SRC)),
)
def test_no_list_of_forms_stands_outside_their_files(path):
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        parts: list[ast.expr | None] = []
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            parts = [*node.elts]
        elif isinstance(node, ast.Dict):
            parts = [*node.keys]
        names = [one.value for one in parts if isinstance(one, ast.Constant)]
        if len(names) > 1 and {*names} <= CODES:
            found.append(ast.unparse(node))
    assert found == []


FEEDBACK = '''"""Made up: petitions."""

from cchc_stats.forms.form import Form, FormModel, count_column
from cchc_stats.forms.column import Identity


class Feedback(FormModel):
    """One row a report."""

    feedback_total = count_column("Góp ý của công dân", "Tổng số", en="received")
    feedback_handled = count_column("Góp ý của công dân", "Đã trả lời", en="handled")
    feedback_open = count_column("Góp ý của công dân", "Đang trả lời", en="open")


FEEDBACK = Form(
    code="feedback",
    title="Góp ý của công dân",
    title_en="Feedback",
    model=Feedback,
    basis="in_period",
    source="made up",
    identities=(Identity("feedback_total", "=", ("feedback_handled", "feedback_open")),),
)
'''
USED = """
import sys
import pandas as pd
import cchc_stats as cchc

def rows(agency, *figures):
    return pd.DataFrame(
        [
            {"agency": agency, "period": period, "basis": basis, "feedback_total": count,
             "feedback_handled": count, "feedback_open": 0}
            for period, basis, count in figures
        ]
    )

broken = rows("Sở Y tế", ("2020Q1", "in_period", 18)).assign(feedback_total=19)
print(cchc.check({"feedback": broken})["rule"].tolist())
late = rows("Sở Y tế", ("2020Q1", "in_period", 18), ("2020Q2", "in_period", 18),
            ("2020Q2", "year_to_date", 10))
print(cchc.check({"feedback": late})["rule"].tolist())
one, other = (rows(name, ("2020Q3", "in_period", n)) for name, n in (("Sở Y tế", 5), ("Sở X", 7)))
whole = cchc.consolidate({"feedback": pd.concat([one, other])}, agency="UBND tỉnh")["feedback"]
print(whole["feedback_total"].tolist())
print(len(cchc.check_roll_up({"feedback": whole.assign(feedback_open=1)},
                             [{"feedback": one}, {"feedback": other}])))
for ending in ("docx", "xlsx"):
    path = cchc.write_form({"feedback": one}, f"{sys.argv[1]}/form.{ending}", period="2020Q3")
    print(cchc.read_report(path).tables["feedback"].iloc[0, 3:6].tolist())
print(cchc.with_labels(cchc.validate(one, "feedback"), "feedback").columns[3])
"""


def test_a_form_is_added_by_one_file_and_its_name_in_the_catalogue(tmp_path):
    package = shutil.copytree(SRC, tmp_path / "cchc_stats")
    (package / "forms" / "feedback.py").write_text(FEEDBACK, encoding="utf-8")
    catalogue = package / "forms" / "catalogue.py"
    text = catalogue.read_text(encoding="utf-8")
    text = text.replace(
        "from cchc_stats.forms.form import Form\n",
        "from cchc_stats.forms.feedback import FEEDBACK\nfrom cchc_stats.forms.form import Form\n",
    ).replace("    INFRASTRUCTURE,\n", "    INFRASTRUCTURE,\n    FEEDBACK,\n")
    assert text.count("FEEDBACK") == 2
    catalogue.write_text(text, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-c", USED, str(tmp_path)],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONIOENCODING": "utf-8"},
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == [
        "['identity']",
        "['year_to_date', 'year_to_date']",
        "[12]",
        "1",
        "[5, 5, 0]",
        "[5, 5, 0]",
        "Tổng số",
    ]
