import pickle
import subprocess
import sys

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


def test_reading_parameters_loads_neither_numba_nor_pandas():
    code = (
        "import sys, sim.world.scenario, sim.world.parameters as p; p.catalogue(); "
        "sys.exit(any(m in sys.modules for m in ('numba', 'pandas')))"
    )
    root = parameters.__file__.rsplit("sim", 1)[0]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
