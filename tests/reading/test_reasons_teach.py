"""A reason in `unplaced` gives the line of a file of own names that would teach it."""

import re

import pytest
import seed

from cchc_stats.checking import check
from cchc_stats.reading import read_report
from cchc_stats.words import ReadError

GIVEN = {"agency": "Sở A", "period": "2024Q2"}
DOSSIERS = ["Tổng số tiếp nhận", "Kỳ trước chuyển qua", "Mới tiếp nhận", "Tổng số đã giải quyết",
            "Đúng hạn", "Quá hạn", "Đang giải quyết"]  # fmt: skip
COUNTS = ["100", "10", "90", "80", "78", "2", "17"]


def page(path, caption, *rows):
    cells = "".join(
        "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in row) + "</tr>"
        for tag, row in zip(("th", *("td",) * (len(rows) - 1)), rows, strict=True)
    )
    text = f"<html><meta charset=utf-8><p>{caption}</p><table>{cells}</table>"
    path.write_text(text, encoding="utf-8")
    return path


def line_in(reason: str) -> str:
    """Return the line as a reader completes it: with the first of the codes that are missing."""
    if "không rõ" not in reason:
        found = re.search(r"""(?<=đọc lại: )\w+\.\w+ = \[".*?"\]""", reason)
        assert found, reason
        return found[0]
    first = re.search(r"chưa có: '[^']*' \(mã (\w+)\)", reason)
    form = re.search(r"""(\w+)\.<mã \w+>( = \[".*?"\])""", reason)
    assert first and form, reason
    return f"{form[1]}.{first[1]}{form[2]}"


BY_SECTOR = (
    "Tình hình giải quyết hồ sơ",
    ["STT", "Lĩnh vực", *DOSSIERS, "Dừng, trả"],
    ["1", "Hộ tịch", *COUNTS, "3"],
    ["2", "Đất đai", *COUNTS, "3"],
)
BY_UNIT = (BY_SECTOR[0], ["STT", "Tên đơn vị", *BY_SECTOR[1][2:]], ["1", "UBND xã A", *COUNTS, "3"])
FIXED_ROWS = (
    "Biểu 3. Quản lý biên chế",
    ["TT", "Loại", "Được giao", "Hiện có"],
    ["1", "Biên chế hành chính", "40", "37"],
    ["2", "Người làm thuê khoán", "5", "4"],
)
LIST = (
    "Hạ tầng công nghệ thông tin",
    ["TT", "Chỉ tiêu", "Số liệu"],
    ["1", "Số đơn vị có mạng WAN", "4"],
    ["2", "Số đơn vị có mạng LAN", "5"],
    ["3", "Số nơi dùng đường truyền riêng", "3"],
)


@pytest.mark.parametrize("table", [BY_SECTOR, BY_UNIT, FIXED_ROWS, LIST])
def test_the_line_of_a_reason_places_the_figure(tmp_path, table):
    path = page(tmp_path / "bc.html", *table)
    plain = read_report(path, **GIVEN)
    line = line_in(plain.unplaced["reason"].iloc[0])
    own = tmp_path / "don-vi.toml"
    own.write_text(line + "\n", encoding="utf-8")
    taught = read_report(path, layouts=own, **GIVEN)
    assert taught.unplaced.empty and len(taught.places) > len(plain.places)
    form, name = re.match(r"(\w+)\.(\w+)", line).groups()
    new = taught.places[(taught.places["column"] == name) | (taught.places["code"] == name)]
    assert len(new) and set(new["form"]) == {form}


def test_the_others_that_a_name_may_be_stand_beside_it(tmp_path):
    (tmp_path / "don-vi.toml").write_text('dossiers.withdrawn = ["Dừng, trả"]', encoding="utf-8")
    path = page(tmp_path / "bc.html", *BY_SECTOR)
    (reason,) = {*read_report(path, **GIVEN).unplaced["reason"]}
    assert "cột 'Dừng, trả'" in reason and "'Số hồ sơ rút' (mã withdrawn)" in reason
    taught = read_report(path, layouts=tmp_path / "don-vi.toml", **GIVEN)
    assert taught.tables["dossiers"]["withdrawn"].tolist() == [3, 3]


