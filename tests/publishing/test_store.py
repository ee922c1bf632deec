"""The store: what is added comes back as it was, once, whatever happens to the process."""

from __future__ import annotations

import datetime as dt
import multiprocessing as mp
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from report_copies import SEED, copied, spoiled
from seed import FOLDER

import cchc_stats as cchc
from cchc_stats import CchcError, Report, Store
from cchc_stats.publishing.store import frames, opening, schema

DOCUMENT = FOLDER.with_suffix(".docx")


@pytest.fixture(scope="module")
def seed() -> Report:
    """Return the real report as its document gives it."""
    return cchc.read_report(DOCUMENT)


@pytest.fixture(scope="module")
def quarters(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return reports of two agencies and two quarters, and a second edition of one."""
    folder = tmp_path_factory.mktemp("quarters")
    first = copied(folder, "q2", period='"2020Q2"', signed_on="2020-06-10")
    return [
        first,
        copied(folder, "q3", signed_on="2020-09-10"),
        spoiled(copied(folder, "q3-2", signed_on="2020-09-12"), "documents", "1315", "1314"),
        copied(folder, "other", "Sở Y tế tỉnh Bình Định"),
    ]


@pytest.fixture(scope="module")
def reports(quarters: list[Path]) -> list[Report]:
    """Return these reports as they are read; a test leaves them as they are."""
    return [cchc.read_report(path) for path in quarters]


@pytest.fixture(scope="module")
def filled(reports: list[Report], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with these reports, to be copied."""
    path = tmp_path_factory.mktemp("filled") / "tinh.duckdb"
    assert {*Store(path).add(reports)["state"]} == {"new", "edition"}
    return path


@pytest.fixture(scope="module")
def seeded(seed: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with the real report, to be copied."""
    path = tmp_path_factory.mktemp("seeded") / "tinh.duckdb"
    assert Store(path).add(seed)["state"].tolist() == ["new"]
    return path


@pytest.fixture(scope="module")
def found(seed: Report) -> pd.DataFrame:
    """Return the findings of the real report."""
    return cchc.check(seed)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "tinh.duckdb")


def copy_of(path: Path, folder: Path) -> Store:
    return Store(shutil.copy(path, folder / "tinh.duckdb"))


@pytest.fixture
def full(filled: Path, tmp_path: Path) -> Store:
    return copy_of(filled, tmp_path)


def assert_same(one: Report, other: Report) -> None:
    """Fail where two reports differ in a cell, a type, or an absence."""
    for name in (one.name for one in fields(Report)):
        left, right = getattr(one, name), getattr(other, name)
        if name == "tables":
            assert (type(left), [*left]) == (type(right), [*right])
            assert [*getattr(left, "unplaced", ())] == [*getattr(right, "unplaced", ())]
            for code in left:
                pd.testing.assert_frame_equal(left[code], right[code], check_exact=True)
        elif isinstance(left, pd.DataFrame):
            pd.testing.assert_frame_equal(left, right, check_exact=True)
        else:
            assert left == right, name


def test_a_report_comes_back_as_it_was(seeded: Path, seed: Report, tmp_path: Path):
    folder = cchc.read_report(FOLDER)
    store = copy_of(seeded, tmp_path)
    assert store.add([seed, folder])["state"].tolist() == ["same", "edition"]
    assert_same(store.report("sở KH&CN Bình Định", "2020Q3", 1), seed)
    assert_same(store.report(SEED, "quý III/2020"), folder)
    assert store.report(SEED, "2020Q3", 1).tables.places[0][0] == SEED


def test_what_is_measured_checked_and_traced_is_the_same(
    seeded: Path, seed: Report, found: pd.DataFrame
):
    store = Store(seeded)
    again = store.report(SEED, "2020Q3")
    pd.testing.assert_frame_equal(cchc.check(again), found)
    values = cchc.measure(seed.tables)
    pd.testing.assert_frame_equal(cchc.measure(again.tables), values)
    pd.testing.assert_frame_equal(store.values(), values)
    pd.testing.assert_frame_equal(store.history("Sở KH&CN"), values.assign(agency="Sở KH&CN"))


def test_a_file_is_there_once_under_any_name(
    store: Store, quarters: list[Path], reports: list[Report], tmp_path: Path
):
    one = reports[1]
    assert store.add([one, one])["state"].tolist() == ["new", "same"]
    copy = copied(tmp_path, "mới", signed_on="2020-09-10")
    before = store.path.read_bytes()
    assert store.add(cchc.read_report(copy)).loc[0, ["file", "state"]].tolist() == ["q3", "same"]
    assert len(store.editions()) == 1 and store.path.read_bytes() == before
    assert store.read(copy) is None  # its findings would name the other file
    assert_same(store.read(quarters[1]), one)


def test_the_order_of_adding_does_not_matter(store: Store, filled: Path, reports: list[Report]):
    stores = [Store(filled), store]
    for one in reversed(reports):
        store.add(one)
    for agency, period, edition in [
        (SEED, "2020Q2", None),
        (SEED, "2020Q3", None),
        (SEED, "2020Q3", 1),
        ("Sở Y tế", "2020Q3", None),
    ]:
        assert_same(*(one.report(agency, period, edition) for one in stores))
    pd.testing.assert_frame_equal(*(one.values() for one in stores))
    assert stores[1].report(SEED, "2020Q3").source == "q3-2"


def test_the_quarter_before_is_found_under_the_name_of_the_report(filled: Path):
    store = Store(filled)
    now = cchc.read_report(FOLDER, agency="Sở KH&CN")
    before = store.previous(now)
    assert (before.source, before.agency) == ("q2", "Sở KH&CN")
    assert store.previous(before) is None
    assert set(before.tables["documents"]["agency"]) == {"Sở KH&CN"}


def test_a_quarter_that_is_missing_is_said(store: Store, filled: Path):
    with pytest.raises(CchcError, match="the store has no report of Sở Y tế on 2020Q3"):
        store.report("Sở Y tế", "2020Q3")
    store = Store(filled)
    with pytest.raises(CchcError) as refused:
        store.report("Sở KH&CN", "2020Q4")
    assert refused.value.what == "the store has no report of Sở KH&CN on 2020Q4"
    assert refused.value.mend == "add it first; of this agency there is 2020Q2, 2020Q3"
    with pytest.raises(CchcError, match="has no edition 3 of 2020Q3"):
        store.report(SEED, "2020Q3", 3)


# What is no store, and who else uses it.


def test_what_is_no_store_is_refused(tmp_path: Path):
    other = tmp_path / "other.duckdb"
    duckdb.connect(other).execute("CREATE TABLE meta (a INT)").close()
    metas = {tmp_path / f"{word}.duckdb": word for word in ("'abc'", "NULL", "1")}
    for path, version in metas.items():
        with duckdb.connect(path) as connection:
            connection.execute(
                f"CREATE TABLE meta AS SELECT {version} schema_version, 1 written_by"
            )
            connection.execute("CREATE TABLE report AS SELECT 1 AS id")
    with duckdb.connect(tmp_path / "'abc'.duckdb") as connection:
        connection.execute("CREATE TABLE reports AS SELECT 1 AS id")
    bytes_of = {"tinh.docx": b"PK\3\4" * 9000, "empty.duckdb": b""}
    for name, data in bytes_of.items():
        (tmp_path / name).write_bytes(data)
    refusals = {
        **dict.fromkeys(
            (other, *metas), "the database is no store: it has no table meta with a version"
        ),
        tmp_path / "tinh.docx": "the file is no DuckDB file",
        tmp_path / "empty.duckdb": "the file is no DuckDB file",
        tmp_path: "the target is a folder, not a file",
        tmp_path / "none" / "tinh.duckdb": "there is no such folder to write into",
    }
    for path, what in refusals.items():
        with pytest.raises(CchcError) as refused:
            Store(path)
        assert (refused.value.what, bool(refused.value.mend)) == (what, True)
    assert (tmp_path / "tinh.docx").read_bytes() == bytes_of["tinh.docx"]


def test_a_store_that_is_not_there_is_empty_and_looking_makes_no_file(store: Store):
    assert len(store.editions()) == len(store.values()) == len(store.findings()) == 0
    assert store.reports().reports == () and store.tables("documents").empty
    with pytest.raises(CchcError, match="the store has nothing of Sở A"):
        store.history("Sở A")
    assert not store.path.exists()
    with pytest.raises(CchcError, match="this is no report: str"):
        store.add(["Sở A"])


def test_one_that_is_protected_is_read_and_not_written(full: Store, seed: Report):
    full.path.chmod(0o444)
    with pytest.raises(CchcError, match="the target is write-protected"):
        full.add(seed)
    assert {*full.editions()["file"]} == {"q2", "q3", "q3-2", "other"}


def test_one_of_a_newer_version_is_refused(full: Store):
    with duckdb.connect(full.path) as connection:
        connection.execute("UPDATE meta SET schema_version = 99, written_by = '7.0'")
    for call in (full.editions, lambda: Store(full.path), lambda: full.add([])):
        with pytest.raises(CchcError) as refused:
            call()
        assert "the store is of version 99 (cchc_stats 7.0)" in refused.value.what
        assert refused.value.where == str(full.path)
        assert refused.value.mend.startswith("install the version of cchc_stats that wrote it")


VERSION_1 = """
CREATE TABLE meta (schema_version INTEGER, written_by VARCHAR);
INSERT INTO meta VALUES (1, '0.2.0');
CREATE TABLE reports (
    report_id BIGINT, digest VARCHAR, content VARCHAR, read_with VARCHAR, read_by VARCHAR,
    added_at TIMESTAMP, agency VARCHAR, agency_key VARCHAR, period VARCHAR, period_start DATE,
    period_end DATE, number VARCHAR, signed_on DATE, window_start DATE, window_end DATE,
    file VARCHAR, blank BOOLEAN, printed_by VARCHAR);
INSERT INTO reports VALUES (
    1, 'ab', 'cd', '', '0.2.0', '2026-11-30 08:00:00', 'Sở A', 'sở a', '2026Q3', '2026-07-01',
    '2026-09-30', '1/BC-SA', '2026-09-15', '2026-06-15', '2026-09-14', 'a.docx', false, NULL);
CREATE TABLE notes (report_id BIGINT, row_id BIGINT, kind VARCHAR, text VARCHAR);
INSERT INTO notes VALUES (1, 0, 'warnings', 'chữ gạch bỏ');
CREATE TABLE frames (
    report_id BIGINT, part VARCHAR, row_count BIGINT, columns VARCHAR, position BIGINT);
INSERT INTO frames VALUES
    (1, 'form_documents', 1, '{"agency": "str", "period": "period[Q-DEC]", "sent_total": "Int64",
        "sent_paper": "Int64", "not_applicable": "str"}', 0),
    (1, 'unplaced', 1, '{"text": "str", "place": "str", "reason": "str"}', 1),
    (1, 'claims', 0, '{"quote": "str", "value": "Float64"}', 2), (1, 'totals', 0, '{}', 3),
    (1, 'numbers', 0, '{}', 4), (1, 'matches', 0, '{}', 5), (1, 'places', 0, '{}', 6),
    (1, 'corrections', 0, '{}', 7);
CREATE TABLE form_documents (
    report_id BIGINT, row_id BIGINT, agency VARCHAR, period VARCHAR, period_start DATE,
    period_end DATE, sent_total BIGINT, sent_paper BIGINT, not_applicable VARCHAR);
INSERT INTO form_documents VALUES
    (1, 0, 'Sở A', '2026Q3', '2026-07-01', '2026-09-30', 7, NULL, 'sent_paper');
CREATE TABLE unplaced (
    report_id BIGINT, row_id BIGINT, text VARCHAR, place VARCHAR, reason VARCHAR);
INSERT INTO unplaced VALUES (1, 0, 'O', 'bảng 1', NULL);
"""


def test_one_of_an_older_version_is_brought_up_and_read(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    with duckdb.connect(store.path) as connection:
        connection.execute(VERSION_1)
    steps = ("ALTER TABLE reports ADD COLUMN seen BOOLEAN", "UPDATE reports SET seen = true")
    monkeypatch.setattr(schema, "MIGRATIONS", {1: steps})
    monkeypatch.setattr(schema, "VERSION", 2)
    monkeypatch.setattr(opening, "VERSION", 2)
    report = store.report("sở A", "2026Q3")
    assert (report.number, report.signed_on) == ("1/BC-SA", dt.date(2026, 9, 15))
    assert (report.digest, report.warnings) == ("ab", ("chữ gạch bỏ",))
    documents = report.tables["documents"]
    assert documents["sent_total"].tolist() == [7] and documents["sent_paper"].isna().all()
    assert documents["not_applicable"].tolist() == ["sent_paper"]
    assert report.unplaced["reason"].isna().all() and str(report.claims["value"].dtype) == "Float64"
    with duckdb.connect(store.path, read_only=True) as connection:
        assert connection.execute("SELECT schema_version FROM meta").fetchone() == (2,)
        assert connection.execute("SELECT seen FROM reports").fetchall() == [(True,)]
        assert connection.execute("FROM newest_dossiers").fetchall() == []


HOLD = "import duckdb, sys\nduckdb.connect(sys.argv[1], read_only=sys.argv[2] == 'r')\n"
HOLD += "print('open', flush=True)\nsys.stdin.read()"


def held(path: Path, how: str) -> subprocess.Popen:
    """Return a process that has a store open until its stdin is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD.replace("duckdb.connect", "c = duckdb.connect"), path, how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout.readline() == b"open\n"
    return process


def test_others_are_waited_for_and_not_for_ever(full: Store, seed: Report):
    hasty = Store(full.path, wait=0.1)
    with held(full.path, "w") as writer:
        with pytest.raises(CchcError) as refused:
            hasty.editions()
        assert refused.value.what == (
            "another process has the store open, for longer than 0.1 seconds"
        )
        assert "let it end" in refused.value.mend
        threading.Timer(0.3, writer.stdin.close).start()
        assert len(full.editions()) == 4
    with held(full.path, "r") as reader:
        assert len(hasty.editions()) == 4  # readers do not wait for one another
        with pytest.raises(CchcError, match="another process has the store open"):
            hasty.add(seed)
        reader.stdin.close()


@pytest.fixture(scope="module")
def forked() -> mp.context.BaseContext:
    """Return what starts processes that have all modules already."""
    context = mp.get_context("forkserver")
    context.set_forkserver_preload(["cchc_stats.publishing"])
    return context


def add_all(path: Path, reports: list[Report]) -> None:
    for one in reports:
        Store(path).add(one)


def test_a_writer_that_is_killed_leaves_it_whole(
    store: Store, reports: list[Report], forked: mp.context.BaseContext
):
    """Many more are killed in tests/fuzz/kill.py."""
    known = {one.source: one for one in reports}
    before = 0
    for seconds in (0.3, 0.6):
        writer = forked.Process(target=add_all, args=(store.path, reports))
        writer.start()
        writer.join(seconds)
        writer.kill()
        writer.join()
        found = Store(store.path)
        rows = found.editions()
        assert len(rows) >= before
        before = len(rows)
        for one in found.reports().reports:
            assert_same(one, known[one.source])
    add_all(store.path, reports)
    assert sorted(store.editions()["file"]) == sorted(known)
    assert [one.name for one in store.path.parent.iterdir()] == [store.path.name]


def add_with_room(path: Path, tries: list[tuple[Report, int]], said: Connection) -> None:
    """Tell what adding reports gives where no file can be longer than so many bytes."""
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    for report, room in tries:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
        try:
            said.send(Store(path).add(report)["state"].tolist())
        except CchcError as error:
            said.send(error.what.split(":")[0])


@pytest.mark.skipif(sys.platform == "win32", reason="its disks are filled otherwise")
def test_a_disk_without_room_leaves_what_was_there(
    store: Store, reports: list[Report], forked: mp.context.BaseContext
):
    first, second = reports[:2]
    tries = [*((first, room) for room in (1_000, 100_000, 100_000_000)), (second, 1_000)]
    here, there = forked.Pipe(duplex=False)
    process = forked.Process(target=add_with_room, args=(store.path, tries, there))
    process.start()
    there.close()
    full = "the store cannot be written"
    assert [here.recv() for _ in tries] == [full, full, ["new"], full]
    process.join()
    assert store.editions()["file"].tolist() == ["q2"]


def test_the_log_of_another_store_is_not_taken_for_its_own(store: Store, reports: list[Report]):
    store.path.with_name("tinh.duckdb.wal").write_bytes(b"log")
    with pytest.raises(CchcError, match=r"the file tinh\.duckdb\.wal beside it is of another"):
        store.add(reports[0])


# What is read otherwise, changed by hand, or put together by hand.


def test_another_reading_of_a_file_takes_its_place(
    store: Store, quarters: list[Path], reports: list[Report]
):
    plain = reports[1]
    named = cchc.read_report(quarters[1], agency="Sở KHCN")
    assert store.add([plain])["state"].tolist() == ["new"]
    assert store.add([named])["state"].tolist() == ["reread"]
    assert store.add([plain])["state"].tolist() == ["same"]  # with what was given, it stays
    assert store.editions()["agency"].tolist() == ["Sở KHCN"]
    assert set(store.values()["agency"]) == {"Sở KHCN"}
    assert_same(store.read(quarters[1], agency="Sở KHCN"), named)
    assert store.read(quarters[1]) is None


def test_a_figure_that_was_changed_by_hand_is_not_lost(store: Store, reports: list[Report]):
    report = reports[1]
    store.add(report)
    documents = report.tables["documents"].assign(sent_paper=66)
    changed = replace(report, tables=dict(report.tables) | {"documents": documents})
    assert store.add(changed)["state"].tolist() == ["reread"]
    assert store.tables("documents")["sent_paper"].tolist() == [66]
    by_hand = replace(changed, digest="", source="", period=pd.Period("2020Q4"))
    assert store.add([by_hand, by_hand])["state"].tolist() == ["new", "same"]
    assert_same(store.report(SEED, "2020Q4"), by_hand)


@given(
    texts=st.lists(
        st.none() | st.text(st.characters(exclude_categories=()), max_size=6),
        min_size=1,
        max_size=4,
    ),
    counts=st.lists(st.none() | st.integers(0, 2**62), min_size=4, max_size=4),
    amounts=st.lists(st.none() | st.floats(allow_nan=False), min_size=4, max_size=4),
    quarter=st.none() | st.sampled_from(["1999Q4", "2026Q3"]),
)
@example(texts=["\0", "=1+1", "", None], counts=[None] * 4, amounts=[-0.0] * 4, quarter=None)
def test_each_cell_comes_back_or_is_refused(texts, counts, amounts, quarter):
    n = len(texts)
    frame = pd.DataFrame(
        {
            "text": pd.array(texts, dtype="str"),
            "count": pd.array(counts[:n], dtype="Int64"),
            "amount": pd.array(amounts[:n], dtype="Float64"),
            "period": pd.PeriodIndex([quarter] * n, freq="Q-DEC"),
            "own day": pd.array(["2020-01-01"] * n, dtype="datetime64[us]"),
            "yes": [True] * n,
        }
    )
    with emptied() as connection:
        if any("\ud800" <= letter <= "\udfff" for text in texts for letter in text or ""):
            with pytest.raises(CchcError, match="a letter that no file can hold"):
                frames.insert(connection, {"t": [(7, frame)]})
            return
        frames.insert(connection, {"t": [(3, frame.iloc[:0]), (7, frame), (8, frame.iloc[::-1])]})
        rows = frames.selected(connection, "t", [7]) if frames_filled(connection) else {}
    again = frames.restored(rows.get(7), frames.columns_text(frame))
    pd.testing.assert_frame_equal(again, frame, check_exact=True)


@contextmanager
def emptied() -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a database without tables, the same each time."""
    connection = in_memory().begin()
    try:
        yield connection
    finally:
        connection.rollback()


@cache
def in_memory() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config=opening.CONFIG)


def frames_filled(connection: duckdb.DuckDBPyConnection) -> bool:
    return bool(connection.execute("SHOW TABLES").fetchall())


def test_a_column_that_no_table_can_hold_is_refused(store: Store, reports: list[Report]):
    report = reports[0]
    documents = report.tables["documents"]
    for own in ({"own": [["list"]]}, {"report_id": [1]}, {"sent_total": ["nhiều"]}):
        changed = replace(report, tables={"documents": documents.assign(**own)})
        with pytest.raises(CchcError, match=r"column"):
            store.add(changed)
    assert store.editions().empty


def test_findings_are_of_their_report_and_replaced(full: Store, reports: list[Report]):
    first, second, other = (cchc.check(one) for one in reports[1:])
    full.add_findings(pd.concat([first, second, other], ignore_index=True))
    full.add_findings(second)
    kept = full.findings(SEED, "2020Q3")
    pd.testing.assert_frame_equal(kept, second)
    pd.testing.assert_frame_equal(full.findings(SEED, "2020Q3", 1), first)
    with pytest.raises(CchcError, match="an edition is of one report"):
        full.findings(SEED, edition=1)
    full.add_findings(second.iloc[:0], of=reports[2])
    assert full.findings(SEED, "2020Q3").empty and len(full.findings("Sở Y tế"))
    with pytest.raises(CchcError, match=r"findings are of the file \(none is named\)"):
        full.add_findings(second.assign(file=None))


def test_the_queries_of_the_guide_answer(seeded: Path, found: pd.DataFrame, tmp_path: Path):
    store = copy_of(seeded, tmp_path)
    store.add_findings(found)
    guide = (FOLDER.parents[1] / "docs" / "guide" / "store.md").read_text(encoding="utf-8")
    queries = re.findall(r"```sql\n(.*?)```", guide, flags=re.DOTALL)
    with duckdb.connect(store.path, read_only=True) as connection:
        there, shares, errors = (connection.execute(one).fetchall() for one in queries)
    assert there == [(SEED, "2020Q3", DOCUMENT.name, 1)]
    assert shares == [("2020Q3", 1315.0, 1380.0, 95.3)]  # 1315 of 1380 in its table
    assert errors == [(SEED, "2020Q3", 2)]
