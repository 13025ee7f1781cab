"""What whole runs of the command line write, as digests: the record that a rebuilding must keep.

``python tests/golden/runs.py`` records `runs.json` anew; ``python tests/golden/runs.py FOLDER``
keeps everything that was written in FOLDER as well, so that two versions can be compared by `diff`.

A digest is of what a file says. Left out are the commit in a manifest and on a page, the hashes of
sources in a fingerprint, and how Parquet lays its bytes out.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
RECORD = Path(__file__).with_name("runs.json")

RUNS = {
    **{
        f"{study}-{seed}": (
            f"simulate {study} --seed {seed} --out bundles",
            f"simulate {study} --scenario service-cutback --seed {seed} --replicate 1 --out two",
        )
        for study in ("founding-study", "equip-like")
        for seed in (1, 2, 3)
    },
    "page-of-a-study": (
        "simulate founding-study --seed 3 --out bundles",
        "report bundles/founding-study__usual-care__SYNTHETIC__s3 --out page.html",
        "rerun bundles/founding-study__usual-care__SYNTHETIC__s3",
    ),
    "network-intervention-trial": (
        "plan network-intervention-trial --seed 3 --replicates 200 --out plan",
        "plan network-intervention-trial --seed 3 --n 240 --replicates 100 --protocol",
        "plan network-intervention-trial --seed 3 --n 240 --replicates 100 --attrition --json",
        "plan network-intervention-trial --seed 3 --detect 200 --replicates 100 --json",
    ),
    "retention-incentive": (
        "plan retention-incentive --seed 3 --cheapest --replicates 100 --out cheapest",
        "plan retention-incentive --seed 3 --n 150 --replicates 100 --attrition --out plan",
        "plan retention-incentive --seed 3 --n 150 --replicates 100 --recruitment --json",
    ),
    "friends-lost-after-an-episode": (
        "plan friends-lost-after-an-episode --seed 3 --n 29 --replicates 100 --out plan",
        "plan friends-lost-after-an-episode --seed 3 --n 29 --replicates 100 --protocol",
    ),
    "service-cutback-wellbeing": (
        "plan service-cutback-wellbeing --seed 3 --n 120 --replicates 100 --attrition --out plan",
    ),
    "saturation": (
        "saturation qualitative-saturation --seed 3 --replicates 20 --out saturation",
        "saturation qualitative-saturation --seed 3 --replicates 20 --protocol",
    ),
    "patterns": ("patterns --seed 1 --quick --out patterns",),
    "evidence": ("evidence --seed 1 --studies 20 --teams 4 --out evidence",),
    "said": (
        "show",
        "show service-cutback --changed",
        "show network-intervention-trial",
        "show --shocks",
        "cite founding-study",
        "new mine.toml --sd 4.1 --difference 1.5 --yes",
        "plan mine.toml --seed 3 --n 200 --replicates 100 --protocol",
        "simulate no-such-study --seed 1",
        "plan founding-study --seed 1",
    ),
}
"""By name: command lines, run one after the other in a folder of their own."""

LEFT_OUT = {"manifest.json": ("git_commit",), "fingerprint.json": ("kernel", "analysis", "sources")}


def digests(name: str, folder: Path) -> dict[str, str]:
    """Run the command lines of one record in a folder; digests of what they print and write."""
    found = {}
    for number, line in enumerate(RUNS[name], start=1):
        done = subprocess.run(
            [sys.executable, "-m", "egocohort", *line.split()],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), "NO_COLOR": "1", "COLUMNS": "100"},
            capture_output=True,
            text=True,
            check=False,
        )
        said = f"{done.returncode}\n{done.stdout}"
        if not done.stdout:  # beside results there is only progress, told by the clock
            said += done.stderr
        (folder / f"said-{number}.txt").write_text(said, encoding="utf-8")
    for file in sorted(one for one in folder.rglob("*") if one.is_file()):
        if file.name != ".lock":
            said_by = hashlib.sha256(_said_by(file)).hexdigest()[:16]
            found[file.relative_to(folder).as_posix()] = said_by
    return found


def _said_by(file: Path) -> bytes:
    if file.suffix == ".parquet":
        return _values(file)
    data = file.read_bytes()
    if file.name in LEFT_OUT:
        said = json.loads(data)
        return json.dumps({k: v for k, v in said.items() if k not in LEFT_OUT[file.name]}).encode()
    if file.suffix == ".html":
        return re.sub(rb"commit [0-9a-f]+(-dirty)?", b"commit", data)
    return data


def _values(file: Path) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(file).replace_schema_metadata(None).combine_chunks()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return sink.getvalue().to_pybytes()


def main(keep: str | None = None) -> None:
    """Record all runs."""
    record = {}
    for name in RUNS:
        with tempfile.TemporaryDirectory() as passing:
            folder = Path(keep, name) if keep else Path(passing)
            folder.mkdir(parents=True, exist_ok=True)
            record[name] = digests(name, folder)
        sys.stderr.write(f"{name}: {len(record[name])} files\n")
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
