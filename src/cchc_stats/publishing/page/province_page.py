"""`write_province_page`: a quarter of many agencies as one page, the chairman's sheet first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from markupsafe import Markup

from cchc_stats.forms import find_form
from cchc_stats.indicators import find_indicator
from cchc_stats.plots import (
    change_words,
    figure_words,
    name_of,
    parts_words,
    plot_funnel,
    plot_ranks,
    plot_trend,
    value_words,
)
from cchc_stats.publishing.frames import text, texts
from cchc_stats.publishing.page.chairman import (
    BETTER,
    LATE,
    WORSE,
    first_sheet,
    require_targets,
    target_way,
    target_words,
)
from cchc_stats.publishing.page.page import environment
from cchc_stats.publishing.page.pictures import Picture, drawing, new_figure, picture_of
from cchc_stats.publishing.page.quarter import DRAWN, FEWEST, KEY_FIGURES, LEVEL, without_figures
from cchc_stats.publishing.page.sections import in_sentence, limits_words
from cchc_stats.statistics import funnel, newcombe, suppress_together
from cchc_stats.trends import compared, converted
from cchc_stats.values import CheckedValues
from cchc_stats.words import (
    ALL,
    IN_PERIOD,
    YEAR_TO_DATE,
    ValuesError,
    dictionary_order,
    label_period,
    parse_period,
    require_file_target,
    require_language,
    word,
    write_whole,
)

TREND = (5.6, 3.6)  # inches
MOST_PICTURES = 4  # of rates: who stands out, and the quarters
MOST_RANKED = 40  # agencies that a picture of ranks has room for
MOST_FINDINGS = 20  # of an agency; the others are in its letter
AGENCY_FIGURES = 9  # columns of the table of agencies
SPARK = (60, 16)  # units of a small line's box


def write_province_page(
    values: pd.DataFrame,
    path: str | Path,
    *,
    period: pd.Period | str,
    findings: pd.DataFrame,
    missing: pd.DataFrame | None,
    ranks: pd.DataFrame | None = None,
    targets: Mapping[str, float] | None = None,
    below: int | None = None,
    annexes: bool = False,
    whole: str = "",
    remark: str = "",
    lang: str = "vi",
) -> Path:
    """Write a quarter of many agencies as one self-contained HTML page (trang của tỉnh).

    Parameters
    ----------
    values : values of all agencies (see `measure`), of the quarter and of those before it, from
        which changes and trends are made.
    path : the page's file. Written in full or not at all: what fails leaves the old file.
    period : the quarter that the page is of.
    findings : what `check` finds in the agencies' reports of the quarter.
    missing : what `missing_reports` returns; None where nobody was asked for.
    ranks : what `rank_agencies` returns; no section of it without.
    targets : indicator code -> target, in the indicator's unit (percent for rates).
    below : publish no figure from which a number below this one, and above 0, would follow (see
        `suppress_small`); sums are of what is published.
    annexes : whether what is folded is open, and printed as well.
    whole : what the agencies are together, "tỉnh Sông Lam"; rows of an agency of that name are the
        whole's own and are not added.
    remark : what has been left out of the values before, to be said on the page.
    lang : language of the page, "vi" or "en".

    Returns
    -------
    Path of the page. First one sheet: changes beyond chance (see METHODS.md), what is wrong, who is
    late, the targets; then the whole, Σ numerator / Σ denominator of the agencies that report, with
    the change of those that do in both quarters; charts; then, folded, each agency's figures, the
    ranks, findings, what is missing. It loads nothing and runs no script. Absences are words.

    Raises
    ------
    ValuesError
        No values frame, or nothing of the quarter in it.
    CchcError
        A target of no known indicator, a `below` under 2, a target file that cannot be written.

    Source
    ------
    Newcombe (1998), limits of a change; Benjamini & Hochberg (1995), many of them together.

    Examples
    --------
    >>> import tempfile
    >>> from cchc_stats.words import findings_frame
    >>> own = pd.DataFrame({"agency": ["Sở A", "Sở B"], "period": "2026Q3",
    ...                     "indicator": "on_time_rate_settled", "numerator": [90, 40],
    ...                     "denominator": [100, 50]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = write_province_page(own, f"{folder}/trang.html", period="2026Q3",
    ...         findings=findings_frame(), missing=None, targets={"on_time_rate_settled": 85})
    ...     html = page.read_text(encoding="utf-8")
    >>> "86,7%" in html, "1/2 đơn vị đạt" in html
    (True, True)
    """
    require_language(lang)
    target = Path(path)
    require_file_target(target)
    require_targets(targets)
    checked = CheckedValues.of(values)
    quarter, left_out = parse_period(period), remark
    if below is not None:
        kept = suppress_together(_published(checked.frame, targets), below=below, lang=lang)
        assert kept.values is not None
        checked, left_out = CheckedValues.made(kept.values), kept.note
        findings = without_figures(findings, lang=lang)
    province = look_at_province(checked, quarter, targets=targets, whole=whole, lang=lang)
    html = _rendered(
        province,
        findings,
        missing,
        ranks,
        left_out=left_out,
        annexes=annexes,
    )
    return write_whole(target, html.encode("utf-8"))


class Province(NamedTuple):
    """The quarter of many agencies.

    Attributes
    ----------
    period : the quarter.
    agencies : their names in order, those that have figures of it.
    series : main figures of agencies over the quarters, with their changes.
    whole : the same of the whole.
    late : figures of the quarter that tell what is late.
    targets : by indicator.
    name : what the whole is called.
    lang : language of the page.
    """

    period: pd.Period
    agencies: Sequence[str]
    series: pd.DataFrame
    whole: pd.DataFrame
    late: pd.DataFrame
    targets: Mapping[str, float]
    name: str
    lang: str

    def now(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of the quarter."""
        return rows[rows["period"] == self.period]


def _published(values: pd.DataFrame, targets: Mapping[str, float] | None) -> pd.DataFrame:
    """Return the rows that the page prints: main figures of each agency as a whole."""
    codes = [*dict.fromkeys([*KEY_FIGURES, *(targets or {}), *LATE])]
    chosen = values["indicator"].isin(codes) & (values["group"] == ALL)
    rows: pd.DataFrame = values[chosen & (values["origin"] != "claimed")]
    return rows.reset_index(drop=True)


def look_at_province(
    checked: CheckedValues,
    period: pd.Period,
    *,
    targets: Mapping[str, float] | None,
    whole: str,
    lang: str,
) -> Province:
    """Return what a page tells of many agencies: their main figures, changes, and the whole's.

    Raises
    ------
    ValuesError
        There is nothing of the quarter.
    """
    rows = _published(checked.frame, targets)
    rows = rows[rows["period"] <= period]
    if not (rows["period"] == period).any():
        there = ", ".join(sorted({str(one) for one in checked.frame["period"].unique()}))
        raise ValuesError(
            f"no main figure of {label_period(period, lang=lang)} is among the values",
            where=f"values, column period: {there or '-'}",
            mend="give values of that quarter, or another period=",
        )
    own = CheckedValues.made(rows)
    if (rows["basis"] == YEAR_TO_DATE).any():
        own = CheckedValues.made(converted(own, to=IN_PERIOD, across=True, lang=lang))
    series = compared(own, lag=1, across=True, lang=lang)
    series = series.drop_duplicates(["agency", "period", "indicator"])
    order = {code: at for at, code in enumerate([*KEY_FIGURES, *(targets or {}), *LATE])}
    places = series["indicator"].map(order)
    series = series.iloc[np.lexsort([series["period"].array.asi8, places])]
    together = series["agency"] == whole
    stated, series = series[together], series[~together]
    summed = whole_of(series, name=whole or text("chairman", "whole", lang=lang))
    if len(stated):
        summed = _beside_sums(stated, summed, series)
    now = series[series["period"] == period]
    agencies = now["agency"].drop_duplicates()
    main = series["indicator"].isin([*KEY_FIGURES, *(targets or {})])
    return Province(
        period=period,
        agencies=agencies.iloc[np.argsort(dictionary_order(agencies), kind="stable")].tolist(),
        series=series[main],
        whole=summed[summed["indicator"].isin([*KEY_FIGURES, *(targets or {})])],
        late=now[now["indicator"].isin(LATE)],
        targets=targets or {},
        name=whole,
        lang=lang,
    )


def whole_of(series: pd.DataFrame, *, name: str) -> pd.DataFrame:
    """Return what the agencies are together: sums over sums, and the change like with like.

    Parameters
    ----------
    series : values of agencies with their changes, one of a basis an agency, quarter and indicator.
    name : of the whole.

    Returns
    -------
    Values frame with `previous, change, change_pct, change_low, change_high`, of the agencies with
    both quarters, and `agencies`, how many the sum rests on. Means are no sums and are left out.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": ["A", "B"], "period": "2026Q3", "numerator": [90, 40],
    ...                     "indicator": "on_time_rate_settled", "denominator": [100, 50]})
    >>> changes = compared(CheckedValues.of(own), lag=1, across=True, lang="vi")
    >>> whole_of(changes, name="tỉnh")[["value", "agencies"]].round(1).values.tolist()
    [[86.7, 2]]
    """
    rows = []
    before = series.set_index(["indicator", "agency", "period"])[["numerator", "denominator"]]
    there = series[has_figure(series)]
    for (code, _), part in there.groupby(["indicator", "period"], sort=False):
        period = part["period"].iloc[0]
        indicator = find_indicator(str(code))
        if indicator is None or indicator.kind == "mean":
            continue
        row = _sum_of(part, indicator.scale)
        keys = [(code, agency, period - 1) for agency in part["agency"]]
        then = before.reindex(keys).set_axis(part.index)
        # Who had nothing to divide by in one of the quarters is in both sums all the same.
        nothing = part["denominator"].eq(0) | then["denominator"].eq(0)
        known = part["denominator"].notna() & then["denominator"].notna()
        in_both = part["change"].notna() | (nothing.fillna(False) & known)
        if in_both.any():
            row |= _change_of(part[in_both], then[in_both], indicator.scale)
        rows.append(part.iloc[0].to_dict() | _EMPTY | row | {"agency": name})
    columns = [*series.columns, "agencies"]
    types = series.dtypes.to_dict() | {"agencies": pd.Int64Dtype()}
    return pd.DataFrame(rows, columns=columns).astype(types)


def has_figure(values: pd.DataFrame) -> pd.Series:
    """Return which rows can be added: those with a figure, or with nothing of nothing, 0 of 0."""
    parts = values["numerator"].notna() & values["denominator"].notna()
    return values["value"].notna() | parts


def _beside_sums(own: pd.DataFrame, summed: pd.DataFrame, series: pd.DataFrame) -> pd.DataFrame:
    """Return the whole's own values, each with the change of the agencies and how many they are.

    Where it has none of its own, the sum of the agencies.
    """
    key = ["indicator", "period"]
    counted = series[has_figure(series) | (series["status"] == "suppressed")]
    own = own[own["value"].notna() | (own["status"] == "suppressed")]
    count = counted.groupby(key).size().reindex(pd.MultiIndex.from_frame(own[key]))
    beside = summed.set_index(key).reindex(pd.MultiIndex.from_frame(own[key]))
    own = own.assign(agencies=count.astype("Int64").array)
    without = own["change"].isna()
    for name in _EMPTY:
        own[name] = own[name].mask(without, pd.Series(beside[name].array, index=own.index))
    return pd.concat([own, summed]).drop_duplicates(key)


_EMPTY: dict[str, Any] = dict.fromkeys(
    ("previous", "change", "change_pct", "change_pp", "change_low", "change_high"), pd.NA
)


def _sum_of(part: pd.DataFrame, scale: int) -> dict[str, Any]:
    """Return the sum of rows: of numerators over that of denominators, or of counts."""
    row = {
        "agencies": len(part),
        "numerator": pd.NA,
        "denominator": pd.NA,
        "note": "",
        "source": "",
    }
    if part["denominator"].notna().all():
        top, bottom = float(part["numerator"].sum()), float(part["denominator"].sum())
        value = scale * top / bottom if bottom else pd.NA
        return row | {"numerator": top, "denominator": bottom, "value": value}
    return row | {"value": float(part["value"].sum())}


def _change_of(both: pd.DataFrame, before: pd.DataFrame, scale: int) -> dict[str, Any]:
    """Return the change of the sum of agencies that have both quarters, with its limits."""
    now = _sum_of(both, scale)
    earlier = before.assign(value=both["previous"].to_numpy())
    then = _sum_of(earlier, scale)
    if pd.isna(now["value"]) or pd.isna(then["value"]):
        return {}
    change = now["value"] - then["value"]
    row = {"previous": then["value"], "change": change}
    if pd.isna(now["denominator"]):
        return row | {"change_pct": 100 * change / then["value"] if then["value"] else pd.NA}
    if both["change_low"].notna().any():
        x1, n1 = (np.array([now[name]]) for name in ("numerator", "denominator"))
        x2, n2 = (np.array([then[name]]) for name in ("numerator", "denominator"))
        low, high = newcombe(x1, n1, x2, n2, LEVEL)
        row |= {"change_low": float(low[0]), "change_high": float(high[0])}
    return row


# --- the page --------------


def _rendered(
    province: Province,
    findings: pd.DataFrame,
    missing: pd.DataFrame | None,
    ranks: pd.DataFrame | None,
    *,
    left_out: str,
    annexes: bool,
) -> str:
    lang = province.lang

    def say(subject: str, code: str, **filled: object) -> str:
        return text(subject, code, lang=lang).format(**filled)

    quarter = in_sentence(label_period(province.period, lang=lang), lang=lang)
    with drawing():
        pictures = province_pictures(province, ranks)
    sentence = f"{left_out[:1].upper()}{left_out[1:]}." if left_out else ""
    named = ("title", {"whole": province.name, "period": quarter}) if province.name else None
    title = say("chairman", named[0], **named[1]) if named else say("head", "title", period=quarter)
    return (
        environment()
        .get_template("province.html.jinja")
        .render(
            lang=lang,
            style=Markup((resources.files(__package__) / "style.css").read_text("utf-8")),
            say=say,
            title=title,
            sent=say("chairman", "sent", count=len(province.agencies), period=quarter),
            sheet=first_sheet(
                province.now(province.series),
                findings,
                late=province.late,
                missing=missing,
                targets=province.targets,
                several=True,
                lang=lang,
            ),
            whole=whole_words(province),
            pictures=pictures,
            units=unit_table(province),
            ranks=[] if ranks is None else rank_words(ranks, lang=lang),
            findings=findings_by_agency(findings, lang=lang),
            missing=[] if missing is None else missing_words(missing, lang=lang),
            annexes=annexes,
            notes=[
                *([sentence] if sentence else []),
                *(texts()["reading"][name].in_language(lang) for name in ("absences", "changes")),
            ],
        )
    )


def whole_words(province: Province) -> list[dict[str, str]]:
    """Return the main figures of the whole in words, a row each."""
    lang, rows = province.lang, []
    for row in province.now(province.whole).to_dict("records"):
        code = row["indicator"]
        target = province.targets.get(code)
        way = "" if target is None else target_way(code, row["value"], target)
        of = len(province.agencies)
        rests_on = "" if pd.isna(row["agencies"]) else f"{int(row['agencies'])}/{of}"
        rows.append(
            {
                "indicator": name_of("indicator", code, lang=lang),
                "value": value_words(row, lang=lang) + _sign(way),
                "way": way,
                "parts": parts_words(row, lang=lang),
                "rests_on": rests_on,
                "change": change_words(row, lang=lang),
                "limits": limits_words(row, lang=lang),
                "target": "" if target is None else target_words(code, target, lang=lang),
            }
        )
    return rows


def _sign(way: str) -> str:
    return {BETTER: " ✓", WORSE: " ✗"}.get(way, "")


def province_pictures(province: Province, ranks: pd.DataFrame | None) -> list[Picture]:
    """Return the pictures: who stands out, the main rates over the quarters, the ranks."""
    pictures = []
    now = province.now(province.series)
    rates = now[(now["indicator"] == DRAWN[0]) & (now["denominator"] > 0).fillna(False)]
    if len(rates) >= FEWEST:
        figure = new_figure(*TREND)
        table = funnel(rates, across_windows=True, lang=province.lang)
        plot_funnel(table, ax=figure.add_subplot(), caption=False, lang=province.lang)
        label = name_of("indicator", DRAWN[0], lang=province.lang)
        title = text("chairman", "funnel", lang=province.lang).format(label=label)
        pictures.append(picture_of(figure, name="funnel", title=title))
    pictures += _trends(province, most=MOST_PICTURES - len(pictures))
    if ranks is not None and 0 < len(ranks) <= MOST_RANKED and ranks["rank"].notna().any():
        figure = new_figure(9.0, 1.7 + 0.32 * len(ranks))
        plot_ranks(ranks, ax=figure.add_subplot(), lang=province.lang)
        title = text("chairman", "ranks", lang=province.lang)
        pictures.append(picture_of(figure, name="ranks", title=title))
    return pictures


def _trends(province: Province, *, most: int) -> list[Picture]:
    """Return a picture for each main rate: the whole and the lowest agency among the others."""
    pictures: list[Picture] = []
    for code in [*dict.fromkeys([*province.targets, *DRAWN])]:
        rows = province.series[province.series["indicator"] == code]
        whole = province.whole[province.whole["indicator"] == code]
        indicator = find_indicator(code)
        if indicator is None or indicator.unit != "percent" or len(pictures) == most:
            continue
        if whole["period"].nunique() < FEWEST or rows["value"].nunique() < FEWEST:
            continue
        now = province.now(rows).dropna(subset="value").sort_values("value", kind="stable")
        worst = now["agency"].iloc[[-1 if indicator.better == "lower" else 0]].tolist()
        both = pd.concat([whole, rows], ignore_index=True)[list(rows.columns)]
        figure = new_figure(*TREND)
        plot_trend(
            both.drop(columns=[name for name in both if str(name).startswith("change")]),
            ax=figure.add_subplot(),
            highlight=[whole["agency"].iloc[0], *worst],
            target=province.targets.get(code),
            caption=False,
            lang=province.lang,
        )
        label = name_of("indicator", code, lang=province.lang)
        title = text("chairman", "trend", lang=province.lang).format(label=label)
        pictures.append(picture_of(figure, name=f"trend-{code}", title=title))
    return pictures


class UnitTable(NamedTuple):
    """The table of agencies: names of its columns, and a row for each agency."""

    columns: list[str]
    rows: list[tuple[str, list[dict[str, Any]]]]


def unit_table(province: Province) -> UnitTable:
    """Return each agency's main figures of the quarter, with a small line of their quarters."""
    lang, now = province.lang, province.now(province.series)
    most = now.groupby("indicator", sort=False)["value"].count()
    codes = [code for code in [*province.targets, *KEY_FIGURES] if most.get(code, 0)]
    codes = [*dict.fromkeys(codes)][:AGENCY_FIGURES]
    cells = {(row["agency"], row["indicator"]): row for row in now.to_dict("records")}
    lines = {code: _spark_lines(province, code) for code in codes}
    rows = []
    for agency in province.agencies:
        figures = []
        for code in codes:
            row = cells.get((agency, code))
            target = province.targets.get(code)
            way = "" if row is None or target is None else target_way(code, row["value"], target)
            words = "" if row is None else value_words(row, lang=lang)
            figures.append(
                {"words": words + _sign(way), "way": way, "spark": lines[code].get(agency, "")}
            )
        rows.append((agency, figures))
    return UnitTable([name_of("indicator", code, lang=lang) for code in codes], rows)


def _spark_lines(province: Province, code: str) -> dict[str, Markup]:
    """Return a small line for each agency, all of an indicator on one scale; gaps stay gaps."""
    rows = province.series[province.series["indicator"] == code]
    table = rows.pivot_table("value", "agency", "period", dropna=False).astype("float64")
    periods = pd.period_range(table.columns.min(), province.period, freq="Q-DEC")
    if len(periods) < FEWEST:
        return {}
    table = table.reindex(columns=periods)
    low, high = np.nanmin(table.to_numpy()), np.nanmax(table.to_numpy())
    width, height = SPARK
    across = 2 + (width - 4) * np.arange(len(periods)) / (len(periods) - 1)
    up = height - 2 - (height - 4) * (table.to_numpy() - low) / ((high - low) or 1.0)
    lines = {}
    for agency, levels in zip(table.index, up, strict=True):
        path, pen = [], "M"
        for x, y in zip(across, levels, strict=True):
            if np.isnan(y):
                pen = "M"
                continue
            path.append(f"{pen}{x:.0f} {y:.1f}")
            pen = "L"
        # A single quarter is a dot: a line of no length with round ends.
        path = [f"{one}h0" if one[0] == "M" else one for one in path]
        lines[agency] = Markup(
            f'<svg class="spark" viewBox="0 0 {width} {height}" aria-hidden="true">'
            f'<path d="{"".join(path)}"/></svg>'
        )
    return lines


def rank_words(ranks: pd.DataFrame, *, lang: str) -> list[dict[str, str]]:
    """Return the ranks as rows of words, with the range a rank may lie in where there is one."""

    def words(record: Mapping[Any, Any], name: str, unit: str = "") -> str:
        cell = record.get(name)
        if cell is None or pd.isna(cell):
            return ""
        return cell if isinstance(cell, str) else figure_words(float(cell), unit, lang=lang)

    rows = []
    for record in ranks.to_dict("records"):
        ends = [words(record, name) for name in ("rank_low", "rank_high")]
        row = {name: words(record, name) for name in ("rank", "agency", "class_label", "note")}
        row["percent"] = words(record, "percent", "percent")
        rows.append(row | {"range": "–".join(dict.fromkeys(filter(None, ends)))})
    return rows


def findings_by_agency(findings: pd.DataFrame, *, lang: str) -> list[dict[str, Any]]:
    """Return the errors and warnings of each agency, as many as a page of many has room for."""
    grave = findings[findings["severity"] != "note"]
    grave = grave.sort_values("severity", key=lambda cells: cells != "error", kind="stable")
    order = grave["agency"].drop_duplicates()
    order = order.iloc[np.argsort(dictionary_order(order), kind="stable")]
    told = []
    for agency in order:
        rows = grave[grave["agency"] == agency]
        told.append(
            {
                "agency": agency,
                "count": len(rows),
                "rows": [
                    {
                        "severity": word("severity", row["severity"], lang=lang),
                        "message": row["message"],
                        "where": "" if pd.isna(row["where"]) else row["where"],
                    }
                    for row in rows.head(MOST_FINDINGS).to_dict("records")
                ],
                "others": max(0, len(rows) - MOST_FINDINGS),
            }
        )
    return told


def missing_words(missing: pd.DataFrame, *, lang: str) -> list[dict[str, str]]:
    """Return what is missing, a row for each agency: whole reports first, else its forms."""
    rows = []
    for agency, part in missing.groupby("agency", sort=False):
        forms = [code for code in part["form"] if code]
        titles = [find_form(code) for code in forms]
        names = "; ".join(form.title if lang == "vi" else form.title_en for form in titles)
        reason = "; ".join(dict.fromkeys(part["reason"]))
        rows.append({"agency": str(agency), "form": names, "reason": reason})
    return sorted(rows, key=lambda row: row["form"] != "")
