"""Machine code is kept under a name that every kernel's source is part of."""

import subprocess
import sys

from analysis.estimators import compiled


def test_a_change_of_any_kernel_changes_the_name(tmp_path, monkeypatch):
    names = set()
    for number, sources in enumerate([["a = 1"], ["a = 2"], ["a = 2", ""]]):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name, source in zip(("one.py", "two.py"), sources, strict=False):
            (folder / name).write_text(source, encoding="utf-8")
        monkeypatch.setattr(compiled, "_KERNELS", folder)
        names.add(compiled.estimators_hash.__wrapped__())
    assert len(names) == 3


def test_kernels_are_compiled_once_and_found_by_the_next_process(tmp_path):
    code = (
        "from analysis.estimators.kernels.registers import dot\n"
        "import numpy as np\n"
        "assert dot(np.eye(2), 0, 0) == 1\n"
        "print(sum(dot.stats.cache_hits.values()))\n"
    )
    hits = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code],
            env={"EGOCOHORT_CACHE": str(tmp_path), "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        )
        hits.append(int(done.stdout))
    assert hits == [0, 1]
    kept = [path.name for path in tmp_path.iterdir()]
    assert f"estimators-{compiled.estimators_hash()}" in kept
