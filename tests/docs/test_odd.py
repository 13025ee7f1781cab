"""docs/odd.md: its made parts are up to date, nothing is missing, and what it names exists."""

import importlib.util
import inspect
import re
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
MADE = re.compile(r"<!-- made: \w+ -->.*?<!-- end: \w+ -->", re.DOTALL)
CALLED = re.compile(r"(\w+)\(")


@pytest.fixture(scope="module")
def odd():
    """The program that makes the page's parts."""
    spec = importlib.util.spec_from_file_location("docs_odd", REPOSITORY / "docs" / "odd.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def page():
    return (REPOSITORY / "docs" / "odd.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def by_hand(page):
    """What is written by hand."""
    return MADE.sub("", page)


@pytest.fixture(scope="module")
def columns():
    """Names of columns by the array they belong to."""
    from sim.world import state

    tables = {
        "egos": state.EGO_COLUMNS, "lines": state.LINE_COLUMNS, "posts": state.POST_COLUMNS,
        "ties": state.TIE_COLUMNS + state.MARK_COLUMNS,
    }  # fmt: skip
    return {name: [row[0] for row in rows] for name, rows in tables.items()}


def test_the_made_parts_are_what_the_code_gives(odd, page):
    assert odd.page(page) == page, "out of date; write them anew: python docs/odd.py"


def test_a_part_out_of_date_is_seen(odd, page):
    old = page.replace("| P24 | Friends are the first", "| P24 | Friends are the last")
    assert old != page
    assert odd.page(old) == page


def test_a_part_without_a_place_is_seen(odd, page):
    with pytest.raises(ValueError, match="places"):
        odd.page(page.replace("<!-- made: sources -->", ""))


def test_the_seven_elements_are_there_in_order(page):
    assert re.findall(r"^## (\d)\. (.*)$", page, re.MULTILINE) == [
        ("1", "Purpose and patterns"),
        ("2", "Entities, state variables and scales"),
        ("3", "Process overview and scheduling"),
        ("4", "Design concepts"),
        ("5", "Initialization"),
        ("6", "Input data"),
        ("7", "Submodels"),
    ]


def test_the_eleven_design_concepts_are_there(by_hand):
    part = by_hand.partition("## 4.")[2].partition("## 5.")[0]
    assert re.findall(r"^\*\*([A-Z][\w ]+)\.\*\*", part, re.MULTILINE) == [
        "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction",
        "Sensing", "Interaction", "Stochasticity", "Collectives", "Observation",
    ]  # fmt: skip


def test_every_rule_has_its_entry_and_its_place_in_the_model(odd, page, by_hand):
    described = re.findall(r"^#### `(\w+)`$", page, re.MULTILINE)
    assert sorted(described) == sorted(odd.all_rules())
    # Where in the week a rule is used is said by hand.
    assert [name for name in described if not re.search(rf"\b{name}\b", by_hand)] == []


def test_an_entry_has_the_rules_arguments_in_order(odd, page):
    for name, rule in odd.all_rules().items():
        called = f"`{name}({', '.join(inspect.signature(rule.function).parameters)})`"
        assert f"\n{called}\n" in page


def test_a_docstring_names_every_parameter_its_rule_reads(odd):
    unnamed = [
        (name, path)
        for name, rule in odd.all_rules().items()
        for path in rule.paths
        if path not in inspect.getdoc(rule.function)
        and not (
            name == "first_crisis_rally" and path == "illness.rally_weeks"
        )  # in the one called
    ]
    assert unnamed == []


def test_a_docstring_names_columns_that_exist(odd, columns):
    wrong = [
        (name, found)
        for name, rule in odd.all_rules().items()
        for found in odd.COLUMN.findall(inspect.getdoc(rule.function))
        if found[1] not in columns[found[0]]
    ]
    assert wrong == []


def test_every_column_of_the_state_is_described(page, columns):
    for names in columns.values():
        assert [name for name in names if f"\n| `{name}` | " not in page] == []


def test_every_parameter_is_listed(odd, page):
    from sim.world.parameters import catalogue

    listed = set(re.findall(r"^\| `([\w.*]+)` \|", page.partition("### Parameters")[2], re.M))
    every = {
        re.sub(rf"^(tie|importance)\.({'|'.join(odd.GROUPS)})\.", r"\1.*.", path)
        for path in catalogue()
    }
    assert listed == every


def test_every_stream_of_the_week_is_there(page):
    week = (REPOSITORY / "docs" / "week.md").read_text(encoding="utf-8")
    drawn = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)*\b", " ".join(re.findall(r"Draws:\*(.*)", week))))
    drawn |= set(re.findall(r"\b[A-Z]+_[A-Z_]+\b", week))
    assert len(drawn) > 15
    addressed = set(re.findall(r"\[([A-Z_]+): ", page))
    assert drawn - addressed == set()


def test_streams_addressed_exist(by_hand):
    from sim.world.streams import Stream

    addressed = set(re.findall(r"\[([A-Z_]+): ", by_hand)) - {"STREAM"}  # that one explains
    assert addressed == {one.name for one in Stream if one < 32}


def test_what_is_named_by_hand_exists(odd, by_hand, columns):
    from sim.world.kinds import Channel, Event, Group, Kind
    from sim.world.parameters import catalogue
    from sim.world.shock import Shock

    known = set(odd.all_rules()) | set(odd.PRIMITIVES) | set(catalogue())
    known |= {re.sub(r"\.(\w+)\.", ".*.", path) for path in catalogue() if path.count(".") == 2}
    known |= {f"{table}.{name}" for table, names in columns.items() for name in names}
    known |= {name for names in columns.values() for name in names}
    known |= {one.name.lower() for codes in (Channel, Event, Group, Kind) for one in codes}
    known |= {*Shock.model_fields, "truth/uptake.csv"}
    known |= {
        "made",
        "end",
        "rates",
        "start.*",
        "naming",
        "python docs/odd.py",
        "egocohort patterns",
    }
    known |= {"rates.ending_strain", "[STREAM: who, when, which]"}
    said = [" ".join(one.split()) for one in re.findall(r"`([^`]+)`", by_hand)]
    plain = {one for one in said if "(" not in one}
    called = {name for one in said for name in CALLED.findall(one)}
    assert plain - known == set()
    assert called - known - {"min"} == set()
    assert len(plain) > 100


@pytest.mark.parametrize("text", ["no arguments", "first argument  meaning"])
def test_a_docstring_without_its_arguments_is_refused(odd, text):
    def rule(first, p):
        pass

    rule.__doc__ = f"Summary.\n\n{text}"
    functions = {"rule": (odd, rule)}
    with pytest.raises(ValueError, match="arguments"):
        odd._rule("rule", functions)
