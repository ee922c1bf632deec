"""Made by docs/generate.py from the records of indicators."""

from collections.abc import Mapping
from typing import Literal

import pandas as pd

from cchc_stats.indicators.consolidation import consolidate, either_rows_or_whole
from cchc_stats.indicators.indicator import Better, Indicator, Kind, Tables
from cchc_stats.indicators.measure import measure, with_units
from cchc_stats.indicators.missing_reports import missing_reports
from cchc_stats.indicators.records import INDICATORS, find_indicator, find_indicators

FUNCTIONS: Mapping[str, tuple[Indicator, ...]]

__all__ = [
    "FUNCTIONS",
    "INDICATORS",
    "Better",
    "Indicator",
    "Kind",
    "Tables",
    "autonomy_share",
    "backlog_ratio",
    "connected_units",
    "consolidate",
    "days_saved",
    "departments",
    "digital_signatures",
    "digital_signatures_per_civil_servant_present",
    "digital_signatures_per_person_present",
    "digitised_share_handled",
    "documents_sent",
    "dossier_count",
    "dossiers_online_share",
    "early_share_settled",
    "either_rows_or_whole",
    "electronic_documents_share",
    "electronic_results_share_handled",
    "find_indicator",
    "find_indicators",
    "full_process_share_procedures",
    "full_process_share_received",
    "inspected_share_direct",
    "inspected_share_with_indirect",
    "interlinked_share",
    "iso_agencies",
    "iso_announced_share",
    "iso_compliant_share",
    "iso_inspected",
    "iso_procedures_share",
    "late_rate",
    "measure",
    "missing_reports",
    "non_territorial_dossiers",
    "non_territorial_share_received",
    "on_time_rate",
    "one_stop_share",
    "online_procedures",
    "online_procedures_share",
    "online_services_share_procedures",
    "online_services_used_share",
    "online_share",
    "online_share_received",
    "paid_online_share_with_fee",
    "pending_overdue_share",
    "people_trained",
    "petitions_on_time_rate_received",
    "population_data_share_handled",
    "population_data_share_procedures",
    "positions_placed_share",
    "proactive_dossiers",
    "proactive_procedures",
    "procedures_in_force",
    "procedures_paid_online_share_with_fee",
    "procedures_payable_online_share_with_fee",
    "procedures_published",
    "procedures_published_on_time_share",
    "public_service_units",
    "reused_share_handled",
    "settlement_rate",
    "shared_share_handled",
    "staff_assigned",
    "staff_changes",
    "staff_present",
    "staffing_rate",
    "time_reduction",
    "time_reduction_by_dossiers",
    "time_reduction_mean",
    "training_share_of_previous_year",
    "training_turns",
    "training_turns_per_person_present",
    "training_turns_to_date",
    "vacancies",
    "with_units",
]

def procedures_in_force(procedures: pd.DataFrame) -> pd.Series:
    """Return the number of procedures in force (TTHC đang có hiệu lực) at the period's end.

    Parameters
    ----------
    procedures : frame with `in_force`, one row per report.

    Returns
    -------
    Series `procedures_in_force`, Float64 procedures, index of `procedures`; <NA> where a term is
    missing.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Phụ lục báo cáo CCHC, bảng 1a.

    Examples
    --------
    >>> import pandas as pd
    >>> procedures = pd.DataFrame({"in_force": [62]})
    >>> procedures_in_force(procedures).round(2).tolist()
    [62.0]
    """

def procedures_published(procedures: pd.DataFrame) -> pd.Series:
    """Return the number of procedures published in the period (TTHC được công bố).

    Parameters
    ----------
    procedures : frame with `published_total`, one row per report.

    Returns
    -------
    Series `procedures_published`, Float64 procedures, index of `procedures`; <NA> where a term is
    missing.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Phụ lục báo cáo CCHC, bảng 1a.

    Examples
    --------
    >>> import pandas as pd
    >>> procedures = pd.DataFrame({"published_total": [2]})
    >>> procedures_published(procedures).round(2).tolist()
    [2.0]
    """

def procedures_published_on_time_share(procedures: pd.DataFrame) -> pd.Series:
    """Return the share of published procedures that were published on time (đúng hạn).

    Parameters
    ----------
    procedures : frame with `published_on_time, published_total`, one row per report.

    Returns
    -------
    Series `procedures_published_on_time_share`, Float64 percent, index of `procedures`; <NA> where
    a term is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Phụ lục báo cáo CCHC, bảng 1a.

    Examples
    --------
    >>> import pandas as pd
    >>> procedures = pd.DataFrame({"published_on_time": [2, 0], "published_total": [2, 0]})
    >>> procedures_published_on_time_share(procedures).round(2).tolist()
    [100.0, <NA>]
    """

def one_stop_share(procedures: pd.DataFrame) -> pd.Series:
    """Return the share of procedures in force that are settled at the one-stop shop (một cửa).

    Interlinked ones are counted apart: the two shares make 100 where every procedure is in either.

    Parameters
    ----------
    procedures : frame with `one_stop, in_force`, one row per report.

    Returns
    -------
    Series `one_stop_share`, Float64 percent, index of `procedures`; <NA> where a term is missing or
    the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Phụ lục báo cáo CCHC, bảng 1a.

    Examples
    --------
    >>> import pandas as pd
    >>> procedures = pd.DataFrame({"one_stop": [40], "in_force": [62]})
    >>> one_stop_share(procedures).round(2).tolist()
    [64.52]
    """

def interlinked_share(procedures: pd.DataFrame) -> pd.Series:
    """Return the share of procedures in force that are interlinked (một cửa liên thông).

    Parameters
    ----------
    procedures : frame with `interlinked_total, in_force`, one row per report.

    Returns
    -------
    Series `interlinked_share`, Float64 percent, index of `procedures`; <NA> where a term is missing
    or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Phụ lục báo cáo CCHC, bảng 1a.

    Examples
    --------
    >>> import pandas as pd
    >>> procedures = pd.DataFrame({"interlinked_total": [22], "in_force": [62]})
    >>> interlinked_share(procedures).round(2).tolist()
    [35.48]
    """

def on_time_rate(
    dossiers: pd.DataFrame,
    *,
    denominator: Literal["settled", "received", "handled", "due"] = "settled",
) -> pd.Series:
    """Return the share of dossiers handled on time (tỷ lệ đúng hạn) under a named denominator.

    Published reports use all four denominators. `settled_on_time` includes early ones. Exactly
    which dossiers fell due only a ledger tells: 100 × due_on_time / due_total of what `tally`
    gives.

    Parameters
    ----------
    dossiers : frame of the form `dossiers`, one row per sector.
    denominator : "settled", settled_on_time / settled_total; "received", settled_on_time /
        received_total; "handled", (settled_on_time + pending_not_due) / received_total; "due",
        settled_on_time / (settled_total + pending_overdue) (approximate: only a ledger tells
        exactly how many dossiers fell due).

    Returns
    -------
    Series `on_time_rate_settled` or `on_time_rate_received` or `on_time_rate_handled` or
    `on_time_rate_due`, Float64 percent, index of `dossiers`; <NA> where a term is missing or the
    denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.
    CchcError
        For another word in `denominator`.

    Source
    ------
    tính từ các cột của biểu II.06a, Thông tư 01/2020/TT-VPCP; theo Quyết định 766/QĐ-TTg, 2.1, tính
    trên các cột của biểu II.06a.

    Examples
    --------
    >>> import pandas as pd
    >>> dossiers = pd.DataFrame({"settled_on_time": [60], "received_total": [61]})
    >>> on_time_rate(dossiers, denominator="received").round(2).tolist()
    [98.36]
    """

