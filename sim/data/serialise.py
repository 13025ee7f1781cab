"""Tables, dictionaries and recipes as bytes, and back: CSV, Parquet, JSON, TOML.

The same content always gives the same bytes (Parquet: within one version of pyarrow). CSV is
UTF-8 with LF, a comma, ``NA`` for missing, ISO dates, ``TRUE``, a fixed number of decimals per
column, and quotes only where they are needed.
"""

import hashlib
import io
import json
import math
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from sim.data import codebook, tables
from sim.data.arrow import plain_values, text_bytes, text_scalar, value_array

__all__ = [
    "canonical_hash",
    "cell_texts",
    "csv_bytes",
    "json_bytes",
    "parquet_bytes",
    "plain",
    "read_csv",
    "read_parquet",
    "toml_bytes",
]


def csv_bytes(name: str, table: pa.Table) -> bytes:
    """Write a table of the codebook as CSV."""
    spec = codebook.table(name)
    names = ",".join(table.column_names) + "\n"
    if table.num_rows == 0:
        return names.encode()
    texts = [_column_text(table[c.name].combine_chunks(), c.decimals) for c in spec.columns]
    texts[-1] = pc.binary_join_element_wise(texts[-1], text_scalar("\n"), text_scalar(""))
    _, lines = text_bytes(pc.binary_join_element_wise(*texts, text_scalar(",")))
    return names.encode() + lines


def cell_texts(name: str, table: pa.Table, column: str) -> list[str]:
    """The cells of a column as they stand in the CSV file, without the quotes."""
    spec = codebook.table(name).column(column)
    lengths, data = text_bytes(_cell_text(table[column].combine_chunks(), spec.decimals))
    ends = [0, *np.cumsum(lengths).tolist()]
    whole = bytes(data)
    if whole.isascii():
        text = whole.decode()
        return [text[begin:end] for begin, end in pairwise(ends)]
    return [whole[begin:end].decode() for begin, end in pairwise(ends)]


def read_csv(name: str, data: bytes) -> pa.Table:
    """Read a CSV file of the bundle with the codebook's types; ``NA`` becomes null.

    Raises
    ------
    pyarrow.ArrowInvalid, KeyError
        If the file does not hold the columns of the codebook.
    """
    schema = tables.schema(name)
    convert = pa_csv.ConvertOptions(
        column_types=dict(zip(schema.names, schema.types, strict=True)),
        include_columns=schema.names,
        null_values=["NA"],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        true_values=["TRUE"],
        false_values=["FALSE"],
    )
    parse = pa_csv.ParseOptions(newlines_in_values=True)
    found = pa_csv.read_csv(io.BytesIO(data), parse_options=parse, convert_options=convert)
    return found.replace_schema_metadata(schema.metadata)


def parquet_bytes(table: pa.Table) -> bytes:
    """Write a table as Parquet (zstd), the watermark in its metadata."""
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", version="2.6")
    return sink.getvalue()


def read_parquet(data: bytes) -> pa.Table:
    """Read a Parquet file of the bundle."""
    return pq.read_table(io.BytesIO(data))


def json_bytes(value: Any) -> bytes:
    """Indented JSON in UTF-8, keys in the order given; a number that is not finite becomes null."""
    text = json.dumps(plain(value), indent=2, ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode()


def toml_bytes(value: Mapping[str, Any], comment: str) -> bytes:
    """TOML in UTF-8 under a comment line; entries that are None are left out: TOML has no null."""
    import tomli_w

    return f"# {comment}\n\n{tomli_w.dumps(_without_none(plain(value)))}".encode()


def canonical_hash(value: Any) -> str:
    """Sha256 of a recipe, whatever the order of its keys."""
    text = json.dumps(plain(value), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def plain(value: Any) -> Any:
    """Reduce a value to dict, list, str, int, float, bool and None.

    Raises
    ------
    TypeError
        If a value of another kind is met: a path or a clock time has no place in a recipe.
    """
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.generic | np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if value is None or isinstance(value, str | bool | int):
        return value
    if type(value) is date:
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be part of a bundle's recipe: {value!r}")


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_none(item) for item in value]
    return value


def _column_text(column: pa.Array, decimals: int | None) -> pa.Array:
    text = _cell_text(column, decimals)
    return _quoted(text) if pa.types.is_string(column.type) else text


def _cell_text(column: pa.Array, decimals: int | None) -> pa.Array:
    if pa.types.is_boolean(column.type):
        text = pc.if_else(column, text_scalar("TRUE"), text_scalar("FALSE"))
    elif pa.types.is_floating(column.type):
        if decimals is None:
            raise codebook.CodebookError("a number without fixed decimals has no place in CSV")
        text = _fixed(column, decimals)
    elif pa.types.is_string(column.type):
        text = column
    else:
        text = column.cast(pa.string())
    return pc.if_else(column.is_null(), text_scalar("NA"), text) if column.null_count else text


def _fixed(column: pa.Array, decimals: int) -> pa.Array:
    """Text with fixed decimals, by whole numbers, so that no library's float printing matters.

    Zero where there is none.
    """
    values = plain_values(column)
    scaled = np.rint(np.abs(values) * 10**decimals).astype(np.int64)
    whole, rest = np.divmod(scaled, 10**decimals)
    below = value_array((values < 0) & (scaled > 0))
    sign = pc.if_else(below, text_scalar("-"), text_scalar(""))
    text = pc.binary_join_element_wise(sign, value_array(whole).cast(pa.string()), text_scalar(""))
    if decimals:
        padded = pc.utf8_lpad(value_array(rest).cast(pa.string()), decimals, "0")
        text = pc.binary_join_element_wise(text, padded, text_scalar("."))
    return text


def _quoted(column: pa.Array) -> pa.Array:
    _, text = text_bytes(column)
    if not any(mark in bytes(text) for mark in (b'"', b",", b"\r", b"\n")):
        return column
    special = pc.match_substring_regex(column, '[",\r\n]')
    quote = text_scalar('"')
    doubled = pc.replace_substring(column, '"', '""')
    return pc.if_else(
        special, pc.binary_join_element_wise(quote, doubled, quote, text_scalar("")), column
    )
