import datetime as dt
import unicodedata

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_stats.words.errors import CchcError, PeriodError
from cchc_stats.words.periods import (
    AS_OF,
    BASES,
    IN_PERIOD,
    YEAR_TO_DATE,
    Window,
    label_period,
    parse_basis,
    parse_period,
    require_quarters,
)

Q3, Q2, Q1, Q4 = (pd.Period(f"2020Q{n}") for n in (3, 2, 1, 4))
SEPTEMBER = pd.Period("2020-09")

NAMES = [
    ("quý III năm 2020", Q3, IN_PERIOD),
    ("Quý III/2020", Q3, IN_PERIOD),
    ("QUÝ III NĂM 2020", Q3, IN_PERIOD),
    ("Quý 3/2020", Q3, IN_PERIOD),
    ("quy iii nam 2020", Q3, IN_PERIOD),
    ("  Quý\u00a0III \n năm  2020 ", Q3, IN_PERIOD),
    ("Q3/2020", Q3, IN_PERIOD),
    ("QIII.2020", Q3, IN_PERIOD),
    ("QIII/2020", Q3, IN_PERIOD),
    ("III/2020", Q3, IN_PERIOD),
    ("2020Q3", Q3, IN_PERIOD),
    ("2020-Q3", Q3, IN_PERIOD),
    ("Q3 2020", Q3, IN_PERIOD),
    ("Q3-2020", Q3, IN_PERIOD),
    ("２０２０Ｑ３", Q3, IN_PERIOD),
    ("quý ba năm 2020", Q3, IN_PERIOD),
    ("quý tư năm 2020", Q4, IN_PERIOD),
    ("Quý I/2020", Q1, IN_PERIOD),
    ("Quý II, năm 2020", Q2, IN_PERIOD),
    ("Quý IV - 2020", Q4, IN_PERIOD),
    ("third quarter of 2020", Q3, IN_PERIOD),
    ("Quarter III of 2020", Q3, IN_PERIOD),
    ("trong kỳ quý III/2020", Q3, IN_PERIOD),
    ("3 tháng đầu năm 2020", Q1, YEAR_TO_DATE),
    ("6 tháng đầu năm 2020", Q2, YEAR_TO_DATE),
    ("06 tháng đầu năm 2020", Q2, YEAR_TO_DATE),
    ("sáu tháng đầu năm 2020", Q2, YEAR_TO_DATE),
    ("nửa đầu năm 2020", Q2, YEAR_TO_DATE),
    ("9 tháng năm 2020", Q3, YEAR_TO_DATE),
    ("9 tháng đầu năm 2020", Q3, YEAR_TO_DATE),
    ("chín tháng năm 2020", Q3, YEAR_TO_DATE),
    ("9T2020", Q3, YEAR_TO_DATE),
    ("9T/2020", Q3, YEAR_TO_DATE),
    ("6T 2020", Q2, YEAR_TO_DATE),
    ("12 tháng năm 2020", Q4, YEAR_TO_DATE),
    ("mười hai tháng năm 2020", Q4, YEAR_TO_DATE),
    ("năm 2020", Q4, YEAR_TO_DATE),
    ("cả năm 2020", Q4, YEAR_TO_DATE),
    ("2020", Q4, YEAR_TO_DATE),
    ("first six months of 2020", Q2, YEAR_TO_DATE),
    ("nine months of 2020", Q3, YEAR_TO_DATE),
    ("first half of 2020", Q2, YEAR_TO_DATE),
    ("year 2020", Q4, YEAR_TO_DATE),
    ("lũy kế đến quý III/2020", Q3, YEAR_TO_DATE),
    ("Luỹ kế đến cuối quý III năm 2020", Q3, YEAR_TO_DATE),
    ("từ đầu năm đến quý III/2020", Q3, YEAR_TO_DATE),
    ("Q3 2020, year to date", Q3, YEAR_TO_DATE),
    ("thời điểm cuối quý III/2020", Q3, AS_OF),
    ("đến cuối quý III năm 2020", Q3, AS_OF),
    ("tại thời điểm quý III/2020", Q3, AS_OF),
    ("cuối năm 2020", Q4, AS_OF),
    ("end of Q3 2020", Q3, AS_OF),
    ("as of Q3 2020", Q3, AS_OF),
    ("tháng 9/2020", SEPTEMBER, IN_PERIOD),
    ("Tháng 09 năm 2020", SEPTEMBER, IN_PERIOD),
    ("T9/2020", SEPTEMBER, IN_PERIOD),
    ("September 2020", SEPTEMBER, IN_PERIOD),
    ("2020-09", SEPTEMBER, IN_PERIOD),
    # Inside headings: days, numbers of documents and runs of years are not periods.
    ("BÁO CÁO Công tác cải cách hành chính quý III năm 2020", Q3, IN_PERIOD),
    ("Công tác cải cách hành chính quý III, năm 2020 (09/9/2020)", Q3, IN_PERIOD),
    ("Báo cáo quý III/2020, ngày 09 tháng 9 năm 2020", Q3, IN_PERIOD),
    ("Quý III/2020 theo Thông tư 01/2020/TT-VPCP", Q3, IN_PERIOD),
    ("Quý III/2020, kế hoạch giai đoạn 2016-2020", Q3, IN_PERIOD),
    ("từ đầu năm 2020 đến quý III/2020", Q3, YEAR_TO_DATE),
    ("Báo cáo quý III về kế hoạch cải cách hành chính năm 2020", Q3, IN_PERIOD),
    ("Quý III/2020 thực hiện kế hoạch năm 2020", Q3, IN_PERIOD),
    # Q. before a number is a district (quận), unless the year follows at once.
    ("Q3.2020", Q3, IN_PERIOD),
    ("Q 3/2020", Q3, IN_PERIOD),
    ("Q.3/2020", Q3, IN_PERIOD),
    ("Q.3.2020", Q3, IN_PERIOD),
    ("Q.III/2020", Q3, IN_PERIOD),
    ("Q.III năm 2020", Q3, IN_PERIOD),
    ("Quý.3 năm 2020", Q3, IN_PERIOD),
    ("UBND Q.3 báo cáo năm 2020", Q4, YEAR_TO_DATE),
    ("UBND Q3 năm 2020", Q4, YEAR_TO_DATE),
    ("UBND Q. 3 - Quý II/2020", Q2, IN_PERIOD),
    ("UBND quận 3 năm 2020", Q4, YEAR_TO_DATE),
    ("Quận 9, 9 tháng đầu năm 2020", Q3, YEAR_TO_DATE),
    ("Hải quan 9 tháng đầu năm 2020", Q3, YEAR_TO_DATE),
    ("các cơ quan 6T2020", Q2, YEAR_TO_DATE),
    ("Phòng Nội vụ Q.3, quý I năm 2020", Q1, IN_PERIOD),
    ("UBND quý III năm 2020", Q3, IN_PERIOD),
    # A fund (quỹ) is no quarter (quý).
    ("Quỹ I năm 2020", Q4, YEAR_TO_DATE),
    ("Quỹ 3/2020, quý II năm 2020", Q2, IN_PERIOD),
]