def late_rate(dossiers: pd.DataFrame) -> pd.Series:
    """Return the share of settled dossiers that were late (tỷ lệ quá hạn trên đã giải quyết).

    100 less the on-time rate of the settled. Late ones still pending are another figure:
    `pending_overdue_share`.

    Parameters
    ----------
    dossiers : frame with `settled_late, settled_total`, one row per sector.

    Returns
    -------
    Series `late_rate_settled`, Float64 percent, index of `dossiers`; <NA> where a term is missing
    or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    tính từ các cột của biểu II.06a, Thông tư 01/2020/TT-VPCP.

    Examples
    --------
    >>> import pandas as pd
    >>> dossiers = pd.DataFrame({"settled_late": [2534], "settled_total": [151295]})
    >>> late_rate(dossiers).round(2).tolist()
    [1.67]
    """

def early_share_settled(dossiers: pd.DataFrame) -> pd.Series:
    """Return the share of settled dossiers returned before they were due (trả trước hạn).

    Early ones are among those on time; older layouts do not count them apart.

    Parameters
    ----------
    dossiers : frame with `settled_early, settled_total`, one row per sector.

    Returns
    -------
    Series `early_share_settled`, Float64 percent, index of `dossiers`; <NA> where a term is missing
    or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    tính từ các cột của biểu II.06a, Thông tư 01/2020/TT-VPCP.

    Examples
    --------
    >>> import pandas as pd
    >>> dossiers = pd.DataFrame({"settled_early": [100], "settled_total": [125]})
    >>> early_share_settled(dossiers).round(2).tolist()
    [80.0]
    """

def dossier_count(
    dossiers: pd.DataFrame,
    *,
    of: Literal[
        "received", "newly_received", "settled", "settled_late", "pending", "pending_overdue"
    ] = "received",
) -> pd.Series:
    """Return one of the form's numbers of dossiers (số hồ sơ).

    Numbers received with those carried over must not be added over quarters: they count twice.
    Pending ones are of the end of the period.

    Parameters
    ----------
    dossiers : frame of the form `dossiers`, one row per sector.
    of : "received", received_total; "newly_received", newly_received; "settled", settled_total;
        "settled_late", settled_late; "pending", pending_total; "pending_overdue", pending_overdue.

    Returns
    -------
    Series `dossiers_received` or `dossiers_newly_received` or `dossiers_settled` or
    `dossiers_settled_late` or `dossiers_pending` or `dossiers_pending_overdue`, Float64 dossiers,
    index of `dossiers`; <NA> where a term is missing.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.
    CchcError
        For another word in `of`.

    Source
    ------
    Thông tư 01/2020/TT-VPCP, biểu II.06a.

    Examples
    --------
    >>> import pandas as pd
    >>> dossiers = pd.DataFrame({"received_total": [61], "pending_total": [1]})
    >>> dossier_count(dossiers, of="pending").round(2).tolist()
    [1.0]
    """

def settlement_rate(dossiers: pd.DataFrame) -> pd.Series:
    """Return the share of received dossiers that were settled (tỷ lệ giải quyết).

    Parameters
    ----------
    dossiers : frame with `settled_total, received_total`, one row per sector.

    Returns
    -------
    Series `settlement_rate`, Float64 percent, index of `dossiers`; <NA> where a term is missing or
    the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    tính từ các cột của biểu II.06a, Thông tư 01/2020/TT-VPCP.

    Examples
    --------
    >>> import pandas as pd
    >>> dossiers = pd.DataFrame({"settled_total": [60], "received_total": [61]})
    >>> settlement_rate(dossiers).round(2).tolist()
    [98.36]
    """

def pending_overdue_share(dossiers: pd.DataFrame) -> pd.Series:
    """Return the share of pending dossiers that are overdue (đang giải quyết đã quá hạn).

    Parameters
    ----------
    dossiers : frame with `pending_overdue, pending_total`, one row per sector.

    Returns
    -------
    Series `pending_overdue_share`, Float64 percent, index of `dossiers`; <NA> where a term is
    missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    tính từ các cột của biểu II.06a, Thông tư 01/2020/TT-VPCP.

    Examples
    --------
    >>> import pandas as pd
    >>> dossiers = pd.DataFrame({"pending_overdue": [0, 0], "pending_total": [1, 0]})
    >>> pending_overdue_share(dossiers).round(2).tolist()
    [0.0, <NA>]
    """

def backlog_ratio(dossiers: pd.DataFrame) -> pd.Series:
    """Return the backlog against what was received (tồn đọng so với tiếp nhận).

    A stock over a flow, so the same backlog weighs less in a longer period; compare like with like.

    Parameters
    ----------
    dossiers : frame with `pending_total, received_total`, one row per sector.

    Returns
    -------
    Series `backlog_ratio`, Float64 percent, index of `dossiers`; <NA> where a term is missing or
    the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    tính từ các cột của biểu II.06a, Thông tư 01/2020/TT-VPCP.

    Examples
    --------
    >>> import pandas as pd
    >>> dossiers = pd.DataFrame({"pending_total": [1], "received_total": [61]})
    >>> backlog_ratio(dossiers).round(2).tolist()
    [1.64]
    """

def dossiers_online_share(
    dossiers: pd.DataFrame,
    *,
    denominator: Literal["newly_received", "received"] = "newly_received",
) -> pd.Series:
    """Return the share of dossiers received online (tỷ lệ tiếp nhận trực tuyến), all services.

    Reports use both denominators; dossiers carried over lower the second.

    Parameters
    ----------
    dossiers : frame of the form `dossiers`, one row per sector.
    denominator : "newly_received", received_online / newly_received; "received", received_online /
        received_total.

    Returns
    -------
    Series `dossiers_online_share_newly_received` or `dossiers_online_share_received`, Float64
    percent, index of `dossiers`; <NA> where a term is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.
    CchcError
        For another word in `denominator`.

    Source
    ------
    tính từ các cột của biểu II.06a, Thông tư 01/2020/TT-VPCP.

    Examples
    --------
    >>> import pandas as pd
    >>> dossiers = pd.DataFrame({"received_online": [12516], "received_total": [56039]})
    >>> dossiers_online_share(dossiers, denominator="received").round(2).tolist()
    [22.33]
    """

def staff_assigned(staffing: pd.DataFrame) -> pd.Series:
    """Return the number of posts assigned (biên chế được giao).

    Parameters
    ----------
    staffing : frame with `assigned`, one row per category.

    Returns
    -------
    Series `staff_assigned`, Float64 posts, index of `staffing`; <NA> where a term is missing.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Báo cáo CCHC, phần II.4a, bảng biên chế.

    Examples
    --------
    >>> import pandas as pd
    >>> staffing = pd.DataFrame({"assigned": [40, 5, 47]})
    >>> staff_assigned(staffing).round(2).tolist()
    [40.0, 5.0, 47.0]
    """

def staff_present(staffing: pd.DataFrame) -> pd.Series:
    """Return the number of people present (biên chế hiện có).

    Parameters
    ----------
    staffing : frame with `present`, one row per category.

    Returns
    -------
    Series `staff_present`, Float64 people, index of `staffing`; <NA> where a term is missing.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Báo cáo CCHC, phần II.4a, bảng biên chế.

    Examples
    --------
    >>> import pandas as pd
    >>> staffing = pd.DataFrame({"present": [37, 5, 23]})
    >>> staff_present(staffing).round(2).tolist()
    [37.0, 5.0, 23.0]
    """

