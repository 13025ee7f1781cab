"""A user's own sim.py or analysis.py must be named, not stumbled over."""

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
def test_a_users_file_that_hides_a_room_is_named_in_an_import_error(tmp_path, name):
    offender = tmp_path / name
    offender.write_text("answer = 42\n")
    run = run_python("-c", "import egocohort", folder=tmp_path)
    last_lines = run.stderr.strip().splitlines()[-2:]
    assert run.returncode == 1
    assert f"ShadowedRoomError: the file {offender.resolve()} hides" in last_lines[0]
    assert f"Rename it (my_{name}, say)" in last_lines[1]


def test_a_package_of_the_user_that_hides_a_room_is_named_too(tmp_path):
    (tmp_path / "analysis").mkdir()
    (tmp_path / "analysis" / "__init__.py").touch()
    run = run_python("-c", "import egocohort", folder=tmp_path)
    assert f"the folder {(tmp_path / 'analysis').resolve()} hides" in run.stderr


def test_a_users_module_that_was_imported_before_us_is_named(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    offender = tmp_path / "elsewhere" / "sim.py"
    offender.touch()
    program = (
        "import sys; sys.path.insert(0, 'elsewhere'); import sim; del sys.path[0]; import egocohort"
    )
    run = run_python("-c", program, folder=tmp_path)
    assert f"the file {offender.resolve()} hides" in run.stderr


def test_catching_import_error_catches_it(tmp_path):
    (tmp_path / "sim.py").touch()
    program = "try:\n    import egocohort\nexcept ImportError as error:\n    print(error.name)"
    assert run_python("-c", program, folder=tmp_path).stdout == "sim\n"


def test_the_module_run_as_a_command_exits_with_2_and_no_traceback(tmp_path):
    offender = tmp_path / "sim.py"
    offender.touch()
    run = run_python("-m", "egocohort", "show", folder=tmp_path)
    assert run.returncode == 2
    assert run.stderr.startswith(f"Error: the file {offender.resolve()} hides")
    assert len(run.stderr.splitlines()) == 2


def test_the_installed_command_exits_with_2_and_no_traceback(tmp_path):
    (tmp_path / "sim.py").touch()
    script = tmp_path / "egocohort"
    script.write_text("from egocohort.cli import main\nmain()\n")
    run = run_python(str(script), folder=tmp_path)
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 2


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