@pytest.mark.parametrize(("text", "period", "basis"), NAMES)
def test_names_as_people_write_them(text, period, basis):
    for form in ("NFC", "NFD"):
        for written in (text, text.upper(), text.lower()):
            assert parse_period(unicodedata.normalize(form, written)) == period
            assert parse_basis(unicodedata.normalize(form, written)) == basis


REFUSED = [
    ("", "no quarter, month or year is named"),
    ("công tác cải cách hành chính", "no quarter, month or year is named"),
    ("09/9/2020", "no quarter, month or year is named"),
    ("9/2020", "no quarter, month or year is named"),
    ("2016-2020", "no quarter, month or year is named"),
    ("quý III", "the year is not told"),
    ("9 tháng đầu năm", "the year is not told"),
    ("quý 5 năm 2020", "there is no quarter 5"),
    ("quý V/2020", "there is no quarter 5"),
    ("Quý 0/2020", "there is no quarter 0"),
    ("Quý 13/2020", "there is no quarter 13"),
    ("tháng 13/2020", "there is no month 13"),
    ("quý III và quý IV năm 2020", "two different periods are named: 2020Q3 and 2020Q4"),
    ("Quý III/2020 so với quý III/2019", "two different periods are named: 2020Q3 and 2019Q3"),
    ("Quý III/2020 so với năm 2019", "two different periods are named: 2020Q3 and 2019Q4"),
    ("6 tháng cuối năm 2020", '"6 thang cuoi nam 2020" is neither a quarter nor counted'),
    ("nửa cuối năm 2020", '"nua cuoi nam 2020" is neither'),
    ("second half of 2020", '"second half of 2020" is neither'),
    ("H2 2020", '"h2 2020" is neither'),
    ("Phòng Nội vụ Q.3 năm 2020", '"q.3" can be a quarter or a district'),
    ("P.5, Q. 10 năm 2020", '"q. 10" can be a quarter or a district'),
    ("UBND Q3/2020", "no quarter, month or year is named"),
    ("Quỹ III/2020", "no quarter, month or year is named"),
    ("quý ٣ năm ٢٠٢٠", "no quarter, month or year is named"),
    ("đầu năm 2020", '"dau nam 2020" is neither'),
    ("8 tháng đầu năm 2020", "the first 8 months of a year do not end a quarter"),
    ("năm tháng đầu năm 2020", "the first 5 months of a year do not end a quarter"),
    ("quý III/1889", "the year 1889 is outside 1990-2100"),
    ("năm 2101", "the year 2101 is outside 1990-2100"),
    ("x" * 2000, "a name of a period has at most 1000 characters, this text has 2000"),
    (20203, "a text is needed, not a int"),
    (None, "a text is needed, not a NoneType"),
    (pd.Period("2020", freq="Y"), "is neither a quarter nor a month"),
    (pd.Period("2020Q3", freq="Q-NOV"), "is neither a quarter nor a month"),
]