def staffing_rate(staffing: pd.DataFrame) -> pd.Series:
    """Return people present as a share of posts assigned (tỷ lệ biên chế đã sử dụng).

    Neither direction is better: an empty post is a shortage to one reader and a saving asked for by
    the streamlining of the payroll to another. More than 100 is above the quota.

    Parameters
    ----------
    staffing : frame with `present, assigned`, one row per category.

    Returns
    -------
    Series `staffing_rate`, Float64 percent, index of `staffing`; <NA> where a term is missing or
    the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Báo cáo CCHC, phần II.4a, bảng biên chế.

    Examples
    --------
    >>> import pandas as pd
    >>> staffing = pd.DataFrame({"present": [37, 5, 23], "assigned": [40, 5, 47]})
    >>> staffing_rate(staffing).round(2).tolist()
    [92.5, 100.0, 48.94]
    """

def vacancies(staffing: pd.DataFrame) -> pd.Series:
    """Return posts assigned less people present (biên chế còn trống).

    Negative above the quota. The sum of categories, in `measure`, nets them and says in its note
    how many people above a quota it has taken off.

    Parameters
    ----------
    staffing : frame with `assigned, present`, one row per category.

    Returns
    -------
    Series `vacancies`, Float64 posts, index of `staffing`; <NA> where a term is missing.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Báo cáo CCHC, phần II.4a, bảng biên chế.

    Examples
    --------
    >>> import pandas as pd
    >>> staffing = pd.DataFrame({"present": [37, 5, 23], "assigned": [40, 5, 47]})
    >>> vacancies(staffing).round(2).tolist()
    [3.0, 0.0, 24.0]
    """

def staff_changes(appointments: pd.DataFrame) -> pd.Series:
    """Return the number of appointments, dismissals, recruitments … (bổ nhiệm, tuyển dụng).

    Parameters
    ----------
    appointments : frame with `count`, one row per item.

    Returns
    -------
    Series `staff_changes`, Float64 cases, index of `appointments`; <NA> where a term is missing.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Báo cáo CCHC, phần II.4a, bảng bổ nhiệm và tuyển dụng.

    Examples
    --------
    >>> import pandas as pd
    >>> appointments = pd.DataFrame({"item": ["appointed", "rotated"], "count": [11, 2]})
    >>> staff_changes(appointments).round(2).tolist()
    [11.0, 2.0]
    """

def training_turns(
    training: pd.DataFrame,
    *,
    course: Literal["all", "postgraduate", "university", "short_course", "refresher"] = "all",
) -> pd.Series:
    """Return turns of training (lượt đào tạo, bồi dưỡng), all or of one kind of course.

    Attendances, not persons.

    Parameters
    ----------
    training : frame of the form `training`, one row per staff group.
    course : "all", total; "postgraduate", postgraduate; "university", university; "short_course",
        short_course; "refresher", refresher.

    Returns
    -------
    Series `training_turns` or `training_turns_postgraduate` or `training_turns_university` or
    `training_turns_short_course` or `training_turns_refresher`, Float64 turns, index of `training`;
    <NA> where a term is missing.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.
    CchcError
        For another word in `course`.

    Source
    ------
    Báo cáo CCHC, phần II.4b, bảng đào tạo, bồi dưỡng.

    Examples
    --------
    >>> import pandas as pd
    >>> training = pd.DataFrame({"total": [16, 1], "refresher": [16, 1]})
    >>> training_turns(training, course="refresher").round(2).tolist()
    [16.0, 1.0]
    """

def training_turns_to_date(training: pd.DataFrame) -> pd.Series:
    """Return turns of training since the start of the year (lũy kế từ đầu năm).

    The figure at the end of each row's quarter. A reported year-to-date figure ("Tổng") counts
    where it is there, else the one of the quarter before plus the turns of the quarter. <NA> where
    a quarter since the last known figure has not reported; one with "-" adds nothing once another
    quarter of the year has a figure.

    Parameters
    ----------
    training : validated frame of the form, one row per staff group.

    Returns
    -------
    Series `training_turns_to_date`, Float64 turns, index of `training`; <NA> where a term is
    missing.

    Raises
    ------
    ValuesError
        A frame that is not the form's.

    Source
    ------
    Báo cáo CCHC, phần II.4b, bảng đào tạo, bồi dưỡng.

    Examples
    --------
    >>> import pandas as pd
    >>> from cchc_stats.forms import validate
    >>> training = validate(pd.DataFrame(
    ...     {"agency": ["Sở A", "Sở A", "Sở A"],
    ...      "period": ["2020Q1", "2020Q2", "2020Q3"],
    ...      "staff_group": ["civil_servants", "civil_servants", "civil_servants"],
    ...      "total": [18, 18, 16],
    ...      "postgraduate": [0, 0, 0],
    ...      "university": [0, 0, 0],
    ...      "short_course": [0, 2, 0],
    ...      "refresher": [18, 16, 16]}
    ... ), "training")
    >>> training_turns_to_date(training).round(2).tolist()
    [18.0, 36.0, 52.0]
    """

def training_share_of_previous_year(training: pd.DataFrame) -> pd.Series:
    """Return turns to date against all turns of the year before (so với cả năm trước).

    The frame has rows of the year before too: its year-to-date figure of quarter IV ("Năm trước"),
    or its four quarters. Above 100 where the year before is passed already.

    Parameters
    ----------
    training : validated frame of the form, one row per staff group.

    Returns
    -------
    Series `training_share_of_previous_year`, Float64 percent, index of `training`; <NA> where a
    term is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A frame that is not the form's.

    Source
    ------
    Báo cáo CCHC, phần II.4b, bảng đào tạo, bồi dưỡng.

    Examples
    --------
    >>> import pandas as pd
    >>> from cchc_stats.forms import validate
    >>> training = validate(pd.DataFrame(
    ...     {"agency": ["Sở A", "Sở A"],
    ...      "period": ["2019Q4", "2020Q3"],
    ...      "basis": ["year_to_date", "year_to_date"],
    ...      "staff_group": ["civil_servants", "civil_servants"],
    ...      "total": [51, 52],
    ...      "postgraduate": [1, 0],
    ...      "university": [0, 0],
    ...      "short_course": [19, 2],
    ...      "refresher": [31, 50]}
    ... ), "training")
    >>> training_share_of_previous_year(training).round(2).tolist()
    [<NA>, 101.96]
    """

def training_turns_per_person_present(training: pd.DataFrame, staffing: pd.DataFrame) -> pd.Series:
    """Return turns to date per person present of the same group (số lượt trên một người).

    Civil servants are matched with `administrative`, public employees with `public_service`.

    Parameters
    ----------
    training : validated frame of the form, one row per staff group.
    staffing : validated frame of that form, of the same agencies and periods.

    Returns
    -------
    Series `training_turns_per_person_present`, Float64 turns per person, index of `training`; <NA>
    where a term is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A frame that is not the form's.

    Source
    ------
    Báo cáo CCHC, phần II.4a và II.4b.

    Examples
    --------
    >>> import pandas as pd
    >>> from cchc_stats.forms import validate
    >>> training = validate(pd.DataFrame(
    ...     {"agency": ["Sở A"],
    ...      "period": ["2020Q1"],
    ...      "staff_group": ["public_employees"],
    ...      "total": [7],
    ...      "postgraduate": [0],
    ...      "university": [0],
    ...      "short_course": [3],
    ...      "refresher": [4]}
    ... ), "training")
    >>> staffing = validate(pd.DataFrame(
    ...     {"agency": ["Sở A"],
    ...      "period": ["2020Q1"],
    ...      "category": ["public_service"],
    ...      "assigned": [47],
    ...      "present": [23]}
    ... ), "staffing")
    >>> training_turns_per_person_present(training, staffing).round(2).tolist()
    [0.3]
    """

