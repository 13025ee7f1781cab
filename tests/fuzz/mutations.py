"""Ways to spoil a file of tables: pure functions of a random.Random, the same for the same seed."""

import copy
import datetime
import math

import tomli_w

HUGE = 10**4000
ODD = (
    0, -1, 1, 2, -0.0, 0.5, 1.0, -3.5, 1e-9, 1e-12, 1e-320, 1e308, -1e308, 1e15, 1e6, 99, 1039,
    1040, 1041, 5000, 2**31, 2**63, 2**64, -(2**63) - 1, 10**30, HUGE, math.nan, math.inf,
    -math.inf, True, False, "", " ", "x", "x" * 70, "x" * 30_000, "..", "../up", "a/b", "nul",
    "é", "\0", "a\nb", "usual-care", "all", "1", "nan", [], [[]], [0], [1, 2, 3],
    [0, 26, 52], ["a", "b"], [0.5] * 2000, {}, {"a": 1}, {"a": {"b": {"c": 1}}},
    {"from": 0, "to": 1e15, "by": 1e-9},
    datetime.date(1, 1, 1), datetime.date(9999, 12, 31), datetime.datetime(2024, 1, 1, 12),
    datetime.time(12),
)  # fmt: skip
"""Values of every kind that TOML has, most of them wrong in most places."""

WHOLE = (0, 1, 2, 3, 5, 7, 8, 13, 26, 52, 60, 100, 500, 987, 1000, 1039, 4095, 20_000, 1_000_000)
BROKEN = (
    0.0, 1e-30, 1e-6, 1e-4, 0.01, 0.05, 0.3, 0.5, 0.9, 0.99, 0.9999, 0.999999, 1.0, 1.01, 2.0, 3.0,
    5.0, 14.0, 100.0, 1e4, -0.5, -3.0,
)  # fmt: skip
FACTORS = (-1, 0.1, 0.5, 2, 10, 100, 1e6, 1e-6)


def mutated_data(data, random, steps=None):
    """A copy of the tables with one to three things done to them; `steps` are those there are."""
    data = copy.deepcopy(data)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        random.choice(steps or STEPS)(data, random)
    return data


def mutated_text(text, random):
    """The text as bytes with one thing done to it."""
    return random.choice(SPOILS)(text.encode(), random)


def toml_bytes(data):
    """The tables as a file."""
    return tomli_w.dumps(data).encode()


def _places(data):
    """Every container of the tables with each of its keys."""
    found, heap = [], [data]
    while heap:
        one = heap.pop()
        keys = list(one) if isinstance(one, dict) else range(len(one))
        found += [(one, key) for key in keys]
        heap += [one[key] for key in keys if isinstance(one[key], (dict, list))]
    return found


def _pick(data, random):
    places = _places(data)
    return random.choice(places) if places else ({"": 0}, "")


def _replace(data, random):
    home, key = _pick(data, random)
    home[key] = copy.deepcopy(random.choice(ODD))


def _scale(data, random):
    places = [(home, key) for home, key in _places(data) if type(home[key]) in (int, float)]
    if places:
        home, key = random.choice(places)
        found = home[key] * random.choice(FACTORS)
        home[key] = int(found) if type(home[key]) is int and random.random() < 0.7 else found


def _nudge(data, random):
    """A number of the same type that some place can have."""
    places = [(home, key) for home, key in _places(data) if type(home[key]) in (int, float)]
    if places:
        home, key = random.choice(places)
        home[key] = random.choice(WHOLE if type(home[key]) is int else BROKEN)


def _delete(data, random):
    home, key = _pick(data, random)
    if home:
        del home[key]


def _add(data, random):
    home, _ = _pick(data, random)
    if isinstance(home, dict):
        name = random.choice(("surplus", "x" * 150, "a.b", "é", "all", "note", "weeks", "n", ""))
        home[name] = copy.deepcopy(random.choice(ODD))
    else:
        home.append(copy.deepcopy(random.choice((*ODD, *home[:1]))))


def _swap(data, random):
    (one, key), (other, place) = _pick(data, random), _pick(data, random)
    first, second = copy.deepcopy(one[key]), copy.deepcopy(other[place])
    one[key] = second
    if place in other if isinstance(other, dict) else place < len(other):
        other[place] = first


def _double(data, random):
    lists = [home[key] for home, key in _places(data) if isinstance(home[key], list)]
    if lists:
        one = random.choice(lists)
        one += copy.deepcopy(one)


def _rename(data, random):
    home, key = _pick(data, random)
    if isinstance(home, dict):
        others = [name for table, name in _places(data) if isinstance(table, dict)]
        home[random.choice((f"{key}s", str(key)[:-1], random.choice(others)))] = home.pop(key)


def _nest(data, random):
    home, key = _pick(data, random)
    for _ in range(random.choice((1, 5, 40))):
        home[key] = random.choice(({"in": home[key]}, [home[key]]))


GENTLE = (_scale, _nudge)
STEPS = (
    _replace,
    _replace,
    _nudge,
    _nudge,
    _scale,
    _scale,
    _delete,
    _add,
    _swap,
    _double,
    _rename,
    _nest,
)


def _cut(raw, random):
    return raw[: random.randrange(len(raw))]


def _flip(raw, random):
    at = random.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ (1 << random.randrange(8))]) + raw[at + 1 :]


def _insert(raw, random):
    at = random.randrange(len(raw))
    what = (
        b"\xef\xbb\xbf",
        b"\0",
        b"\r",
        b"\r\n",
        b"\xff",
        b"[",
        b"]",
        b'"',
        b'"""',
        b"=",
        b"{",
        b"9",
    )
    return raw[:at] + random.choice(what) * random.choice((1, 1, 3, 5000)) + raw[at:]


def _begin(raw, random):
    deep = (
        b"\xef\xbb\xbf", b"x = " + b"[" * 5000 + b"\n", b"a." * 20_000 + b"a = 1\n",
        b"x = " + b"{a=" * 3000 + b"\n", b"[" + b"a." * 5000 + b"a]\n",
        b"n = " + b"9" * 6000 + b"\n",
        b"\n" * 2000, b"# " + b"x" * 100_000 + b"\n", b" " * 60_000 + b"\n", b"\xfe\xff",
        b'title = "' + b"\\u0000" + b'"\n',
    )  # fmt: skip
    return random.choice(deep) + raw


def _lines(raw, random):
    return raw.replace(b"\n", random.choice((b"\r\n", b"\r", b"\n\n")))


def _repeat(raw, random):
    lines = raw.splitlines(keepends=True)
    at, to = random.randrange(len(lines)), random.randrange(len(lines) + 1)
    return b"".join([*lines[:to], lines[at], *lines[to:]])


def _drop(raw, random):
    lines = raw.splitlines(keepends=True)
    del lines[random.randrange(len(lines))]
    return b"".join(lines)


def _digit(raw, random):
    places = [at for at, byte in enumerate(raw) if chr(byte).isdigit()]
    if not places:
        return raw
    at = random.choice(places)
    new = random.choice((b"", b"0", b"9", b"99999", b"e9", b"-1", b".", b"9" * 5000))
    return raw[:at] + new + raw[at + 1 :]


SPOILS = (_cut, _flip, _flip, _insert, _begin, _lines, _repeat, _drop, _digit, _digit)