@pytest.mark.parametrize(("text", "what"), REFUSED)
def test_what_names_no_quarter_is_refused(text, what):
    with pytest.raises(PeriodError) as refusal:
        parse_period(text)
    assert what in refusal.value.what
    assert refusal.value.where
    assert refusal.value.mend


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("hồ sơ", "no basis is told"),
        ("lũy kế trong kỳ", "two bases are told: in_period, year_to_date"),
        ("Quý III và 9 tháng đầu năm 2020", "two bases are told: in_period, year_to_date"),
        ("đến hết quý III/2020", 'can mean a sum or a stock'),
        ("đầu quý III/2020", 'can mean a sum or a stock'),
    ],
)  # fmt: skip
def test_a_basis_is_never_guessed(text, what):
    with pytest.raises(PeriodError, match=what) as refusal:
        parse_basis(text)
    assert "lũy kế" in refusal.value.mend


@pytest.mark.parametrize(
    ("word", "basis"),
    [("Trong kỳ", IN_PERIOD), ("Lũy kế", YEAR_TO_DATE), ("Tại thời điểm", AS_OF)]
    + [(basis, basis) for basis in BASES],
)
def test_a_basis_without_a_period(word, basis):
    assert parse_basis(word) == basis


quarters = st.integers(1990 * 4, 2100 * 4 + 3).map(
    lambda n: pd.Period(year=n // 4, quarter=n % 4 + 1, freq="Q-DEC")
)
months = st.integers(1990 * 12, 2100 * 12 + 11).map(
    lambda n: pd.Period(year=n // 12, month=n % 12 + 1, freq="M")
)


@given(quarters | months, st.sampled_from(BASES), st.sampled_from(["vi", "en"]))
def test_every_label_reads_back(period, basis, lang):
    label = label_period(period, basis, lang)
    assert parse_period(label) == period
    assert parse_basis(label) == basis


@pytest.mark.parametrize(
    ("period", "basis", "vietnamese", "english"),
    [
        (Q3, None, "Quý III/2020", "Q3 2020"),
        (Q3, IN_PERIOD, "Quý III/2020", "Q3 2020"),
        (Q1, YEAR_TO_DATE, "3 tháng đầu năm 2020", "first 3 months of 2020"),
        (Q2, YEAR_TO_DATE, "6 tháng đầu năm 2020", "first 6 months of 2020"),
        (Q3, YEAR_TO_DATE, "9 tháng đầu năm 2020", "first 9 months of 2020"),
        (Q4, YEAR_TO_DATE, "Năm 2020", "Year 2020"),
        (Q3, AS_OF, "Cuối quý III/2020", "end of Q3 2020"),
        (SEPTEMBER, None, "Tháng 9/2020", "September 2020"),
    ],
)
def test_labels(period, basis, vietnamese, english):
    assert label_period(period, basis) == vietnamese
    assert label_period(period, basis, lang="en") == english


def test_labels_refuse_unknown_options():
    with pytest.raises(CchcError, match='no labels in language \'fr\'\n.*lang=\n.*"vi" or "en"'):
        label_period(Q3, lang="fr")
    with pytest.raises(PeriodError, match="no basis 'sum'\n.*\n.*in_period, year_to_date, as_of"):
        label_period(Q3, "sum")
    with pytest.raises(PeriodError, match="is neither a quarter nor a month"):
        label_period("2020Q3")
    with pytest.raises(PeriodError, match="the year 1980 is outside 1990-2100"):
        label_period(pd.Period("1980Q3"))


# Decree 09/2019/NĐ-CP, article 12.
@pytest.mark.parametrize(
    ("period", "basis", "window"),
    [
        ("2020Q3", IN_PERIOD, "15/06/2020-14/09/2020"),
        ("2020Q1", IN_PERIOD, "15/12/2019-14/03/2020"),
        ("2020-07", IN_PERIOD, "15/06/2020-14/07/2020"),
        ("2020-01", IN_PERIOD, "15/12/2019-14/01/2020"),
        ("2020Q2", YEAR_TO_DATE, "15/12/2019-14/06/2020"),
        ("2020Q4", YEAR_TO_DATE, "15/12/2019-14/12/2020"),
        ("2020-09", YEAR_TO_DATE, "15/12/2019-14/09/2020"),
        ("2020Q3", AS_OF, "14/09/2020-14/09/2020"),
    ],
)
def test_the_windows_of_the_decree(period, basis, window):
    assert str(Window.of(pd.Period(period), basis)) == window


def test_a_window_takes_dates_time_stamps_and_texts():
    window = Window(dt.date(2020, 1, 1), dt.date(2020, 9, 1))
    assert window == Window(pd.Timestamp("2020-01-01"), pd.Timestamp("2020-09-01 23:59"))
    assert window == Window("2020-01-01", dt.datetime(2020, 9, 1, 8))
    assert window.after == dt.date(2020, 9, 2)
    assert type(window.start) is dt.date
    assert type(window.end) is dt.date


@pytest.mark.parametrize(
    ("start", "end", "what"),
    [
        ("2020-09-01", "2020-01-01", "a window must not end before it starts"),
        ("01/09/2020", "2020-12-01", "'01/09/2020' is not a date"),
        (pd.NaT, "2020-12-01", "NaT is not a date"),
        (None, "2020-12-01", "None is not a date"),
        ("2020-01-01", "2201-01-01", "the year 2201 is outside 1900-2200"),
    ],
)
def test_what_is_no_window(start, end, what):
    with pytest.raises(PeriodError, match=what) as refusal:
        Window(start, end)
    assert refusal.value.where
    assert refusal.value.mend


def test_a_window_is_of_a_quarter_or_month():
    with pytest.raises(PeriodError, match=r"\(Y-DEC\) is neither a quarter nor a month"):
        Window.of(pd.Period("2020", freq="Y"))
    with pytest.raises(PeriodError, match="neither a quarter nor a month"):
        Window.of("2020Q3")
    with pytest.raises(PeriodError, match="there is no basis 'year'"):
        Window.of(Q3, "year")


days = st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31))
whole_months = st.builds(
    lambda start, length: Window(start, start + pd.DateOffset(months=length, days=-1)),
    days.filter(lambda day: day.day <= 28),
    st.integers(1, 30),
) | st.builds(Window.of, quarters | months, st.sampled_from([IN_PERIOD, YEAR_TO_DATE]))
by_days = st.builds(
    lambda start, length: Window(start, start + dt.timedelta(days=length)),
    days,
    st.integers(0, 800),
)


