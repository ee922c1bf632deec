"""Consecutive exports: the newest state of a dossier counts; what changed or was lost is told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cchc_stats import (
    CchcError,
    ReadError,
    agency_changes,
    ledger_quality,
    read_ledger,
    scan_ledger,
    tally,
)

HEADING = "Mã hồ sơ;Đơn vị xử lý;Ngày tiếp nhận;Ngày hẹn trả;Ngày trả;Trạng thái"
FIRST = [
    "C1;Sở A;10/06/2020 08:00;24/06/2020;;Đang xử lý",
    "C2;Sở A;11/06/2020 08:00;25/06/2020;;Chờ bổ sung",
    "C3;Sở A;01/06/2020 08:00;09/06/2020;08/06/2020 10:00;Đã trả kết quả",
    "C4;Sở B;12/06/2020 08:00;26/06/2020;;Đang xử lý",
]
SECOND = [
    "C1;Sở A;10/06/2020 08:00:20;24/06/2020;23/06/2020 09:00:00;Đã trả kết quả",
    "C5;Sở A;01/07/2020 08:00:00;09/07/2020;08/07/2020 10:00:00;Đã trả kết quả",
    "C4;Sở B;12/06/2020 08:00:11;26/06/2020;;Đang xử lý",
]


def exports(folder: Path, *parts: list[str], names: tuple[str, ...] = ()) -> list[Path]:
    paths = []
    for number, rows in enumerate(parts):
        name = names[number] if names else f"2020-q{number + 2}.csv"
        path = folder / name
        path.write_text("\n".join((HEADING, *rows)) + "\n", encoding="utf-8")
        paths.append(path)
    return paths


def test_the_newest_export_of_a_dossier_counts(tmp_path: Path):
    exports(tmp_path, FIRST, SECOND)
    ledger = read_ledger(tmp_path)
    assert sorted(ledger.frame["dossier_id"]) == ["C1", "C2", "C3", "C4", "C5"]
    assert ledger.rejects.empty
    assert (ledger.counts.superseded, ledger.counts.rows_read) == (2, 7)
    counted = tally(ledger, ["2020Q2", "2020Q3"], by="agency")
    assert counted["settled_total"].tolist() == [1, 0, 2, 0]
    assert counted["pending_total"].tolist() == [2, 1, 1, 1]
    assert list(ledger.exported_on.values()) == [dt.date(2020, 6, 14), dt.date(2020, 9, 14)]


def test_what_changed_and_what_was_lost(tmp_path: Path):
    exports(tmp_path, FIRST, SECOND)
    changes = read_ledger(tmp_path).changes
    told = changes[["dossier_id", "field", "before", "after"]].fillna("").to_numpy().tolist()
    # The seconds that the second export prints are no change.
    assert told == [
        ["C1", "settled_at", "", "2020-06-23 09:00:00"],
        ["C1", "status", "open", "settled"],
        ["C2", "lost", "waiting", ""],
    ]
    quality = ledger_quality(scan_ledger(tmp_path)).set_index("check")["count"]
    assert (quality["changed"], quality["lost"]) == (1, 1)


def test_refused_where_asked(tmp_path: Path):
    exports(tmp_path, FIRST, SECOND)
    ledger = read_ledger(tmp_path, overlaps="refuse")
    assert ledger.rejects["reason"].tolist() == ["different_facts"] * 4
    assert ledger.changes.empty


@pytest.mark.parametrize("turned", [False, True])
def test_the_order_of_files_does_not_matter_their_days_do(turned: bool, tmp_path: Path):
    names = ("so.csv", "anh.csv")
    paths = exports(tmp_path, FIRST, SECOND, names=names)
    days = {"so.csv": "2020-06-20", "anh.csv": "15/09/2020"}
    given = [paths[1], paths[0]] if turned else paths
    ledger = read_ledger(given, exported_on=days)
    settled = ledger.frame.set_index("dossier_id")["settled_at"]
    assert settled["C1"] == pd.Timestamp("2020-06-23 09:00")
    # Given the other way round, what the first says of it is the newest.
    turned_days = {"so.csv": "2020-09-20", "anh.csv": "2020-09-15"}
    other = read_ledger(given, exported_on=turned_days).frame.set_index("dossier_id")
    assert other.loc["C1", "status"] == "open"


def test_without_a_day_in_the_name_the_last_event_tells(tmp_path: Path):
    exports(tmp_path, SECOND, FIRST, names=("a.csv", "b.csv"))
    ledger = read_ledger(tmp_path)
    assert ledger.frame.set_index("dossier_id").loc["C1", "status"] == "settled"
    assert list(ledger.exported_on.values()) == [dt.date(2020, 7, 8), dt.date(2020, 6, 12)]


def test_one_file_twice_under_two_names(tmp_path: Path):
    exports(tmp_path, FIRST, FIRST, names=("a.csv", "b.csv"))
    ledger = read_ledger(tmp_path)
    assert len(ledger.frame) == 4
    assert ledger.counts.repeated == 4
    assert ledger.rejects.empty


def test_exports_of_one_day_that_differ_are_refused_and_told(tmp_path: Path):
    paths = exports(tmp_path, FIRST, SECOND, names=("a.csv", "b.csv"))
    ledger = read_ledger(paths, exported_on=["2020-09-15", "2020-09-15"])
    assert set(ledger.rejects["dossier_id"]) == {"C1"}


def test_to_the_second_in_one_and_to_the_minute_in_the_other_is_one(tmp_path: Path):
    paths = exports(tmp_path, [FIRST[3]], [SECOND[2]], names=("a.csv", "b.csv"))
    ledger = read_ledger(paths, exported_on=["2020-09-15", "2020-09-15"])
    assert ledger.frame["received_at"].tolist() == [pd.Timestamp("2020-06-12 08:00:11")]


def test_a_column_that_the_newest_lacks_is_taken_from_the_one_before(tmp_path: Path):
    first = "Mã hồ sơ;Đơn vị xử lý;Lĩnh vực;Ngày tiếp nhận;Ngày hẹn trả;Ngày trả\n"
    first += "C1;Sở A;Đất đai;10/06/2020;24/06/2020;\n"
    second = "Mã hồ sơ;Ngày tiếp nhận;Ngày hẹn trả;Ngày trả\nC1;10/06/2020;24/06/2020;23/06/2020\n"
    (tmp_path / "2020-06-15.csv").write_text(first, encoding="utf-8")
    (tmp_path / "2020-09-15.csv").write_text(second, encoding="utf-8")
    row = read_ledger(tmp_path).frame.iloc[0]
    assert row[["agency", "sector", "status"]].tolist() == ["Sở A", "Đất đai", "settled"]


def test_one_number_in_two_offices(tmp_path: Path):
    exports(tmp_path, ["7;Sở A;10/06/2020;24/06/2020;;", "7;Sở B;11/06/2020;25/06/2020;;"])
    assert len(read_ledger(tmp_path).rejects) == 2
    ledger = read_ledger(tmp_path, key=["dossier_id", "agency"])
    assert ledger.frame["agency"].tolist() == ["Sở A", "Sở B"]


def test_of_a_row_for_each_step_the_last_counts(tmp_path: Path):
    steps = [
        "7;Xã A;10/06/2020;12/06/2020;11/06/2020;Đã trả kết quả",
        "7;Sở B;11/06/2020;25/06/2020;;Đang xử lý",
    ]
    exports(tmp_path, steps)
    ledger = read_ledger(tmp_path, key="last_step")
    assert ledger.frame[["agency", "status"]].to_numpy().tolist() == [["Sở B", "open"]]
    assert ledger.counts.superseded == 1


def test_agencies_are_called_as_on_the_newest_day(tmp_path: Path):
    exports(tmp_path, ["1;Sở Rừng;10/06/2020;24/06/2020;;"], ["2;Sở Xanh;01/07/2020;09/07/2020;;"])
    renamed = agency_changes(extra=[{"old": "Sở Rừng", "new": "Sở Xanh", "on": "2020-07-01"}])
    assert set(read_ledger(tmp_path, agency_changes=renamed).frame["agency"]) == {"Sở Xanh"}


@pytest.mark.parametrize("read", [read_ledger, scan_ledger])
def test_a_past_quarter_is_restated_as_it_was_known_then(read, tmp_path: Path):
    late = "C6;Sở A;05/06/2020 08:00;19/06/2020;09/06/2020;Đã trả kết quả"  # entered afterwards
    paths = exports(tmp_path, FIRST, [*SECOND, late])
    asked = ["2020Q2", "2020Q3"]
    restated = tally(read(tmp_path), asked, by="agency", as_of="2020-06-14")
    pd.testing.assert_frame_equal(
        restated, tally(read([paths[0]]), asked, by="agency", as_of="2020-06-14")
    )
    now = tally(read(tmp_path), "2020Q2", by="agency")
    assert (restated["received_total"].tolist()[:2], now["received_total"].tolist()) == (
        [3, 1],
        [4, 1],
    )
    # Between two exports the older one tells, and no more than up to its own day.
    between = tally(read(tmp_path), asked, by="agency", as_of="2020-08-31")
    pd.testing.assert_frame_equal(between, restated)
    assert set(between["coverage"]) == {"partial", "none"}


def test_an_export_that_changed_since_is_not_read_as_if_it_had_not(tmp_path: Path):
    paths = exports(tmp_path, FIRST, SECOND)
    ledger = read_ledger(tmp_path)
    exports(tmp_path, FIRST[:2])
    with pytest.raises(ReadError, match="changed, or went, since it was read"):
        tally(ledger, "2020Q2", as_of="2020-06-14")
    assert str(paths[0]) in ledger.files


def test_the_rows_tell_the_day_of_the_export(tmp_path: Path):
    paths = exports(tmp_path, SECOND, FIRST, names=("a.csv", "b.csv"))
    for path, made in zip(paths, ("15/09/2020 07:30", "15/06/2020"), strict=True):
        heading, *rows = path.read_text(encoding="utf-8").splitlines()
        lines = [f"{heading};Thời điểm xuất", *(f"{row};{made}" for row in rows)]
        path.write_text("\n".join(lines), encoding="utf-8")
    ledger = read_ledger(tmp_path)
    assert list(ledger.exported_on.values()) == [dt.date(2020, 9, 15), dt.date(2020, 6, 15)]
    assert ledger.frame.set_index("dossier_id").loc["C1", "status"] == "settled"
    given = read_ledger(tmp_path, exported_on={"a.csv": "2020-06-01"})
    assert given.exported_on[str(paths[0])] == dt.date(2020, 6, 1)


def test_one_number_of_two_systems_is_told(tmp_path: Path):
    other = ["C1;Chi cục X;10/05/2020;24/05/2020;;Đang xử lý"]
    exports(tmp_path, FIRST, other)
    assert ledger_quality(read_ledger(tmp_path)).set_index("check")["count"]["received_otherwise"]
    both = read_ledger(tmp_path, key=["dossier_id", "agency"]).frame
    assert sorted(both["dossier_id"]) == ["C1", "C1", "C2", "C3", "C4"]


def test_a_row_that_cannot_be_used_is_not_lost(tmp_path: Path):
    wrong = "C2;Sở A;11/06/2020;25/06/2020;01/06/2020;Đã trả kết quả"
    exports(tmp_path, FIRST, [*SECOND, wrong])
    ledger = read_ledger(tmp_path)
    assert ledger.rejects["reason"].tolist() == ["settled_before_receipt"]
    assert "lost" not in ledger.changes["field"].tolist()


def test_days_after_the_export_are_told(tmp_path: Path):
    exports(tmp_path, [*FIRST, "C7;Sở A;13/06/2020;20/06/2020;20/06/2021;Đã trả kết quả"])
    for read in (read_ledger, scan_ledger):
        quality = ledger_quality(read(tmp_path)).set_index("check")["count"]
        assert quality["after_export"] == 1


def test_renamed_and_merged_agencies_are_those_of_one_true_ledger(tmp_path: Path):
    """Two agencies become one between the exports; what each said stands under the new name."""
    changes = agency_changes(
        extra=[{"old": old, "new": "Sở Chung", "on": "2020-07-01"} for old in ("Sở A", "Sở B")]
    )
    after = [row.replace("Sở A", "Sở Chung").replace("Sở B", "Sở Chung") for row in SECOND]
    exports(tmp_path, FIRST, after)
    ledger = read_ledger(tmp_path, agency_changes=changes)
    assert set(ledger.frame["agency"]) == {"Sở Chung"}
    assert "agency" not in ledger.changes["field"].tolist()
    counted = tally(ledger, "2020Q3", by="agency")
    alone = tally(ledger.frame.assign(agency="Sở Chung"), "2020Q3", by="agency")
    pd.testing.assert_frame_equal(counted, alone)
    assert counted[["received_total", "settled_total", "pending_total"]].values.tolist() == [
        [4, 2, 2]
    ]


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"overlaps": "first"}, "there is no way 'first'"),
        ({"key": "số"}, "dossiers are not told apart by 'số'"),
        ({"key": ["agency"]}, "dossiers are not told apart by 'agency'"),
        ({"exported_on": ["2020-09-15"]}, "1 days are given for 2 exports"),
        ({"exported_on": {"x.csv": "2020-09-15"}}, "there is no export 'x.csv'"),
        ({"exported_on": ["hôm qua", "nay"]}, "'hôm qua' is no day"),
    ],
)
def test_what_is_asked_for_wrongly_is_refused(options: dict, what: str, tmp_path: Path):
    exports(tmp_path, FIRST, SECOND)
    with pytest.raises(CchcError, match=what):
        read_ledger(tmp_path, **options)


DOSSIERS = st.lists(
    st.tuples(
        st.sampled_from(["Sở A", "Sở B"]),
        st.integers(0, 180),  # day of receipt
        st.integers(0, 30),  # days allowed
        st.one_of(st.none(), st.integers(0, 60)),  # days taken
    ),
    min_size=1,
    max_size=12,
)
START = dt.date(2020, 6, 15)


def export_of(dossiers: list[tuple], first: int, last: int) -> list[str]:
    """Return what a system exports on day `last`: what came or ended since `first`, or is open."""
    rows = []
    for number, (agency, received, allowed, taken) in enumerate(dossiers):
        ended = None if taken is None or received + taken >= last else received + taken
        if received >= last or (ended is not None and ended < first):
            continue
        days = [START + dt.timedelta(days=day) for day in (received, received + allowed)]
        end = "" if ended is None else f"{START + dt.timedelta(days=ended):%d/%m/%Y}"
        status = "Đang xử lý" if ended is None else "Đã trả kết quả"
        rows.append(f"D{number};{agency};{days[0]:%d/%m/%Y};{days[1]:%d/%m/%Y};{end};{status}")
    return rows


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(dossiers=DOSSIERS)
def test_two_exports_together_are_the_one_true_ledger(tmp_path: Path, dossiers: list[tuple]):
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    parts = [export_of(dossiers, 0, 92), export_of(dossiers, 92, 183)]
    whole = export_of(dossiers, 0, 183)
    if not all(parts):
        return
    paths = exports(folder, *parts, names=("2020-09-15.csv", "2020-12-15.csv"))
    (true,) = exports(folder, whole, names=("all.csv",))
    together, one = (read_ledger(given).frame for given in (paths, [true]))
    columns = ["dossier_id", "agency", "received_at", "due_at", "settled_at", "status"]
    both = [
        frame[columns].sort_values("dossier_id", ignore_index=True) for frame in (together, one)
    ]
    pd.testing.assert_frame_equal(*both)


def known_then(dossiers: list[tuple], last: int) -> pd.DataFrame:
    """Return the ledger as it was on day `last`: nothing of later is in it."""
    rows = []
    for number, (agency, received, allowed, taken) in enumerate(dossiers):
        if received < last:
            ended = None if taken is None or received + taken >= last else received + taken
            days = (received, received + allowed, ended)
            times = [None if day is None else START + dt.timedelta(days=day) for day in days]
            status = "open" if ended is None else "settled"
            rows.append((f"D{number}", agency, "(không ghi)", *times, None, status))
    names = ("dossier_id", "agency", "sector", "received_at", "due_at", "settled_at", "channel")
    frame = pd.DataFrame(rows, columns=[*names, "status"])
    times = dict.fromkeys(("received_at", "due_at", "settled_at"), "datetime64[us]")
    return frame.astype(times | dict.fromkeys(("agency", "sector", "channel", "status"), "str"))


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(dossiers=DOSSIERS, ends=st.sampled_from([(60, 120), (92, 183)]), later=st.integers(0, 50))
def test_a_past_day_is_restated_as_the_ledger_was_then(
    tmp_path: Path, dossiers: list[tuple], ends: tuple[int, int], later: int
):
    """Law of `as_of`: what later exports tell of settlements and receipts changes nothing."""
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    names = [f"{START + dt.timedelta(days=end):%Y-%m-%d}.csv" for end in ends]
    parts = [export_of(dossiers, 0, ends[0]), export_of(dossiers, *ends)]
    exports(folder, *parts, names=tuple(names))
    day = START + dt.timedelta(days=ends[0] + later)  # between the two
    asked = ["2020Q2", "2020Q3", (pd.Period("2020Q3"), "year_to_date")]
    restated = tally(scan_ledger(folder), asked, by="agency", as_of=day)
    then = tally(known_then(dossiers, ends[0]), asked, by="agency", as_of=names[0][:10])
    pd.testing.assert_frame_equal(restated, then)


def exported(folder: Path, before: str, newest: str, *, second: str = "") -> list[Path]:
    heading = "Mã hồ sơ;Cơ quan;Ngày tiếp nhận;Ngày hẹn trả;Ngày trả kết quả"
    texts = {"2020-q2.csv": heading + second + "\n" + before, "2020-q3.csv": f"{heading}\n{newest}"}
    for name, content in texts.items():
        (folder / name).write_text(content, encoding="utf-8")
    return sorted(folder.iterdir())


def test_an_export_without_statuses_ends_no_waiting_and_reopens_nothing(tmp_path: Path):
    days = "Sở A;01/06/2020;01/07/2020;"
    stated = {"1": "Yêu cầu bổ sung giấy tờ", "2": "Đang xử lý", "3": "Công dân yêu cầu rút hồ sơ"}
    before = "".join(f"{one};{days};{status}\n" for one, status in stated.items())
    before += f"4;{days};Yêu cầu bổ sung giấy tờ\n"
    newest = "".join(f"{one};{days}\n" for one in "12") + f"3;{days}\n4;{days}02/07/2020\n"
    paths = exported(tmp_path, before, newest, second=";Trạng thái")
    ledger, scan = read_ledger(paths), scan_ledger(paths)
    told = {"1": "waiting", "2": "open", "3": "withdrawn", "4": "settled"}
    assert dict(ledger.frame[["dossier_id", "status"]].to_numpy().tolist()) == told
    assert dict(scan.relation.project("dossier_id, status").fetchall()) == told
    quality = ledger.quality.set_index("check")
    assert quality.loc["columns_from_before", "example"] == "status"
    assert tally(ledger, "2020Q3")["pending_overdue"].sum() == 1


BOTH = ["dossier_id", "agency"]


def test_short_forms_of_an_agency_that_is_in_the_key_are_one_with_it(tmp_path: Path):
    dates = "01/06/2020;01/07/2020;"
    before = f"1;SYT;{dates}\n2;Sở Y tế;{dates}\n3;SNV;{dates}\n"
    newest = f"1;Sở Y tế tỉnh Bình Định;{dates}10/07/2020\n2;SYT;{dates}\n"
    newest += f"3;Sở Nội vụ tỉnh A;{dates}\n4;Sở Nội vụ tỉnh B;{dates}\n"
    paths = exported(tmp_path, before, newest)
    for ledger in (read_ledger(paths, key=BOTH), scan_ledger(paths, key=BOTH)):
        quality = ledger_quality(ledger).set_index("check")
        counted = tally(ledger, "2020Q3", by="agency").set_index("agency")["received_total"]
        assert counted["Sở Y tế tỉnh Bình Định"] == 2 and counted.sum() == 5
        assert quality.loc["agency_joined", "count"] == 2
        # Which of two has the initials nobody says: it is told, and so is the dossier in both.
        assert quality.loc["agency_doubtful", "example"].startswith("SNV = Sở Nội vụ tỉnh A / ")
        assert quality.loc["one_number", "count"] == 1


def test_an_agency_renamed_between_exports_is_one_with_the_changes_and_told_without(tmp_path: Path):
    dates = "01/06/2020;01/07/2020;"
    old, new = "Sở Giao thông vận tải", "Sở Xây dựng"
    paths = exported(tmp_path, f"1;{old};{dates}\n", f"1;{new};{dates}\n")
    apart = read_ledger(paths, key=BOTH)
    assert len(apart.frame) == 2
    assert apart.quality.set_index("check").loc["one_number", "count"] == 1
    days = ["2025-06-14", "2025-09-14"]
    one = read_ledger(paths, key=BOTH, exported_on=days, agency_changes=agency_changes())
    assert one.frame["agency"].tolist() == [new]
    assert "one_number" not in set(one.quality["check"])


def test_short_and_longer_names_of_renamed_agencies_are_one(tmp_path: Path):
    renamed = {
        "SGTVT": "Sở Xây dựng",
        "Sở TN&MT tỉnh Bình Định": "Sở NN&MT",  # a merger of two, each spelled otherwise
        "SNNPTNT": "Sở Nông nghiệp và Môi trường",
        "xã An A": "UBND xã Bình B tỉnh Gia Lai",
        "SỞ TT&TT": "SKHCN",
        "Sở Tư pháp tỉnh Bình Định": "STP tỉnh Gia Lai",
        "Chi cục Biển": "Chi cục Biển và Kiểm ngư",
    }
    own = [
        {"old": "UBND xã An A", "new": "UBND xã Bình B", "on": "2025-07-01"},
        {"old": "Chi cục Biển", "new": "Chi cục Biển và Kiểm ngư", "on": "2025-07-01"},
        # The initials of this one are those of another department: neither is meant.
        {"old": "Sở Ngoại vụ", "new": "Văn phòng UBND tỉnh", "on": "2025-07-01"},
    ]
    dates = "01/06/2025;01/07/2025;"
    before = "".join(f"{at};{name};{dates}\n" for at, name in enumerate(renamed))
    newest = "".join(f"{at};{name};{dates}10/07/2025\n" for at, name in enumerate(renamed.values()))
    paths = exported(tmp_path, f"{before}9;SNV;{dates}\n", newest)
    options = {"key": BOTH, "agency_changes": agency_changes(extra=own)}
    days = ["2025-06-14", "2025-09-14"]
    for ledger in (
        read_ledger(paths, exported_on=days, **options),
        scan_ledger(paths, exported_on=days, **options),
    ):
        counted = tally(ledger, (pd.Period("2025Q3"), "year_to_date"), by=())
        assert counted["received_total"].tolist() == [8]
        assert counted["settled_total"].tolist() == [7]
        assert "one_number" not in set(ledger_quality(ledger)["check"])


def test_an_export_without_rows_and_numbers_spelled_otherwise_are_told(tmp_path: Path):
    before = "000012;A;01/06/2020;;\nH15.1;A;02/06/2020;;\n13;A;03/06/2020;;\n"
    exported(tmp_path, before, "12;A;01/06/2020;;\nh15-1;A;02/06/2020;;\n0013;A;04/06/2020;;\n")
    (tmp_path / "2020-q4.csv").write_text(
        "Mã hồ sơ;Ngày tiếp nhận;Ngày hẹn trả;Ngày trả\n", "utf-8"
    )
    for read in (read_ledger, scan_ledger):
        quality = ledger_quality(read(tmp_path)).set_index("check")["count"]
        assert (quality["number_spellings"], quality["export_empty"]) == (2, 1)