def positions_placed_share(positions: pd.DataFrame) -> pd.Series:
    """Return the share of units that place staff by approved job position (vị trí việc làm).

    On the rows with the items `units_placed` and `service_units_placed`: each of them over itself
    and the item of units that do not.

    Parameters
    ----------
    positions : validated frame of the form, one row per item.

    Returns
    -------
    Series `positions_placed_share`, Float64 percent, index of `positions`; <NA> where a term is
    missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A frame that is not the form's.

    Source
    ------
    Phụ lục báo cáo CCHC, bảng 3a.

    Examples
    --------
    >>> import pandas as pd
    >>> from cchc_stats.forms import validate
    >>> positions = validate(pd.DataFrame(
    ...     {"agency": ["Sở A", "Sở A"],
    ...      "period": ["2020Q3", "2020Q3"],
    ...      "item": ["units_placed", "units_not_placed"],
    ...      "count": [8, 0]}
    ... ), "positions")
    >>> positions_placed_share(positions).round(2).tolist()
    [100.0]
    """

def people_trained(positions: pd.DataFrame) -> pd.Series:
    """Return the number of people trained in the period (được đào tạo, bồi dưỡng trong kỳ).

    On the rows with that item. Persons, where `training_turns` counts attendances. In `measure` its
    basis is `in_period`, as its heading says "trong kỳ báo cáo".

    Parameters
    ----------
    positions : frame with `item, count`, one row per item.

    Returns
    -------
    Series `people_trained`, Float64 people, index of `positions`; <NA> where a term is missing.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Phụ lục báo cáo CCHC, bảng 3a.

    Examples
    --------
    >>> import pandas as pd
    >>> positions = pd.DataFrame({"item": ["units_placed", "people_trained"], "count": [8, 15]})
    >>> people_trained(positions).round(2).tolist()
    [15.0]
    """

def autonomy_share(autonomy: pd.DataFrame) -> pd.Series:
    """Return the share of agencies or units under an item of autonomy (tự chủ).

    A printed "2/3" is 2 of 3; a printed 0 without "of how many" is no share. Neither direction is
    better: items range from units that pay for themselves to those that the state funds.

    Parameters
    ----------
    autonomy : frame with `count, of`, one row per item.

    Returns
    -------
    Series `autonomy_share`, Float64 percent, index of `autonomy`; <NA> where a term is missing or
    the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Phụ lục báo cáo CCHC, bảng 4.

    Examples
    --------
    >>> import pandas as pd
    >>> autonomy = pd.DataFrame({"count": [2, 2, 0], "of": [2, 3, None]})
    >>> autonomy_share(autonomy).round(2).tolist()
    [100.0, 66.67, <NA>]
    """

def documents_sent(documents: pd.DataFrame) -> pd.Series:
    """Return the number of documents sent (văn bản đi) in the period.

    Parameters
    ----------
    documents : frame with `sent_total`, one row per report.

    Returns
    -------
    Series `documents_sent`, Float64 documents, index of `documents`; <NA> where a term is missing.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Phụ lục báo cáo CCHC, bảng 5, phần trao đổi văn bản.

    Examples
    --------
    >>> import pandas as pd
    >>> documents = pd.DataFrame({"sent_total": [1380]})
    >>> documents_sent(documents).round(2).tolist()
    [1380.0]
    """

def electronic_documents_share(documents: pd.DataFrame) -> pd.Series:
    """Return the share of documents sent electronically (văn bản điện tử).

    Parameters
    ----------
    documents : frame with `sent_electronic, sent_total`, one row per report.

    Returns
    -------
    Series `electronic_documents_share`, Float64 percent, index of `documents`; <NA> where a term is
    missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Phụ lục báo cáo CCHC, bảng 5, phần trao đổi văn bản.

    Examples
    --------
    >>> import pandas as pd
    >>> documents = pd.DataFrame({"sent_electronic": [1315], "sent_total": [1380]})
    >>> electronic_documents_share(documents).round(2).tolist()
    [95.29]
    """

def online_share(online_services: pd.DataFrame) -> pd.Series:
    """Return the share of a level's dossiers that were received online (tiếp nhận qua mạng).

    Parameters
    ----------
    online_services : frame with `received_online, received_total`, one row per level.

    Returns
    -------
    Series `online_share`, Float64 percent, index of `online_services`; <NA> where a term is missing
    or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Phụ lục báo cáo CCHC, bảng 5, phần dịch vụ công trực tuyến.

    Examples
    --------
    >>> import pandas as pd
    >>> online_services = pd.DataFrame({"received_online": [53, 0], "received_total": [53, 0]})
    >>> online_share(online_services).round(2).tolist()
    [100.0, <NA>]
    """

def online_procedures(online_services: pd.DataFrame) -> pd.Series:
    """Return the number of procedures offered online (TTHC đã cung cấp) at each level.

    A procedure is at one level.

    Parameters
    ----------
    online_services : frame with `procedures`, one row per level.

    Returns
    -------
    Series `online_procedures`, Float64 procedures, index of `online_services`; <NA> where a term is
    missing.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Phụ lục báo cáo CCHC, bảng 5, phần dịch vụ công trực tuyến.

    Examples
    --------
    >>> import pandas as pd
    >>> online_services = pd.DataFrame({"procedures": [8, 0]})
    >>> online_procedures(online_services).round(2).tolist()
    [8.0, 0.0]
    """

def online_procedures_share(online_services: pd.DataFrame, procedures: pd.DataFrame) -> pd.Series:
    """Return procedures offered online as a share of all in force (trên TTHC có hiệu lực).

    The sum, in `measure`, adds the levels' procedures, which are distinct, over the procedures in
    force counted once.

    Parameters
    ----------
    online_services : validated frame of the form, one row per level.
    procedures : validated frame of that form, of the same agencies and periods.

    Returns
    -------
    Series `online_procedures_share`, Float64 percent, index of `online_services`; <NA> where a term
    is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A frame that is not the form's.

    Source
    ------
    Phụ lục báo cáo CCHC, bảng 1a và bảng 5.

    Examples
    --------
    >>> import pandas as pd
    >>> from cchc_stats.forms import validate
    >>> online_services = validate(pd.DataFrame(
    ...     {"agency": ["Sở A", "Sở A"],
    ...      "period": ["2020Q3", "2020Q3"],
    ...      "level": ["3", "4"],
    ...      "procedures": [8, 0],
    ...      "received_total": [53, 0],
    ...      "received_in_person": [0, 0],
    ...      "received_online": [53, 0]}
    ... ), "online_services")
    >>> procedures = validate(pd.DataFrame(
    ...     {"agency": ["Sở A"],
    ...      "period": ["2020Q3"],
    ...      "in_force": [62],
    ...      "published_total": [2],
    ...      "published_on_time": [2],
    ...      "published_late": [0],
    ...      "one_stop": [40],
    ...      "interlinked_total": [22],
    ...      "interlinked_horizontal": [22],
    ...      "interlinked_vertical": [0]}
    ... ), "procedures")
    >>> online_procedures_share(online_services, procedures).round(2).tolist()
    [12.9, 0.0]
    """

def iso_procedures_share(iso9001: pd.DataFrame) -> pd.Series:
    """Return the share of procedures run under ISO 9001 (TTHC áp dụng ISO): its coverage.

    Parameters
    ----------
    iso9001 : frame with `procedures, procedures_of`, one row per level.

    Returns
    -------
    Series `iso_procedures_share`, Float64 percent, index of `iso9001`; <NA> where a term is missing
    or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Phụ lục báo cáo CCHC, bảng 6 và Phụ lục về ISO 9001.

    Examples
    --------
    >>> import pandas as pd
    >>> iso9001 = pd.DataFrame({"procedures": [62], "procedures_of": [62]})
    >>> iso_procedures_share(iso9001).round(2).tolist()
    [100.0]
    """

