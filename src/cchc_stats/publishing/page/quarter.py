"""A report and all that is said of it: values, comparisons, findings, trends, its index."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import pandas as pd

from cchc_stats.checking import check
from cchc_stats.index import ROOT, CheckedScores, Scheme, lost_points, ranks_of, score
from cchc_stats.indicators import find_indicator, measure
from cchc_stats.reading import Report
from cchc_stats.statistics import add_intervals, control_chart, suppress_together
from cchc_stats.trends import ADDED, compared, converted
from cchc_stats.values import KEY, CheckedValues, complete_values
from cchc_stats.words import (
    IN_PERIOD,
    SEVERITIES,
    YEAR_TO_DATE,
    CchcError,
    Label,
    ValuesError,
    Window,
    require_language,
    vocabulary,
    word,
)

LEVEL = 95  # percent, of all intervals and limits on the page
# Of rates: covers 94 % and more where Wilson's falls to 84 % near 0 and 100 %.
METHOD: Final = "auto"
# The main figures, in the order in which the page names them.
KEY_FIGURES = (
    "procedures_in_force",
    "on_time_rate_settled",
    "on_time_rate_received",
    "settlement_rate",
    "pending_overdue_share",
    "time_reduction",
    "staffing_rate",
    "training_turns",
    "electronic_documents_share",
    "online_share",
    "iso_procedures_share",
    "inspected_share_direct",
)
FEWEST = 3  # quarters with a figure that make a trend
CHARTED = 12  # quarters from which the limits of a control chart are no trial any more
# In the order of the page. Of the other main figures, which hardly move or move with one of these,
# the table tells.
DRAWN = (
    "on_time_rate_settled",
    "settlement_rate",
    "pending_overdue_share",
    "time_reduction",
    "staffing_rate",
    "training_turns",
    "electronic_documents_share",
    "online_share",
)
SERIES = [name for name in KEY if name != "period"]


@dataclass(frozen=True, eq=False)
class Quarter:
    """One report, measured, compared and checked.

    Attributes
    ----------
    report : as `read_report` gives it.
    values : values frame, measured and with the year to date (see `with_year_to_date`).
    comparisons : the values with previous and change, once against the quarter before and once
        against the year before; `comparison`, the first column, says which.
    findings : what `check` finds.
    lang : language of the notes and messages, "vi" or "en".
    history : values of earlier quarters that the report itself does not state; of one agency.
    left_out : what is to be said of figures that are not published, "" where all are.
    """

    report: Report
    values: pd.DataFrame
    comparisons: pd.DataFrame
    findings: pd.DataFrame
    lang: str
    history: pd.DataFrame
    left_out: str = ""

    @property
    def window_is_decreed(self) -> bool:
        """Whether the report's days are those that Decree 09/2019/NĐ-CP gives its quarter."""
        return self.report.window == Window.of(self.report.period)

    @property
    def counts(self) -> dict[str, int]:
        """How many findings there are of each severity."""
        number_of = self.findings["severity"].value_counts()
        return {severity: int(number_of.get(severity, 0)) for severity in SEVERITIES}

    @cached_property
    def with_intervals(self) -> pd.DataFrame:
        """The values with the intervals of the page."""
        return add_intervals(self.values, level=LEVEL, method=METHOD, lang=self.lang)

    def compared(self, comparison: str) -> pd.DataFrame:
        """Return the rows of one comparison, in the columns of `quarter_over_quarter`."""
        rows = self.comparisons["comparison"] == comparison
        return self.comparisons[rows].drop(columns="comparison").reset_index(drop=True)


