"""What continuous integration does about R: installs it where it may, and expects it only then."""

import os
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a script for a POSIX shell")


@pytest.fixture
def run(repository, tmp_path):
    """Run the script among programs that only say what they were asked; what was printed."""

    def run_with(user, apt):
        says = {
            "id": f"echo {user}",
            "make": 'echo "make $* R=$EGOCOHORT_EXPECT_R $PYTEST_ADDOPTS"',
        }
        if apt is not None:
            says["apt-get"] = apt
        for name, line in says.items():
            program = tmp_path / name
            program.write_text(f"#!/bin/sh\n{line}\n")
            program.chmod(0o755)
        for name in ("sh", "dirname"):
            (tmp_path / name).symlink_to(shutil.which(name))
        return subprocess.run(
            [tmp_path / "sh", repository / ".ci" / "run"],
            env={"PATH": str(tmp_path), "EGOCOHORT_EXPECT_R": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    return run_with


def test_r_is_expected_where_it_was_installed(run):
    assert run(0, "exit 0").strip() == "make test R=1 -rs"


def test_an_old_list_of_packages_will_do(run):
    assert "R=1" in run(0, 'case "$*" in *update*) exit 100;; esac')


@pytest.mark.parametrize(
    ("user", "apt"), [(0, "exit 100"), (0, None), (1000, "exit 0")], ids=["fails", "absent", "user"]
)
def test_the_tests_run_all_the_same_where_r_cannot_be_installed(run, user, apt):
    said = run(user, apt).splitlines()
    assert "R could not be installed" in said[0]
    assert said[-1].strip() == "make test R= -rs"
