"""Indicators of training: turns by course, to date, against the year before, per person."""

from __future__ import annotations

import pandas as pd

from cchc_stats.forms import GROUPS
from cchc_stats.indicators.indicator import Indicator, Tables, choose, indicate
from cchc_stats.indicators.records.staffing import STAFF_PRESENT
from cchc_stats.indicators.records.turns_to_date import turns_to_date
from cchc_stats.indicators.tables import set_beside, tables_of

_SECTION_4B = "Báo cáo CCHC, phần II.4b, bảng đào tạo, bồi dưỡng"
_COURSES = {
    "all": ("total", "Lượt đào tạo, bồi dưỡng", "Training turns"),
    "postgraduate": ("postgraduate", "Lượt đào tạo thạc sỹ trở lên", "Turns, master's and above"),
    "university": ("university", "Lượt đào tạo đại học", "Turns, university"),
    "short_course": ("short_course", "Lượt đào tạo ngắn hạn", "Turns, short courses"),
    "refresher": ("refresher", "Lượt bồi dưỡng, tập huấn", "Turns, refresher classes"),
}
_PARTS = dict.fromkeys(GROUPS)
# Staff on labour contracts belong to neither group.
_CATEGORIES = {"civil_servants": "administrative", "public_employees": "public_service"}


def training_turns(training: pd.DataFrame, *, course: str = "all") -> pd.Series:
    """Return turns of training (lượt đào tạo, bồi dưỡng), all or of one kind of course.

    Parameters
    ----------
    training : frame of the form `training`, one row per staff group.
    course : "all", "postgraduate", "university", "short_course" or "refresher".

    Returns
    -------
    Series `training_turns`, or `training_turns_<course>`, Float64 turns (attendances, not persons),
    index of `training`; <NA> where missing. Source: report, section II.4b.

    Raises
    ------
    CchcError
        For another kind of course.

    Examples
    --------
    >>> training = pd.DataFrame({"total": [16, 1], "refresher": [16, 1]})
    >>> training_turns(training, course="refresher").tolist()
    [16.0, 1.0]
    """
    what = "training turns are counted of course"
    return indicate(training, choose(_TURNS, course, option="course", what=what))


_TURNS = {
    course: Indicator(
        code="training_turns" if course == "all" else f"training_turns_{course}",
        label_vi=label_vi,
        label_en=label_en,
        unit="turns",
        better="none",
        kind="count",
        form="training",
        formula=column,
        source=_SECTION_4B,
        parts=_PARTS,
    )
    for course, (column, label_vi, label_en) in _COURSES.items()
}


def training_turns_to_date(training: pd.DataFrame) -> pd.Series:
    """Return turns of training since the start of the year (lũy kế từ đầu năm).

    Parameters
    ----------
    training : validated frame of the form, one row per staff group, quarter and basis: a reported
        year-to-date figure ("Tổng") counts where it is there, else the one of the quarter before
        plus the turns of the quarter.

    Returns
    -------
    Series `training_turns_to_date`, Float64 turns, index of `training`: the figure at the end of
    each row's quarter. <NA> where a quarter since the last known figure has not reported; one with
    "-" adds nothing once another quarter of the year has a figure. Source: report, section II.4b.

    Raises
    ------
    ValuesError
        The frame is not the form's.

    Examples
    --------
    >>> from cchc_stats.forms import validate
    >>> training = validate(pd.DataFrame(
    ...     {"agency": "Sở A", "period": ["2020Q1", "2020Q2", "2020Q3"], "total": [18, 18, 16],
    ...      "staff_group": "civil_servants", "postgraduate": 0, "university": 0,
    ...      "short_course": [0, 2, 0], "refresher": [18, 16, 16]}), "training")
    >>> training_turns_to_date(training).tolist()
    [18.0, 36.0, 52.0]
    """
    tables = tables_of(training=training)
    return indicate(turns_to_date(tables["training"]), TRAINING_TURNS_TO_DATE)


def _to_date(tables: Tables, lang: str) -> pd.DataFrame:
    return _once(turns_to_date(tables["training"], lang=lang))


