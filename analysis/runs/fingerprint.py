"""What the rows of a plan depend on: rows of two runs may mix only where all of it agrees.

What only says how rows are summed up (the chance wanted, prices) is left out, so that it may change
without a row being simulated again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from analysis.runs.rows import FINGERPRINT, Rows
from sim.data.provenance import version
from sim.data.serialise import json_bytes
from sim.errors import InputError, ResumeError
from sim.sources import HOUSE, sources_hash
from sim.study.frame import lived_scenario
from sim.study.spec import Study
from sim.world.compiled import kernel_hash
from sim.world.scenario import read_scenario

__all__ = ["fingerprint", "open_rows", "seed_there"]

ROWS = "rows"
NAMES = ("id", "title", "note", "cite")
OF_SUMMARIES = (
    "chance", "type_m", "succeeds_with", "costs", "sources", "choices", "incentive_curve",
    "recruiting",
)  # fmt: skip
MAKE_ROWS = (HOUSE / "analysis" / "planning" / "planner.py", HOUSE / "analysis" / "estimators")
"""What rows follow from: the planner, and the analyses that it finds by name."""


def fingerprint(study: Study, seed: int) -> dict[str, Any]:
    """Version, kernel, sources of what makes rows, seed, and all that moves the study."""
    said = {key: one for key, one in study.resolved().items() if key not in NAMES}
    plan = {key: one for key, one in said.pop("plan", {}).items() if key not in OF_SUMMARIES}
    found = {
        "synthetic": True,
        "egocohort": version(),
        "kernel": kernel_hash(),
        "analysis": sources_hash(*MAKE_ROWS)[:16],
        "seed": seed,
        "study": {**said, "plan": plan},
    }
    if plan.get("process") != "panel":
        found["scenario"] = lived_scenario(read_scenario(study.scenario), study).hash
    return found


def open_rows(folder: Path, study: Study, seed: int) -> Rows:
    """The place for a run's rows in its folder of results, which may hold some already.

    Raises
    ------
    sim.errors.ResumeError
        If what is there is of another run; the message says what differs.
    """
    wanted = json.loads(json_bytes(fingerprint(study, seed)))
    there = _there(folder)
    if there is not None and there != wanted:
        first, *others = _differences(there, wanted)
        more = f", and {len(others)} more" if others else ""
        raise ResumeError(
            f"{folder}: holds results of another run: {first}{more}\n"
            "Give another --out, or what was given then, or remove the folder."
        )
    text = json_bytes(wanted)
    return Rows(folder / ROWS, hashlib.sha256(text).hexdigest(), text)


def seed_there(folder: Path) -> int | None:
    """The seed of the results in a folder; None if there are none."""
    there = _there(folder)
    return None if there is None else there.get("seed")


def _there(folder: Path) -> dict[str, Any] | None:
    file = folder / FINGERPRINT
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: cannot be read ({error}); give another --out") from None
    if not isinstance(found, dict):
        raise InputError(f"{file}: is no fingerprint of a plan; give another --out")
    return found


def _differences(there: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """What differs, in words: `plan.panel.sd was 4.0 and is 5.0`."""
    old, new = dict(_flat(there)), dict(_flat(wanted))
    keys = [key for key in dict.fromkeys([*new, *old]) if old.get(key) != new.get(key)]
    return [
        f"{key.removeprefix('study.')} was {old.get(key, 'not given')} and is "
        f"{new.get(key, 'not given')}"
        for key in keys
    ]


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, one in table.items():
        if isinstance(one, Mapping):
            yield from _flat(one, f"{above}{key}.")
        elif isinstance(one, list) and one and isinstance(one[0], Mapping):
            for number, each in enumerate(one, start=1):
                yield from _flat(each, f"{above}{key} {number} ")
        else:
            yield f"{above}{key}", one
