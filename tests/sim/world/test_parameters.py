import ast
import math
import pickle
import re
import subprocess
import sys
from operator import add, mul, sub, truediv

import numpy as np
import pytest

from sim.errors import InputError
from sim.world import parameters
from sim.world.parameters import catalogue, read_catalogue, read_sources, sources

GOOD = 'x = { value = 1, unit = "u", range = [0, 2], source = "", grade = "assumed", note = "n" }'


def test_an_entry_holds_all_that_is_known_of_a_number(small):
    entry = small["service.psychiatrist.capacity"]
    assert (entry.value, entry.unit, entry.low, entry.high) == (21.0, "contacts a week", 0.0, 40.0)
    assert (entry.source, entry.grade, entry.note, entry.level) == ("B24", "assumed", "x", "post")
    assert small["tie.friend.end_rate"].level == "ego"
    assert small["tie.friend.end_rate"].note == ""


def test_one_table_may_hold_the_same_parameter_for_several_groups(small):
    assert (small["tie.kin.upkeep"].value, small["tie.friend.upkeep"].value) == (0.5, 0.6)
    assert small["tie.kin.upkeep"].unit == "effort units a week"


def test_fields_follow_the_order_of_the_file(small):
    assert small.dtype.names[:3] == (
        "tie_friend_end_rate",
        "tie_kin_upkeep",
        "tie_friend_upkeep",
    )
    assert [entry.index for entry in small.values()] == list(range(7))
    assert {small.dtype[name] for name in small.dtype.names} == {np.dtype(np.float32)}


def test_a_record_holds_the_values_and_what_overrides_them(small):
    record = small.record({"tie.friend.end_rate": 0.5})
    assert record.shape == (1,)
    assert record.dtype == small.dtype
    assert record[0].tie_friend_end_rate == np.float32(0.5)
    assert record[0]["service_psychiatrist_interval_weeks"] == 4


def test_records_are_copies(small):
    small.record()["tie_friend_end_rate"] = 0.9
    assert small.record()[0].tie_friend_end_rate == np.float32(0.2)


def test_a_value_in_range_comes_back_as_a_float(small):
    assert small.check("service.psychiatrist.interval_weeks", 26, "here") == 26.0


def test_rounding_does_not_put_a_value_out_of_range(small):
    assert small.check("service.sickness", 0.06 * (1 + 1e-12), "here") == 0.06


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("tie.freind.end_rate", 0.1, 'no parameter "tie.freind.end_rate"; did you mean "tie.fri'),
        ("zzz", 0.1, "egocohort show --shocks lists them"),
        ("tie.friend.end_rate", 1.5, "1.5 is out of range: must be 0 to 1 (1/year)"),
        ("tie.friend.end_rate", float("nan"), "out of range"),
        ("tie.friend.end_rate", "0.1", "must be a number"),
        ("tie.friend.end_rate", True, "must be a number"),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(small, path, value, said):
    with pytest.raises(InputError) as caught:
        small.check(path, value, "a.toml, line 3")
    assert str(caught.value).startswith("a.toml, line 3: ")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            GOOD.replace("value", "vaule"),
            'line 2, a.x.vaule: unknown key "vaule"; did you mean "va',
        ),
        (GOOD.replace("value = 1,", ""), "needs a value, or values"),
        (GOOD.replace("value = 1", 'value = "1"'), 'a.x.value: must be a number, not "1"'),
        (GOOD.replace("value = 1", "value = true"), "a.x.value: must be a number, not true"),
        (GOOD.replace("value = 1", "value = nan"), "a.x.value: must be a finite number"),
        (GOOD.replace("value = 1", "value = 3"), "3 is outside its range 0 to 2"),
        (GOOD.replace("value = 1", "values = { g = 3 }"), "a.g.x = 3 is outside its range"),
        (GOOD.replace("[0, 2]", "[0]"), "list of two numbers, [lowest, highest]"),
        (GOOD.replace("assumed", "asumed"), 'did you mean "assumed"?'),
        (GOOD.replace(' unit = "u",', ""), "a.x.unit: missing"),
        (GOOD.replace("}", ', level = "posts" }'), 'did you mean "post"?'),
        (f"{GOOD}\n{GOOD.replace('x =', 'b_c =')}\n[a.b]\n{GOOD.replace('x', 'c')}", "shares its"),
        ("x = {", "not valid TOML"),
    ],
)
def test_a_faulty_file_is_refused_with_file_and_line(tmp_path, text, said):
    path = tmp_path / "some.toml"
    path.write_text(f"[a]\n{text}")
    with pytest.raises(InputError) as caught:
        read_catalogue(path)
    message = str(caught.value)
    assert message.startswith("some.toml")
    assert said in message
    assert len(message.splitlines()) <= 2


