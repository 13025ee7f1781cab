"""Arrow arrays straight from memory: `pyarrow.array` would first load pandas, a fifth of a second."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

__all__ = ["text_array", "value_array"]


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
    present = None if null is None or not null.any() else pa.py_buffer(_bits(~null))
    return pa.Array.from_buffers(kind, len(values), [present, pa.py_buffer(data)])


def text_array(texts: Sequence[str]) -> pa.Array:
    """Make an array of strings, none of them missing.

    Raises
    ------
    TypeError
        If something is not a string.
    """
    for text in texts:
        if not isinstance(text, str):
            raise TypeError(f"{text!r} is a {type(text).__name__}")
    encoded = [text.encode() for text in texts]
    offsets = np.zeros(len(encoded) + 1, np.int32)
    np.cumsum([len(text) for text in encoded], out=offsets[1:])
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(encoded), buffers)


def _bits(values: np.ndarray) -> np.ndarray:
    return np.packbits(values, bitorder="little")
