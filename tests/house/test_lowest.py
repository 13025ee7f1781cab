"""The lowest versions that pyproject.toml allows are enough."""

import re
import subprocess
import tomllib
import venv

import pytest

WORKS = ("tests/egocohort/test_simulate.py", "tests/egocohort/test_plan.py", "tests/sim/data")
"""What must pass with them: a study simulated, a plan made, a bundle written and read.

What is loaded when, which makes for a quick start alone, differs from version to version.
"""


def lowest(repository):
    """Constraints that hold every direct dependency at its lower bound."""
    project = tomllib.loads((repository / "pyproject.toml").read_text())["project"]
    for line in project["dependencies"]:
        found = re.match(r"([\w.-]+).*?>=([\d.]+)", line)
        assert found, f"{line} has no lower bound"
        yield f"{found[1]}=={found[2]}"


def test_every_dependency_has_a_lower_bound(repository):
    assert len(list(lowest(repository))) > 10


@pytest.mark.verify
def test_the_lowest_versions_work(repository, tmp_path):
    constraints = tmp_path / "lowest.txt"
    constraints.write_text("\n".join(lowest(repository)))
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [*install, "--constraint", constraints, "--editable", repository, "pytest", "hypothesis"],
        check=True,
    )
    done = subprocess.run(
        [
            python,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-k",
            "not loads_no",
            *WORKS,
        ],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
