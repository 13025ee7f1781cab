"""A pilot's spoilt tables: read, or refused in a few lines; never a traceback or a warning."""

import math
from random import Random

import pytest

from analysis.calibration.like import fitted_to
from analysis.calibration.pilot import read_pilot
from analysis.calibration.targets import read_recipe
from tests.fuzz.records import answered, spoilt_csv

MEMBERS = (("a1", "kin", "partner"), ("a2", "kin", "sibling"), ("a4", "friend", "friend"),
           ("a7", "professional", "cpn"), ("a8", "object", "pet"))  # fmt: skip
LINES = 32
"""One for each fault, and no more than thirty; what they are and how many more."""
PEOPLE = [f"P{number:02}" for number in range(1, 13)]


def rows():
    """Twelve people, nine of them seen again."""
    egos = [["ego_pid", "wave", "month_target", "interview_status", "note"]]
    alters = [["ego_pid", "wave", "alter_id", "tie_class", "tie_kind", "alter_name"]]
    for number, pid in enumerate(PEOPLE):
        for wave in (1, 2) if number < 9 else (1,):
            egos.append([pid, str(wave), str(6 * wave - 6), "complete", ""])
            seen = MEMBERS if wave == 1 or number % 3 else MEMBERS[:2]
            alters += [[pid, str(wave), one, what, kind, "Ann, 4"] for one, what, kind in seen]
    return {"egos": egos, "alters": alters}


def use(folder):
    """What `calibrate --pilot` does before it simulates."""
    pilot = read_pilot(folder)
    answered(fitted_to, read_recipe("pilot"), pilot)
    for one in pilot.targets:
        assert math.isfinite(one.value), one
        assert math.isfinite(one.se), one
        assert one.key.name.startswith("map.") or 0 <= one.value <= 1, one
    return pilot


def spoil(folder, seeds):
    """How many of so many spoilt pilots are still read."""
    whole, read = rows(), 0
    for seed in seeds:
        random = Random(seed)
        spoilt = random.choice((("egos",), ("alters",), ("egos", "alters")))
        for name, table in whole.items():
            text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in table)
            data = spoilt_csv(table, random) if name in spoilt else text.encode()
            (folder / f"{name}.csv").write_bytes(data)
        try:
            read += answered(use, folder, lines=LINES, letters=500 * LINES) is not None
        except Exception as error:
            raise AssertionError(f"seed {seed}: {error!r}") from error
    assert len(list(folder.iterdir())) == 2
    return read


def test_a_spoilt_pilot_is_read_or_refused(tmp_path):
    assert 0 < spoil(tmp_path, range(300)) < 200


@pytest.mark.verify
def test_many_spoilt_pilots(tmp_path):
    assert spoil(tmp_path, range(1000, 3000))
