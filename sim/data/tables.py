"""Arrays become tables, checked against the codebook; tables have a digest of what they say.

What `build` takes for each type of the codebook:

=========  ==================================================  ==============================
type       array                                               missing
=========  ==================================================  ==============================
integer    any numpy integer; values must fit into 32 bits     a missing code; `NA_INTEGER`
number     any numpy float, finite                             a missing code; ``nan``
string     `Texts`; ``<U..``, ``object`` of ``str``, ``S..``   a missing code as text; ``""``
boolean    ``bool``                                            never
date       ``datetime64[D]``                                   ``NaT``
=========  ==================================================  ==============================

Missing codes (-9 to -5) are legal where the codebook lists them; `build` turns them into nulls and
`missing_cells` keeps them. A value missing without a code is legal in nullable columns alone.
"""

import hashlib
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.data import codebook
from sim.data.arrow import plain_values, text_array, text_bytes, value_array
from sim.data.codebook import SYNTHETIC, CodebookError, Column, Table
from sim.errors import nearest
from sim.study.texts import Texts

__all__ = ["NA_INTEGER", "build", "check_keys", "check_schema", "digest", "missing_cells", "schema"]

NA_INTEGER = -(2**31)
"""An integer that is missing without a code; R uses the same number for its NA."""

_LARGEST = {"integer": 2**31 - 1, "number": 1e9}
_LARGEST_NUMBER = 2**63 - 1
_KEPT_LABELS = 2**16  # bytes of labels that are looked up
_KINDS = {"integer": "iu", "number": "f", "string": "UOS", "boolean": "b", "date": "M"}
_EXPECTED = {
    "integer": "an integer array",
    "number": "a float array",
    "string": "an array of str",
    "boolean": "a bool array",
    "date": "a datetime64[D] array",
}


@cache
def schema(name: str) -> pa.Schema:
    """Arrow schema of a table: int32, float64 (float32 if unrounded), string, bool or date32."""
    fields = [pa.field(c.name, _arrow_type(c)) for c in codebook.table(name).columns]
    return pa.schema(fields, metadata={SYNTHETIC: "TRUE"})


def build(name: str, columns: Mapping[str, np.ndarray | Texts]) -> pa.Table:
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


def missing_cells(name: str, columns: Mapping[str, np.ndarray | Texts]) -> pa.Table:
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
    coded = [column for column in spec.columns if column.missing]
    codes = [_missing_codes(column, columns[column.name]) for column in coded]
    rows = [np.flatnonzero(found) for found in codes]
    row = np.concatenate(rows)
    listed: dict[str, np.ndarray | Texts] = {key: _array(columns[key])[row] for key in spec.key}
    number = np.repeat(np.arange(len(coded)), [one.size for one in rows])
    listed["variable"] = Texts(number, np.array([column.name for column in coded]))
    listed["code"] = np.concatenate([found[one] for found, one in zip(codes, rows, strict=True)])
    return build(f"{name}_miss", listed)


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
        if spec.key:
            own, _ = _row_numbers(table, spec.key, table.slice(0, 0), spec.key)
            own = np.sort(own)
            if (own[1:] == own[:-1]).any():
                raise CodebookError(f"table {name}: two rows have the same {', '.join(spec.key)}")
        for key in spec.foreign:
            if key.table not in found:
                continue
            own, others = _row_numbers(table, key.columns, found[key.table], key.refers)
            lost = np.flatnonzero(~np.isin(own, others))
            if lost.size:
                first = ", ".join(f"{c} = {table[c][int(lost[0])].as_py()}" for c in key.columns)
                raise CodebookError(f"table {name}: {first} is not in table {key.table}")