def iso_announced_share(iso9001: pd.DataFrame) -> pd.Series:
    """Return the share of agencies applying ISO 9001 that have announced it (đã công bố ISO).

    Parameters
    ----------
    iso9001 : frame with `announced, agencies`, one row per level.

    Returns
    -------
    Series `iso_announced_share`, Float64 percent, index of `iso9001`; <NA> where a term is missing
    or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Phụ lục báo cáo CCHC, bảng 6 và Phụ lục về ISO 9001.

    Examples
    --------
    >>> import pandas as pd
    >>> iso9001 = pd.DataFrame({"announced": [21, 22, 105], "agencies": [21, 22, 105]})
    >>> iso_announced_share(iso9001).round(2).tolist()
    [100.0, 100.0, 100.0]
    """

def iso_compliant_share(iso9001: pd.DataFrame) -> pd.Series:
    """Return the share of announced agencies that keep to the rules (thực hiện đúng quy định).

    Judged at the end of the year, so that quarters print "-".

    Parameters
    ----------
    iso9001 : frame with `compliant, announced`, one row per level.

    Returns
    -------
    Series `iso_compliant_share`, Float64 percent, index of `iso9001`; <NA> where a term is missing
    or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Phụ lục báo cáo CCHC, bảng 6 và Phụ lục về ISO 9001.

    Examples
    --------
    >>> import pandas as pd
    >>> iso9001 = pd.DataFrame({"compliant": [20, None], "announced": [21, 22]})
    >>> iso_compliant_share(iso9001).round(2).tolist()
    [95.24, <NA>]
    """

def iso_agencies(iso9001: pd.DataFrame) -> pd.Series:
    """Return the number of agencies applying ISO 9001 (cơ quan áp dụng ISO).

    Parameters
    ----------
    iso9001 : frame with `agencies`, one row per level.

    Returns
    -------
    Series `iso_agencies`, Float64 agencies, index of `iso9001`; <NA> where a term is missing.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Phụ lục báo cáo CCHC, bảng 6 và Phụ lục về ISO 9001.

    Examples
    --------
    >>> import pandas as pd
    >>> iso9001 = pd.DataFrame({"agencies": [21, 22, 105]})
    >>> iso_agencies(iso9001).round(2).tolist()
    [21.0, 22.0, 105.0]
    """

def iso_inspected(iso9001: pd.DataFrame) -> pd.Series:
    """Return the number of agencies inspected on ISO 9001 (được kiểm tra) since the year began.

    In `measure` its basis is `year_to_date`, though the form's rows are told at the end of the
    period: each quarter's figure contains those before.

    Parameters
    ----------
    iso9001 : frame with `inspected`, one row per level.

    Returns
    -------
    Series `iso_inspected`, Float64 agencies, index of `iso9001`; <NA> where a term is missing.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Phụ lục báo cáo CCHC, bảng 6 và Phụ lục về ISO 9001.

    Examples
    --------
    >>> import pandas as pd
    >>> iso9001 = pd.DataFrame({"inspected": [33]})
    >>> iso_inspected(iso9001).round(2).tolist()
    [33.0]
    """

def time_reduction(simplifications: pd.DataFrame) -> pd.Series:
    """Return the share of a procedure's time that was cut (tỷ lệ cắt giảm thời gian).

    Working days; negative where the time became longer. The sum, in `measure`, is Σ days cut / Σ
    days before: procedures with a longer legal time weigh more. A plain mean and one weighted by
    dossiers are indicators of their own.

    Parameters
    ----------
    simplifications : frame with `days_before, days_after`, one row per procedure.

    Returns
    -------
    Series `time_reduction`, Float64 percent, index of `simplifications`; <NA> where a term is
    missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Báo cáo CCHC, phần II.2.

    Examples
    --------
    >>> import pandas as pd
    >>> simplifications = pd.DataFrame({"days_before": [15, 10], "days_after": [13, 8]})
    >>> time_reduction(simplifications).round(2).tolist()
    [13.33, 20.0]
    """

def days_saved(simplifications: pd.DataFrame) -> pd.Series:
    """Return the working days cut from a procedure (số ngày cắt giảm).

    Negative where the time became longer.

    Parameters
    ----------
    simplifications : frame with `days_before, days_after`, one row per procedure.

    Returns
    -------
    Series `days_saved`, Float64 working days, index of `simplifications`; <NA> where a term is
    missing.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Báo cáo CCHC, phần II.2.

    Examples
    --------
    >>> import pandas as pd
    >>> simplifications = pd.DataFrame({"days_before": [15, 10], "days_after": [13, 8]})
    >>> days_saved(simplifications).round(2).tolist()
    [2.0, 2.0]
    """

def time_reduction_mean(simplifications: pd.DataFrame) -> pd.Series:
    """Return the plain mean of the procedures' time reductions, each weighing the same.

    A procedure that had 0 days before has no reduction and is left out, and where that leaves none
    the mean is <NA>; so it is where the days of a procedure are missing.

    Parameters
    ----------
    simplifications : validated frame of the form, one row per procedure.

    Returns
    -------
    Series `time_reduction_mean`, Float64 percent, one value per agency, period and basis (its
    index); <NA> where a term is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A frame that is not the form's.

    Source
    ------
    Báo cáo CCHC, phần II.2.

    Examples
    --------
    >>> import pandas as pd
    >>> from cchc_stats.forms import validate
    >>> simplifications = validate(pd.DataFrame(
    ...     {"agency": ["Sở A", "Sở A"],
    ...      "period": ["2020Q3", "2020Q3"],
    ...      "procedure": ["a", "b"],
    ...      "days_before": [15, 10],
    ...      "days_after": [13, 8]}
    ... ), "simplifications")
    >>> time_reduction_mean(simplifications).round(2).tolist()
    [16.67]
    """

def time_reduction_by_dossiers(simplifications: pd.DataFrame) -> pd.Series:
    """Return the share of time cut from all dossiers: each procedure weighs by its dossiers.

    Σ dossiers · (days_before − days_after) / Σ dossiers · days_before, of the reports that give
    dossiers: the share of the people's waiting time that the cuts save.

    Parameters
    ----------
    simplifications : validated frame of the form, one row per procedure.

    Returns
    -------
    Series `time_reduction_by_dossiers`, Float64 percent, one value per agency, period and basis
    (its index); <NA> where a term is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A frame that is not the form's.

    Source
    ------
    Báo cáo CCHC, phần II.2.

    Examples
    --------
    >>> import pandas as pd
    >>> from cchc_stats.forms import validate
    >>> simplifications = validate(pd.DataFrame(
    ...     {"agency": ["Sở A", "Sở A"],
    ...      "period": ["2020Q3", "2020Q3"],
    ...      "procedure": ["a", "b"],
    ...      "days_before": [15, 10],
    ...      "days_after": [13, 8],
    ...      "dossiers": [2, 7]}
    ... ), "simplifications")
    >>> time_reduction_by_dossiers(simplifications).round(2).tolist()
    [18.0]
    """

def departments(organisation: pd.DataFrame) -> pd.Series:
    """Return the number of departments and branches (phòng, chi cục).

    Parameters
    ----------
    organisation : frame with `departments`, one row per report.

    Returns
    -------
    Series `departments`, Float64 agencies, index of `organisation`; <NA> where a term is missing.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Báo cáo CCHC, phần II.3a, bảng tổ chức bộ máy.

    Examples
    --------
    >>> import pandas as pd
    >>> organisation = pd.DataFrame({"departments": [6]})
    >>> departments(organisation).round(2).tolist()
    [6.0]
    """

