"""What no file may hold is told on reading, with the limit; and at once."""

import pytest

from sim.errors import InputError
from sim.world.scenario import list_scenarios, parse_scenario, read_scenario
from sim.world.toml_file import line_of, read_toml

HEAD = 'id = "mine"\ntitle = "Mine"\n'


@pytest.fixture
def written(tmp_path):
    def write(text):
        file = tmp_path / "mine.toml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    return write


def test_a_byte_order_mark_is_read_over(written):
    assert read_scenario(written(b"\xef\xbb\xbf" + HEAD.encode())).id == "mine"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a." * 20_000 + "a = 1", "line 1: a key has more than 16 parts"),
        (HEAD + "[" + "a." * 20_000 + "a]", "line 3: a key has more than 16 parts"),
        (HEAD + "[world]\n'a' . \"b\"." + "a." * 20 + "a = 1", "line 4: a key has more than 16"),
        ("x = " + "[" * 100_000, "inside one another"),
        ("x = " + "[" * 40 + "]" * 40, "more than 16 tables or lists inside one another"),
        ("x = " + "{a=" * 40 + "1" + "}" * 40, "more than 16 tables or lists inside one another"),
        (HEAD + "n = " + "9" * 5000, "line 3: a number has thousands of digits; must be at most"),
        (HEAD + "n = " + "9" * 500, "line 3, n: a number of 500 digits is out of range"),
        (HEAD + "n = 1e16", "line 3, n: 1e+16 is out of range: must be at most 1e+15"),
        (HEAD + "n = -1e300", "must be at most 1e+15"),
        (HEAD + "n = 1e-320", "must be 0, or at least 1e-30"),
        (HEAD + "[parameters]\nx = nan", "line 4, parameters.x: must be a finite number, not nan"),
        (HEAD + "n = inf", "must be a finite number, not inf"),
        (HEAD + "\0", "line 3: not a TOML file: it holds a NUL character"),
        (HEAD + 'extends = "a\\u0000b"', "line 3, extends: has a character that cannot be printed"),
        (HEAD + 'extends = "a\\nb"', "has a character that cannot be printed, U+000A"),
        (HEAD + f'extends = "{"x" * 2000}"', "has 2000 characters; at most 1000"),
        (HEAD + f'note = "{"x" * 30_000}"', "line 3, note: "),
        (HEAD + f"{'x' * 101} = 1", "is a key of 101 characters; at most 100"),
        (HEAD + "cite = [" + '"B1",' * 1001 + "]", "line 3, cite: has 1001 entries; at most 1000"),
        (HEAD + "#" * 1_000_000, "larger than 1 MB"),
        (HEAD + 'id = "again"', "not valid TOML: Cannot overwrite a value"),
        (b"\xff\xfe", "it is not UTF-8 text"),
    ],
)
def test_it_is_refused_with_line_key_and_limit(written, text, expected):
    with pytest.raises(InputError) as caught:
        read_scenario(written(text))
    said = str(caught.value)
    assert said.startswith("mine.toml")
    assert expected in said
    assert len(said) < 300


def test_a_note_may_have_lines(written):
    assert read_scenario(written(HEAD + 'note = """one\n\ttwo\n"""')).note == "one\n\ttwo\n"


def test_data_that_never_was_a_file_has_the_same_limits():
    with pytest.raises(InputError, match="must be at most"):
        parse_scenario({"id": "mine", "title": "Mine", "world": {"scale": 10**400}})


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("", "cannot name a folder"), ("..", "cannot name"), (".hidden", "cannot name"),
        ("a/b", "cannot name"), ("a\\\\b", "cannot name"), ("A", "lower-case"),
        ("é", "cannot name"),
        ("x" * 65, "has 65 characters; at most 64"), ("nul", "Windows keeps it for a device"),
        ("com1", "Windows keeps it"), ("a-", "beginning and ending with"),
    ],
)  # fmt: skip
def test_an_id_can_name_a_folder_anywhere(written, word, expected):
    with pytest.raises(InputError, match=r"mine\.toml, line 1, id: ") as caught:
        read_scenario(written(f'id = "{word}"\ntitle = "Mine"'))
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("[world]\nhorizon_weeks = 1041", "line 4, world.horizon_weeks: 1041 is out of range"),
        ("[world]\nrunin_weeks = 2000", "must be at most 1040"),
        ("[world]\nteams_per_site = [16000]", "make 4608000 people; at most 1000000"),
        ("[world.staff]\ncpn = { fte = [" + "1," * 101 + "] }", "must be at most 100"),
        (
            '[[shock]]\nacts_on = "event.episode"\nhow = "force"\nfrom_week = 1041',
            "line 6, shock 1 from_week: 1041 is out of range: must be at most 1040",
        ),
        (
            '[[shock]]\nacts_on = "event.episode"\nhow = "force"\nfrom_week = 1\n' * 501,
            "has more than 500 entries",
        ),
    ],
)
def test_what_a_world_cannot_hold_is_refused(written, lines, expected):
    with pytest.raises(InputError) as caught:
        read_scenario(written(HEAD + lines))
    assert expected in str(caught.value)


def test_a_folder_or_a_name_no_file_can_have_is_told(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_toml(tmp_path)
    with pytest.raises(InputError, match="no file has such a name"):
        read_toml(tmp_path / "a\0b")


def test_a_line_is_found_in_a_table_with_blanks_in_its_name():
    assert line_of("[ world ]\n scale = 1\n[[ shock ]]\n[[shock]]\nvalue = 2", ("shock", 1)) == 4


GOLDEN = {
    "acute-episode": "d6b02c42cb82", "acute-wave": "5b040e353294", "discharge-push": "10a72b1cacbc",
    "drop-in-closure": "c2b0c352a26a", "first-episode": "e272fb78da22",
    "network-constriction": "d1c5b0469a86", "network-intervention": "fa9fa4ab0b07",
    "no-constriction": "bddeb2843ad0", "service-cutback": "0cf7e58e0d3d",
    "staff-turnover": "4dd4fa858748", "usual-care": "b96cb312e178",
}  # fmt: skip


def test_shipped_scenarios_say_what_they_said():
    assert {name: read_scenario(name).hash[:12] for name in list_scenarios()} == GOLDEN
