"""Arrow arrays straight from memory: `pyarrow.array` would load pandas first, a fifth of a second.

So would scalars made of Python values and `to_numpy`.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["plain_values", "text_array", "text_bytes", "text_scalar", "value_array"]


def value_array(values: np.ndarray, null: np.ndarray | None = None) -> pa.Array:
    """Make an array of the values' own type; booleans and days are packed as Arrow has them.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Integers, floats, booleans, or datetime64[D].
    null : ndarray of bool, shape (n,), optional
        Where there is no value.
    """
    if values.dtype.kind == "b":
        kind, data = pa.bool_(), _bits(values)
    elif values.dtype.kind == "M":
        kind, data = pa.date32(), np.ascontiguousarray(values.astype(np.int64), np.int32)
    else:
        native = np.ascontiguousarray(values, values.dtype.newbyteorder("="))
        kind, data = pa.from_numpy_dtype(native.dtype), native
    return pa.Array.from_buffers(kind, len(values), [_present(null), pa.py_buffer(data)])


def text_array(texts: Sequence[str] | np.ndarray, null: np.ndarray | None = None) -> pa.Array:
    """Make an array of strings.

    Parameters
    ----------
    texts : sequence of str, or ndarray
        An array of bytes (``S..``), which must be ASCII, is taken as a whole; text one by one.
    null : ndarray of bool, shape (n,), optional
        Where there is none, whatever stands there.

    Raises
    ------
    TypeError
        If something is not a string.
    UnicodeError
        If bytes are not ASCII, or text cannot be written as UTF-8.
    """
    if isinstance(texts, np.ndarray) and texts.dtype.kind == "S":
        return _ascii_array(texts, null)
    if isinstance(texts, np.ndarray):
        texts = texts.tolist()
    encoded = []
    for at, text in enumerate(texts):
        there = null is None or not null[at]
        if there and not isinstance(text, str):
            raise TypeError(f"{text!r} is a {type(text).__name__}")
        encoded.append(text.encode() if there else b"")
    offsets = np.zeros(len(encoded) + 1, np.int32)
    np.cumsum([len(text) for text in encoded], out=offsets[1:])
    buffers = [_present(null), pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(encoded), buffers)


def _ascii_array(texts: np.ndarray, null: np.ndarray | None) -> pa.Array:
    if null is not None:
        texts = np.where(null, b"", texts)
    width = texts.dtype.itemsize
    letters = np.ascontiguousarray(texts).view(np.uint8).reshape(len(texts), width)
    there = letters != 0  # NumPy fills up with zeros
    data = letters[there]
    if data.max(initial=0) > 127:
        raise UnicodeError("bytes that are not ASCII")
    offsets = np.zeros(len(texts) + 1, np.int32)
    np.cumsum(there.sum(axis=1), out=offsets[1:])
    buffers = [_present(null), pa.py_buffer(offsets), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.string(), len(texts), buffers)


def text_bytes(column: pa.Array) -> tuple[np.ndarray, memoryview]:
    """Return the length in bytes of each string, 0 where there is none, and all their bytes."""
    filled = pc.fill_null(column, text_scalar("")) if column.null_count else column
    if len(filled) == 0:
        return np.zeros(0, np.int32), memoryview(b"")
    _, offsets, data = filled.buffers()
    ends = np.frombuffer(offsets, np.int32, len(filled) + 1, filled.offset * 4)
    text = memoryview(b"" if data is None else data)
    return np.diff(ends), text[ends[0] : ends[-1]]


@lru_cache(maxsize=64)
def text_scalar(text: str | None) -> pa.Scalar:
    """Make a single string, or a missing one."""
    return text_array([text or ""], np.array([text is None]))[0]


def plain_values(column: pa.Array) -> np.ndarray:
    """Return the numbers of an array, 0 where there is none; booleans and days as integers."""
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.uint8())
    elif pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    kind = np.dtype(column.type.to_pandas_dtype())
    filled = column
    if column.null_count:
        filled = pc.fill_null(column, value_array(np.zeros(1, kind))[0])
    if len(filled) == 0:
        return np.zeros(0, kind)
    return np.frombuffer(filled.buffers()[1], kind, len(filled), filled.offset * kind.itemsize)


def _present(null: np.ndarray | None) -> pa.Buffer | None:
    return None if null is None or not null.any() else pa.py_buffer(_bits(~null))


def _bits(values: np.ndarray) -> np.ndarray:
    return np.packbits(values, bitorder="little")
