"""The parameters that hold for one ego or post, by name."""

from types import SimpleNamespace

import numpy as np

from sim.world.arithmetic import ONE
from sim.world.kinds import Group, Line
from sim.world.parameters import catalogue


class Parameters(SimpleNamespace):
    """One record of parameters, as rules read it; every number is a np.float32.

    Beside a name for each number (`illness_onset_rate`), what rules that run every week on every
    tie ask for: `feelings_load_share` is 1 / `feelings_load_memory`, and so for every memory.

    Attributes
    ----------
    ties : tuple of SimpleNamespace
        The parameters of each group of ties: `ties[Group.FRIEND].contact_rate`.
    lines : tuple of SimpleNamespace
        The parameters of each line of service: `lines[Line.COORDINATOR].units`.
    """

    def __init__(self, record: np.void) -> None:
        super().__init__()
        groups = {group.name.lower(): SimpleNamespace() for group in Group}
        lines = {line.name.lower(): SimpleNamespace() for line in Line}
        for path, entry in catalogue().items():
            value = record[entry.field]
            setattr(self, entry.field, value)
            if entry.field.endswith("_memory"):
                setattr(self, entry.field.removesuffix("_memory") + "_share", ONE / value)
            room, *middle, name = path.split(".")
            if room == "tie" and middle and middle[0] in groups:
                setattr(groups[middle[0]], name, value)
            elif room == "service" and middle and middle[0] in lines:
                setattr(lines[middle[0]], name, value)
        self.ties = tuple(groups.values())
        self.lines = tuple(lines.values())
