"""docs/stress.md: the kinds that it lists are those of each class."""

import re
from pathlib import Path

from sim.world.kinds import TIE_CLASSES, Kind

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "stress.md").read_text(encoding="utf-8")


def test_each_class_is_listed_with_all_its_kinds():
    table = TEXT.partition("| class | kinds |")[2].partition("\n\n")[0]
    rows = [re.findall(r"`(\w+)`", line) for line in table.splitlines()]
    listed = {row[0]: row[1:] for row in rows if row}
    kinds = {name: [] for name in TIE_CLASSES}
    for kind in Kind:
        kinds[kind.group.tie_class.name.lower()].append(kind.name.lower())
    assert listed == kinds
