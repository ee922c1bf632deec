"""Rows of a DuckDB relation as arrays, some at a time, without a copy and without pyarrow.

DuckDB hands out what the Arrow C stream interface says: structures in memory, whose layout is
fixed. Read here are columns whose values have one width. Frames in parts cost a fifth of a tally
more, and only a connection hands them out, not a relation.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import numpy as np

from cchc_stats.ledger.counting.doors import unreadable

_PRESENT, _VALUES = range(2)  # the buffers of a column


class _Array(ctypes.Structure):
    """A batch of rows, or one of its columns: `struct ArrowArray`."""


_Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_Array))),
    ("dictionary", ctypes.c_void_p),
    ("release", ctypes.CFUNCTYPE(None, ctypes.c_void_p)),
    ("private_data", ctypes.c_void_p),
]


class _Stream(ctypes.Structure):
    """Batches one after the other: `struct ArrowArrayStream`."""

    _fields_ = (
        ("get_schema", ctypes.c_void_p),
        ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(_Array))),
        ("get_last_error", ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.c_void_p)),
        ("release", ctypes.c_void_p),
        ("private_data", ctypes.c_void_p),
    )


Column = tuple[np.ndarray, np.ndarray | None]


def arrays(relation: Any, kinds: list[str]) -> Iterator[list[Column]]:
    """Yield the columns of a relation, some rows at a time; they last until the next are asked for.

    Parameters
    ----------
    kinds : of each column its numpy dtype.

    Yields
    ------
    Of each column its values, and where there are any, None: in every row.

    Raises
    ------
    ReadError
        A file that turns out to be damaged only now.
    """
    import duckdb

    try:
        capsule = relation.__arrow_c_stream__()  # it ends the stream when it goes
    except duckdb.Error as error:
        raise unreadable(error, where="ledger=") from error
    place = ctypes.pythonapi.PyCapsule_GetPointer
    place.restype, place.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    address = place(capsule, b"arrow_array_stream")
    stream = _Stream.from_address(address)
    while True:
        batch = _Array()
        if stream.get_next(address, ctypes.byref(batch)):
            message = (stream.get_last_error(address) or b"").decode("utf-8", "replace")
            raise unreadable(RuntimeError(message), where="ledger=")
        if not batch.release:
            return
        try:
            columns = [batch.children[n].contents for n in range(len(kinds))]
            first, size = batch.offset, batch.length
            yield [
                _column(one, one.offset + first, size, np.dtype(kind))
                for one, kind in zip(columns, kinds, strict=True)
            ]
        finally:
            batch.release(ctypes.addressof(batch))


def _column(column: _Array, first: int, size: int, kind: np.dtype) -> Column:
    """Return the values of a column where they lie, and where there are any."""
    if not size:
        return np.empty(0, kind), None
    values = _bytes(column.buffers[_VALUES], (first + size) * kind.itemsize).view(kind)[first:]
    if not column.null_count or not column.buffers[_PRESENT]:
        return values, None
    bits = _bytes(column.buffers[_PRESENT], (first + size + 7) // 8)
    there = np.unpackbits(bits, count=first + size, bitorder="little")[first:]
    return values, there.view(bool)


def _bytes(address: int, size: int) -> np.ndarray:
    raw: Any = (ctypes.c_uint8 * size).from_address(address)
    return np.frombuffer(raw, dtype="uint8")