@given(whole_months | by_days)
def test_next_and_previous_are_adjacent(window):
    later, earlier = window.next(), window.previous()
    assert later.start == window.after
    assert earlier.after == window.start
    assert not window.overlaps(later)
    assert not earlier.overlaps(window)
    assert window.overlaps(Window(window.end, later.start))


@given(whole_months)
def test_windows_of_whole_months_stay_so_and_find_back(window):
    assert window.months >= 1
    assert window.next().months == window.previous().months == window.months
    assert window.next().previous() == window.previous().next() == window


@given(by_days)
def test_other_windows_keep_their_days_and_find_back(window):
    later, earlier = window.next(), window.previous()
    if not window.months:
        assert later.days == earlier.days == window.days
        assert later.months or later.previous() == window
        assert earlier.months or earlier.next() == window


@given(quarters.filter(lambda period: period.year < 2100))
def test_windows_of_quarters_follow_one_another(period):
    assert Window.of(period).next() == Window.of(period + 1)
    thirds = [Window.of(period.asfreq("M", "start") + n) for n in range(3)]
    assert Window.of(period) == Window(thirds[0].start, thirds[2].end)
    assert Window.of(period, YEAR_TO_DATE).end == Window.of(period).end
    assert Window.of(period, AS_OF).start == Window.of(period).end


