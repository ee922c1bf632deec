"""Digital services from single dossiers: a plain model, what exports tell, what is not told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers import EXPLICIT, WINDOWS, flags_of, ledgers

from cchc_stats import (
    Window,
    durations,
    measure,
    read_ledger,
    read_report,
    scan_ledger,
    tally,
    tally_digital,
    validate,
)
from cchc_stats.cli import main

HANDLED = {
    "results_electronic": "result_electronic",
    "dossiers_digitised": "digitised",
    "dossiers_reused": "reused",
    "dossiers_shared": "shared",
    "population_data_dossiers": "population_data",
}
FLAGS = [*HANDLED.values(), "fee", "paid_online", "non_territorial"]
CELLS = st.sampled_from(["yes", "yes", "no", None, "unknown"])


@st.composite
def with_facts(draw: st.DrawFn) -> pd.DataFrame:
    ledger = draw(ledgers())
    told = draw(st.sets(st.sampled_from([*FLAGS, "online_level"])))
    for name in sorted(told):
        cells = st.sampled_from(["full", "part", None]) if name == "online_level" else CELLS
        drawn = [draw(cells) for _ in range(len(ledger))]
        ledger[name] = pd.Series(drawn, dtype="str")
    return ledger


def expected(ledger: pd.DataFrame, window: Window) -> dict[str, object]:
    """Return the figures of a window by their definitions, with pandas alone."""
    flags = [flags_of(row, window) for row in ledger.to_dict("records")]
    handled = ledger[[("received_total" in one) for one in flags]]
    new = ledger[[("newly_received" in one) for one in flags]]
    online = new[new["channel"] == "online"]
    postal = int((new["channel"] == "postal").sum())
    found: dict[str, object] = {
        "dossiers_handled": len(handled),
        "received_postal": postal,
        "received_in_person": len(new) - len(online) - postal,
        "not_counted": sum("not_counted" in one for one in flags),
    }
    level = online.get("online_level", pd.Series(None, index=online.index, dtype="str"))
    for code in ("full", "part"):
        all_told = level.notna().all()
        found[f"received_online_{code}"] = int((level == code).sum()) if all_told else None
    for figure, name in HANDLED.items():
        found[figure] = of(handled, name)
    found["dossiers_with_fee"] = of(new, "fee")
    found["non_territorial"] = of(new, "non_territorial")
    payers = new[new["fee"] == "yes"] if "fee" in new else new
    fee_told = "fee" not in new or not (new["fee"] == "unknown").any()
    found["dossiers_paid_online"] = of(payers, "paid_online") if fee_told else None
    if "paid_online" not in ledger:
        found["dossiers_paid_online"] = None
    return found


def of(some: pd.DataFrame, name: str) -> int | None:
    if name not in some or (some[name] == "unknown").any():
        return None
    return int((some[name] == "yes").sum())


@settings(max_examples=40)
@given(ledger=with_facts())
def test_every_figure_is_that_of_the_plain_model(ledger):
    asked = [*WINDOWS, *EXPLICIT]
    frame = tally_digital(ledger, asked, by=())
    for row in frame.to_dict("records"):
        plain = expected(ledger, Window(row["window_start"], row["window_end"]))
        assert {name: None if pd.isna(row[name]) else row[name] for name in plain} == plain
    whole = tally(ledger, asked, by=())
    assert frame["dossiers_handled"].tolist() == whole["received_total"].tolist()
    assert frame["coverage"].tolist() == whole["coverage"].tolist()


@settings(max_examples=15)
@given(ledger=with_facts())
def test_agencies_add_up_to_the_whole_and_the_form_holds(ledger):
    apart, whole = tally_digital(ledger, WINDOWS), tally_digital(ledger, WINDOWS, by=())
    for name in ("dossiers_handled", "received_postal", "received_in_person"):
        sums = apart.groupby(["window_start", "window_end"], sort=False)[name].sum()
        assert sums.tolist() == whole[name].tolist()
    assert len(validate(apart, "digital_services")) == len(apart)


# --- what exports have

HEADING = (
    "MaHoSo,TenDonVi,Nơi tiếp nhận,NgayTiepNhan,NgayHenTra,NgayTra,KenhThucHien,MucDo,PhiThu,"
    "LePhiThu,Hình thức thanh toán,Kết quả điện tử,Số hóa,ThoiGianThucHien,LoaiThoiGianThucHien"
)
# ruff: noqa: E501
ROWS = """\
1,UBND xã Ea A,UBND xã Ea A,01/10/2026,20/10/2026,05/10/2026,2,Toàn trình,0,"50.000",Trực tuyến,Có,x,15,Ngày làm việc
2,UBND xã Ea A,Trung tâm PVHCC xã Ea B,02/10/2026,20/10/2026,,2,Một phần,,,Tiền mặt,Không,,4,Giờ
3,UBND xã Ea A,Bộ phận một cửa xã Ea A,02/10/2026,20/10/2026,,1,,"20000 đ",,Trực tuyến,,,1,tháng
4,Sở Nội vụ,Trung tâm PVHCC tỉnh,02/10/2026,20/10/2026,,3,,Miễn phí,,,,,20,Ngày
5,Sở Nội vụ,Trung tâm PVHCC tỉnh,02/10/2026,20/10/2026,,2,Mức độ 4,,,,,,5,
"""


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text(f"{HEADING}\n{ROWS}", encoding="utf-8")
    return path


def test_what_an_export_tells_becomes_the_form(export):
    form = tally_digital(read_ledger(export), "2026Q4").set_index("agency")
    commune = form.loc["UBND xã Ea A"]
    figures = ["received_online_full", "received_online_part", "received_in_person"]
    assert commune[figures].tolist() == [1, 1, 1]
    assert commune[["dossiers_handled", "results_electronic", "dossiers_digitised"]].tolist() == [
        3,
        1,
        1,
    ]
    # 50.000 and 20000 đ are fees, 0 is none; cash pays nothing online.
    assert commune[["dossiers_with_fee", "dossiers_paid_online"]].tolist() == [2, 2]
    assert commune["non_territorial"] == 1  # received by another commune's centre
    assert pd.isna(commune["dossiers_reused"])  # the export has no such column
    assert commune["not_told"] == ("result_electronic: 1 empty; digitised: 2 empty; fee: 1 empty")
    department = form.loc["Sở Nội vụ"]
    # "Mức độ 4" is a level of another time: full or in part, nobody knows.
    assert department[figures[:2]].isna().all()
    assert department["received_postal"] == 1
    assert "online_level: 1 unknown" in department["not_told"]
    scanned = tally_digital(scan_ledger(export), "2026Q4").set_index("agency")
    pd.testing.assert_frame_equal(scanned, form)


def test_measured_they_are_tallied_values(export):
    form = tally_digital(read_ledger(export), "2026Q4")
    values = measure({"digital_services": form})
    rates = values[values["agency"] == "UBND xã Ea A"].set_index("indicator")
    full = (
        rates.loc["full_process_share_received"].iloc[0]
        if isinstance(rates.loc["full_process_share_received"], pd.DataFrame)
        else rates.loc["full_process_share_received"]
    )
    assert (full["numerator"], full["denominator"], full["origin"]) == (1, 3, "tallied")


def test_a_word_that_is_neither_yes_nor_no_is_told_and_counted_as_neither(export):
    export.write_text(
        f"{HEADING}\n{ROWS.replace('Tiền mặt', 'Ví X').replace(',,Ví X', ',9000,Ví X')}",
        encoding="utf-8",
    )
    ledger = read_ledger(export)
    form = tally_digital(ledger, "2026Q4").set_index("agency")
    assert pd.isna(form.loc["UBND xã Ea A", "dossiers_paid_online"])
    assert "paid_online: 1 unknown" in form.loc["UBND xã Ea A", "not_told"]
    assert ledger.counts.facts_unknown == {"Ví X": 1}
    quality = ledger.quality.set_index("check")
    assert quality.loc["facts_unknown", "example"] == "'Ví X' (1)"


def test_limits_become_working_days_or_are_refused_and_told(export):
    ledger = read_ledger(export)
    assert ledger.frame["legal_wd"].tolist() == [15.0, 0.5, pd.NA, pd.NA, pd.NA]
    # Months and days of the calendar, and a number without its unit.
    assert ledger.counts.limit_refused == {"1 tháng": 1, "20 Ngày": 1, "5": 1}
    assert ledger.quality.set_index("check").loc["limit_refused", "count"] == 3
    days = durations(ledger, "2026Q4", by="agency").set_index("agency")
    assert days.loc["UBND xã Ea A", "with_legal"] == 1


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("15 ngày làm việc", 15.0),
        ("03 ngày làm việc", 3.0),
        ("05 (năm) ngày làm việc", 5.0),
        ("8 giờ làm việc", 1.0),
        ("2,5 ngày làm việc", 2.5),
        ("15 ngày", None),
        ("1 tháng", None),
        ("15", None),
        ("không quá 10 ngày làm việc", 10.0),
        ("trong ngày", None),
    ],
)
def test_a_limit_in_one_cell(tmp_path, cell, days):
    path = tmp_path / "export.csv"
    path.write_text(
        "Mã hồ sơ;Ngày tiếp nhận;Ngày hẹn trả;Ngày trả;Thời hạn giải quyết\n"
        f"1;01/10/2026;20/10/2026;05/10/2026;{cell}\n",
        encoding="utf-8",
    )
    ledger = read_ledger(path)
    found = ledger.frame["legal_wd"].iloc[0]
    assert (None if pd.isna(found) else found) == days
    assert ledger.counts.limit_refused == ({} if days else {cell: 1})


def test_the_channel_may_tell_the_level_and_an_export_without_facts_has_none(tmp_path):
    path = tmp_path / "export.csv"
    head = "Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trả,Ngày trả,Hình thức nộp\n"
    path.write_text(
        head
        + "1,01/10/2026,20/10/2026,,Trực tuyến toàn trình\n2,01/10/2026,20/10/2026,,DVC một phần\n",
        encoding="utf-8",
    )
    assert read_ledger(path).frame["online_level"].tolist() == ["full", "part"]
    path.write_text(f"{head}1,01/10/2026,20/10/2026,,Trực tuyến\n", encoding="utf-8")
    plain = read_ledger(path)
    assert "online_level" not in plain.frame
    form = tally_digital(plain, "2026Q4", by=())
    assert form["received_online_full"].isna().all()
    assert form["not_told"].tolist() == ["online_level: 1 unknown"]


def test_of_two_exports_the_newest_tells_and_what_it_lacks_the_older(tmp_path):
    head = "Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trả,Ngày trả,Kênh,Số hóa"
    old, new = tmp_path / "so_20261001.csv", tmp_path / "so_20261101.csv"
    old.write_text(f"{head}\n1,01/09/2026,20/10/2026,,2,x\n2,01/09/2026,20/10/2026,,2,\n", "utf-8")
    new.write_text(
        f"{head.removesuffix(',Số hóa')}\n1,01/09/2026,20/10/2026,05/10/2026,2\n"
        "3,05/10/2026,20/10/2026,,2\n",
        "utf-8",
    )
    frame = read_ledger([old, new]).frame.set_index("dossier_id")
    assert frame.loc["1", ["status", "digitised"]].tolist() == ["settled", "yes"]
    assert frame.loc["3", "digitised"] == "unknown"  # no export says


def test_as_of_a_day_what_came_later_is_not_known():
    ledger = pd.DataFrame(
        {
            "agency": "A", "channel": "online", "online_level": "full", "status": "open",
            "received_at": pd.to_datetime(["2026-07-01", "2026-08-20"]),
            "due_at": pd.NaT, "settled_at": pd.NaT, "digitised": [True, True],
        }
    )  # fmt: skip
    form = tally_digital(ledger, "2026Q3", as_of=dt.date(2026, 7, 31))
    assert form[["received_online_full", "dossiers_digitised"]].values.tolist() == [[1, 1]]


def test_the_command_writes_the_form(export, tmp_path):
    words = ["tally", str(export), "--quarter", "2026Q4", "--form", "digital_services"]
    table = tmp_path / "so.csv"
    result = CliRunner().invoke(main, [*words, "--out", str(table)])
    assert result.exit_code == 0, result.stderr
    assert "Sở Nội vụ: online_level: 1 unknown" in result.stderr
    assert "Hồ sơ được số hóa 1" in result.stdout
    assert pd.read_csv(table).set_index("agency").loc["UBND xã Ea A", "dossiers_digitised"] == 1
    form = tmp_path / "so.docx"
    whole = [*words, "--by", "sector", "--agency", "UBND tỉnh", "--out", str(form)]
    assert CliRunner().invoke(main, whole).exit_code == 0
    (row,) = read_report(form).tables["digital_services"].to_dict("records")
    assert (row["dossiers_handled"], row["dossiers_with_fee"]) == (5, 2)
    refused = CliRunner().invoke(main, [*words, "--days"])
    assert refused.exit_code == 2 and "hãy bỏ --days" in refused.stderr


def test_the_names_by_which_dossiers_go_to_the_national_portal(tmp_path):
    """Formulas of the portal: paid is 1 on it, 2 by a province's gateway; VNeID is of row 4.5."""
    names = "HoSoCoThanhPhanSoHoa;DuocThanhToanTrucTuyen;TaiKhoanDuocXacThucVoiVNeID"
    codes = ["1;1;0", "0;2;1", "1;0;", ";3;1", "0;;x1"]
    rows = [f"H{n};01/07/2026;10/07/2026;;{code}" for n, code in enumerate(codes)]
    path = tmp_path / "a.csv"
    path.write_text("\n".join([f"MaHoSo;NgayTiepNhan;NgayHenTra;NgayTra;{names}", *rows]))
    ledger = read_ledger(path)
    told = ledger.frame[["digitised", "paid_online", "population_data"]].fillna("").values.tolist()
    assert told == [
        ["yes", "yes", "no"],
        ["no", "yes", "yes"],
        ["yes", "no", ""],
        ["", "no", "yes"],
        ["no", "", "unknown"],
    ]
    assert ledger.counts.facts_unknown == {"x1": 1}
