"""Pilot tables as people and spreadsheets leave them: read, noted, or refused with the line."""

import pytest

from analysis.calibration.pilot import read_pilot
from analysis.calibration.statistics import Key
from sim.errors import InputError

PEOPLE = [f"P{number:02}" for number in range(1, 13)]
MEMBERS = {"a5": ("kin", "partner"), "a7": ("kin", "sibling"), "a9": ("friend", "friend")}
RIGHT = {Key("map.partner"): 1, Key("map.kin"): 1, Key("kept.all", 2): 24 / 27,
         Key("kept.friend", 2): 6 / 9}  # fmt: skip


def tables():
    """Twelve people, nine seen again; three of them lose the friend."""
    egos = [["ego_pid", "wave", "month_target", "interview_status"]]
    alters = [["ego_pid", "wave", "alter_id", "tie_class", "tie_kind"]]
    for number, pid in enumerate(PEOPLE):
        for wave in ("1", "2") if number < 9 else ("1",):
            egos.append([pid, wave, "0" if wave == "1" else "6", "complete"])
            for member, (what, kind) in MEMBERS.items():
                if wave == "1" or member != "a9" or number >= 3:
                    alters.append([pid, wave, member, what, kind])
    return egos, alters


@pytest.fixture
def pilot(tmp_path):
    """Read the tables after a change to them; `text` changes what is written."""

    def read(change=lambda egos, alters: None, text=lambda one: one.encode()):
        both = tables()
        change(*both)
        for name, rows in zip(("egos", "alters"), both, strict=True):
            written = "\n".join(",".join(row) for row in rows) + "\n"
            (tmp_path / f"{name}.csv").write_bytes(text(written))
        return read_pilot(tmp_path)

    return read


def figures(found, keys=RIGHT):
    said = {one.key: one.value for one in found.targets}
    return {key: said.get(key) for key in keys}


def cells(rows, column, change):
    at = rows[0].index(column)
    for row in rows[1:]:
        row[at] = change(row[at], row)


def test_the_tables_as_they_should_be(pilot):
    found = pilot()
    assert figures(found) == pytest.approx(RIGHT)
    assert found.notes == ()


@pytest.mark.parametrize(
    "text",
    [
        lambda one: one.replace(",", ";").replace("6;complete", "6,0;complete").encode(),
        lambda one: one.replace(",", "\t").encode(),
        lambda one: one.encode("utf-8-sig"),
        lambda one: one.replace("\n", "\r\n").encode(),
        lambda one: (one + ",,,\n\n,,,\n").encode(),
        lambda one: one.replace("kin,partner", "Kin, Partner").encode(),
        lambda one: one.replace("\n", ",\n").encode(),
    ],
    ids=["semicolons", "tabs", "mark", "windows", "blank rows", "case", "trailing commas"],
)
def test_what_spreadsheets_do_does_not_matter(pilot, text):
    assert figures(pilot(text=text)) == pytest.approx(RIGHT)


def test_a_row_for_a_missed_interview_is_no_interview(pilot):
    found = pilot(lambda egos, _: egos.extend([pid, "2", "6", "missed"] for pid in PEOPLE[9:]))
    assert figures(found) == pytest.approx(RIGHT)
    assert "interviewed, wave 2" in found.held_back


def test_an_interview_that_broke_off_before_the_map_is_no_empty_map(pilot):
    def broken(egos, alters):
        cells(egos, "interview_status",
              lambda said, row: "partial" if row[:2] == ["P09", "2"] else said)  # fmt: skip
        alters[:] = [row for row in alters if row[:2] != ["P09", "2"]]

    found = pilot(broken)
    assert figures(found, [Key("kept.all", 2)]) == pytest.approx({Key("kept.all", 2): 21 / 24})
    assert found.notes == ("interviews that broke off before the map, no empty maps: 1",)

    def first(egos, alters):
        egos.append(["P99", "1", "0", "partial"])

    assert pilot(first).people == 12
    assert figures(pilot(first)) == pytest.approx(RIGHT)


def test_spaces_around_ids_are_taken_off_and_said(pilot):
    found = pilot(
        lambda _, alters: cells(alters, "alter_id", lambda one, row: one + " " * int(row[1] == "2"))
    )
    assert figures(found) == pytest.approx(RIGHT)
    assert found.notes == ("ids with a space before or behind, which was taken off: 24",)


def test_ids_that_start_anew_say_nothing_of_who_stayed(pilot):
    new = pilot(lambda _, alters: cells(alters, "alter_id", lambda one, row: f"{row[1]}-{one}"))
    assert not [one for one in new.targets if one.key.name.startswith("kept.")]
    assert not [one for one in new.held_back if one.startswith("kept.")]
    assert "nothing can be said of who stayed (no id is met again" in new.notes[0]
    assert figures(new, [Key("map.kin")]) == {Key("map.kin"): 1}


