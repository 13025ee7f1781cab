"""Words, waves and blanks of other people's tables, read as they are meant or asked about."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.calibration.pilot import pilot_in, read_pilot
from analysis.calibration.statistics import Key
from analysis.pilots.counts import counts_of
from analysis.pilots.given import NOTHING_SAID, read_map
from analysis.pilots.identity import lasting_ids
from analysis.pilots.reading import interviews_of
from analysis.pilots.waves import wave_name
from sim.errors import InputError

PEOPLE = [f"P{number:02}" for number in range(1, 21)]
MEMBERS = (("m1", "kin", "partner", "Jo"), ("m2", "kin", "parent", "Mum"),
           ("m3", "friend", "friend", "Al"), ("m4", "friend", "friend", "Bo"))  # fmt: skip


def frames(waves=(1, 2), **columns):
    """Twenty people at every wave; the first eight lose their second friend."""
    egos = pd.DataFrame(
        [(pid, wave) for wave in waves for pid in PEOPLE], columns=["ego_pid", "wave"]
    )
    rows = [
        (pid, wave, *member)
        for place, wave in enumerate(waves)
        for number, pid in enumerate(PEOPLE)
        for member in MEMBERS
        if not place or number >= 8 or member[0] != "m4"
    ]
    heads = ["ego_pid", "wave", "alter_id", "tie_class", "tie_kind", "alter_name"]
    return egos.assign(**columns), pd.DataFrame(rows, columns=heads)


def read(egos, alters, given=NOTHING_SAID):
    return pilot_in(interviews_of(egos, alters, "pilot", given), where="pilot", given=given)


def said(found, name, wave=0):
    return {one.key: one.value for one in found.targets}.get(Key(name, wave))


def refused(egos, alters):
    with pytest.raises(InputError) as caught:
        interviews_of(egos, alters, "pilot")
    return str(caught.value)


@pytest.fixture
def mapped(tmp_path):
    def write(text):
        (tmp_path / "map.toml").write_text(text)
        return read_map(tmp_path / "map.toml")

    return write


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("Partner", "partner"), ("SPOUSE", "partner"), ("wife ", "partner"), ("Mum", "parent"),
     ("key-worker", "care_coordinator"), ("other  prof", "other_prof")],
)  # fmt: skip
def test_words_of_others_are_read_as_ours(theirs, ours):
    egos, alters = frames()
    alters.loc[alters.alter_id == "m1", ["tie_class", "tie_kind"]] = ["", theirs]
    found = interviews_of(egos, alters, "pilot")
    told = {(one.name, one.kind) for one in counts_of(found, lasting=True) if one.of == "members"}
    assert ours in {kind for _, kind in told}
    assert ("partner" in {name for name, _ in told}) == (ours == "partner")


def test_ids_that_lose_zeros_between_waves_are_one():
    egos, alters = frames()
    for table in (egos, alters):
        number = "0" + table.ego_pid.str[1:]
        table["ego_pid"] = number.where(table.wave == 1, number.str.lstrip("0"))
    number = alters.alter_id.str[1:]
    alters["alter_id"] = ("00" + number).where(alters.wave == 1, number + ".0")
    found = read(egos, alters)
    assert (found.people, said(found, "kept.all", 2)) == (20, pytest.approx(72 / 80))
    notes = " ".join(found.notes)
    assert "ego_pid written in more than one way, read as one: 20" in notes
    assert "alter_id written in more than one way, read as one: 4" in notes
    other = alters.assign(alter_id=alters.alter_id.where(alters.alter_id != "004", "1"))
    assert "on this map twice" not in " ".join(read(egos, other).notes)
    assert said(read(egos, other), "map.size") == 4


def test_a_class_that_is_a_kind_says_both():
    egos, alters = frames()
    alters["tie_class"] = alters.tie_kind.map(
        {"partner": "Spouse", "parent": "family", "friend": "Friends"}
    )
    alters["tie_kind"] = alters.tie_kind.where(alters.tie_kind == "parent", "")
    found = read(egos, alters)
    assert (said(found, "map.partner"), said(found, "map.kin"), said(found, "map.friend")) == (
        1, 1, 2,
    )  # fmt: skip


def test_class_and_kind_must_agree():
    egos, alters = frames()
    alters.loc[0, "tie_class"] = "professional"
    assert "tie_class is professional, but tie_kind 'partner' is kin" in refused(egos, alters)


def test_kin_without_a_column_of_kinds_may_be_partners():
    egos, alters = frames()
    text = refused(egos, alters.rename(columns={"tie_kind": "tie_kinds"}))
    assert "there is no column tie_kind in its first line" in text
    assert 'did you mean "tie_kinds"' in text


@pytest.mark.parametrize(
    ("first", "second", "weeks"),
    [("baseline", "6 months", (0, 26)), ("T0", "T1", None), ("Month 0", "month 6", (0, 26)),
     ("0", "1", None), ("week 0", "week 13", (0, 13)), ("Baseline", "Follow-up 1", None),
     ("baseline_arm_1", "month_12_arm_1", (0, 52)), ("01", "02.0", None)],
)  # fmt: skip
def test_waves_have_many_names(first, second, weeks):
    found = read(*frames(waves=(first, second)))
    assert found.weeks == weeks
    assert said(found, "kept.all", 2) == pytest.approx(72 / 80)


@pytest.mark.parametrize("text", ["-1", "later", "1.5", "", "6 apples", "1e3"])
def test_what_is_no_wave_is_none(text):
    assert wave_name(text) is None


def test_numbers_of_months_are_waves_only_if_a_column_says_so():
    egos, alters = frames(waves=(0, 6))
    assert "waves must be 1, 2, 3, ... without a gap" in refused(egos, alters)
    assert read(egos.assign(month_target=egos.wave), alters).weeks == (0, 26)


def test_weeks_and_names_of_waves_can_be_given(mapped):
    given = mapped('weeks = [0, 9]\n[waves]\n"visit A" = 1\n"visit B" = 2\n')
    assert read(*frames(waves=("Visit A", "Visit B")), given).weeks == (0, 9)


def test_missing_codes_are_no_class_no_kind_and_no_month():
    egos, alters = frames(month_target=[0] * 20 + [6] * 19 + [-9])
    alters.loc[alters.alter_id == "m3", "tie_kind"] = "-8"
    found = read(egos, alters)
    assert (found.weeks, said(found, "map.friend")) == ((0, 26), 2)
    alters.loc[alters.alter_id == "m3", "tie_class"] = "-9"
    text = refused(egos, alters)
    assert "line 4 (and 39 more lines): tie_class must be one of kin" in text
    assert "'-9'" not in text


def test_all_faults_are_told_at_once_and_no_more_than_thirty():
    egos, alters = frames()
    alters.loc[[0, 1, 5], "tie_kind"] = ["flatmate", "freind", ""]
    alters.loc[9, "ego_pid"] = "P99"
    egos.loc[3, "ego_pid"] = ""
    egos["month_target"] = "soon"
    text = refused(egos, alters)
    assert text.splitlines()[0] == "7 things to put right:"
    for part in (
        "alters, line 2: tie_kind must be one of", "'flatmate'", "line 3: tie_kind",
        'did you mean "friend"', "line 11", "no interview at all of 'P99'",
        "egos, line 5: no ego_pid", "month_target must be a number, not 'soon'",
    ):  # fmt: skip
        assert part in text
    alters["tie_kind"] = [f"odd {number}" for number in range(len(alters))]
    assert refused(egos, alters).splitlines()[-1].strip() == f"and {len(alters) + 4 - 30} more"


def test_ids_of_people_must_last_too():
    egos, alters = frames()
    for table in (egos, alters):
        table["ego_pid"] = table.ego_pid + table.wave.astype(str)
    assert "nobody has an interview at two waves, so ego_pid is no id of a person" in refused(
        egos, alters
    )


def test_two_interviews_of_one_wave_are_told_by_their_lines():
    egos, alters = frames()
    text = refused(pd.concat([egos, egos.iloc[[2]]]), alters)
    assert "line 42: a person has two interviews of one wave" in text
    assert "on line 4" in text


def test_numbers_of_members_must_agree():
    egos, alters = frames(n_alters=[4] * 20 + [3] * 8 + [4] * 12)
    assert said(read(egos, alters), "map.size") == 4
    assert "n_alters is 4, but alters.csv has 3 of this interview" in refused(egos, alters[1:])


def test_an_interview_without_members_and_status_is_asked_about(mapped):
    egos, alters = frames(swemwbs=20.0)
    gone = alters[(alters.ego_pid != "P20") | (alters.wave == 1)]
    text = refused(egos, gone)
    assert "pilot, egos, line 41: nobody is on the map" in text
    for answer, kept in (("nobody named", 68 / 80), ("no map", 68 / 76), ("missed", 68 / 76)):
        found = read(egos, gone, mapped(f'empty_map = "{answer}"\n'))
        assert said(found, "kept.all", 2) == pytest.approx(kept), answer


def test_a_row_without_scores_and_members_is_a_missed_interview():
    egos, alters = frames(swemwbs=20.0)
    absent = (egos.wave == 2) & egos.ego_pid.isin(PEOPLE[14:])
    egos.loc[absent, "swemwbs"] = -9
    left = alters[(alters.wave == 1) | ~alters.ego_pid.isin(PEOPLE[14:])]
    found = read(egos, left)
    assert said(found, "interviewed", 2) == pytest.approx(14 / 20)
    assert "taken for missed interviews: 6" in " ".join(found.notes)


def test_a_wave_of_which_nobody_is_on_any_map_was_not_entered():
    egos, alters = frames(interview_status="complete")
    text = refused(egos, alters[alters.wave == 1])
    assert "wave 2 has 20 complete interviews and alters.csv has nobody of it" in text


def test_people_who_join_later_count_for_who_stayed():
    egos, alters = frames(waves=(1, 2, 3))
    late = egos.ego_pid.isin(PEOPLE[15:]) & (egos.wave == 1)
    left = alters[~(alters.ego_pid.isin(PEOPLE[15:]) & (alters.wave == 1))]
    found = read(egos[~late], left)
    assert found.people == 15
    assert said(found, "kept.all", 2) == pytest.approx(52 / 60)
    assert said(found, "kept.all", 3) == 1
    last = {one.key: one for one in found.targets}[Key("kept.friend", 3)]
    assert last.value == 1
    assert "first seen, or first with a map, after the first wave: 5" in " ".join(found.notes)


def test_weights_count_only_if_the_user_says_so(mapped):
    egos, alters = frames(waves=(1,))
    egos["weight"] = [3] * 10 + [1] * 10
    few = alters[~((alters.alter_id == "m4") & alters.ego_pid.isin(PEOPLE[10:]))]
    plain = read(egos, few)
    assert said(plain, "map.friend") == 1.5
    assert "a column weight that differs between people; it is not used" in " ".join(plain.notes)
    assert said(read(egos, few, mapped("weights = true\n")), "map.friend") == pytest.approx(1.75)
    egos.loc[0, "weight"] = 0
    with pytest.raises(InputError, match="line 2: weight must be more than 0"):
        read(egos, few, mapped("weights = true\n"))


def test_retention_held_back_at_one_wave_leaves_the_others():
    egos, alters = frames(waves=(1, 2, 3))
    gone = (egos.wave == 2) & egos.ego_pid.isin(PEOPLE[:2])
    gone |= (egos.wave == 3) & egos.ego_pid.isin(PEOPLE[:8])
    left = egos[~gone]
    held = pd.MultiIndex.from_frame(left[["ego_pid", "wave"]])
    mine = pd.MultiIndex.from_frame(alters[["ego_pid", "wave"]]).isin(held)
    assert read(left, alters[mine]).retention == (None, 0.6)


def renumbered(alters, by):
    """Ids that count 1, 2, 3, ... anew within so many columns."""
    return alters.assign(alter_id=(alters.groupby(by, sort=False).cumcount() + 1).astype(str))


def test_ids_that_start_anew_within_each_class_are_seen():
    egos, alters = frames()
    within = renumbered(alters, ["ego_pid", "wave", "tie_class", "tie_kind"])
    within["alter_id"] = within.tie_kind + within.alter_id
    found = lasting_ids(interviews_of(egos, within, "pilot"))
    assert found.holds  # eight friends lost of two each: one in 256 that all had the last number
    many = pd.concat([egos, egos.assign(ego_pid="Q" + egos.ego_pid)])
    double = pd.concat([within, within.assign(ego_pid="Q" + within.ego_pid)])
    found = lasting_ids(interviews_of(many, double, "pilot"))
    assert not found.holds
    assert "within each class, and none but the last numbers are ever lost" in found.note


def test_members_are_known_again_by_name_kind_and_age(mapped):
    egos, alters = frames()
    alters = renumbered(alters, ["ego_pid", "wave"]).assign(alter_age=40)
    later = alters.wave == 2
    alters["alter_name"] = alters.alter_name.where(~later, alters.alter_name.str.upper() + " ")
    given = mapped('same_member = "name, kind and age"\nyears_apart = 2\n')
    assert said(read(egos, alters, given), "kept.all", 2) == pytest.approx(72 / 80)
    alters.loc[later & (alters.ego_pid == "P20"), "alter_age"] = 43
    assert said(read(egos, alters, given), "kept.all", 2) == pytest.approx(68 / 80)
    alters.loc[alters.ego_pid == "P19", "alter_name"] = "Al"
    found = read(egos, alters, given)
    assert said(found, "kept.friend", 2) == pytest.approx(28 / 38)
    assert "twice on a map: 4 entries" in " ".join(found.notes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[columns]\nego = 'x'\n", 'there is no "ego"; did you mean "ego_pid"'),
        ("[tie_kind]\nflatmate = 'freind'\n", 'did you mean "friend"'),
        ("[tie_kinds]\nflatmate = 'friend'\n", 'unknown key "tie_kinds"; did you mean "tie_kind"'),
        ("weeks = [26, 52]\n", "must rise from 0"),
        ("empty_map = 'none'\n", "is not one of nobody named, no map, missed"),
    ],
)
def test_a_map_that_means_nothing_is_refused(mapped, text, message):
    with pytest.raises(InputError) as caught:
        mapped(text)
    assert message in str(caught.value)


def test_the_map_of_the_docs_is_one(mapped):
    page = (Path(__file__).parents[3] / "docs" / "pilots.md").read_text()
    given = mapped(page.partition("```toml\n")[2].partition("```")[0])
    assert given.weeks == (0, 26, 52)
    assert given.columns["ego_pid"] == ("Participant", "PID")
    assert given.words["tie_kind"] == {"flatmate": "friend", "": "other_kin"}


def test_a_column_that_only_looks_like_ours_can_be_left_unread(mapped):
    egos, alters = frames(status="employed")
    assert "if it is something else: [columns] interview_status = []" in refused(egos, alters)
    found = read(egos, alters, mapped("[columns]\ninterview_status = []\n"))
    assert said(found, "kept.all", 2) == pytest.approx(72 / 80)
    plain = alters.drop(columns="tie_class").assign(category="A")
    assert said(read(*frames()[:1], plain), "map.kin") == 1


def test_a_blank_kind_can_be_given_a_meaning(mapped):
    egos, alters = frames()
    alters.loc[alters.alter_id == "m2", "tie_kind"] = ""
    assert "tie_kind is blank, so this may be the partner" in refused(egos, alters)
    assert said(read(egos, alters, mapped('[tie_kind]\n"" = "other_kin"\n')), "map.kin") == 1


def test_a_column_that_the_map_names_must_be_there(mapped):
    egos, alters = frames()
    with pytest.raises(InputError, match=r'no column "alter_ids", which map.toml calls alter_id'):
        read(egos, alters, mapped('[columns]\nalter_id = "alter_ids"\n'))
    named = alters.rename(columns={"tie_kind": "Who is it?"})
    given = mapped('[columns]\ntie_kind = "Who is it?"\n[tie_kind]\n"friend" = "peer"\n')
    found = interviews_of(egos, named, "pilot", given)
    assert {one.kind for one in counts_of(found, lasting=True) if one.name == "friend"} == {"peer"}


def test_counts_that_would_tell_of_a_few_are_not_told():
    egos, alters = frames()
    alters.loc[:2, ["tie_class", "tie_kind"]] = ["object", "pet"]
    some = egos[(egos.wave == 1) | (egos.ego_pid != "P01")]
    mine = alters[(alters.wave == 1) | (alters.ego_pid != "P01")]
    told = {(one.of, one.kind or one.name, one.wave): one for one in
            counts_of(interviews_of(some, mine, "pilot"), lasting=True)}  # fmt: skip
    assert told["members", "pet", 1].n is None
    second = told["interviews", "complete", 2]
    assert (second.n, second.most) == (None, True)
    assert told["interviews", "complete", 1].n == 20


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-8-sig"])
def test_other_encodings_are_read_and_said(tmp_path, encoding):
    egos, alters = frames()
    alters["alter_name"] = "Zoë"
    for name, table in (("egos", egos), ("alters", alters)):
        text = "sep=;\n" + table.to_csv(index=False, sep=";", lineterminator="\r\n")
        (tmp_path / f"{name}.csv").write_bytes(text.encode(encoding))
    found = read_pilot(tmp_path)
    assert said(found, "map.size") == 4
    assert ("not UTF-8" in " ".join(found.notes)) == (encoding != "utf-8-sig")


def test_lines_are_those_of_the_file_whatever_stands_in_cells(tmp_path):
    egos, alters = frames()
    alters["alter_name"] = 'two\nlines, and a "quote"'
    alters.loc[5, "tie_kind"] = "flatmate"
    egos.to_csv(tmp_path / "egos.csv", index=False)
    alters.to_csv(tmp_path / "alters.csv", index=False)
    with pytest.raises(InputError, match=r"alters.csv, line 12: tie_kind must be"):
        read_pilot(tmp_path)