def test_a_parameter_given_twice_is_refused(tmp_path):
    path = tmp_path / "some.toml"
    path.write_text(f"[a]\n{GOOD.replace('value = 1', 'values = { g = 1 }')}\n[a.g]\n{GOOD}")
    with pytest.raises(InputError, match=r"a\.g\.x is given twice"):
        read_catalogue(path)


def test_a_group_may_rest_on_something_else_than_the_others(tmp_path):
    many = GOOD.replace("value = 1", "values = { one = 1, two = 1 }").replace("assumed", "fitted")
    apart = ', but = { two = { source = "", grade = "assumed", note = "ours" } } }'
    path = tmp_path / "some.toml"
    path.write_text("[a]\n" + many.rstrip().removesuffix("}").rstrip() + apart)
    known = read_catalogue(path)
    of = {group: known[f"a.{group}.x"] for group in ("one", "two")}
    assert (of["two"].grade, of["two"].note, of["two"].source) == ("assumed", "ours", "")
    assert (of["one"].grade, of["one"].note) == ("fitted", "n")
    path.write_text(path.read_text().replace("but = { two", "but = { three"))
    with pytest.raises(InputError, match='no value for "three"'):
        read_catalogue(path)


def test_the_hash_depends_on_values_and_not_on_notes(tmp_path):
    def hashed(text):
        path = tmp_path / "some.toml"
        path.write_text(f"[a]\n{text}")
        return read_catalogue(path).hash

    assert hashed(GOOD) == hashed(GOOD.replace('"n"', '"another note"'))
    assert hashed(GOOD) != hashed(GOOD.replace("value = 1", "value = 1.5"))


def test_a_catalogue_can_be_pickled(small):
    again = pickle.loads(pickle.dumps(small))
    assert again.hash == small.hash
    assert again.dtype == small.dtype


def test_a_source_needs_a_text_and_a_known_status(tmp_path):
    path = tmp_path / "sources.toml"
    path.write_text('[B1]\ntext = "t"\nstatus = "sen"')
    with pytest.raises(InputError, match='did you mean "seen"'):
        read_sources(path)


def test_the_shipped_files_are_read_once():
    assert catalogue() is catalogue()
    assert sources() is sources()


def test_every_shipped_number_has_a_unit_a_range_and_a_known_source():
    for entry in catalogue().values():
        assert entry.unit, entry.path
        assert entry.low <= entry.value <= entry.high, entry.path
        assert [key for key in entry.source.split() if key not in sources()] == [], entry.path
        assert entry.grade == "assumed" or entry.source or entry.note, entry.path


def test_every_shipped_assumption_has_a_note():
    assumed = [entry for entry in catalogue().values() if entry.grade == "assumed"]
    assert [entry.path for entry in assumed if not entry.note] == []


def test_nothing_recalled_or_judged_is_graded_as_reported():
    weak = {key for key, one in sources().items() if one.status in ("recalled", "judgement")}
    reported = [entry for entry in catalogue().values() if entry.grade == "reported"]
    assert [entry.path for entry in reported if set(entry.source.split()) <= weak] == []


SUM = re.compile(r"((?:ln(?=\()|exp(?=\()|[\s\d.()x/+-])+)= (\.?\d[\d.]*\d|\d)(?![\d.]*\d)")
OPERATORS = {ast.Add: add, ast.Sub: sub, ast.Mult: mul, ast.Div: truediv}