def _once(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row per agency, quarter and group: the rows of a quarter tell the same to date."""
    frame = frame.drop_duplicates(["agency", "period", "staff_group"])
    return frame.assign(basis=pd.Series("year_to_date", index=frame.index, dtype="str"))


TRAINING_TURNS_TO_DATE = Indicator(
    code="training_turns_to_date",
    label_vi="Lượt đào tạo, bồi dưỡng lũy kế từ đầu năm",
    label_en="Training turns since the start of the year",
    unit="turns",
    better="none",
    kind="count",
    form="training",
    formula="turns_to_date",
    source=_SECTION_4B,
    parts=_PARTS,
    prepare=_to_date,
)


def training_share_of_previous_year(training: pd.DataFrame) -> pd.Series:
    """Return turns to date against all turns of the year before (so với cả năm trước).

    Parameters
    ----------
    training : validated frame of the form with rows of the year before too: its year-to-date
        figure of quarter IV ("Năm trước"), or its four quarters.

    Returns
    -------
    Series `training_share_of_previous_year`, Float64 percent, index of `training`; above 100 where
    the year before is passed already. <NA> where either year is not known or the year before had
    none. Source: report, section II.4b.

    Raises
    ------
    ValuesError
        The frame is not the form's.

    Examples
    --------
    >>> from cchc_stats.forms import validate
    >>> training = validate(pd.DataFrame(
    ...     {"agency": "Sở A", "period": ["2019Q4", "2020Q3"], "basis": "year_to_date",
    ...      "staff_group": "civil_servants", "total": [51, 52], "postgraduate": [1, 0],
    ...      "university": 0, "short_course": [19, 2], "refresher": [31, 50]}), "training")
    >>> training_share_of_previous_year(training).round(2).tolist()
    [<NA>, 101.96]
    """
    tables = tables_of(training=training)
    frame = turns_to_date(tables["training"], previous_year=True)
    return indicate(frame, TRAINING_SHARE_OF_PREVIOUS_YEAR)


def _against_previous_year(tables: Tables, lang: str) -> pd.DataFrame:
    return _once(turns_to_date(tables["training"], previous_year=True, lang=lang))


TRAINING_SHARE_OF_PREVIOUS_YEAR = Indicator(
    code="training_share_of_previous_year",
    label_vi="Lượt đào tạo lũy kế so với cả năm trước",
    label_en="Training turns to date against the whole year before",
    unit="percent",
    better="none",
    kind="ratio",
    form="training",
    formula="turns_to_date / turns_previous_year",
    source=_SECTION_4B,
    additive=False,
    parts=_PARTS,
    prepare=_against_previous_year,
)


def training_turns_per_person_present(training: pd.DataFrame, staffing: pd.DataFrame) -> pd.Series:
    """Return turns to date per person present of the same group (số lượt trên một người).

    Parameters
    ----------
    training : validated frame of the form, one row per staff group.
    staffing : validated frame of the form `staffing` of the same agencies and periods. Civil
        servants are matched with `administrative`, public employees with `public_service`.

    Returns
    -------
    Series `training_turns_per_person_present`, Float64 turns per person, index of `training`; <NA>
    where the turns to date or the people present are not known, or nobody is present.
    Source: report, sections II.4a and II.4b.

    Raises
    ------
    ValuesError
        A frame is not the form's.

    Examples
    --------
    >>> from cchc_stats.forms import validate
    >>> training = validate(pd.DataFrame(
    ...     {"agency": ["Sở A"], "period": "2020Q1", "staff_group": "public_employees",
    ...      "total": 7, "postgraduate": 0, "university": 0, "short_course": 3, "refresher": 4}),
    ...     "training")
    >>> staffing = validate(pd.DataFrame({"agency": ["Sở A"], "period": "2020Q1",
    ...     "category": "public_service", "assigned": 47, "present": 23}), "staffing")
    >>> training_turns_per_person_present(training, staffing).round(3).tolist()
    [0.304]
    """
    tables = tables_of(training=training, staffing=staffing)
    frame = _with_people(turns_to_date(tables["training"]), tables, lang="vi")
    return indicate(frame, TRAINING_TURNS_PER_PERSON_PRESENT)


def _beside_people(tables: Tables, lang: str) -> pd.DataFrame:
    return _with_people(_to_date(tables, lang), tables, lang=lang)


def _with_people(frame: pd.DataFrame, tables: Tables, *, lang: str) -> pd.DataFrame:
    group = frame["staff_group"].map(_CATEGORIES)
    return set_beside(frame, STAFF_PRESENT, tables, name="people_present", group=group, lang=lang)


TRAINING_TURNS_PER_PERSON_PRESENT = Indicator(
    code="training_turns_per_person_present",
    label_vi="Lượt đào tạo lũy kế trên một người hiện có",
    label_en="Training turns to date per person present",
    unit="turns_per_person",
    better="none",
    kind="ratio",
    form="training",
    formula="turns_to_date / people_present",
    source="Báo cáo CCHC, phần II.4a và II.4b",
    additive=False,
    parts=_PARTS,
    needs=("staffing",),
    prepare=_beside_people,
)

RECORDS = (
    *_TURNS.values(),
    TRAINING_TURNS_TO_DATE,
    TRAINING_SHARE_OF_PREVIOUS_YEAR,
    TRAINING_TURNS_PER_PERSON_PRESENT,
)
