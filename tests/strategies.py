"""Hypothesis strategies for frames of the forms, built leaf-up so that every identity holds."""

from collections.abc import Mapping

import pandas as pd
from hypothesis import strategies as st

from cchc_stats.forms import FORMS, Form, Identity, validate

AGENCIES = ("Sở Khoa học và Công nghệ", "Sở Nội vụ", "UBND thành phố Quy Nhơn", "Sở Y tế")
NAMES = ("Đất đai", "Hộ tịch", "Đầu tư", "An toàn bức xạ", "Giáo dục", "Năng lượng")
QUARTERS = tuple(pd.period_range("2019Q1", "2022Q4", freq="Q-DEC"))
LARGEST = 10**6
_FILLED = ("basis", "not_applicable", "source")

Figures = dict[str, int]


@st.composite
def balanced(
    draw: st.DrawFn,
    form: Form,
    *,
    rows: tuple[int, int] = (1, 4),
    reports: tuple[int, int] = (1, 3),
    optional: bool | None = None,
    largest: int = LARGEST,
) -> pd.DataFrame:
    """Draw a validated frame of a form in which every figure is reported and balances.

    Parameters
    ----------
    form : one of FORMS.
    rows : least and most rows of a report, where the form has a row column.
    reports : least and most reports (agency and quarter).
    optional : whether the columns that not every layout has are there; drawn where None.
    largest : the largest figure that is drawn; totals of several are larger.
    """
    pairs = st.tuples(st.sampled_from(AGENCIES), st.sampled_from(QUARTERS))
    least, most = reports
    chosen = draw(st.lists(pairs, min_size=least, max_size=most, unique=True))
    given_optional = draw(st.booleans()) if optional is None else optional
    given = [name for name in form.figures if given_optional or name not in form.optional]
    records = [
        {"agency": agency, "period": period} | row | draw(figures(form, given, largest=largest))
        for agency, period in chosen
        for row in draw(_row_codes(form, rows))
    ]
    frame = pd.DataFrame(records)
    for name in form.columns:
        if form.kinds[name] == "text" and name not in frame and name not in _FILLED:
            frame[name] = pd.Series(pd.NA, index=frame.index, dtype="str")
    return validate(frame, form)


def _row_codes(form: Form, rows: tuple[int, int]) -> st.SearchStrategy[list[dict[str, str]]]:
    """Return the rows of one report: its distinct codes or names."""
    if not form.row:
        return st.just([{}])
    names = tuple(form.rows) or NAMES
    least, most = rows
    codes = st.lists(
        st.sampled_from(names), min_size=least, max_size=min(most, len(names)), unique=True
    )
    return codes.map(lambda chosen: [{form.row: code} for code in chosen])


@st.composite
def figures(draw: st.DrawFn, form: Form, given: list[str], *, largest: int = LARGEST) -> Figures:
    """Draw the figures of one row: leaves first, totals as their sums, the rest as splits.

    A column that two identities make a total of is the sum by the one with more leaves, and is
    split into the parts of the other. Nothing is drawn and thrown away, so shrinking stays sharp.
    """
    row: Figures = {}
    equal = _by_total(form, "=", given)
    above = _by_total(form, ">=", given)
    bounds = _by_total(form, "<=", given)
    parts = {name for group in equal.values() for each in group for name in each.parts}

    def terms(identity: Identity) -> list[str]:
        return [*identity.parts, *(name for name in identity.where_given if name in given)]

    def leaves(name: str) -> int:
        return max((sum(map(leaves, terms(each))) for each in equal.get(name, ())), default=1)

    def build(name: str) -> int:
        if name in row:
            return row[name]
        sums = sorted(equal.get(name, ()), key=lambda each: -sum(map(leaves, terms(each))))
        if sums:
            row[name] = sum(build(part) for part in terms(sums[0]))
            for other in sums[1:]:
                split(row[name], terms(other))
        elif name in above:
            least = max(sum(build(part) for part in each.parts) for each in above[name])
            row[name] = least + draw(st.integers(0, largest))
        elif name in bounds:
            most = min(sum(build(part) for part in each.parts) for each in bounds[name])
            row[name] = draw(st.integers(0, most))
        else:
            row[name] = draw(st.integers(0, largest))
        return row[name]

    def split(total: int, names: list[str]) -> None:
        left = total
        for name in names[:-1]:
            row[name] = draw(st.integers(0, left))
            left -= row[name]
        row[names[-1]] = left
        for name in names:
            for identity in equal.get(name, ()):
                split(row[name], terms(identity))

    for name in [name for name in given if name not in parts and name in equal]:
        build(name)
    for name in given:
        build(name)
    return row


def _by_total(form: Form, op: str, given: list[str]) -> Mapping[str, list[Identity]]:
    """Return the identities that can be stated of the given columns, by the column on the left."""
    found: dict[str, list[Identity]] = {}
    for identity in form.identities:
        if identity.op == op and {identity.total, *identity.parts} <= set(given):
            found.setdefault(identity.total, []).append(identity)
    return found


@st.composite
def with_gaps(draw: st.DrawFn, form: Form, **options: object) -> pd.DataFrame:
    """Draw a balanced frame, then take figures away: cells left empty and cells printed "-"."""
    frame = draw(balanced(form, **options))  # type: ignore[arg-type]
    kept, empty, dash = "kept", "empty", "dash"
    cells = st.lists(
        st.sampled_from([kept, kept, kept, empty, dash]),
        min_size=len(frame),
        max_size=len(frame),
    )
    dashes: list[list[str]] = [[] for _ in range(len(frame))]
    for name in form.figures:
        fate = pd.Series(draw(cells), index=frame.index)
        had = frame[name].notna()
        frame[name] = frame[name].mask(fate != kept)
        for row in frame.index[(fate == dash) & had]:
            dashes[row].append(name)
    return frame.assign(not_applicable=[" ".join(names) for names in dashes])


def tables() -> st.SearchStrategy[dict[str, pd.DataFrame]]:
    """Return the strategy of one to three forms' tables, all balanced."""
    forms = st.lists(st.sampled_from(FORMS), min_size=1, max_size=3, unique_by=lambda f: f.code)
    return forms.flatmap(
        lambda chosen: st.fixed_dictionaries({form.code: balanced(form) for form in chosen})
    )
