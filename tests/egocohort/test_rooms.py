"""A user's own sim.py or analysis.py does not stand in the way of ours."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def run_python(*arguments, folder):
    """Run Python in a folder that, as for any user, comes first on the path."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONSAFEPATH"}
    environment["PYTHONPATH"] = str(REPOSITORY)
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("name", ["sim.py", "analysis.py", "scenarios.py"])
@pytest.mark.parametrize("how", ["script", "module", "folder"])
def test_a_users_file_of_a_rooms_name_stands_in_nobodys_way(tmp_path, name, how):
    text = "import egocohort as ec; print(len(ec.show('usual-care').parameters) > 100)\n"
    if how == "folder":
        (tmp_path / name.removesuffix(".py")).mkdir()
        (tmp_path / name.removesuffix(".py") / "__init__.py").touch()
        run = run_python("-c", text, folder=tmp_path)
    else:
        (tmp_path / name).write_text(text)
        words = (name,) if how == "script" else ("-c", text)
        run = run_python(*words, folder=tmp_path)
    assert run.stdout == "True\n", run.stderr


def test_a_users_module_that_was_imported_before_us_is_named(tmp_path):
    offender = tmp_path / "sim.py"
    offender.touch()
    run = run_python("-c", "import sim, egocohort", folder=tmp_path)
    last_lines = run.stderr.strip().splitlines()[-2:]
    assert f"ShadowedRoomError: {offender.resolve()} was imported as 'sim'" in last_lines[0]
    assert "Rename it (my_sim.py, say)" in last_lines[1]


def test_a_users_module_imported_after_us_is_not_mistaken_for_ours(tmp_path):
    (tmp_path / "analysis.py").write_text("def fit(): pass\n")
    run = run_python("-c", "import egocohort, analysis; analysis.fit", folder=tmp_path)
    assert "egocohort's own package 'analysis' has no 'fit'" in run.stderr
    assert "my_analysis.py" in run.stderr


def test_catching_import_error_catches_it(tmp_path):
    (tmp_path / "sim.py").touch()
    program = "import sim\ntry: import egocohort\nexcept ImportError as error: print(error.name)"
    assert run_python("-c", program, folder=tmp_path).stdout == "sim\n"


def test_the_command_runs_in_a_folder_with_such_a_file(tmp_path):
    (tmp_path / "analysis.py").write_text("raise SystemExit(9)\n")
    run = run_python("-m", "egocohort", "show", folder=tmp_path)
    assert run.returncode == 0, run.stderr


def test_a_folder_with_other_names_is_left_alone(tmp_path):
    (tmp_path / "simulation.py").touch()
    (tmp_path / "my_analysis.py").touch()
    run = run_python("-c", "import egocohort; print(egocohort.__version__)", folder=tmp_path)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip()


def test_importing_egocohort_loads_no_heavy_library(tmp_path):
    heavy = ["numpy", "numba", "pandas", "pyarrow", "scipy", "matplotlib", "seaborn", "mesa"]
    program = f"import sys, egocohort; print([m for m in {heavy} if m in sys.modules])"
    assert run_python("-c", program, folder=tmp_path).stdout == "[]\n"


def test_an_unknown_verb_names_the_nearest(tmp_path):
    run = run_python("-c", "import egocohort as ec; ec.simulat", folder=tmp_path)
    assert """egocohort has no 'simulat'; did you mean "simulate"?""" in run.stderr
