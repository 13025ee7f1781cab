"""Other layouts than two long tables, each with the figures of the same twelve people."""

import pytest

from analysis.calibration.pilot import read_pilot
from analysis.calibration.statistics import Key
from analysis.pilots.given import read_map
from sim.errors import InputError

PEOPLE = [f"P{number:02}" for number in range(1, 13)]
MEMBERS = (("a5", "kin", "partner"), ("a7", "kin", "sibling"), ("a9", "friend", "friend"))
RIGHT = {Key("map.partner"): 1, Key("map.kin"): 1, Key("kept.all", 2): 24 / 27,
         Key("kept.friend", 2): 6 / 9}  # fmt: skip


def stays(number, wave, member):
    """Nine are seen again; three of them lose the friend."""
    return wave == 1 or (number < 9 and (member != "a9" or number >= 3))


def write(folder, **tables):
    for name, rows in tables.items():
        text = "".join(",".join(map(str, row)) + "\n" for row in rows)
        (folder / f"{name}.csv").write_text(text)
    return folder


def figures(found):
    said = {one.key: one.value for one in found.targets}
    return {key: said.get(key) for key in RIGHT}


def seen(wave):
    return PEOPLE if wave == 1 else PEOPLE[:9]


LONG_EGOS = [["ego_pid", "wave", "month_target"]] + [
    [pid, wave, 6 * wave - 6] for wave in (1, 2) for pid in seen(wave)
]
LONG_ALTERS = [["ego_pid", "wave", "alter_id", "tie_class", "tie_kind"]] + [
    [pid, wave, member, what, kind]
    for wave in (1, 2) for number, pid in enumerate(PEOPLE)
    for member, what, kind in MEMBERS if stays(number, wave, member)
]  # fmt: skip


def test_a_column_for_each_wave_says_who_is_on_the_map(tmp_path):
    rows = [["ego_pid", "alter_id", "tie_kind", "wave1", "wave2"]]
    for number, pid in enumerate(PEOPLE):
        for member, _, kind in MEMBERS:
            rows.append([pid, member, kind, "Yes", "yes" if stays(number, 2, member) else ""])
    found = read_pilot(write(tmp_path, egos=LONG_EGOS, alters=rows))
    assert figures(found) == pytest.approx(RIGHT)
    assert "a column for each wave: wave1, wave2" in " ".join(found.notes)
    rows[3][4] = "perhaps"
    with pytest.raises(InputError, match=r"line 4: 'wave2' must say .* not 'perhaps'"):
        read_pilot(write(tmp_path, alters=rows))


def test_a_row_for_each_person_has_columns_for_waves(tmp_path):
    rows = [["ego_pid", "interview_status_t0", "interview_status_t1", "month_t0", "month_t1"]]
    rows += [[pid, "done", "done" if n < 9 else "missed", 0, 6] for n, pid in enumerate(PEOPLE)]
    alters = [LONG_ALTERS[0], *([pid, f"T{wave - 1}", *of] for pid, wave, *of in LONG_ALTERS[1:])]
    found = read_pilot(write(tmp_path, egos=rows, alters=alters))
    assert figures(found) == pytest.approx(RIGHT)
    assert found.weeks == (0, 26)


def test_members_may_stand_in_blocks_of_columns_beside_their_person(tmp_path):
    of_each = ("alter_id", "tie_class", "tie_kind")
    rows = [["egoID", "wave", "month", *(f"{what}.{n}" for n in (1, 2, 3) for what in of_each)]]
    for wave in (1, 2):
        for number, pid in enumerate(seen(wave)):
            mine = [one for one in MEMBERS if stays(number, wave, one[0])]
            cells = [cell for one in mine for cell in one]
            rows.append([pid, wave, 6 * wave - 6, *cells, *[""] * (9 - len(cells))])
    found = read_pilot(write(tmp_path, egos=rows))
    assert figures(found) == pytest.approx(RIGHT)


def test_names_of_egor_are_read(tmp_path):
    egos, alters = ([list(row) for row in table] for table in (LONG_EGOS, LONG_ALTERS))
    egos[0][0] = alters[0][0] = ".egoID"
    alters[0][2] = ".altID"
    (write(tmp_path, egos=egos, alters=alters) / "aaties.csv").write_text(".egoID,.srcID,.tgtID\n")
    found = read_pilot(tmp_path)
    assert figures(found) == pytest.approx(RIGHT)
    assert 'read as ours: ".egoID" as ego_pid, ".altID" as alter_id' in " ".join(found.notes)


def export(folder, with_ids=False):
    """Sessions as Network Canvas exports them: choices spread over columns, ids of one session."""
    for wave in (1, 2):
        for number, pid in enumerate(seen(wave)):
            session = f"{pid}_s{wave}"
            write(folder, **{
                f"{session}_ego": [
                    ["networkCanvasEgoUUID", "networkCanvasCaseID", "sessionStart",
                     "sessionFinish"],
                    [f"e-{session}", pid, f"2020-0{wave}-01T10:00:00.000Z", "2020-09-01"],
                ],
                f"{session}_attributeList_Person": [
                    ["nodeID", "networkCanvasEgoUUID", "networkCanvasUUID", "label",
                     *(["key"] if with_ids else []),
                     *(f"relationship_{kind}" for _, _, kind in MEMBERS)],
                    *([n, f"e-{session}", f"u-{session}-{n}", member,
                       *([member] if with_ids else []),
                       *("true" if kind == mine else "false" for _, _, mine in MEMBERS)]
                      for n, (member, _, kind) in enumerate(MEMBERS, start=1)
                      if stays(number, wave, member)),
                ],
            })  # fmt: skip
    return folder


def test_an_export_of_network_canvas_is_read_and_knows_nobody_again(tmp_path):
    found = read_pilot(export(tmp_path))
    assert figures(found) == {Key("map.partner"): 1, Key("map.kin"): 1, Key("kept.all", 2): None,
                              Key("kept.friend", 2): None}  # fmt: skip
    assert found.waves == 2
    said = " ".join(found.notes)
    assert "sessions of a case are taken for its waves" in said
    assert "no id is met again" in said


def test_an_unfinished_session_without_nodes_has_no_map(tmp_path):
    export(tmp_path)
    for file in tmp_path.glob("P0[1-6]_s2_ego.csv"):
        file.write_text(file.read_text().replace("2020-09-01", ""))
    for file in tmp_path.glob("P0[1-6]_s2_attributeList_Person.csv"):
        file.write_text(file.read_text().partition("\n")[0] + "\n")
    found = read_pilot(tmp_path)
    assert "broke off before the map, no empty maps: 6" in " ".join(found.notes)


@pytest.mark.parametrize(
    ("with_ids", "said"),
    [
        (True, '[columns]\nalter_id = "key"\n'),
        (False, 'same_member = "name, kind and age"\n'),
    ],
)
def test_an_export_with_ids_of_its_own_or_names_says_who_stayed(tmp_path, with_ids, said):
    folder = tmp_path / "export"
    folder.mkdir()
    (tmp_path / "map.toml").write_text(said)
    found = read_pilot(export(folder, with_ids), given=read_map(tmp_path / "map.toml"))
    assert figures(found) == pytest.approx(RIGHT)
