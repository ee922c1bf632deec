"""METHODS.md tells what the code has: every indicator, identity, rule and check, word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cchc_stats import FORMS, INDICATORS, Form, Indicator, list_schemes
from cchc_stats.index import rules
from cchc_stats.statistics.charts import control_charts, funnels, limits
from cchc_stats.statistics.decomposition import standardisation
from cchc_stats.statistics.decomposition.decomposition import COMPONENTS
from cchc_stats.statistics.rates import comparisons, intervals
from cchc_stats.statistics.rates.comparisons import ADJUSTMENTS
from cchc_stats.words.labels import vocabulary

RULES = {rule.name: rule for rule in rules.RULES}

ROOT = Path(__file__).parents[2]
METHODS = (ROOT / "METHODS.md").read_text(encoding="utf-8")
LINES = METHODS.splitlines()
# Words of `labels.toml` that are parts of a message and no rule.
PARTS = {"counted_beside", "shares_fit", "counted_once", "of_others"}
BETTER = {"higher": "higher", "lower": "lower", "none": "–"}


def line_of(indicator: Indicator) -> str:
    """Return the line of the table of indicators."""
    note = f"; {indicator.note_en}" if indicator.note_en else ""
    return (
        f"| `{indicator.code}` | {indicator.label_en} ({indicator.label_vi}){note} "
        f"| `{indicator.formula}` | {indicator.unit} | {indicator.kind} "
        f"| {BETTER[indicator.better]} | {'yes' if indicator.additive else 'no'} "
        f"| {indicator.source} |"
    )


def lines_of(form: Form) -> str:
    """Return the line of a form in the table of identities."""
    held = "; ".join(f"`{identity}`" for identity in form.identities) or "–"
    return f"| `{form.code}` | {form.title} | `{form.basis}` | {held} |"


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda one: one.code)
def test_every_indicator_is_told_as_its_record_has_it(indicator: Indicator):
    # Where this fails, the line that is expected belongs into the table.
    assert line_of(indicator) in LINES


def test_no_indicator_is_told_that_is_none():
    table = [line for line in LINES if line.count("|") == 9 and line.startswith("| `")]
    assert len(table) == len(INDICATORS)


@pytest.mark.parametrize("form", FORMS, ids=lambda one: one.code)
def test_every_identity_is_told(form: Form):
    assert lines_of(form) in LINES


def rows_that_name(code: str) -> Iterator[str]:
    return (line for line in LINES if line.startswith("|") and f"`{code}`" in line.split("|")[1])


@pytest.mark.parametrize("name", RULES)
def test_every_rule_of_scoring_is_told(name: str):
    assert len([*rows_that_name(name)]) == 1


@pytest.mark.parametrize(
    "code",
    sorted(
        {*vocabulary()["check"], *vocabulary()["fault"], "number_twice", "symbol_spellings"} - PARTS
    ),
)
def test_every_check_is_told(code: str):
    assert any(rows_that_name(code))


@pytest.mark.parametrize(
    "choice",
    [
        *intervals.METHODS, intervals.GARWOOD, *comparisons.METHODS, *ADJUSTMENTS, "fisher_exact",
        *control_charts.KINDS, control_charts.AUTO, *limits.RULES, *COMPONENTS,
    ],
)  # fmt: skip
def test_every_choice_of_a_method_has_its_line(choice: str):
    named = [line for line in LINES if line.startswith("|") and f"`{choice}`" in line]
    assert named


@pytest.mark.parametrize("choice", [*funnels.METHODS[1:], *standardisation.MISSING])
def test_every_choice_that_widens_or_leaves_out_is_told(choice: str):
    assert re.search(rf'`"?{choice}"?`|`missing="{choice}"`', METHODS)


def test_every_scheme_is_told_with_its_status():
    for scheme in list_schemes().to_dict("records"):
        (row,) = rows_that_name(scheme["name"])
        assert row.split("|")[2].strip() == scheme["status"].replace("_", " ")


def test_an_example_bears_no_decisions_number():
    examples = list_schemes().query("status == 'example'")["name"]
    for line in (line for name in examples for line in rows_that_name(name)):
        assert not re.search(r"\d+/(?:QĐ|NĐ|TT)", line)


def test_links_and_contents_lead_somewhere():
    headings = {slug(line[3:]) for line in LINES if line.startswith("## ")}
    inner = re.findall(r"\]\(#([^)]+)\)", METHODS)
    assert set(inner) == headings
    assert all((ROOT / path).is_file() for path in re.findall(r"\]\(([^)#:]+)\)", METHODS))


def slug(heading: str) -> str:
    """Return the anchor that a code host gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_every_finding_has_a_kind_in_words():
    found = METHODS[METHODS.index("| `missing_column`") : METHODS.index("| `roll_up_incomplete`")]
    rules = {*re.findall(r"^\| `(\w+)`", found, re.MULTILINE), "roll_up_incomplete"}
    assert rules - {*vocabulary()["kind"]} == set()
