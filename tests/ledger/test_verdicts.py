"""Verdicts dossier by dossier, and the statuses of the national list."""

from pathlib import Path

import duckdb
import pandas as pd
import pytest
from ledgers import ledger_of

from cchc_stats import (
    durations,
    find_indicator,
    load_scheme,
    measure,
    national_profile,
    read_ledger,
    score,
    tally,
)
from cchc_stats.words.errors import ReadError


def export(folder: Path, rows: list[str]) -> Path:
    path = folder / "export.csv"
    heading = "Mã hồ sơ;Ngày tiếp nhận;Ngày hẹn trả;Ngày trả;Trạng thái;Hình thức nộp;Cơ quan xử lý"
    path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    return path


def test_an_hour_in_one_agency_changes_nothing_in_another(tmp_path: Path) -> None:
    days = [f"B{n};01/07/2020;10/07/2020;10/07/2020 1{n}:30;;;Sở B" for n in range(6)]
    hour = ["A1;01/07/2020;10/07/2020 17:00;10/07/2020 16:00;;;Sở A"]
    late = ["A2;01/07/2020;10/07/2020 17:00;10/07/2020 17:01;;;Sở A"]
    ledger = read_ledger(export(tmp_path, days + hour + late))
    counts = ledger.counts
    assert (counts.due_by_day, counts.due_by_hour, counts.due_rule) == (6, 2, "mixed")
    form = tally(ledger, "2020Q3", by="agency").set_index("agency")
    shown = ["settled_total", "settled_on_time", "due_by_day", "due_by_hour", "due_rule"]
    assert form.loc["Sở A", shown].tolist() == [2, 1, 0, 2, "time_of_day"]
    assert form.loc["Sở B", shown].tolist() == [6, 6, 6, 0, "end_of_day"]


@pytest.mark.parametrize("row", national_profile().to_dict("records"), ids=lambda row: row["text"])
def test_the_national_list_is_read_by_word_and_by_number(row: dict, tmp_path: Path) -> None:
    cells = {"status": ("{};", ""), "channel": (";{}", "")}[row["field"]][0]
    lines = [
        f"{n};01/07/2020;10/07/2020;09/07/2020;{cells.format(text)};Sở A"
        for n, text in enumerate((row["text"], row["text"].upper(), row["number"]))
    ]
    open_end = [line.replace("09/07/2020", "") for line in lines]
    ended = row["becomes"] in ("returned", "withdrawn", "settled")
    ledger = read_ledger(export(tmp_path, lines if ended else open_end))
    assert ledger.frame[row["field"]].tolist() == [row["becomes"]] * 3
    assert not ledger.counts.status_unknown and not ledger.counts.channel_unknown
    told = {row["number"]: 1} if row["field"] == "status" else {}
    if row["confirmed"] == "ours":
        told |= {row["text"]: 1, row["text"].upper(): 1}  # each spelling as it stands
    assert ledger.counts.by_profile == told


def test_a_file_of_aliases_moves_a_status(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[status]\nwaiting = ["Dừng xử lý", "8"]\n', encoding="utf-8")
    rows = [f"{n};01/07/2020;10/07/2020;;{text};;" for n, text in enumerate(["Dừng xử lý", "8"])]
    ledger = read_ledger(export(tmp_path, rows), columns=own)
    assert ledger.frame["status"].tolist() == ["waiting", "waiting"]
    assert ledger.counts.by_profile == {}


def test_a_dossier_stopped_is_neither_settled_nor_pending(tmp_path: Path) -> None:
    rows = [
        "D1;01/07/2020;10/07/2020;;Dừng xử lý;;",
        "D2;01/07/2020;10/07/2020;12/07/2020;Dừng xử lý;;",
        "D3;01/07/2020;10/07/2020;05/07/2020;Không được tiếp nhận;;",
    ]
    (row,) = tally(read_ledger(export(tmp_path, rows)), "2020Q3").to_dict("records")
    shown = ("received_total", "settled_total", "pending_total", "returned", "not_counted")
    assert [row[name] for name in shown] == [2, 0, 0, 2, 1]


WORDS = ledger_of(
    [
        (str(n), "A", "S", "x", *map(pd.Timestamp, ("2020-07-01", "2020-07-10", end)), *codes)
        for n, (end, *codes) in enumerate(
            [
                ("2020-07-05", "Online", "Returned"),
                ("2020-07-05", "online", "Trả lại"),
                (None, "ONLINE", "open"),
                (None, "online ", None),
                ("2020-07-05", None, "settled"),
                ("2020-07-05", "postal", ""),
            ]
        )
    ]
)


@pytest.mark.parametrize("engine", [lambda frame: frame, duckdb.connect().from_df])
def test_words_that_are_no_codes_are_counted_apart_and_told(engine) -> None:
    (row,) = tally(engine(WORDS), "2020Q3").to_dict("records")
    shown = ("received_total", "settled_total", "returned", "pending_total", "received_online")
    assert [row[name] for name in shown] == [4, 2, 0, 2, 0]
    assert (row["not_counted"], row["unknown_codes"]) == (2, 4)
    assert durations(engine(WORDS), "2020Q3")["settled"].tolist() == [2]


def test_both_doors_read_an_instant_of_another_zone_alike(tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text(
        "dossier_id,agency,sector,procedure,received_at,due_at,settled_at,channel,status\n"
        "Z1,A,S,x,2020-09-14T22:00:00Z,2020-09-24T17:00:00Z,,online,open\n"
        "Z2,A,S,x,2020-09-14 23:59:59+07:00,2020-09-25,,online,open\n"
        "Z3,A,S,x,2020-09-14 16:30:00,,,online,open\n"
        "Z4,A,S,x,2020-09-14 22:00:00+00,2020-09-26 00:00:00+07,,online,open\n",
        encoding="utf-8",
    )
    for ledger in (path, read_ledger(path)):
        form = tally(ledger, ["2020Q3", "2020Q4"])
        assert form["newly_received"].tolist() == [2, 2]
        assert form["due_rule"].tolist() == ["end_of_day"] * 2


@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "UTC", "America/Port-au-Prince"])
def test_times_of_any_zone_are_those_of_vietnam(zone: str) -> None:
    times = ("2020-09-14 23:30", "2020-09-20", None)
    ledger = ledger_of([("Z", "A", "S", "x", *map(pd.Timestamp, times), "online", "open")])
    local = {
        name: ledger[name].dt.tz_localize("Asia/Ho_Chi_Minh").dt.tz_convert(zone)
        for name in ("received_at", "due_at", "settled_at")
    }
    form = tally(ledger.assign(**local), ["2020Q3", "2020Q4"])
    assert form["newly_received"].tolist() == [1, 0]
    assert form["due_by_day"].tolist() == [1, 1]


