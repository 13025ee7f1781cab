"""The front door as a whole: help, names, exit codes, speed of start."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from egocohort.verbs import VERBS

HEAVY = "numpy numba pandas pydantic matplotlib pyarrow scipy seaborn rich mesa".split()
HERE = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}


def test_help_lists_the_verbs_and_what_they_do(cli):
    run = cli("--help")
    assert run.returncode == 0
    for verb in VERBS:
        assert f"\n  {verb} " in run.stdout


@pytest.mark.parametrize(
    "words", [["--help"], ["simulate", "--help"], ["plan", "--help"], ["--version"]]
)
def test_help_imports_nothing_heavy(words):
    program = (
        "import sys; from egocohort.cli import main\n"
        f"try: main({words!r})\n"
        "except SystemExit: pass\n"
        f"print('HEAVY', sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=HERE)
    assert run.stdout.splitlines()[-1] == "HEAVY []"


def test_importing_the_package_imports_nothing_heavy():
    program = (
        f"import sys, egocohort; dir(egocohort); print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=HERE)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["simulat"], 'no command "simulat"; did you mean "simulate"?'),
        (
            ["improve"],
            "known: new, simulate, compare, sweep, plan, saturation, feasibility, stress, show",
        ),
        (["plan"], "Missing argument 'STUDY'"),
        (["simulate", "x", "--sed", "1"], "--seed"),
        (["simulate", "x", "--seed", "-1"], "-1 is not in the range"),
        (["simulate", "x", "--seed", "one"], "'one' is not a valid integer"),
        (["simulate", "x", "--threads", "0"], "0 is not in the range"),
        (["simulate"], "Missing argument 'STUDY'"),
        (["show", "usual-car"], 'did you mean "usual-care"?'),
        (["simulate", "founding"], 'did you mean "founding-study"?'),
        (["simulate", "founding-study", "--scenario", "usual"], "usual-care"),
        (["cite", "usual-car"], 'did you mean "usual-care"?'),
        (["report", "nowhere"], "no such file"),
        (["check", "nowhere"], "no such file"),
        (["rerun", "nowhere/manifest.json"], "no such file"),
    ],
)
def test_wrong_words_exit_2_with_one_or_two_lines_that_help(invoke, tmp_path, words, expected):
    run = invoke(*words)
    assert run.returncode == 2
    assert expected in run.stderr
    assert 1 <= len(run.stderr.splitlines()) <= 2
    assert run.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_the_real_program_exits_2_without_a_traceback(cli):
    run = cli("show", "usual-car")
    assert run.returncode == 2
    assert run.stderr.startswith("Error: ")
    assert "Traceback" not in run.stderr


def test_no_words_print_help_and_exit_2(cli):
    run = cli()
    assert run.returncode == 2
    assert "Commands:" in run.stderr


def test_an_error_is_one_json_object_too_if_json_is_asked_for(invoke):
    run = invoke("show", "usual-car", "--json")
    said = json.loads(run.stdout)
    assert said["exit_code"] == run.returncode == 2
    assert "usual-care" in said["error"]


def test_a_reader_that_goes_away_is_no_error():
    program = f"{sys.executable} -m egocohort show --parameters | head -1"
    run = subprocess.run(program, shell=True, capture_output=True, text=True, env=HERE)
    assert run.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_result_that_cannot_be_printed_exits_1(unbuffered):
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            [sys.executable, "-m", "egocohort", "show", "usual-care"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
            env=HERE | {"PYTHONUNBUFFERED": unbuffered},
        )  # fmt: skip
    assert run.returncode == 1
    assert "No space left" in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_colours_are_for_terminals_alone(cli):
    assert "\x1b[" not in cli("show", "usual-care").stdout


@pytest.mark.parametrize(
    "words",
    [
        ("simulate", "founding-study", "--scenario", "usual-care", "--scenario=service-cutback"),
        ("plan", "trial", "--seed", "1", "--seed", "1"),
        ("calibrate", "--study", "a", "--quick", "--study", "b"),
        ("report", "x", "--out", "a", "--out", "b"),
    ],
)
def test_an_option_with_one_value_is_not_given_twice(invoke, words):
    run = invoke(*words)
    name = next(word for word in words if word.startswith("--") and word != "--quick")
    assert run.returncode == 2
    assert f"{name} is given 2 times; give it once\nTry 'egocohort {words[0]} --help'" in run.stderr


def test_an_option_that_may_be_repeated_and_a_flag_may(invoke):
    run = invoke("plan", "no-such", "--n", "30", "--n", "40", "--json", "--json")
    assert "times" not in run.stderr
    assert "no-such" in run.stderr
