"""Ways to spoil what is read back: manifests, files of a bundle, and the tables of a pilot.

Pure functions of a random.Random, the same for the same seed.
"""

import copy
import csv
import io
import json

from sim.errors import InputError

MOST_LINES, MOST_LETTERS = 3, 1000
ODD = (
    None, True, False, 0, -1, 1, 2**64, 10**30, 10**4000, 0.5, -0.0, 1e308, 1e-320, float("nan"),
    float("inf"), "", " ", "x", "x" * 3000, "0" * 64, "../up", "/etc/hostname", "..", ".", "a/../b",
    "C:\\up", "a\\b", "nul\0", "two\nlines", "\ud800", "\x1b[31m", "é", "9" * 5000, [], [[]],
    [1, 2], ["a"], ["a", None], {}, {"a": 1}, {"a": {"b": [1]}}, {"../up": "0" * 64}, {"": ""},
)  # fmt: skip
"""Values of every kind that JSON has, most of them wrong in most places."""

CELLS = (
    "", " ", "NA", "0", "1", "-1", "2", "3", "99", "1.0", "1,0", "1.5", "1e300", "1_0", "inf",
    "nan", "9" * 400, "x", "partner", "Partner", "spouse", "kin", "KIN ", "missed", "partial",
    "complete", "a1", "a1 ", "P01", " P01", "\0", "a;b", "a,b", 'q"q', "two\nlines", "é",
    "\x1b[31m", "x" * 200_000,
)  # fmt: skip
"""Cells of a pilot's table, right in some places."""


def answered(work, *words, lines=MOST_LINES, letters=MOST_LETTERS):
    """Run something: what it gives, or None if it was refused in a few lines."""
    try:
        return work(*words)
    except InputError as error:
        said = str(error)
        assert said.strip()
        assert len(said.splitlines()) <= lines, said
        assert len(said) <= letters, said[:200]
        said.encode()
        return None


def spoilt_json(data, random):
    """The data with one to three things done to it, as bytes; then now and then the bytes too."""
    data = copy.deepcopy(data)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        random.choice(STEPS)(data, random)
    raw = json.dumps(data).encode()
    return raw if random.random() < 0.7 else spoilt_bytes(raw, random)


def spoilt_bytes(raw, random):
    """The bytes with one thing done to them."""
    return random.choice(SPOILS)(raw, random)


def spoilt_csv(rows, random):
    """Rows of text with one or two things done to them, as the bytes of a CSV file."""
    rows = copy.deepcopy(rows)
    for _ in range(random.choice((1, 1, 2))):
        random.choice(TABLES)(rows, random)
        rows[:1] = [rows[0] if rows and rows[0] else [""]]
    sink = io.StringIO()
    separator = random.choice(",,,,,,;\t|")
    quoting = random.choice((csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    csv.writer(sink, delimiter=separator, quoting=quoting).writerows(rows)
    encoding = random.choice(("utf-8",) * 6 + ("utf-8-sig", "utf-16", "cp1252"))
    raw = sink.getvalue().encode(encoding, "replace")
    return raw if random.random() < 0.7 else spoilt_bytes(raw, random)


def _places(data):
    found, heap = [], [data]
    while heap:
        one = heap.pop()
        keys = list(one) if isinstance(one, dict) else range(len(one))
        found += [(one, key) for key in keys]
        heap += [one[key] for key in keys if isinstance(one[key], dict | list)]
    return found


def _pick(data, random):
    """Any place, but near the top as often as deep down."""
    if random.random() < 0.5 and data:
        return data, random.choice(list(data))
    return random.choice(_places(data) or [({"": 0}, "")])


def _replace(data, random):
    home, key = _pick(data, random)
    home[key] = copy.deepcopy(random.choice(ODD))


def _delete(data, random):
    home, key = _pick(data, random)
    del home[key]


def _retype(data, random):
    home, key = _pick(data, random)
    as_another = random.choice((str, lambda v: [v], lambda v: {"value": v}, bool))
    home[key] = as_another(home[key])


def _rename(data, random):
    home, key = _pick(data, random)
    if isinstance(home, dict):
        home[random.choice((f"{key}s", "../up", "/etc/hostname", "", "\ud800"))] = home.pop(key)


def _swap(data, random):
    (one, key), (other, place) = _pick(data, random), _pick(data, random)
    first, second = copy.deepcopy(one[key]), copy.deepcopy(other[place])
    one[key] = second
    if other is not one and (place in other if isinstance(other, dict) else place < len(other)):
        other[place] = first


def _nest(data, random):
    home, key = _pick(data, random)
    for _ in range(random.choice((1, 5, 90))):
        home[key] = random.choice(({"in": home[key]}, [home[key]]))


STEPS = (_replace, _replace, _replace, _delete, _retype, _rename, _swap, _nest)


def _cut(raw, random):
    return raw[: random.randrange(len(raw))] if raw else raw


def _flip(raw, random):
    if not raw:
        return raw
    at = random.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ (1 << random.randrange(8))]) + raw[at + 1 :]