def look_at(
    report: Report,
    *,
    history: pd.DataFrame | None = None,
    previous: Report | None = None,
    below: int | None = None,
    forms: bool = False,
    lang: str = "vi",
) -> Quarter:
    """Return the report measured, compared and checked.

    Parameters
    ----------
    report : as `read_report` gives it.
    history : values of the agency's earlier quarters (see `measure`), for changes and trends; those
        of other agencies, of the report's quarter and of later ones are left out. What the report
        itself states of an earlier quarter stands before what the history does.
    previous : the agency's report of the quarter before: its tables open the report's (see
        `check`), and its figures are part of the history.
    below : leave out figures from which a number below this one, and above 0, would follow (see
        `suppress_small`), before anything else is made of them. What quotes figures (messages of
        findings, the prose, what has no place) is left out as well.
    forms : whether the report's forms are published beside its values.
    lang : language of notes and messages, "vi" or "en".

    Raises
    ------
    ValuesError
        The report has no table that an indicator is measured on; a history that is no values frame,
        or that has nothing of the agency.
    CchcError
        `previous` is not the quarter before, or another agency's.

    Examples
    --------
    >>> from cchc_stats.reading import read_report
    >>> quarter = look_at(read_report("data/binh-dinh-skhcn-2020q3"))
    >>> rate = quarter.values.query("indicator == 'on_time_rate_settled' and group == 'all'")
    >>> rate["value"].tolist()
    [100.0]
    """
    require_language(lang)
    findings = check(report, previous=previous, lang=lang)
    measured = measure(report.tables, lang=lang)
    earlier = _earlier(report, measured, history, previous, lang=lang)
    values = with_year_to_date(CheckedValues.made(measured), lang=lang)
    left_out = ""
    if below is not None:
        own = values
        together = pd.concat([values, _unlike(earlier, values)], ignore_index=True)
        kept = suppress_together(
            together, _counted(report) if forms else {}, below=below, lang=lang
        )
        left_out, findings = kept.note, without_figures(findings, lang=lang)
        report = replace(
            report,
            tables=dict(report.tables) | dict(kept.tables),
            claims=report.claims.iloc[:0],
            unplaced=report.unplaced.iloc[:0],
        )
        assert kept.values is not None
        values, measured, earlier = (_alike(kept.values, rows) for rows in (own, measured, earlier))
    series = pd.concat([measured, earlier], ignore_index=True)
    years = pd.concat([values, _unlike(earlier, values)], ignore_index=True)
    by_quarter = converted(CheckedValues.made(series), to=IN_PERIOD, across=True, lang=lang)
    quarters = CheckedValues.made(by_quarter)
    changes = {
        "quarter_over_quarter": compared(quarters, lag=1, across=True, lang=lang),
        "year_over_year": compared(CheckedValues.made(years), lag=4, across=True, lang=lang),
    }
    changes = {name: _unlike(rows, earlier) for name, rows in changes.items()}
    comparisons = pd.concat(changes, names=["comparison"]).reset_index(level="comparison")
    return Quarter(
        report=report,
        values=values,
        comparisons=comparisons.astype({"comparison": "str"}).reset_index(drop=True),
        findings=findings,
        lang=lang,
        history=earlier,
        left_out=left_out,
    )


def _counted(report: Report) -> dict[str, pd.DataFrame]:
    """Return the forms of a report as frames without the cells that they were read from."""
    return {code: report.tables[code] for code in report.tables}


def without_figures(findings: pd.DataFrame, *, lang: str) -> pd.DataFrame:
    """Return findings with what they are about, and without the figures they set apart."""
    instead = word("suppressing", "text", lang=lang)
    quoting = findings["message"].str.contains(r"\d", na=False)
    kinds = {code: label.in_language(lang) for code, label in vocabulary()["kind"].items()}
    said = [kinds.get(rule, instead) for rule in findings["rule"]]
    return findings.assign(
        message=findings["message"].mask(quoting, pd.Series(said, findings.index, dtype="str")),
        where=findings["where"].mask(quoting, ""),
        found=findings["found"].mask(quoting),
        expected=findings["expected"].mask(quoting),
        difference=findings["difference"].mask(quoting),
    )


