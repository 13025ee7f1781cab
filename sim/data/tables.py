"""Arrays become tables, checked against the codebook; tables have a digest of what they say.

What `build` takes for each type of the codebook:

=========  ==================================================  ==============================
type       array                                               missing
=========  ==================================================  ==============================
integer    any numpy integer; values must fit into 32 bits     a missing code; `NA_INTEGER`
number     any numpy float, finite                             a missing code; ``nan``
string     ``<U..`` or ``object`` of ``str``                   a missing code as text; ``""``
boolean    ``bool``                                            never
date       ``datetime64[D]``                                   ``NaT``
=========  ==================================================  ==============================

Missing codes (-9 to -5) are legal where the codebook lists them; `build` turns them into nulls and
`missing_cells` keeps them. A value missing without a code is legal in nullable columns alone.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.data import codebook
from sim.data.arrow import plain_values, text_array, value_array
from sim.data.codebook import SYNTHETIC, CodebookError, Column, Table
from sim.errors import nearest

__all__ = ["NA_INTEGER", "build", "check_keys", "check_schema", "digest", "missing_cells", "schema"]

NA_INTEGER = -(2**31)
"""An integer that is missing without a code; R uses the same number for its NA."""

_LARGEST = {"integer": 2**31 - 1, "number": 1e9}
_KINDS = {"integer": "iu", "number": "f", "string": "UO", "boolean": "b", "date": "M"}
_EXPECTED = {
    "integer": "an integer array",
    "number": "a float array",
    "string": "an array of str",
    "boolean": "a bool array",
    "date": "a datetime64[D] array",
}


def schema(name: str) -> pa.Schema:
    """Arrow schema of a table: int32, float64 (float32 if unrounded), string, bool or date32."""
    fields = [pa.field(c.name, _arrow_type(c)) for c in codebook.table(name).columns]
    return pa.schema(fields, metadata={SYNTHETIC: "TRUE"})


def build(name: str, columns: Mapping[str, np.ndarray]) -> pa.Table:
    """Make one table of the bundle from arrays.

    Parameters
    ----------
    name
        Name of the table in the codebook, for instance ``alters`` or ``truth/ties``.
    columns
        One array per column (dtypes: see the top of this module), all of one length, in any order;
        all columns of the codebook but ``synthetic``, which is added here.

    Returns
    -------
    pyarrow.Table
        Columns in the codebook's order; missing values are null, numbers rounded to their decimals.

    Raises
    ------
    sim.data.codebook.CodebookError
        If a column is missing, unknown, of another length or dtype, or holds an illegal value.
    """
    spec = codebook.table(name)
    length = _check_shape(spec, columns)
    arrays = [_to_arrow(spec, c, columns[c.name]) for c in spec.columns if c.name != SYNTHETIC]
    arrays.append(value_array(np.ones(length, dtype=bool)))
    return pa.Table.from_arrays(arrays, schema=schema(name))


def missing_cells(name: str, columns: Mapping[str, np.ndarray]) -> pa.Table:
    """List the cells whose value is a missing code: the table ``<name>_miss``.

    Parameters
    ----------
    name, columns
        As for `build`, to which the same arrays were given.

    Returns
    -------
    pyarrow.Table
        The key of the row, ``variable``, ``code`` (-9 to -5), ``synthetic``; by column, then row.
    """
    spec = codebook.table(name)
    miss = codebook.table(f"{name}_miss")
    rows, variables, codes = [], [], []
    for column in spec.columns:
        if column.missing:
            found = _missing_codes(column, columns[column.name])
            row = np.flatnonzero(found)
            rows.append(row)
            variables.append(np.full(len(row), column.name))
            codes.append(found[row])
    row = np.concatenate(rows)
    keys = {key: np.asarray(columns[key])[row] for key in spec.key}
    listed = {"variable": np.concatenate(variables), "code": np.concatenate(codes)}
    return build(miss.name, {**keys, **listed})


def check_schema(name: str, table: pa.Table) -> None:
    """Raise `CodebookError` unless the table has exactly the columns and types of the codebook."""
    if not table.schema.equals(schema(name)):
        raise CodebookError(f"table {name} was not made by build(): its schema is another")


def check_keys(found: Mapping[str, pa.Table]) -> None:
    """Check that keys are unique and that every foreign key finds its row.

    Parameters
    ----------
    found
        Tables by codebook name; foreign keys to tables that are not among them are skipped.

    Raises
    ------
    sim.data.codebook.CodebookError
        If a key occurs twice or a row refers to a row that does not exist.
    """
    for name, table in found.items():
        spec = codebook.table(name)
        if spec.key and len(_distinct(table, spec.key)) < table.num_rows:
            raise CodebookError(f"table {name}: two rows have the same {', '.join(spec.key)}")
        for key in spec.foreign:
            if key.table not in found:
                continue
            others = _distinct(found[key.table], key.refers)
            lost = [row for row in _distinct(table, key.columns) if row not in others]
            if lost:
                pairs = zip(key.columns, lost[0], strict=True)
                first = ", ".join(f"{column} = {value}" for column, value in pairs)
                raise CodebookError(f"table {name}: {first} is not in table {key.table}")


def digest(table: pa.Table) -> str:
    """Sha256 of what a table says: names, types, values and nulls.

    It depends neither on the file format, nor on chunks, nor on the version of pyarrow that wrote.
    """
    total = hashlib.sha256()
    for column_name, column in zip(table.column_names, table.columns, strict=True):
        total.update(f"{column_name}\t{column.type}\t{len(column)}\n".encode())
        column = column.combine_chunks()
        total.update(np.packbits(plain_values(column.is_null())).tobytes())
        if pa.types.is_string(column.type):
            texts = [(text or "").encode() for text in column.to_pylist()]
            total.update(np.array([len(text) for text in texts], dtype="<i4").tobytes())
            total.update(b"".join(texts))
        else:
            values = plain_values(column)
            little = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<"))
            total.update(little.tobytes())
    return total.hexdigest()


def _distinct(table: pa.Table, columns: tuple[str, ...]) -> dict[tuple[Any, ...], None]:
    """The different rows of some columns, in order."""
    return dict.fromkeys(zip(*(table[column].to_pylist() for column in columns), strict=True))


def _arrow_type(column: Column) -> pa.DataType:
    if column.type == "number":
        return pa.float32() if column.decimals is None else pa.float64()
    plain = {
        "integer": pa.int32(),
        "string": pa.string(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
    }
    return plain[column.type]


def _check_shape(spec: Table, columns: Mapping[str, np.ndarray]) -> int:
    expected = [column.name for column in spec.columns if column.name != SYNTHETIC]
    for name in columns:
        if name not in expected:
            hint = nearest(name, expected)
            raise CodebookError(f'table {spec.name}: unknown column "{name}"{hint}')
    absent = [name for name in expected if name not in columns]
    if absent:
        raise CodebookError(f"table {spec.name}: without column {', '.join(absent)}")
    lengths = {name: np.shape(columns[name]) for name in expected}
    if len(set(lengths.values())) > 1 or len(lengths[expected[0]]) != 1:
        raise CodebookError(f"table {spec.name}: columns must be of one length, got {lengths}")
    return int(lengths[expected[0]][0])


def _to_arrow(spec: Table, column: Column, raw: np.ndarray) -> pa.Array:
    where = f"table {spec.name}, column {column.name}"
    raw = np.asarray(raw)
    if raw.dtype.kind not in _KINDS[column.type] or (
        column.type == "date" and raw.dtype != np.dtype("datetime64[D]")
    ):
        raise CodebookError(f"{where}: expected {_EXPECTED[column.type]}, got {raw.dtype}")
    if column.type == "string":
        return _string_array(where, column, raw)
    coded = _missing_codes(column, raw) != 0
    unknown = _unknown(column, raw)
    _check_missing(where, column, int(unknown.sum()))
    null = coded | unknown
    _check_values(where, column, raw[~null])
    if column.type == "number":
        raw = _rounded(column, np.where(null, 0.0, raw))
    elif column.type == "integer":
        raw = np.where(null, 0, raw)
    return value_array(raw, null).cast(_arrow_type(column))


def _missing_codes(column: Column, raw: np.ndarray) -> np.ndarray:
    """The missing code of every cell as an int64 array, 0 where there is none."""
    raw = np.asarray(raw)
    found = np.zeros(len(raw), dtype=np.int64)
    for code in column.missing:
        found[raw == (str(code) if column.type == "string" else code)] = code
    return found


def _unknown(column: Column, raw: np.ndarray) -> np.ndarray:
    """Where a value is missing without a code."""
    if column.type == "integer":
        return raw == NA_INTEGER
    if column.type == "number":
        return np.isnan(raw)
    if column.type == "date":
        return np.isnat(raw)
    return np.zeros(len(raw), dtype=bool)


def _check_missing(where: str, column: Column, n_unknown: int) -> None:
    if n_unknown and not column.nullable:
        codes = f"; give one of the codes {column.missing}" if column.missing else ""
        raise CodebookError(f"{where}: {n_unknown} values are missing without a code{codes}")


def _check_values(where: str, column: Column, values: np.ndarray) -> None:
    if len(values) == 0 or column.type not in _LARGEST:
        return
    low, high = values.min(), values.max()
    if column.values and not column.open_values:
        illegal = values[~np.isin(values, np.array(list(column.values)))]
        if len(illegal):
            raise CodebookError(f"{where}: {illegal[0]} is not one of {list(column.values)}")
    least = -_LARGEST[column.type] if column.minimum is None else column.minimum
    most = _LARGEST[column.type] if column.maximum is None else column.maximum
    if not least <= low <= high <= most:
        worst = low if low < least else high
        raise CodebookError(f"{where}: {worst} is not between {least:g} and {most:g}")


def _rounded(column: Column, values: np.ndarray) -> np.ndarray:
    """Round to the column's decimals; adding 0 turns -0.0 into 0.0, so that equals print alike."""
    if column.decimals is None:
        return values.astype(np.float32) + np.float32(0)
    return np.round(values.astype(np.float64), column.decimals) + 0.0


def _string_array(where: str, column: Column, raw: np.ndarray) -> pa.Array:
    listed = raw.tolist()
    unknown = np.array([text is None or text == "" for text in listed], dtype=bool)
    _check_missing(where, column, int(unknown.sum()))
    null = unknown | (_missing_codes(column, raw) != 0)
    try:
        texts = text_array(listed, null)
    except (TypeError, UnicodeEncodeError) as error:
        raise CodebookError(f"{where}: expected {_EXPECTED['string']}: {error}") from error
    for value in pc.unique(texts).drop_null().to_pylist():
        _check_text(where, column, value)
    return texts


def _check_text(where: str, column: Column, value: Any) -> None:
    if value == "NA":
        raise CodebookError(f'{where}: the text "NA" would be read as missing')
    if column.values and not column.open_values and value not in column.values:
        hint = nearest(value, [str(code) for code in column.values])
        raise CodebookError(f'{where}: "{value}" is not one of {list(column.values)}{hint}')
    if not column.matches(value):
        raise CodebookError(f'{where}: "{value}" does not look like {column.pattern}')
