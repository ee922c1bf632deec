"""Cells of exports: each spelling of an instant, a text and a code, by the engine's statements."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_stats.ledger.exports.aliases import name_key, shipped_aliases
from cchc_stats.ledger.exports.rows import code_of, filled, instant_of, quoted, text_of

ALIASES = shipped_aliases()


@pytest.fixture(scope="module")
def engine():
    with duckdb.connect() as connection:
        yield connection


def read(engine, expression: str, cell: object, kind: str = "VARCHAR"):
    """Return what an expression makes of one cell."""
    statement = f"SELECT {expression} FROM (SELECT CAST(? AS {kind}) AS cell)"
    return engine.execute(statement, [cell]).fetchone()[0]


HALF_PAST = dt.datetime(2020, 6, 15, 8, 30)
DAY = dt.datetime(2020, 6, 15)

INSTANTS = [
    ("15/06/2020 08:30:05", dt.datetime(2020, 6, 15, 8, 30, 5)),
    ("15/06/2020 08:30", HALF_PAST),
    ("15/06/2020 8:30", HALF_PAST),
    ("15/06/2020", DAY),
    ("15/6/2020", DAY),
    ("9/9/2020", dt.datetime(2020, 9, 9)),
    ("03/04/2020", dt.datetime(2020, 4, 3)),  # the day comes first
    ("2020-06-15 08:30:00", HALF_PAST),
    ("2020-06-15T08:30:00", HALF_PAST),
    ("2020-06-15T08:30:00.250", HALF_PAST.replace(microsecond=250_000)),
    ("2020-06-15 08:30", HALF_PAST),
    ("2020-06-15", DAY),
    ("2020-06-15T08:30:00+07:00", HALF_PAST),
    ("2020-06-15T01:30:00Z", HALF_PAST),
    ("2020-06-15T01:30:00+00:00", HALF_PAST),
    ("43997", DAY),  # Excel counts from 30/12/1899
    ("43997.354166667", HALF_PAST),
    ("43997,5", dt.datetime(2020, 6, 15, 12)),
    ("15-06-2020", DAY),
    ("15.6.2020", DAY),
    ("20200615", DAY),
    ("08:30 15/06/2020", HALF_PAST),
    ("15/06/2020 08:30:00 SA", HALF_PAST),
    ("15/06/2020 08:30:00 CH", dt.datetime(2020, 6, 15, 20, 30)),
    ("15/06/2020 8:30 chiều", dt.datetime(2020, 6, 15, 20, 30)),
    ("  15/06/2020\u00a008:30 ", HALF_PAST),
    ('="15/06/2020"', DAY),
    ("29/02/2020", dt.datetime(2020, 2, 29)),
    ("01/01/2202", dt.datetime(2202, 1, 1)),
    ("01/01/0020", dt.datetime(20, 1, 1)),
]
NO_INSTANTS = [
    *("", "hôm qua", "31/02/2020", "29/02/2019", "06/15/2020", "2020-13-01", "15/06/2020 25:00:00"),
    *("99999999999", "15/06", "công thức chưa tính"),
]


@pytest.mark.parametrize(("cell", "instant"), INSTANTS)
def test_each_spelling_of_an_instant(engine, cell: str, instant: dt.datetime):
    assert read(engine, instant_of("cell"), cell) == instant


@pytest.mark.parametrize("cell", NO_INSTANTS)
def test_what_is_no_instant(engine, cell: str):
    assert read(engine, instant_of("cell"), cell) is None


FORMATS = (
    "%d/%m/%Y %H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%d-%m-%Y %H:%M:%S",
    "%H:%M:%S %d/%m/%Y",
    "%Y/%m/%d %H:%M:%S",
)


@given(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2100, 12, 31)), st.sampled_from(FORMATS))
def test_an_instant_comes_back_from_each_format(instant: dt.datetime, printed: str):
    instant = instant.replace(microsecond=0)
    assert read(duckdb, instant_of("cell"), instant.strftime(printed)) == instant


@given(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2100, 12, 31)))
def test_an_instant_comes_back_from_a_serial_number(instant: dt.datetime):
    instant = instant.replace(microsecond=0)
    serial = (instant - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
    assert read(duckdb, instant_of("cell"), repr(serial)) == instant


@pytest.mark.parametrize(
    ("kind", "cell", "instant"),
    [
        ("TIMESTAMP", HALF_PAST, HALF_PAST),
        ("DATE", DAY.date(), DAY),
        ("TIMESTAMP_NS", HALF_PAST, HALF_PAST),
        ("TIMESTAMP WITH TIME ZONE", HALF_PAST.replace(hour=1, tzinfo=dt.UTC), HALF_PAST),
        ("DOUBLE", 43997.354166667, HALF_PAST),
        ("BIGINT", 43997, DAY),
    ],
)
def test_a_stored_type_is_taken_as_it_is(engine, kind: str, cell: object, instant: dt.datetime):
    assert read(engine, instant_of("cell", kind), cell, kind) == instant


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("Đất đai", "Đất đai"),
        ("  Đất \t đai ", "Đất đai"),
        ("\u0110a\u0302\u0301t đai", "Đất đai"),  # letters and accents apart
        ("Đất\u00a0đai\u200b", "Đất đai"),
        ('="0012"', "0012"),
        ("'0012", "0012"),
        ('Xã "An"', 'Xã "An"'),
        ('"An" và "Bình"', '"An" và "Bình"'),
        ("", None),
        (" \n ", None),
        ("NULL", None),
        ("-", None),
    ],
)
def test_a_text_is_composed_and_trimmed(engine, cell: str, text: str | None):
    assert read(engine, text_of("cell", missing=ALIASES.missing), cell) == text


def test_a_number_stored_as_a_decimal_is_the_code_it_stands_for(engine):
    assert read(engine, text_of("cell", "DOUBLE"), 2.0, "DOUBLE") == "2"
    assert read(engine, code_of("cell", "DOUBLE", ALIASES.channel), 2.0, "DOUBLE") == "online"
    assert read(engine, code_of("cell", "BIGINT", ALIASES.channel), 3, "BIGINT") == "postal"


@pytest.mark.parametrize(
    ("field", "cell", "code"),
    [
        ("channel", "2", "online"),
        ("channel", "TRỰC TUYẾN", "online"),
        ("channel", "truc-tuyen", "online"),
        ("channel", "Trực tiếp", "in_person"),
        ("channel", "Bưu chính công ích", "postal"),
        ("channel", "7", None),
        ("channel", "", None),
        ("status", "Đã trả kết quả", "settled"),
        ("status", "đang xử lý ", "open"),
        ("status", "Yêu cầu bổ sung", "waiting"),
        ("status", "Từ chối tiếp nhận", "returned"),
        ("status", "Công dân rút hồ sơ", "withdrawn"),
        ("status", "Dừng xử lý (8)", "returned"),
        ("status", "[5] Yêu cầu bổ sung giấy tờ", "waiting"),
        ("status", "7_Công dân yêu cầu rút hồ sơ", "withdrawn"),
        ("status", "4 – Đang xử lý", "open"),
        ("status", "Đang luân chuyển", None),
    ],
)
def test_codes_are_known_in_any_spelling(engine, field: str, cell: str, code: str | None):
    assert read(engine, code_of("cell", "VARCHAR", getattr(ALIASES, field)), cell) == code


@given(st.sampled_from([text for texts in ALIASES.status.values() for text in texts]))
def test_the_engine_takes_letters_apart_as_the_library_does(text: str):
    loose = {"known": (text,)}
    for spelled in (text.upper(), f" {text} ", text.replace(" ", "_")):
        assert read(duckdb, code_of("cell", "VARCHAR", loose), spelled) == "known"


def test_no_spelling_means_two_codes_or_two_fields():
    # Who received a dossier is the agency too, where an export names no other.
    columns = {name: texts for name, texts in ALIASES.columns.items() if name != "received_by"}
    for spellings in (ALIASES.channel, ALIASES.status, columns, *ALIASES.words.values()):
        keys = [{name_key(text) for text in texts} for texts in spellings.values()]
        assert sum(map(len, keys)) == len(set.union(*keys))


@pytest.mark.parametrize("cell", ["", " ", "-", "NULL", "N/A"])
def test_what_stands_for_nothing_is_nothing(engine, cell: str):
    assert read(engine, filled("cell", "VARCHAR", ALIASES.missing), cell) is False


def test_a_quote_in_a_name_stays_a_letter(engine):
    assert read(engine, quoted("Xã O'Đơn; DROP"), "") == "Xã O'Đơn; DROP"
