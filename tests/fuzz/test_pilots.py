"""A pilot's spoilt tables: read, or refused in a few lines; never a traceback or a warning."""

import math
from random import Random

import pytest

from analysis.calibration.like import fitted_to
from analysis.calibration.pilot import read_pilot
from analysis.calibration.targets import read_recipe
from analysis.pilots.estimates import outcome_of, scales_of
from egocohort.results.pilot_reading import read_folder
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


def wide_rows():
    """The same as a row a person with scores, and a row a member with a column for each wave."""
    egos = [["Participant", "status_t0", "status_t1", "swemwbs_t0", "swemwbs_t1", "team"]]
    alters = [["Participant", "alter_id", "relationship", "T0", "T1"]]
    for number, pid in enumerate(PEOPLE):
        again = number < 9
        scores = [str(20 + number), str(21 + number % 5) if again else "-9"]
        status = ["done", "done" if again else "missed"]
        egos.append([pid, *status, *scores, str(number % 3)])
        alters += [[pid, one, kind, "1", str(int(again and bool(number % 3)))]
                   for one, _, kind in MEMBERS]  # fmt: skip
    return {"egos": egos, "alters": alters}


def export_rows():
    """The same as one export of Network Canvas."""
    egos = [["networkCanvasEgoUUID", "networkCanvasCaseID", "sessionStart", "swemwbs"]]
    nodes = [["nodeID", "networkCanvasEgoUUID", "networkCanvasUUID", "label",
              *(f"tie_kind_{kind}" for _, _, kind in MEMBERS)]]  # fmt: skip
    for number, pid in enumerate(PEOPLE):
        for wave in (1, 2) if number < 9 else (1,):
            session = f"e{pid}{wave}"
            egos.append([session, pid, f"2020-0{wave}-01T09:00:00.000Z", str(15 + number)])
            nodes += [[str(n), session, f"u{session}{n}", one,
                       *(str(kind == mine).lower() for _, _, mine in MEMBERS)]
                      for n, (one, _, kind) in enumerate(MEMBERS)]  # fmt: skip
    return {"mine_ego": egos, "mine_attributeList_Person": nodes}


def look(folder):
    """What `calibrate --check` and `new --from-pilot` do."""
    found = read_folder(folder)
    assert found.summary()
    answered(lambda: [outcome_of(found.interviews, one) for one in scales_of(found.interviews)])
    return found


def use(folder):
    """What `calibrate --pilot` does before it simulates."""
    pilot = read_pilot(folder)
    answered(fitted_to, read_recipe("pilot"), pilot)
    for one in pilot.targets:
        assert math.isfinite(one.value), one
        assert math.isfinite(one.se), one
        assert one.key.name.startswith("map.") or 0 <= one.value <= 1, one
    return pilot


def spoil(folder, seeds, whole, use):
    """How many of so many spoilt pilots are still read."""
    read, names = 0, tuple(whole)
    for seed in seeds:
        random = Random(seed)
        spoilt = random.choice((names[:1], names[1:], names))
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
    assert 0 < spoil(tmp_path, range(300), rows(), use) < 200


@pytest.mark.parametrize("layout", [rows, wide_rows, export_rows])
def test_a_spoilt_pilot_of_any_layout_is_looked_at_or_refused(tmp_path, layout):
    assert 0 < spoil(tmp_path, range(80), layout(), look) < 60


@pytest.mark.verify
def test_many_spoilt_pilots(tmp_path):
    assert spoil(tmp_path, range(1000, 3000), rows(), use)


@pytest.mark.verify
@pytest.mark.parametrize("layout", [rows, wide_rows, export_rows])
def test_many_spoilt_pilots_of_any_layout(tmp_path, layout):
    assert spoil(tmp_path, range(3000, 4000), layout(), look)