def _row_numbers(
    table: pa.Table, columns: tuple[str, ...], other: pa.Table, refers: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """A number for each row of two tables, the same where some columns say the same."""
    number, most = np.zeros(table.num_rows + other.num_rows, np.int64), 1
    for mine, theirs in zip(columns, refers, strict=True):
        both = pa.chunked_array([*table[mine].chunks, *other[theirs].chunks], table[mine].type)
        coded = both.combine_chunks().dictionary_encode(null_encoding="encode")
        size = len(coded.dictionary)
        if most * size > _LARGEST_NUMBER:
            number, most = np.unique(number, return_inverse=True)[1], number.size
        number, most = number * size + plain_values(coded.indices), most * size
    return number[: table.num_rows], number[table.num_rows :]


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
            lengths, text = text_bytes(column)
            total.update(lengths.astype("<i4").tobytes())
            total.update(text)
        else:
            values = plain_values(column)
            little = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<"))
            total.update(little.tobytes())
    return total.hexdigest()


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


def _check_shape(spec: Table, columns: Mapping[str, np.ndarray | Texts]) -> int:
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


def _array(given: np.ndarray | Texts) -> np.ndarray | Texts:
    return given if isinstance(given, Texts) else np.asarray(given)


def _to_arrow(spec: Table, column: Column, given: np.ndarray | Texts) -> pa.Array:
    where = f"table {spec.name}, column {column.name}"
    raw = _array(given)
    values = raw.labels if isinstance(raw, Texts) else raw
    if values.dtype.kind not in _KINDS[column.type] or (
        column.type == "date" and values.dtype != np.dtype("datetime64[D]")
    ):
        raise CodebookError(f"{where}: expected {_EXPECTED[column.type]}, got {values.dtype}")
    if column.type == "string":
        return _string_array(spec, column, raw)
    return _plain_array(where, column, values)


def _plain_array(where: str, column: Column, raw: np.ndarray) -> pa.Array:
    null = unknown = _unknown(column, raw)
    if column.missing:
        null = unknown | _is_coded(column, raw)
    if not null.any():
        return value_array(_as_written(where, column, raw, raw))
    _check_missing(where, column, int(unknown.sum()))
    known = np.where(null, np.zeros(1, raw.dtype), raw)
    return value_array(_as_written(where, column, known, raw[~null]), null)


def _as_written(where: str, column: Column, raw: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Numbers, truths or days of the type that the table has; `values` are those to be checked."""
    _check_values(where, column, values)
    if column.type == "number":
        return _rounded(column, raw)
    return raw.astype(np.int32) if column.type == "integer" else raw


def _is_coded(column: Column, raw: np.ndarray) -> np.ndarray:
    """Where a number is a missing code."""
    found = np.zeros(len(raw), np.bool_)
    if raw.min(initial=0) <= max(column.missing):
        for code in column.missing:
            found |= raw == code
    return found


def _missing_codes(column: Column, given: np.ndarray | Texts) -> np.ndarray:
    """The missing code of every cell, 0 where there is none."""
    raw = _array(given)
    if isinstance(raw, Texts):
        return _missing_codes(column, raw.labels)[raw.codes]
    found = np.zeros(len(raw), np.int8)
    if column.type != "string" and raw.min(initial=0) > max(column.missing):
        return found
    kind = {"S": np.bytes_, "U": str, "O": str}.get(raw.dtype.kind, raw.dtype.type)
    for code in column.missing:
        found[raw == kind(code)] = code
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
    least_code, last_code = column.span or (1, 0)
    all_coded = least_code <= low <= high <= last_code
    if column.values and not column.open_values and not all_coded:
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


def _string_array(spec: Table, column: Column, raw: np.ndarray | Texts) -> pa.Array:
    where = f"table {spec.name}, column {column.name}"
    coded = raw if isinstance(raw, Texts) else Texts(np.arange(len(raw)), raw)
    labels = coded.labels
    if coded is raw and labels.dtype.kind in "US" and labels.nbytes <= _KEPT_LABELS:
        legal = _legal_texts(spec.name, column.name, labels.dtype.str, labels.tobytes())
        if legal is not None:
            unknown = legal.unknown
            _check_missing(where, column, int(unknown[coded.codes].sum()) if unknown.any() else 0)
            return pc.take(legal.texts, value_array(coded.codes))
    used = np.zeros(len(labels), np.bool_)
    used[coded.codes] = True
    unknown = _without_text(labels)
    _check_missing(where, column, int(unknown[coded.codes].sum()))
    texts = _checked_texts(where, column, labels, unknown | ~used)
    return pc.take(texts, value_array(coded.codes)) if coded is raw else texts


class _Labels(NamedTuple):
    """Labels as texts, null where one is missing; which of them are missing without a code."""

    texts: pa.Array
    unknown: np.ndarray


@lru_cache(maxsize=256)
def _legal_texts(table: str, column: str, dtype: str, data: bytes) -> _Labels | None:
    """The labels of a column of text, None unless every one of them is legal.

    The same labels come back in study after study, and in several tables of one.
    """
    said, labels = codebook.table(table).column(column), np.frombuffer(data, dtype)
    unknown = _without_text(labels)
    try:
        return _Labels(_checked_texts("", said, labels, unknown), unknown)
    except CodebookError:
        return None


def _checked_texts(where: str, column: Column, labels: np.ndarray, null: np.ndarray) -> pa.Array:
    """Labels as texts, null where asked or where they are missing codes; the others are checked."""
    try:
        texts = text_array(labels, null | (_missing_codes(column, labels) != 0))
    except (TypeError, UnicodeError) as error:
        raise CodebookError(f"{where}: expected {_EXPECTED['string']}: {error}") from error
    if not _all_match(column, texts):
        for text in dict.fromkeys(texts.drop_null().to_pylist()):
            _check_text(where, column, text)
    return texts


def _without_text(labels: np.ndarray) -> np.ndarray:
    if labels.dtype.kind != "O":
        return np.strings.str_len(labels) == 0
    return np.array([text is None or text == "" for text in labels.tolist()], np.bool_)


def _all_match(column: Column, texts: pa.Array) -> bool:
    """Whether all texts look as the pattern says: quicker than one by one, of names and numbers."""
    if not column.pattern or column.values or column.matches("NA"):
        return False
    return bool(pc.all(pc.match_substring_regex(texts, column.pattern)).as_py())


def _check_text(where: str, column: Column, value: Any) -> None:
    if value == "NA":
        raise CodebookError(f'{where}: the text "NA" would be read as missing')
    if column.values and not column.open_values and value not in column.values:
        hint = nearest(value, [str(code) for code in column.values])
        raise CodebookError(f'{where}: "{value}" is not one of {list(column.values)}{hint}')
    if not column.matches(value):
        raise CodebookError(f'{where}: "{value}" does not look like {column.pattern}')