def test_criterion_2_1_of_decision_766_comes_from_single_dossiers() -> None:
    """Settled on time and pending in time, of all received and in hand: 2 of 4, 10 of 20 points."""
    dossiers = [
        ("2020-07-01", "2020-07-10", "2020-07-10 16:00", "settled"),
        ("2020-07-01", "2020-07-10", "2020-07-11 08:00", "settled"),
        ("2020-09-01", "2020-10-10", None, "open"),
        ("2020-08-01", "2020-08-10 17:00", None, "open"),
    ]
    ledger = ledger_of(
        [
            (
                str(number),
                "A",
                "S",
                "x",
                *(at and pd.Timestamp(at) for at in times),
                "online",
                status,
            )
            for number, (*times, status) in enumerate(dossiers)
        ]
    )
    form = tally(ledger, "2020Q3", by="agency")
    values = measure({"dossiers": form}, indicators=[find_indicator("on_time_rate_handled")])
    scores = score(values.assign(indicator="ON_TIME"), load_scheme("qd-766-2022"))
    (leaf,) = scores[scores["code"] == "ON_TIME"].to_dict("records")
    assert (leaf["numerator"], leaf["denominator"], leaf["points"]) == (2, 4, 10)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("14.09.2020 08:30", "2020-09-14 08:30"),
        ("14/09/2020 08:30:00.000", "2020-09-14 08:30"),
        ("14/09/2020 17h30", "2020-09-14 17:30"),
        ("14/9/2020 7g05", "2020-09-14 07:05"),
        ("2020-9-4", "2020-09-04"),
        ("14-Sep-2020", "2020-09-14"),
        ("14/09/20", "2020-09-14"),
        ("14/09/20 08:30", "2020-09-14 08:30"),
        ("14/09/2020 5:30:00 ch", "2020-09-14 17:30"),
        ("2020-09-14T08:30:00.123+07:00", "2020-09-14 08:30:00.123"),
    ],
)
def test_spellings_of_a_time(text: str, instant: str, tmp_path: Path) -> None:
    ledger = read_ledger(export(tmp_path, [f"1;{text};30/12/2020;;;;Sở A"]))
    assert ledger.frame["received_at"].tolist() == [pd.Timestamp(instant)]


@pytest.mark.parametrize("text", ["14/09/0020", "1020-06-15", "31/02/2020", "13/13/20"])
def test_what_is_no_day_stays_a_reject(text: str, tmp_path: Path) -> None:
    ledger = read_ledger(export(tmp_path, [f"1;{text};30/12/2020;;;;Sở A"]))
    assert len(ledger.frame) == 0 and len(ledger.rejects) == 1


@pytest.mark.parametrize("none", ["01/01/0001 00:00:00", "01/01/1900", "31/12/9999 23:59:59"])
def test_a_day_that_stands_for_none_is_no_date_and_told(none: str, tmp_path: Path) -> None:
    rows = [f"1;01/07/2020;10/07/2020;{none};;;Sở A", f"2;01/07/2020;{none};05/07/2020;;;Sở A"]
    ledger = read_ledger(export(tmp_path, rows))
    assert len(ledger.rejects) == 0
    (row,) = tally(ledger, "2020Q3").to_dict("records")
    shown = ("settled_total", "settled_late", "pending_overdue", "without_due_date")
    assert [row[name] for name in shown] == [1, 0, 1, 1]


def test_a_column_that_the_caller_names_is_no_other_field(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    rows = [
        "Số hồ sơ,Tên đơn vị,Cơ quan xử lý,Ngày nhận,Ngày trả,Trả thực tế",
        "1,Công ty Mẫu,Sở A,01/07/2026,15/07/2026,10/07/2026",
        "2,Công ty Thử,Sở A,01/07/2026,15/07/2026,20/07/2026",
        "3,Công ty Giả,Sở A,02/07/2026,16/07/2026,",
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    ledger = read_ledger(path, columns={"due_at": "Ngày trả"})
    assert ledger.columns["settled_at"] == "Trả thực tế"
    (row,) = tally(ledger, "2026Q3", by="agency").to_dict("records")
    shown = ("settled_total", "settled_on_time", "settled_late", "pending_overdue")
    assert (row["agency"], *(row[name] for name in shown)) == ("Sở A", 2, 1, 1, 1)
    rows[0] = rows[0].replace("Trả thực tế", "Ghi chú")
    path.write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(ReadError, match="the export has no column for settled_at"):
        read_ledger(path, columns={"due_at": "Ngày trả"})