def test_whole_months_move_by_months_and_other_windows_by_days():
    assert str(Window("2020-01-01", "2020-01-31").next()) == "01/02/2020-29/02/2020"
    assert str(Window("2020-02-21", "2020-03-20").next()) == "21/03/2020-20/04/2020"
    assert str(Window("2020-01-01", "2020-09-01").next()) == "02/09/2020-04/05/2021"
    assert str(Window("2020-01-30", "2020-02-28").next()) == "29/02/2020-29/03/2020"


def test_quarters_pass_and_texts_are_read():
    index = [7, 3, 5]
    given_ = pd.Series(["quý III/2020", None, "2020Q2"], index=index, name="period")
    wanted = pd.Series(
        pd.PeriodIndex(["2020Q3", None, "2020Q2"], freq="Q-DEC"), index=index, name="period"
    )
    pd.testing.assert_series_equal(require_quarters(given_, where="w"), wanted)
    pd.testing.assert_series_equal(require_quarters(given_.astype(object), where="w"), wanted)
    pd.testing.assert_series_equal(require_quarters(given_.astype("category"), where="w"), wanted)
    pd.testing.assert_series_equal(require_quarters(wanted, where="w"), wanted)
    mixed = pd.Series([Q3, pd.NaT, "quý II năm 2020"], index=index, name="period", dtype=object)
    pd.testing.assert_series_equal(require_quarters(mixed, where="w"), wanted)


@pytest.mark.parametrize("dtype", ["str", "object", "float64", "period[M]", "period[Q-DEC]"])
@pytest.mark.parametrize("length", [0, 2])
def test_a_column_with_nothing_in_it_stays_missing(dtype, length):
    quarters_ = require_quarters(pd.Series([None] * length, dtype=dtype), where="w")
    assert str(quarters_.dtype) == "period[Q-DEC]"
    assert quarters_.isna().sum() == length


@pytest.mark.parametrize(
    ("column", "what"),
    [
        (pd.Series(pd.PeriodIndex(["2020-09"], freq="M")), "not a month: 2020-09"),
        (pd.Series(["tháng 9/2020"]), "not a month: 2020-09"),
        (pd.Series(pd.PeriodIndex(["2020Q3"], freq="Q-NOV")), "not the frequency Q-NOV"),
        (pd.Series(pd.PeriodIndex(["2020"], freq="Y")), "not the frequency Y-DEC"),
        (pd.Series(pd.PeriodIndex(["2020-09-09"], freq="D")), "not the frequency D"),
        (pd.Series(pd.to_datetime(["2020-09-09"])), "a quarter is needed, not a Timestamp"),
        (pd.Series([2020]), "a quarter is needed, not a number: 2020"),
        (pd.Series([2020.5]), "a quarter is needed, not a number: 2020.5"),
        (pd.Series([np.int64(3)], dtype=object), "a quarter is needed, not a number"),
        (pd.Series([True]), "a quarter is needed, not a bool"),
        (pd.Series(["2020Q3", "quý 5/2020"]), "there is no quarter 5"),
        (pd.Series(["quý III"]), "the year is not told"),
    ],
)
def test_columns_that_hold_no_quarters(column, what):
    with pytest.raises(PeriodError) as refusal:
        require_quarters(column, where="values, column period")
    assert what in refusal.value.what
    assert refusal.value.where.startswith("values, column period")
    assert refusal.value.mend


def test_a_month_is_refused_with_the_way_to_its_quarter():
    with pytest.raises(PeriodError) as refusal:
        require_quarters(pd.Series(["tháng 9/2020"]), where="w")
    assert "sum the counts (never the rates)" in refusal.value.mend
    assert 'month.asfreq("Q-DEC")' in refusal.value.mend
    assert SEPTEMBER.asfreq("Q-DEC") == Q3