def test_ids_that_count_anew_are_seen_by_what_they_name(pilot):
    def counted(_, alters):
        rest, seen = alters[1:], {}
        rest.sort(key=lambda row: (row[:2], row[2] != "a9" if row[1] == "2" else row[2]))
        for row in rest:
            at = tuple(row[:2])
            seen[at] = seen.get(at, 0) + 1
            row[2] = str(seen[at])
        alters[1:] = rest

    found = pilot(counted)
    assert "name a member of another class or kind at the next wave" in found.notes[0]
    assert not [one for one in found.targets if one.key.name.startswith("kept.")]


def test_ids_that_only_might_count_anew_are_noted(pilot):
    counts = {"a5": "1", "a7": "2", "a9": "3"}
    found = pilot(lambda _, alters: cells(alters, "alter_id", lambda one, row: counts[one]))
    assert figures(found) == pytest.approx(RIGHT)
    assert "right only if a member keeps its number" in found.notes[0]


def test_a_wave_of_broken_off_first_interviews_has_no_figures(pilot):
    with pytest.raises(InputError, match="0 people interviewed at the first wave"):
        pilot(lambda egos, alters: (cells(egos, "interview_status", lambda *_: "partial"),
                                    alters.__delitem__(slice(1, None))))  # fmt: skip


def test_maps_of_too_few_have_no_figures(pilot):
    def three_have_a_partner(egos, alters):
        egos[1:] = [[pid, "1", "0", "complete"] for pid in PEOPLE]
        alters[1:] = [[pid, "1", "a1", "kin", "partner"] for pid in PEOPLE[:3]]

    with pytest.raises(InputError, match="no figure rests on 5 people or more"):
        pilot(three_have_a_partner)


def first_row(column, value):
    def change(egos, alters):
        rows = alters if column in alters[0] and column != "wave" else egos
        rows[1][rows[0].index(column)] = value

    return change


def blank_role(_, alters):
    alters[1][3:] = ["-9", ""]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (first_row("tie_kind", ""), "alters.csv, line 2: tie_kind is blank, so this may be the pa"),
        (first_row("tie_kind", "flatmate"), "line 2: tie_kind must be one of partner, parent, sib"),
        (first_row("tie_kind", "flatmate"), '[tie_kind] "flatmate" = ...'),
        (first_row("tie_kind", "patner"), "not 'patner'; did you mean \"partner\""),
        (blank_role, "line 2: tie_class must be one of kin, friend, professional"),
        (first_row("wave", ""), "egos.csv, line 2: wave must be a whole number or a name such as"),
        (first_row("wave", "1e300"), "month 6, not '1e300'; or say which"),
        (first_row("month_target", "soon"), "month_target must be a number, not 'soon'"),
        (first_row("interview_status", ""), "interview_status must be one of complete, partial, m"),
        (first_row("interview_status", "mised"), 'did you mean "missed"'),
        (lambda e, _: e[0].__setitem__(3, "wave"), "there are two columns wave"),
        (lambda e, _: e[1].append("x"), "line 2: has 5 cells but the first line has 4"),
        (lambda e, _: cells(e, "ego_pid", lambda one, _: f"00{one[1:]}"), "no interview of it"),
    ],
)
def test_what_cannot_be_read_for_certain_is_refused_by_line(pilot, change, said):
    with pytest.raises(InputError) as caught:
        pilot(change)
    assert said in str(caught.value)


def test_zeros_that_a_spreadsheet_took_away_are_read_over(pilot):
    def without(egos, alters):
        cells(egos, "ego_pid", lambda one, _: f"00{one[1:]}")
        cells(alters, "ego_pid", lambda one, _: one[1:].lstrip("0"))

    found = pilot(without)
    assert figures(found) == pytest.approx(RIGHT)
    assert "leading zeros away; read as the same: 12" in found.notes[0]


def test_blank_kinds_and_months_that_decide_nothing_are_read(pilot):
    def blank(egos, alters):
        cells(alters, "tie_kind", lambda kind, row: "" if row[3] == "friend" else kind)
        egos[1][2] = ""

    found = pilot(blank)
    assert figures(found) == pytest.approx(RIGHT)
    assert found.weeks == (0, 26)


def test_other_text_than_utf_8_is_named(pilot):
    with pytest.raises(InputError, match=r"egos\.csv: not UTF-8 text; save it as CSV in UTF-8"):
        pilot(text=lambda one: one.encode("utf-16"))
