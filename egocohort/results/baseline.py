"""The untouched baseline of a scenario: what it extends, before anything happens to it."""

from __future__ import annotations

import os
from pathlib import Path

from sim.world.scenario import read_scenario
from sim.world.toml_file import as_path, read_toml, shipped

__all__ = ["baseline_of"]


def baseline_of(name: str | Path) -> str | Path:
    """The nearest scenario that another extends and that has no shocks.

    Parameters
    ----------
    name
        Name of a shipped scenario, or path of a ``.toml`` file, that can be read.

    Returns
    -------
    str or pathlib.Path
        Its name or path; if each that is extended has shocks, the first of the chain, and `name`
        itself if it extends nothing.
    """
    while (base := _extended(name)) is not None:
        name = base
        if not read_scenario(name).shocks:
            break
    return name


def _extended(name: str | Path) -> str | Path | None:
    """What a scenario extends, found from where we are; None for nothing."""
    path = as_path(name)
    wanted = read_toml(path or shipped() / f"{name}.toml").data.get("extends")
    beside = None if wanted is None else as_path(wanted)
    if path is None or beside is None:
        return wanted
    return Path(os.path.normpath(path.parent / beside))
