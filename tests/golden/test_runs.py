"""Whole runs of the command line say and write what they did when `runs.json` was recorded."""

import importlib.util
import json
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("runs", Path(__file__).with_name("runs.py"))
runs = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(runs)


@pytest.mark.verify
@pytest.mark.parametrize("name", runs.RUNS)
def test_a_run_writes_what_it_did(name, tmp_path):
    recorded = json.loads(runs.RECORD.read_text(encoding="utf-8"))[name]
    found = runs.digests(name, tmp_path)
    assert {k: v for k, v in found.items() if recorded.get(k) != v} == {}
    assert recorded.keys() - found.keys() == set()