def public_service_units(organisation: pd.DataFrame) -> pd.Series:
    """Return the number of public service units (đơn vị sự nghiệp công lập).

    Parameters
    ----------
    organisation : frame with `public_service_units`, one row per report.

    Returns
    -------
    Series `public_service_units`, Float64 agencies, index of `organisation`; <NA> where a term is
    missing.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Báo cáo CCHC, phần II.3a, bảng tổ chức bộ máy.

    Examples
    --------
    >>> import pandas as pd
    >>> organisation = pd.DataFrame({"public_service_units": [3]})
    >>> public_service_units(organisation).round(2).tolist()
    [3.0]
    """

def inspected_share_direct(inspections: pd.DataFrame) -> pd.Series:
    """Return the share of subordinate units inspected on the spot (kiểm tra trực tiếp).

    Parameters
    ----------
    inspections : frame with `inspected_directly, subordinate_units`, one row per report.

    Returns
    -------
    Series `inspected_share_direct`, Float64 percent, index of `inspections`; <NA> where a term is
    missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Báo cáo CCHC, phần I.3.

    Examples
    --------
    >>> import pandas as pd
    >>> inspections = pd.DataFrame({"inspected_directly": [3], "subordinate_units": [4]})
    >>> inspected_share_direct(inspections).round(2).tolist()
    [75.0]
    """

def inspected_share_with_indirect(inspections: pd.DataFrame) -> pd.Series:
    """Return the share of subordinate units inspected on the spot or by report.

    Kể cả gián tiếp. Above 100 where units are counted in both ways.

    Parameters
    ----------
    inspections : frame with `inspected_directly, inspected_indirectly, subordinate_units`, one row
        per report.

    Returns
    -------
    Series `inspected_share_with_indirect`, Float64 percent, index of `inspections`; <NA> where a
    term is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Báo cáo CCHC, phần I.3.

    Examples
    --------
    >>> import pandas as pd
    >>> inspections = pd.DataFrame(
    ...     {"inspected_directly": [3], "inspected_indirectly": [1], "subordinate_units": [4]}
    ... )
    >>> inspected_share_with_indirect(inspections).round(2).tolist()
    [100.0]
    """

def connected_units(
    infrastructure: pd.DataFrame,
    *,
    to: Literal["wan", "lan", "dedicated_network", "document_system"] = "lan",
) -> pd.Series:
    """Return the number of units connected to a network or system (đơn vị kết nối).

    Parameters
    ----------
    infrastructure : frame of the form `infrastructure`, one row per report.
    to : "wan", units_wan; "lan", units_lan; "dedicated_network", units_dedicated_network;
        "document_system", units_document_system.

    Returns
    -------
    Series `units_wan` or `units_lan` or `units_dedicated_network` or `units_document_system`,
    Float64 agencies, index of `infrastructure`; <NA> where a term is missing.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.
    CchcError
        For another word in `to`.

    Source
    ------
    Báo cáo CCHC, phần II.6a.

    Examples
    --------
    >>> import pandas as pd
    >>> infrastructure = pd.DataFrame({"units_wan": [1]})
    >>> connected_units(infrastructure, to="wan").round(2).tolist()
    [1.0]
    """

def digital_signatures(infrastructure: pd.DataFrame) -> pd.Series:
    """Return the number of digital signatures issued to staff (chữ ký số).

    Parameters
    ----------
    infrastructure : frame with `digital_signatures`, one row per report.

    Returns
    -------
    Series `digital_signatures`, Float64 signatures, index of `infrastructure`; <NA> where a term is
    missing.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Báo cáo CCHC, phần II.6a.

    Examples
    --------
    >>> import pandas as pd
    >>> infrastructure = pd.DataFrame({"digital_signatures": [34]})
    >>> digital_signatures(infrastructure).round(2).tolist()
    [34.0]
    """

def digital_signatures_per_person_present(
    infrastructure: pd.DataFrame, staffing: pd.DataFrame
) -> pd.Series:
    """Return digital signatures per person present, of all categories.

    Trên một người hiện có, labour contracts too; a person may hold several.

    Parameters
    ----------
    infrastructure : validated frame of the form, one row per report.
    staffing : validated frame of that form, of the same agencies and periods.

    Returns
    -------
    Series `digital_signatures_per_person_present`, Float64 signatures per person, index of
    `infrastructure`; <NA> where a term is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A frame that is not the form's.

    Source
    ------
    Báo cáo CCHC, phần II.4a và II.6a.

    Examples
    --------
    >>> import pandas as pd
    >>> from cchc_stats.forms import validate
    >>> infrastructure = validate(pd.DataFrame(
    ...     {"agency": ["Sở A"],
    ...      "period": ["2020Q3"],
    ...      "units_wan": [1],
    ...      "units_lan": [4],
    ...      "units_dedicated_network": [1],
    ...      "digital_signatures": [34],
    ...      "units_document_system": [4]}
    ... ), "infrastructure")
    >>> staffing = validate(pd.DataFrame(
    ...     {"agency": ["Sở A", "Sở A", "Sở A"],
    ...      "period": ["2020Q3", "2020Q3", "2020Q3"],
    ...      "category": ["administrative", "administrative_contract", "public_service"],
    ...      "assigned": [40, 5, 47],
    ...      "present": [37, 5, 23]}
    ... ), "staffing")
    >>> digital_signatures_per_person_present(infrastructure, staffing).round(2).tolist()
    [0.52]
    """

def digital_signatures_per_civil_servant_present(
    infrastructure: pd.DataFrame, staffing: pd.DataFrame
) -> pd.Series:
    """Return digital signatures per civil servant present (trên một công chức hiện có).

    Divided by the people present of the category `administrative` alone: the form speaks of
    signatures issued to cadres and civil servants.

    Parameters
    ----------
    infrastructure : validated frame of the form, one row per report.
    staffing : validated frame of that form, of the same agencies and periods.

    Returns
    -------
    Series `digital_signatures_per_civil_servant_present`, Float64 signatures per person, index of
    `infrastructure`; <NA> where a term is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A frame that is not the form's.

    Source
    ------
    Báo cáo CCHC, phần II.4a và II.6a.

    Examples
    --------
    >>> import pandas as pd
    >>> from cchc_stats.forms import validate
    >>> infrastructure = validate(pd.DataFrame(
    ...     {"agency": ["Sở A"],
    ...      "period": ["2020Q3"],
    ...      "units_wan": [1],
    ...      "units_lan": [4],
    ...      "units_dedicated_network": [1],
    ...      "digital_signatures": [34],
    ...      "units_document_system": [4]}
    ... ), "infrastructure")
    >>> staffing = validate(pd.DataFrame(
    ...     {"agency": ["Sở A", "Sở A", "Sở A"],
    ...      "period": ["2020Q3", "2020Q3", "2020Q3"],
    ...      "category": ["administrative", "administrative_contract", "public_service"],
    ...      "assigned": [40, 5, 47],
    ...      "present": [37, 5, 23]}
    ... ), "staffing")
    >>> digital_signatures_per_civil_servant_present(infrastructure, staffing).round(2).tolist()
    [0.92]
    """

def full_process_share_procedures(digital_services: pd.DataFrame) -> pd.Series:
    """Return full-process online services as a share of all procedures (dịch vụ công toàn trình).

    Parameters
    ----------
    digital_services : frame with `procedures_online_full, procedures`, one row per level.

    Returns
    -------
    Series `full_process_share_procedures`, Float64 percent, index of `digital_services`; <NA> where
    a term is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Nghị định 224/2026/NĐ-CP, điểm a khoản 1 điều 19.

    Examples
    --------
    >>> import pandas as pd
    >>> digital_services = pd.DataFrame({"procedures_online_full": [30], "procedures": [62]})
    >>> full_process_share_procedures(digital_services).round(2).tolist()
    [48.39]
    """

