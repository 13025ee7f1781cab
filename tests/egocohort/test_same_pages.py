"""The same command writes the same bytes in every process: pages, pictures and tables."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.egocohort.test_compare import HEAD, SHOCK

REPOSITORY = Path(__file__).resolve().parents[2]
COMMANDS = (
    "compare usual.toml cut.toml --by partner,need --replicates 3 --every 2 --seed 1 --out compare",
    "sweep usual.toml cut.toml --over depth=0,0.5,1 --replicates 2 --seed 1 --out sweep",
    "simulate small.toml --seed 1 --out bundles",
    "report bundles/small__usual-care__SYNTHETIC__s1 --out report.html",
    "feasibility feasibility-of-guided-help --out feasibility",
)
RUN = """\
import sys
from egocohort.cli import main
for words in sys.argv[1:]:
    try:
        main(words.split())
    except SystemExit as ended:
        assert ended.code == 0, words
"""


@pytest.fixture(scope="module")
def written(small_study, tmp_path_factory):
    """Two folders, each written by a process that hashes in its own way."""
    folders = []
    for seed in ("1", "2"):
        folder = tmp_path_factory.mktemp(f"hashed_{seed}")
        (folder / "usual.toml").write_text(HEAD.format(name="usual"))
        (folder / "cut.toml").write_text(HEAD.format(name="cut") + SHOCK + "from_week = 2\n")
        (folder / "small.toml").write_text(small_study.read_text())
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONHASHSEED": seed}
        run = [sys.executable, "-c", RUN, *COMMANDS]
        subprocess.run(run, cwd=folder, env=environment, check=True, capture_output=True)
        folders.append(folder)
    return folders


def test_two_processes_write_the_same_bytes(written):
    first, second = (
        {
            file.relative_to(folder): file.read_bytes()
            for file in folder.rglob("*")
            if file.is_file()
        }
        for folder in written
    )
    assert first.keys() == second.keys()
    assert [str(name) for name, data in first.items() if second[name] != data] == []
    assert {".html", ".png", ".csv", ".json", ".parquet"} <= {name.suffix for name in first}
