"""Opening the file of a store: for one call, alone where it is written, waiting for others."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_stats.publishing.store.schema import VERSION, make, upgrade, version_of
from cchc_stats.words import CchcError, require_file_target, written_beside

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WAIT = 30.0  # seconds that a call waits for others
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1
}  # a report is small: to start threads takes longer than the work
_BETWEEN = 0.05
_HELD = ("could not set lock", "being used by another process", "different configuration")


@contextmanager
def reading(path: Path, wait: float) -> Iterator[DuckDBPyConnection]:
    """Give the store to read from, an empty one where there is no file yet."""
    import duckdb

    if not path.exists():
        with duckdb.connect(config=CONFIG) as connection:
            make(connection)
            yield connection
        return
    connection = _opened(path, wait, read_only=True)
    if version_of(connection, path)[0] < VERSION:
        connection.close()
        with writing(path, wait):
            pass
        connection = _opened(path, wait, read_only=True)
    with connection, _refusals(path):
        yield connection


@contextmanager
def writing(path: Path, wait: float) -> Iterator[DuckDBPyConnection]:
    """Give the store to write into: all of it is kept, or nothing.

    Raises
    ------
    CchcError
        It cannot be written, or another process has it for longer than `wait` seconds.
    """
    require_file_target(path)
    if not path.exists():
        _make(path)
    connection = _opened(path, wait, read_only=False)
    with connection, _refusals(path):
        connection.begin()
        upgrade(connection, path)
        yield connection
        connection.commit()


def require_store(path: Path, wait: float) -> None:
    """Refuse a path at which no store is, or can be."""
    if path.is_dir() or not path.exists():
        require_file_target(path)
        return
    _opened(path, wait, read_only=True).close()


def _make(path: Path) -> None:
    """Put an empty store in its place in one step, unless another process just did."""
    import duckdb

    target = Path(os.path.realpath(path))
    if _wal(target).exists():
        raise _not_its_own(path)
    with _refusals(path), written_beside(target.parent) as folder:
        new = folder / "store.duckdb"
        # Forty small tables in blocks of the usual size would take megabytes.
        with duckdb.connect(new, config=CONFIG | {"default_block_size": 16384}) as connection:
            make(connection)
            connection.execute("CHECKPOINT")  # to close the file would tell of no full disk
        try:
            os.link(new, target)
        except FileExistsError:
            return
        except OSError:  # a disk without links
            if not target.exists():
                new.rename(target)


def _opened(path: Path, wait: float, *, read_only: bool) -> DuckDBPyConnection:
    import duckdb

    until = time.monotonic() + wait
    while True:
        try:
            connection = duckdb.connect(os.path.realpath(path), read_only=read_only, config=CONFIG)
        except duckdb.Error as error:
            if not any(words in str(error).casefold() for words in _HELD):
                raise _refusal(error, path) from error
            if time.monotonic() > until:
                raise CchcError(
                    f"another process has the store open, for longer than {wait:g} seconds",
                    where=str(path),
                    mend="let it end, or close the program that has the file open, and try again",
                ) from error
            time.sleep(_BETWEEN)
        else:
            try:
                version_of(connection, path)
            except CchcError:
                connection.close()
                raise
            return connection


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    """Tell what the engine or the disk refuses as the library does."""
    import duckdb

    try:
        yield
    except (duckdb.OperationalError, duckdb.FatalException, OSError) as error:
        raise _refusal(error, path) from error


def _refusal(error: Exception, path: Path) -> CchcError:
    said = " ".join(str(getattr(error, "strerror", None) or error).split())[:300]
    if "not a valid DuckDB" in said:
        return CchcError(
            "the file is no DuckDB file",
            where=str(path),
            mend="give the name of a store, or of a new file",
        )
    if "WAL does not match" in said:
        return _not_its_own(path)
    if "write" in said:
        return CchcError(
            f"the store cannot be written: {said}",
            where=str(path),
            mend="see that there is room and that you may write there; what was kept is unchanged",
        )
    return CchcError(
        f"the store cannot be used: {said}",
        where=str(path),
        mend="see that you may read and write there, and that DuckDB is as new as the one that "
        "wrote it",
    )


def _wal(path: Path) -> Path:
    """Return the file in which the engine keeps what is not yet in the store itself."""
    return path.with_name(f"{path.name}.wal")


def _not_its_own(path: Path) -> CchcError:
    return CchcError(
        f"the file {_wal(path).name} beside it is of another store",
        where=str(path),
        mend="put that store back in its place, or delete the file if you have no use for it",
    )