def sums_in(note):
    """What each sum of a note comes to, and what the note says that it does.

    `-ln(.56 x .81) = .791` and `10 / 27 = .37`.
    """
    for said, result in SUM.findall(note):
        tree = ast.parse(re.sub(r"\bx\b", "*", said).strip(), mode="eval")
        yield worth(tree.body), result


def worth(node):
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=one):
            return -worth(one)
        case ast.BinOp(left=left, op=sign, right=right):
            return OPERATORS[type(sign)](worth(left), worth(right))
        case ast.Call(func=ast.Name(id="ln"), args=[one]):
            return math.log(worth(one))
        case ast.Call(func=ast.Name(id="exp"), args=[one]):
            return math.exp(worth(one))
    raise AssertionError(ast.dump(node))


def half_a_digit(text):
    """Half of the last digit that a number was written with."""
    return 0.5 * 10.0 ** -len(text.partition(".")[2]) * (1 + 1e-9)


def test_sums_are_read_from_notes():
    note = (
        "of 7 in a year: -ln(.56 x .81) = .791, then ln(.791 / .580) / ln(2) = .447; 10 / 27 = .37"
    )
    (first, _), (second, said), (third, _) = sums_in(note)
    assert first == pytest.approx(-math.log(0.56 * 0.81))
    assert second == pytest.approx(math.log(0.791 / 0.58) / math.log(2))
    assert said == ".447"
    assert third == pytest.approx(10 / 27)
    ((grown, _),) = sums_in("25 x exp(.055 x .30) = 25.4")
    assert grown == pytest.approx(25 * math.exp(0.0165))
    assert half_a_digit(".447") == pytest.approx(0.0005)
    assert half_a_digit("31") == pytest.approx(0.5)


def test_every_sum_in_a_note_comes_out():
    wrong = [
        (entry.path, come_to, said)
        for entry in catalogue().values()
        for come_to, said in sums_in(entry.note)
        if abs(come_to - float(said)) > half_a_digit(said)
    ]
    assert wrong == []


def test_what_is_derived_shows_the_arithmetic_of_its_value():
    derived = [entry for entry in catalogue().values() if entry.grade == "derived"]
    assert derived
    for entry in derived:
        results = [said for _, said in sums_in(entry.note)]
        near = [said for said in results if abs(float(said) - entry.value) <= half_a_digit(said)]
        assert near, f"{entry.path}: {entry.note}"
        assert set(entry.source.split()), entry.path


def test_an_assumption_without_a_source_says_what_would_inform_it():
    says = re.compile(
        r"\bP\d+\b|published|measured in the world|where the world settles|a dial for scenarios"
    )
    silent = [
        entry.path
        for entry in catalogue().values()
        if entry.grade == "assumed" and not entry.source and not says.search(entry.note)
    ]
    assert silent == []


def test_figures_of_other_people_are_no_more_than_assumed():
    others = {
        "B7": "residents of one university hall",
        "B46": "clients of a cognitive hypnotherapy service",
        "B41": "general population",
        "boothroyd2008": "Medicaid",
        "hccq6": "melanoma",
    }
    for entry in catalogue().values():
        for key in set(entry.source.split()) & set(others):
            assert entry.grade == "assumed", entry.path
            assert others[key] in entry.note or entry.path == "scale.hccq.retest", entry.path


METHODS = """salmon2011 morris2019 grimm2020 fugard2015 guest2020 spirit2013 delta2 consort2010
    consort_cluster coreq2007 sim2018""".split()


def test_every_source_of_a_figure_says_what_was_read_of_it():
    for key, one in sources().items():
        outside = one.status == "seen" and key not in METHODS
        if outside:
            assert re.search(
                r"Read: .*(abstract|page|table|summar|press|scoring code)", one.text
            ), key
        if one.status == "recalled":
            assert re.search("[Ff]rom memory", one.text), key
    assert [key for key in METHODS if key not in sources()] == []


def test_reading_parameters_loads_neither_numba_nor_pandas():
    code = (
        "import sys, sim.world.scenario, sim.world.parameters as p; p.catalogue(); "
        "sys.exit(any(m in sys.modules for m in ('numba', 'pandas')))"
    )
    root = parameters.__file__.rsplit("sim", 1)[0]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