def test_a_name_of_a_time_and_one_like_no_other_give_no_line_to_paste(tmp_path):
    names = ["Tiếp nhận Q1", "Giải quyết quý I", "Tiếp nhận T7/2024", "Ghi khác", "Hồ sơ trả về"]
    rows = ["STT", "Lĩnh vực", *DOSSIERS, *names], ["1", "Hộ tịch", *COUNTS, *"13579"]
    reasons = read_report(page(tmp_path / "bc.html", BY_SECTOR[0], *rows), **GIVEN).unplaced
    lines = {name: [one for one in reasons["reason"] if f"'{name}'" in one] for name in names}
    assert all(lines[name] for name in ("Tiếp nhận Q1", "Ghi khác", "Hồ sơ trả về"))
    told = [one for name in names[:-1] for one in lines[name]]
    assert not [one for one in told if re.search(r"\w+\.\w+ = ", one)]
    assert "'Số hồ sơ trả lại' (mã returned)" in lines["Ghi khác"][0]
    assert "<mã" not in lines["Tiếp nhận Q1"][0]
    assert all("dossiers.returned = " in one for one in lines["Hồ sơ trả về"])


def test_what_no_name_would_mend_is_not_taught(tmp_path):
    rate = (BY_SECTOR[0], [*BY_SECTOR[1][:-1], "Tỷ lệ đúng hạn"], ["1", "Hộ tịch", *COUNTS, "97%"])
    (reason,) = read_report(page(tmp_path / "bc.html", *rate), **GIVEN).unplaced["reason"]
    assert reason.endswith("biểu chỉ nhận số lượng, tỷ lệ được tính từ số lượng")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('dossiers.returned = "a"', 'returned is no list of texts: write returned = ["…"]'),
        ('dossiers.returned = ["a"]\ndossiers.returned = ["b"]', "has a name twice"),
        ('dossiers.returned = ["a"]\ndossiers.withdrawn = ["A"]', "'a' stands twice"),
        ('dossiers.abc = ["a"]', "dossiers has no column 'abc'"),
        ('hoso.abc = ["a"]', "there is no [hoso]"),
        ('[agencies]\n"Tổ 5" = "A"\n"tổ 5" = "B"', "gives 'Tổ 5' two names: A, B"),
    ],
)
def test_a_file_of_own_names_that_cannot_be_used_is_refused(tmp_path, text, words):
    own = tmp_path / "don-vi.toml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(ReadError) as refused:
        read_report(page(tmp_path / "bc.html", *BY_SECTOR), layouts=own, **GIVEN)
    assert words in str(refused.value) and "don-vi.toml" in str(refused.value)
    assert refused.value.mend
    with pytest.raises(ReadError, match=re.escape(words)):  # a folder of tables as well
        read_report(seed.FOLDER, layouts=own)


def test_a_reason_is_quoted_in_a_message_of_another_language(tmp_path):
    found = check(read_report(page(tmp_path / "bc.html", *BY_SECTOR), **GIVEN), lang="en")
    for message in found.loc[found["rule"].isin(["unplaced", "unreadable"]), "message"]:
        assert re.search("“cột 'Dừng, trả' .*”", message)
        assert not re.search("[ạ-ỹđ]", re.sub("“[^”]*”|'[^']*'", "", message))


def test_two_periods_of_a_head_are_named_in_one_language(tmp_path):
    lines = ["Sở A", "BÁO CÁO", "Kết quả quý II năm 2024 và quý III năm 2024"]
    path = tmp_path / "bc.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ReadError) as refused:
        read_report(path)
    assert "several periods are named: Q2 2024, Q3 2024 (" in str(refused.value)
    assert "nêu nhiều" not in str(refused.value)