def full_process_share_received(digital_services: pd.DataFrame) -> pd.Series:
    """Return dossiers received full-process online as a share of those received, by every channel.

    Without those carried over.

    Parameters
    ----------
    digital_services : frame with `received_online_full, received_online_part, received_in_person,
        received_postal`, one row per level.

    Returns
    -------
    Series `full_process_share_received`, Float64 percent, index of `digital_services`; <NA> where a
    term is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Nghị định 224/2026/NĐ-CP, điểm b khoản 1 điều 19.

    Examples
    --------
    >>> import pandas as pd
    >>> digital_services = pd.DataFrame(
    ...     {"received_online_full": [60],
    ...      "received_online_part": [15],
    ...      "received_in_person": [20],
    ...      "received_postal": [5]}
    ... )
    >>> full_process_share_received(digital_services).round(2).tolist()
    [60.0]
    """

def online_share_received(digital_services: pd.DataFrame) -> pd.Series:
    """Return dossiers received online, in full or in part, as a share of those of every channel.

    Trực tuyến / (trực tuyến + trực tiếp + bưu chính), without those carried over.

    Parameters
    ----------
    digital_services : frame with `received_online_full, received_online_part, received_in_person,
        received_postal`, one row per level.

    Returns
    -------
    Series `online_share_received`, Float64 percent, index of `digital_services`; <NA> where a term
    is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    dẫn xuất từ các dòng của Cổng Dịch vụ công quốc gia, Quyết định 766/QĐ-TTg.

    Examples
    --------
    >>> import pandas as pd
    >>> digital_services = pd.DataFrame(
    ...     {"received_online_full": [60],
    ...      "received_online_part": [15],
    ...      "received_in_person": [20],
    ...      "received_postal": [5]}
    ... )
    >>> online_share_received(digital_services).round(2).tolist()
    [75.0]
    """

def online_services_share_procedures(digital_services: pd.DataFrame) -> pd.Series:
    """Return online services, full or partial, as a share of all procedures.

    Parameters
    ----------
    digital_services : frame with `procedures_online_full, procedures_online_part, procedures`, one
        row per level.

    Returns
    -------
    Series `online_services_share_procedures`, Float64 percent, index of `digital_services`; <NA>
    where a term is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    dẫn xuất từ các dòng của Cổng Dịch vụ công quốc gia, Quyết định 766/QĐ-TTg.

    Examples
    --------
    >>> import pandas as pd
    >>> digital_services = pd.DataFrame(
    ...     {"procedures_online_full": [30], "procedures_online_part": [20], "procedures": [62]}
    ... )
    >>> online_services_share_procedures(digital_services).round(2).tolist()
    [80.65]
    """

def online_services_used_share(digital_services: pd.DataFrame) -> pd.Series:
    """Return online services in which a dossier came online, as a share of online services.

    Has a dossier come in two quarters, the service is used once in the year.

    Parameters
    ----------
    digital_services : frame with `procedures_online_used, procedures_online_full,
        procedures_online_part`, one row per level.

    Returns
    -------
    Series `online_services_used_share`, Float64 percent, index of `digital_services`; <NA> where a
    term is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    dẫn xuất từ các dòng của Cổng Dịch vụ công quốc gia, Quyết định 766/QĐ-TTg.

    Examples
    --------
    >>> import pandas as pd
    >>> digital_services = pd.DataFrame(
    ...     {"procedures_online_used": [25],
    ...      "procedures_online_full": [30],
    ...      "procedures_online_part": [20]}
    ... )
    >>> online_services_used_share(digital_services).round(2).tolist()
    [50.0]
    """

def electronic_results_share_handled(digital_services: pd.DataFrame) -> pd.Series:
    """Return dossiers with an electronic result as a share of those received and handled.

    Cấp kết quả điện tử.

    Parameters
    ----------
    digital_services : frame with `results_electronic, dossiers_handled`, one row per level.

    Returns
    -------
    Series `electronic_results_share_handled`, Float64 percent, index of `digital_services`; <NA>
    where a term is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    dẫn xuất từ các dòng của Cổng Dịch vụ công quốc gia, Quyết định 766/QĐ-TTg.

    Examples
    --------
    >>> import pandas as pd
    >>> digital_services = pd.DataFrame({"results_electronic": [90], "dossiers_handled": [120]})
    >>> electronic_results_share_handled(digital_services).round(2).tolist()
    [75.0]
    """

def digitised_share_handled(digital_services: pd.DataFrame) -> pd.Series:
    """Return dossiers digitised (số hóa) as a share of those received and handled.

    Parameters
    ----------
    digital_services : frame with `dossiers_digitised, dossiers_handled`, one row per level.

    Returns
    -------
    Series `digitised_share_handled`, Float64 percent, index of `digital_services`; <NA> where a
    term is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    dẫn xuất từ các dòng của Cổng Dịch vụ công quốc gia, Quyết định 766/QĐ-TTg.

    Examples
    --------
    >>> import pandas as pd
    >>> digital_services = pd.DataFrame({"dossiers_digitised": [96], "dossiers_handled": [120]})
    >>> digitised_share_handled(digital_services).round(2).tolist()
    [80.0]
    """

def reused_share_handled(digital_services: pd.DataFrame) -> pd.Series:
    """Return dossiers that use digitised data again as a share of those received and handled.

    Khai thác, sử dụng lại thông tin, dữ liệu số hóa.

    Parameters
    ----------
    digital_services : frame with `dossiers_reused, dossiers_handled`, one row per level.

    Returns
    -------
    Series `reused_share_handled`, Float64 percent, index of `digital_services`; <NA> where a term
    is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    dẫn xuất từ các dòng của Cổng Dịch vụ công quốc gia, Quyết định 766/QĐ-TTg.

    Examples
    --------
    >>> import pandas as pd
    >>> digital_services = pd.DataFrame({"dossiers_reused": [30], "dossiers_handled": [120]})
    >>> reused_share_handled(digital_services).round(2).tolist()
    [25.0]
    """

def shared_share_handled(digital_services: pd.DataFrame) -> pd.Series:
    """Return digitised dossiers that are shared (kết nối, chia sẻ), of those received and handled.

    Parameters
    ----------
    digital_services : frame with `dossiers_shared, dossiers_handled`, one row per level.

    Returns
    -------
    Series `shared_share_handled`, Float64 percent, index of `digital_services`; <NA> where a term
    is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    dẫn xuất từ các dòng của Cổng Dịch vụ công quốc gia, Quyết định 766/QĐ-TTg.

    Examples
    --------
    >>> import pandas as pd
    >>> digital_services = pd.DataFrame({"dossiers_shared": [60], "dossiers_handled": [120]})
    >>> shared_share_handled(digital_services).round(2).tolist()
    [50.0]
    """

def population_data_share_handled(digital_services: pd.DataFrame) -> pd.Series:
    """Return dossiers that use the population database, of those received and handled.

    Khai thác Cơ sở dữ liệu quốc gia về dân cư.

    Parameters
    ----------
    digital_services : frame with `population_data_dossiers, dossiers_handled`, one row per level.

    Returns
    -------
    Series `population_data_share_handled`, Float64 percent, index of `digital_services`; <NA> where
    a term is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    dẫn xuất từ các dòng của Cổng Dịch vụ công quốc gia, Quyết định 766/QĐ-TTg.

    Examples
    --------
    >>> import pandas as pd
    >>> digital_services = pd.DataFrame(
    ...     {"population_data_dossiers": [48], "dossiers_handled": [120]}
    ... )
    >>> population_data_share_handled(digital_services).round(2).tolist()
    [40.0]
    """

