"""Writing values into a parameter file, so that comments, notes and order stay as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from sim.files.whole import write_whole
from sim.world.kinds import Group

__all__ = ["rewrite"]

GROUPS = tuple(group.name.lower() for group in Group)


def rewrite(path: Path, values: Mapping[str, float]) -> None:
    """Write solved values into a parameter file, leaving everything else as it stands."""
    lines = path.read_text(encoding="utf-8").split("\n")
    section = ""
    for number, line in enumerate(lines):
        if line.startswith("["):
            section = line.strip("[]")
        key = line.split(" = ", 1)[0]
        if " = {" not in line:
            continue
        if f"{section}.{key}" in values:
            new = f"{values[f'{section}.{key}']:.4g}"
            line = re.sub(r"(?<=\bvalue = )[-+.\deE]+", new, line, count=1)
        for group in GROUPS:
            if f"{section}.{group}.{key}" in values:
                new = f"{values[f'{section}.{group}.{key}']:.4g}"
                line = re.sub(rf"(?<=\b{group} = )[-+.\deE]+", new, line, count=1)
        lines[number] = line
    write_whole(path, "\n".join(lines).encode())
