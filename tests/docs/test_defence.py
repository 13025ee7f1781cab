"""The page that defends the design counts the numbers of the world as they are."""

import re
from collections import Counter
from pathlib import Path

from sim.world.parameters import catalogue

PAGE = Path(__file__).resolve().parents[2] / "docs" / "defence-of-design.md"


def test_numbers_are_counted_by_grade():
    said = re.search(
        r"Of (\d+) numbers, (\d+) are reported, (\d+) derived, (\d+) fitted and (\d+) assumed",
        PAGE.read_text(encoding="utf-8"),
    )
    found = Counter(entry.grade for entry in catalogue().values())
    grades = ("reported", "derived", "fitted", "assumed")
    assert [int(number) for number in said.groups()] == [
        found.total(), *(found[grade] for grade in grades)
    ]  # fmt: skip