def population_data_share_procedures(digital_services: pd.DataFrame) -> pd.Series:
    """Return procedures connected to the population database as a share of all procedures.

    Parameters
    ----------
    digital_services : frame with `population_data_procedures, procedures`, one row per level.

    Returns
    -------
    Series `population_data_share_procedures`, Float64 percent, index of `digital_services`; <NA>
    where a term is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    dẫn xuất từ các dòng của Cổng Dịch vụ công quốc gia, Quyết định 766/QĐ-TTg.

    Examples
    --------
    >>> import pandas as pd
    >>> digital_services = pd.DataFrame({"population_data_procedures": [31], "procedures": [62]})
    >>> population_data_share_procedures(digital_services).round(2).tolist()
    [50.0]
    """

def paid_online_share_with_fee(digital_services: pd.DataFrame) -> pd.Series:
    """Return dossiers paid online as a share of those with a financial obligation.

    Thanh toán trực tuyến.

    Parameters
    ----------
    digital_services : frame with `dossiers_paid_online, dossiers_with_fee`, one row per level.

    Returns
    -------
    Series `paid_online_share_with_fee`, Float64 percent, index of `digital_services`; <NA> where a
    term is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    dẫn xuất từ các dòng của Cổng Dịch vụ công quốc gia, Quyết định 766/QĐ-TTg.

    Examples
    --------
    >>> import pandas as pd
    >>> digital_services = pd.DataFrame({"dossiers_paid_online": [45], "dossiers_with_fee": [60]})
    >>> paid_online_share_with_fee(digital_services).round(2).tolist()
    [75.0]
    """

def procedures_payable_online_share_with_fee(digital_services: pd.DataFrame) -> pd.Series:
    """Return fee procedures that can be paid on the portal as a share of procedures with a fee.

    Parameters
    ----------
    digital_services : frame with `procedures_payable_online, procedures_with_fee`, one row per
        level.

    Returns
    -------
    Series `procedures_payable_online_share_with_fee`, Float64 percent, index of `digital_services`;
    <NA> where a term is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    dẫn xuất từ các dòng của Cổng Dịch vụ công quốc gia, Quyết định 766/QĐ-TTg.

    Examples
    --------
    >>> import pandas as pd
    >>> digital_services = pd.DataFrame(
    ...     {"procedures_payable_online": [12], "procedures_with_fee": [16]}
    ... )
    >>> procedures_payable_online_share_with_fee(digital_services).round(2).tolist()
    [75.0]
    """

def procedures_paid_online_share_with_fee(digital_services: pd.DataFrame) -> pd.Series:
    """Return procedures in which somebody paid online as a share of procedures with a fee.

    Paid for in two quarters, a procedure counts once in the year.

    Parameters
    ----------
    digital_services : frame with `procedures_paid_online, procedures_with_fee`, one row per level.

    Returns
    -------
    Series `procedures_paid_online_share_with_fee`, Float64 percent, index of `digital_services`;
    <NA> where a term is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    dẫn xuất từ các dòng của Cổng Dịch vụ công quốc gia, Quyết định 766/QĐ-TTg.

    Examples
    --------
    >>> import pandas as pd
    >>> digital_services = pd.DataFrame(
    ...     {"procedures_paid_online": [8], "procedures_with_fee": [16]}
    ... )
    >>> procedures_paid_online_share_with_fee(digital_services).round(2).tolist()
    [50.0]
    """

def non_territorial_dossiers(digital_services: pd.DataFrame) -> pd.Series:
    """Return the number of dossiers received outside their own territory (phi địa giới).

    Parameters
    ----------
    digital_services : frame with `non_territorial`, one row per level.

    Returns
    -------
    Series `non_territorial_dossiers`, Float64 dossiers, index of `digital_services`; <NA> where a
    term is missing.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    dẫn xuất từ các dòng của Cổng Dịch vụ công quốc gia, Quyết định 766/QĐ-TTg.

    Examples
    --------
    >>> import pandas as pd
    >>> digital_services = pd.DataFrame({"non_territorial": [7]})
    >>> non_territorial_dossiers(digital_services).round(2).tolist()
    [7.0]
    """

def non_territorial_share_received(digital_services: pd.DataFrame) -> pd.Series:
    """Return dossiers received outside their territory (phi địa giới), of all those received.

    Parameters
    ----------
    digital_services : frame with `non_territorial, received_online_full, received_online_part,
        received_in_person, received_postal`, one row per level.

    Returns
    -------
    Series `non_territorial_share_received`, Float64 percent, index of `digital_services`; <NA>
    where a term is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    dẫn xuất từ các dòng của Cổng Dịch vụ công quốc gia, Quyết định 766/QĐ-TTg.

    Examples
    --------
    >>> import pandas as pd
    >>> digital_services = pd.DataFrame(
    ...     {"non_territorial": [5],
    ...      "received_online_full": [40],
    ...      "received_online_part": [10],
    ...      "received_in_person": [30],
    ...      "received_postal": [20]}
    ... )
    >>> non_territorial_share_received(digital_services).round(2).tolist()
    [5.0]
    """

def petitions_on_time_rate_received(digital_services: pd.DataFrame) -> pd.Series:
    """Return petitions (phản ánh, kiến nghị) handled on time as a share of those received.

    Parameters
    ----------
    digital_services : frame with `petitions_on_time, petitions_received`, one row per level.

    Returns
    -------
    Series `petitions_on_time_rate_received`, Float64 percent, index of `digital_services`; <NA>
    where a term is missing or the denominator is 0.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    dẫn xuất từ các dòng của Cổng Dịch vụ công quốc gia, Quyết định 766/QĐ-TTg.

    Examples
    --------
    >>> import pandas as pd
    >>> digital_services = pd.DataFrame({"petitions_on_time": [9], "petitions_received": [10]})
    >>> petitions_on_time_rate_received(digital_services).round(2).tolist()
    [90.0]
    """

def proactive_procedures(proactive_services: pd.DataFrame) -> pd.Series:
    """Return the number of procedures offered proactively (dịch vụ công chủ động) at each level.

    Parameters
    ----------
    proactive_services : frame with `procedures`, one row per level.

    Returns
    -------
    Series `proactive_procedures`, Float64 procedures, index of `proactive_services`; <NA> where a
    term is missing.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Nghị định 224/2026/NĐ-CP, điều 16; điểm g khoản 1 điều 19.

    Examples
    --------
    >>> import pandas as pd
    >>> proactive_services = pd.DataFrame({"procedures": [5, 3, 1, 0]})
    >>> proactive_procedures(proactive_services).round(2).tolist()
    [5.0, 3.0, 1.0, 0.0]
    """

def proactive_dossiers(proactive_services: pd.DataFrame) -> pd.Series:
    """Return the number of dossiers of proactive services (dịch vụ công chủ động) at each level.

    Parameters
    ----------
    proactive_services : frame with `dossiers`, one row per level.

    Returns
    -------
    Series `proactive_dossiers`, Float64 dossiers, index of `proactive_services`; <NA> where a term
    is missing.

    Raises
    ------
    ValuesError
        A column that is not there, or that holds a text, a yes or no, or a negative figure.

    Source
    ------
    Nghị định 224/2026/NĐ-CP, điều 16; điểm g khoản 1 điều 19.

    Examples
    --------
    >>> import pandas as pd
    >>> proactive_services = pd.DataFrame({"dossiers": [120, 40, 0, 0]})
    >>> proactive_dossiers(proactive_services).round(2).tolist()
    [120.0, 40.0, 0.0, 0.0]
    """