def _insert(raw, random):
    at = random.randrange(len(raw) + 1)
    what = (b"\xef\xbb\xbf", b"\0", b"\r", b"\xff", b"[", b"]", b'"', b"{", b"9", b",", b";", b"\n")
    return raw[:at] + random.choice(what) * random.choice((1, 1, 3, 9000)) + raw[at:]


def _begin(raw, random):
    return random.choice((b"\xef\xbb\xbf", b"[" * 99_999, b'{"a":' * 99_999, b"\n\n", b" ")) + raw


def _twice(raw, random):
    """Lines or members that stand twice, as after a merge gone wrong."""
    parts = raw.split(b", ") if raw.startswith(b"{") else raw.splitlines(keepends=True)
    if not parts:
        return raw
    at = random.randrange(len(parts))
    glue = b", " if raw.startswith(b"{") else b""
    return glue.join([*parts[: at + 1], *parts[at:]])


def _other(raw, random):
    text = raw.decode("utf-8", "replace")
    return random.choice((b"", b"\0" * 50, b"null", b"[]", text.encode("utf-16"), raw + raw))


SPOILS = (_cut, _flip, _flip, _insert, _insert, _begin, _twice, _other)


def _cell(rows, random):
    row = random.choice(rows)
    if row:
        row[random.randrange(len(row))] = random.choice(CELLS)


def _column(rows, random):
    at = random.randrange(len(rows[0]))
    cell = random.choice(CELLS)
    for row in rows[1:]:
        if at < len(row):
            row[at] = cell


def _reorder(rows, random):
    order = random.sample(range(len(rows[0])), len(rows[0]))
    rows[:] = [[row[at] for at in order] if len(row) == len(order) else row for row in rows]


def _head_twice(rows, random):
    rows[0][random.randrange(len(rows[0]))] = random.choice(rows[0])


def _drop_column(rows, random):
    at = random.randrange(len(rows[0]))
    for row in rows:
        del row[at : at + 1]


def _drop_rows(rows, random):
    at = random.randrange(len(rows))
    del rows[at : at + random.choice((1, 3, 1000))]


def _row_twice(rows, random):
    rows.insert(random.randrange(len(rows) + 1), list(random.choice(rows)))


def _blank_row(rows, random):
    row = random.choice(([], [""] * len(rows[0]), [" "], [""] * 40))
    rows.insert(random.randrange(len(rows) + 1), list(row))


def _ragged(rows, random):
    row = random.choice(rows)
    row[len(row) :] = random.choice(([""], ["x"], ["", "", ""]))
    del row[random.choice((99, 1, len(row) - 1)) :]


def _shuffle(rows, random):
    rest = rows[1:]
    random.shuffle(rest)
    rows[1:] = rest


TABLES = (
    _cell, _cell, _cell, _cell, _column, _reorder, _head_twice, _drop_column, _drop_rows,
    _row_twice, _blank_row, _ragged, _shuffle,
)  # fmt: skip