def _earlier(
    report: Report,
    measured: pd.DataFrame,
    history: pd.DataFrame | None,
    previous: Report | None,
    *,
    lang: str,
) -> pd.DataFrame:
    """Return the agency's earlier quarters, without what the report itself states of them."""
    frames = []
    if history is not None:
        values = complete_values(history)
        own = values[values["agency"] == report.agency]
        if own.empty:
            others = ", ".join(map(str, values["agency"].unique()[:3]))
            raise ValuesError(
                f"the history has nothing of {report.agency}",
                where=f"history=, column agency: {others}",
                mend="give values of this agency, under the name that the report has",
            )
        frames.append(own)
    if previous is not None:
        if previous.agency != report.agency:
            raise CchcError(
                f"the report before is of {previous.agency}, not of {report.agency}",
                where="previous=",
                mend="give the agency's own, read with agency= the name that this report has",
            )
        frames.append(measure(previous.tables, lang=lang))
    if not frames:
        return measured.iloc[:0]
    joined = pd.concat(frames, ignore_index=True)[list(measured.columns)]
    joined = joined[joined["period"] < report.period]
    return _unlike(joined[~joined.duplicated(list(KEY))], measured)


def _unlike(rows: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose key none of the others has."""
    keys = list(KEY)
    there = pd.MultiIndex.from_frame(others[keys])
    return rows[~pd.MultiIndex.from_frame(rows[keys]).isin(there)].reset_index(drop=True)


def _alike(rows: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that have the key of one of the others, in the order of those."""
    keys = list(KEY)
    at = pd.MultiIndex.from_frame(rows[keys]).get_indexer(pd.MultiIndex.from_frame(others[keys]))
    return rows.iloc[at].reset_index(drop=True)


def with_year_to_date(checked: CheckedValues, *, lang: str = "vi") -> pd.DataFrame:
    """Return the values and, below each indicator's own, the sums from the start of the year.

    Sums that cannot be formed are left out; one takes the place of a year to date that was printed
    without a figure. See `year_to_date`.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "Sở A", "period": ["2020Q1", "2020Q2"],
    ...                     "indicator": "training_turns", "value": [18, 18]})
    >>> with_year_to_date(CheckedValues.of(own))[["basis", "value"]].values.tolist()
    [['in_period', 18.0], ['in_period', 18.0], ['year_to_date', 18.0], ['year_to_date', 36.0]]
    """
    values = checked.frame
    summed = converted(checked, to=YEAR_TO_DATE, across=True, lang=lang)
    to_date = summed[(summed["basis"] == YEAR_TO_DATE) & summed["value"].notna()]
    joined = pd.concat([values, to_date], ignore_index=True)
    joined = joined[~joined.duplicated(list(KEY), keep="last")]
    order = joined["indicator"].map(
        {code: at for at, code in enumerate(joined["indicator"].unique())}
    )
    return joined.loc[order.sort_values(kind="stable").index].reset_index(drop=True)


def with_changes(quarter: Quarter, comparison: str) -> pd.DataFrame:
    """Return the quarter's values with intervals and the changes of one comparison, by key."""
    changes = quarter.compared(comparison)[[*KEY, *ADDED]]
    return quarter.with_intervals.merge(changes, on=list(KEY), how="left", validate="one_to_one")


@dataclass(frozen=True, eq=False)
class Trends:
    """The main figures over the quarters.

    Attributes
    ----------
    values : what `quarter_over_quarter` returns, with intervals; figures of the total only.
    charts : what `control_chart` returns of rates of events that have quarters enough.
    """

    values: pd.DataFrame
    charts: pd.DataFrame


def trends_of(quarter: Quarter) -> Trends | None:
    """Return the trends of a quarter that has a history, None where it has none.

    Of an indicator on several bases or of several origins the series with most figures counts.
    """
    if quarter.history.empty:
        return None
    series = pd.concat([quarter.values, quarter.history], ignore_index=True)
    main = series["indicator"].isin(KEY_FIGURES) & (series["group"] == "all")
    up_to_now = series["period"] <= quarter.report.period
    series = series[main & up_to_now & (series["basis"] != YEAR_TO_DATE)]
    figures = series.groupby(SERIES, sort=False)["value"].count()
    figures = figures[figures >= FEWEST].sort_values(ascending=False, kind="stable")
    chosen = figures.reset_index()[SERIES].drop_duplicates("indicator")
    if chosen.empty:
        return None
    values = series.merge(chosen, on=SERIES)
    order = values["indicator"].map(KEY_FIGURES.index)
    values = values.assign(order=order).sort_values(["order", "period"]).drop(columns="order")
    values = compared(CheckedValues.made(values), lag=1, across=True, lang=quarter.lang)
    values = add_intervals(values, level=LEVEL, method=METHOD, lang=quarter.lang)
    return Trends(values, _charts(values, lang=quarter.lang))


def _charts(values: pd.DataFrame, *, lang: str) -> pd.DataFrame:
    events = [
        code
        for code in values["indicator"].unique()
        if code in DRAWN and (indicator := find_indicator(code)) and indicator.kind == "events"
    ]
    figures = values[values["indicator"].isin(events)]
    enough = figures.groupby("indicator")["value"].transform("count") >= CHARTED
    # One that never moves is shown by its trend.
    moves = figures.groupby("indicator")["value"].transform("nunique") > 1
    chosen = figures[enough & moves]
    return control_chart(chosen, across_windows=True, lang=lang) if len(chosen) else chosen


@dataclass(frozen=True, eq=False)
class Scored:
    """One agency and period scored by a scheme.

    Attributes
    ----------
    scheme : what it was scored by.
    checked : scores of the agency and period.
    lost : where points were lost, see `points_lost`.
    verdict : the class of the result, None where it is not complete or the scheme has no classes.
    """

    scheme: Scheme
    checked: CheckedScores
    lost: pd.DataFrame
    verdict: Label | None

    @property
    def scores(self) -> pd.DataFrame:
        """Scores frame of the agency and period."""
        return self.checked.frame

    @property
    def root(self) -> pd.Series:
        """The row of the total; the agency's own assessment where there are several."""
        return self.scores[self.scores["code"] == ROOT].iloc[0]

    @property
    def own(self) -> pd.Series:
        """Which rows of the scores are of the assessor whose result `root` is."""
        own: pd.Series = self.scores["assessor"] == self.root["assessor"]
        return own

    @property
    def own_lost(self) -> pd.DataFrame:
        """Where points were lost by that assessor."""
        own: pd.DataFrame = self.lost[self.lost["assessor"] == self.root["assessor"]]
        return own

    @property
    def warning(self) -> str:
        """The code of what is to be said of a scheme that no decision has settled, else ""."""
        status = self.scheme.status
        return f"{status}_scheme" if status in ("example", "provisional") else ""


def look_at_index(
    values: pd.DataFrame,
    scheme: Scheme,
    *,
    agency: str,
    period: pd.Period,
    answers: pd.DataFrame | None = None,
    lang: str = "vi",
) -> Scored:
    """Return an agency's period scored by a scheme.

    Raises
    ------
    ValuesError
        As `score` does; neither figures nor answers of the agency and period.

    Examples
    --------
    >>> from cchc_stats.index import load_scheme
    >>> own = pd.DataFrame({"agency": "Sở A", "period": "2026Q3", "indicator": "ON_TIME",
    ...                     "numerator": [9], "denominator": [10]})
    >>> scored = look_at_index(own, load_scheme("qd-766-2022"), agency="Sở A",
    ...                        period=pd.Period("2026Q3"))
    >>> scored.root["points_known"].item()
    20.0
    """
    scores = score(values, scheme, answers=answers, across_windows=True)
    own = (scores["agency"] == agency) & (scores["period"] == period)
    if not own.any():
        raise ValuesError(
            f"nothing of {agency}, {period} can be scored by {scheme.name}",
            where="values and answers",
            mend="give answers of that agency and period, or another scheme",
        )
    checked = CheckedScores(scores[own].reset_index(drop=True))
    return Scored(scheme, checked, lost_points(checked, lang=lang), _verdict(checked, scheme))


def _verdict(checked: CheckedScores, scheme: Scheme) -> Label | None:
    root = checked.frame["code"] == ROOT
    if not checked.frame.loc[root, "complete"].any():
        return None
    ranked = ranks_of(checked, scheme=scheme, incomplete="exclude")
    codes = {one.code: one.label for one in scheme.classes}
    return codes.get(ranked["class"].iloc[0]) if ranked["complete"].iloc[0] else None
