"""A bundle of a few bytes, written by the real writer; run as a program, a nursery of writers.

The program reads lines ``FOLDER EXCHANGE`` and for each begins a process that rewrites a bundle
there without end; says its number when the writing begins, and "dead" when it is. It ends with its
input.
"""

import hashlib
import json
import os
import sys
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from sim.data import provenance, writing
from sim.data.bundle import read_bundle
from sim.data.place import Which
from sim.files import system

WHICH = Which("small", "world", 1)
SOURCE = provenance.Provenance(1, None, "lived", (), {"egocohort": provenance.version()}, None, ())
STUDY, SCENARIO = (
    SimpleNamespace(id=name, hash="0" * 64, resolved=dict) for name in (WHICH.study, WHICH.scenario)
)


def contents(_package, found, *_):
    """As the writer's own, of three files that belong together."""
    run = json.dumps(found).encode()
    files = {"persons.csv": run, "truth/weekly.parquet": run * 50, "truth/estimands.csv": run}
    listed = provenance.manifest(SOURCE, scenario=SCENARIO, study=STUDY, contents=files, digests={})
    return {**files, "manifest.json": json.dumps(listed).encode()}


def write(out, run, *, force=True):
    """Write the bundle of a run into a folder."""
    with mock.patch.multiple(writing, _in_order=lambda found: found, _contents=contents):
        return writing.write_bundle(
            Path(out) / WHICH.folder_name, tables={"run": run}, truth={},
            scenario=SCENARIO, study=STUDY, provenance=SOURCE, force=force,
        )  # fmt: skip


def run_there(out):
    """The run that wrote the bundle, which is whole; None if there is none at all."""
    folder = Path(out) / WHICH.folder_name
    if not folder.exists() and not list(Path(out).glob(".*.old")):
        return None
    found = read_bundle(folder)
    assert provenance.check(folder) == []
    assert (
        hashlib.sha256((folder / "persons.csv").read_bytes()).hexdigest()
        == (found.manifest["files"]["truth/estimands.csv"])
    )
    return json.loads((folder / "persons.csv").read_bytes())["run"]


def say(what):
    """Tell whoever began the nursery."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def nursery():
    """Begin writers as the standard input says."""
    for line in sys.stdin:
        out, exchanges = line.split()
        if os.fork() == 0:
            os.fsync = lambda _: None  # a kill loses nothing that was written
            if exchanges == "False":
                system.exchange = lambda *_: False
            say(os.getpid())
            for run in count(2):
                write(out, run)
        os.wait()
        say("dead")


if __name__ == "__main__":
    nursery()
