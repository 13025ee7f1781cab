"""Each kind falls on what it is to fall on, as often as was asked: within 4 standard errors.

False alarms: 6 in 100,000 for each check of a rate.
"""

import re
from itertools import groupby

import pytest

from sim.data import codebook
from sim.data.errors.changes import Add, Edit
from sim.data.errors.corrupt import MAKERS
from sim.data.errors.error_draws import ErrorDraws
from sim.data.errors.linkage import matched_falsely
from sim.study.error_kinds import error_kinds
from sim.world.streams import key_of

SEEDS = 40
BATTERIES = (
    ("closeness", "trust", "anticipated_support"),
    ("supp_emotional", "supp_practical", "supp_illness", "supp_advocacy", "supp_financial"),
)


def found_by(kind, files, rate=None, seeds=SEEDS):
    """Changes that a kind would make, seed by seed; the files stay as they are."""
    one = error_kinds()[kind]
    rate = one.typical if rate is None else rate
    return [
        list(MAKERS[kind](files, rate, ErrorDraws(one.number, key_of(s)))) for s in range(seeds)
    ]


def check_rate(hits, eligible, rate):
    n = eligible * SEEDS
    assert n * rate > 20, "too few to tell"
    assert abs(hits / n - rate) < 4 * (rate * (1 - rate) / n) ** 0.5


def columns(sheet, *names):
    return list(zip(*(sheet.columns[name] for name in names), strict=True))


def last_before(files, ego):
    egos = sorted(files["egos"].egos.tolist())
    return max((one for one in egos if one // 100 == ego // 100 and one < ego), default=None)


def named_before(files):
    """Rows of members who were on the person's last map, found the long way round."""
    sheet, ids = files["alters"], files.alter_ids
    there = set(zip(sheet.egos.tolist(), ids, strict=True))
    return [row for row, ego in enumerate(sheet.egos.tolist())
            if (last_before(files, ego), ids[row]) in there]  # fmt: skip


# ---------------------------------------------------------------- one draw for a cell or row


def test_names_are_written_otherwise(clean_files):
    hits = found_by("aliases", clean_files)
    eligible = set(named_before(clean_files))
    assert {edit.row for edits in hits for edit in edits} <= eligible
    check_rate(sum(map(len, hits)), len(eligible), error_kinds()["aliases"].typical)


def test_members_are_entered_twice(clean_files):
    hits = found_by("duplicates", clean_files)
    check_rate(sum(map(len, hits)), clean_files["alters"].first, 0.02)


def test_kin_and_friends_become_groups(clean_files):
    classes = clean_files["alters"].columns["tie_class"]
    hits = found_by("groups", clean_files)
    check_rate(sum(map(len, hits)), sum(one in ("kin", "friend") for one in classes), 0.08)


def test_ties_are_listed_too_often(clean_files):
    hits = found_by("tie_rows", clean_files)
    check_rate(sum(map(len, hits)), clean_files["aaties"].first, 0.03)


def test_dates_are_wrong(clean_files):
    hits = found_by("dates", clean_files)
    rows = sum(clean_files[name].first for name in ("egos", "attrition", "persons"))
    check_rate(sum(map(len, hits)), rows, 0.01)
    cells = {(edit.file, edit.row): clean_files[edit.file].columns[edit.column][edit.row]
             for edits in hits for edit in edits}  # fmt: skip
    for edits in hits:
        for edit in edits:
            year, month, day = cells[edit.file, edit.row].split("-")
            assert edit.after in {
                "1970-01-01", f"{year}-{day}-{month}", f"{int(year) - 1}-01-{day}",
            } - {cells[edit.file, edit.row]}  # fmt: skip


def test_figures_are_rounded(clean_files):
    def is_round(cell):
        return cell == "NA" or (float(cell) % 5 == 0 and float(cell) > 0)

    hits = found_by("heaping", clean_files)
    cells = [(name, cell) for name, column in (("alters", "years_known"),
             ("persons", "age_baseline"), ("egos", "duration_min"))
             for cell in clean_files[name].columns[column]]  # fmt: skip
    changed = [edit for edits in hits for edit in edits
               if clean_files[edit.file].columns[edit.column][edit.row] != edit.after]  # fmt: skip
    assert {is_round(edit.after) for edit in changed} == {True}
    check_rate(len(changed), sum(not is_round(cell) for _, cell in cells), 0.3)


def test_answers_are_missing_more_often_towards_the_end_and_of_ages(clean_files):
    sheet = clean_files["alters"]
    hits = [edit for edits in found_by("item_nonresponse", clean_files) for edit in edits]
    asked = {edit.column for edit in hits}
    assert len(asked) == 14
    given = {(row, name) for name in asked for row in range(sheet.first)
             if sheet.columns[name][row] not in ("NA", "not_applicable")}  # fmt: skip
    assert {(edit.row, edit.column) for edit in hits} <= given
    check_rate(len(hits), len(given), 0.04)
    share = {}
    for name in asked:
        eligible = sum(column == name for _, column in given)
        share[name] = sum(edit.column == name for edit in hits) / eligible
    others = [share[name] for name in asked - {"alter_age_band"}]
    assert share["alter_age_band"] / (sum(others) / len(others)) == pytest.approx(2, rel=0.15)
    ends = [(rows[0], rows[-1]) for rows in sheet.interviews.values() if len(rows) > 1]
    first, last = (
        sum(edit.row in rows for edit in hits) / sum(row in rows for row, _ in given)
        for rows in (set(side) for side in zip(*ends, strict=True))
    )
    assert last / first == pytest.approx(2, rel=0.2)


# ---------------------------------------------------------------- one draw for an interview or site


def test_interviews_are_misfiled_in_all_their_files(clean_files):
    hits = found_by("wrong_ids", clean_files, 0.02)
    wrong = 0
    for edits in hits:
        rows = {(edit.file, edit.row) for edit in edits}
        egos = {int(clean_files[file].columns["egoID"][row]) for file, row in rows}
        wrong += len(egos)
        assert rows == {
            (name, row) for name in ("egos", "items", "alters", "aaties")
            for row, ego in enumerate(clean_files[name].egos.tolist()) if ego in egos
        }  # fmt: skip
        for edit in edits:
            before = clean_files[edit.file].columns["egoID"][edit.row]
            if edit.column == "egoID" and edit.after[-2:] == before[-2:]:
                assert sorted(edit.after.zfill(6)) == sorted(before.zfill(6))
    check_rate(wrong, clean_files["egos"].first, 0.02)


def test_people_get_the_name_of_another(clean_files):
    sheet = clean_files["alters"]
    hits = found_by("namesakes", clean_files)
    people = [sum(sheet.columns["tie_class"][row] in ("kin", "friend") for row in rows) > 1
              for rows in sheet.interviews.values()]  # fmt: skip
    for edits in hits:
        for edit in edits:
            rows = sheet.interviews[int(sheet.egos[edit.row])]
            before = [row for row in rows if row < edit.row]
            assert edit.after in {sheet.columns["alter_name"][row] for row in before}
    check_rate(sum(map(len, hits)), sum(people), 0.04)


def test_members_get_one_answer(clean_files):
    sheet = clean_files["alters"]

    def differ(rows):
        return any(len({sheet.columns[name][row] for row in rows} - {"NA"}) > 1
                   for battery in BATTERIES for name in battery)  # fmt: skip

    hits = found_by("straight_lining", clean_files)
    lined = 0
    for edits in hits:
        for ego, of_one in groupby(edits, key=lambda edit: int(sheet.egos[edit.row])):
            lined += 1
            changed = {(edit.row, edit.column): edit.after for edit in of_one}
            battery = next(
                one for one in BATTERIES if {column for _, column in changed} <= set(one)
            )
            for name in battery:
                answers = {changed.get((row, name), sheet.columns[name][row])
                           for row in sheet.interviews[ego]}  # fmt: skip
                assert len(answers - {"NA"}) <= 1
    check_rate(lined, sum(map(differ, sheet.interviews.values())), 0.08)


def test_workers_get_the_name_of_those_before_them(clean_files):
    sheet, ids = clean_files["alters"], clean_files.alter_ids
    rows_of = {}
    for row, (ego, tie) in enumerate(
        zip(sheet.egos.tolist(), sheet.columns["tie_class"], strict=True)
    ):
        if tie == "professional":
            kinds = rows_of.setdefault(ego, {})
            kinds.setdefault(sheet.columns["tie_kind"][row], set()).add(row)
    everybody = {ego: {ids[row] for row in rows} for ego, rows in sheet.interviews.items()}
    pairs = 0
    for ego in rows_of:
        last = last_before(clean_files, ego)
        for kind, rows in rows_of[ego].items() if last else ():
            new = [row for row in rows if ids[row] not in everybody.get(last, set())]
            gone = [
                row for row in rows_of.get(last, {}).get(kind, ()) if ids[row] not in everybody[ego]
            ]
            pairs += min(len(new), len(gone))
    hits = found_by("role_alias", clean_files)
    check_rate(sum(map(len, hits)), pairs, 0.3)


def test_sites_count_objects_as_people_or_leave_them_out(clean_files):
    sheet = clean_files["alters"]
    site_of = dict(columns(clean_files["persons"], "ego_pid", "site"))
    objects = [row for row, human in enumerate(sheet.columns["is_human"]) if human == "0"]
    sites, counted, left_out = 0, 0, 0
    for changes in found_by("objects_as_people", clean_files):
        by_site = {}
        for change in changes:
            site = site_of[sheet.columns["ego_pid"][change.row]]
            by_site.setdefault(site, []).append(change)
        sites += len(by_site)
        for site, theirs in by_site.items():
            rows = {change.row for change in theirs}
            assert rows == {
                row for row in objects if site_of[sheet.columns["ego_pid"][row]] == site
            }
            counted += isinstance(theirs[0], Edit)
            left_out += not isinstance(theirs[0], Edit)
    check_rate(sites, 5, 0.25)
    assert min(counted, left_out) > 0


# ---------------------------------------------------------------- so many variables or files


@pytest.mark.parametrize(("rate", "low", "high"), [(2, 2, 2), (1.5, 1, 2)])
def test_variables_are_coded_otherwise_wave_by_wave(rate, low, high, clean_files):
    sheet = clean_files["alters"]
    for edits in found_by("recoding", clean_files, rate, seeds=10):
        recoded = {(sheet.columns["wave"][edit.row], edit.column) for edit in edits}
        for wave in ("2", "3"):
            assert low <= sum(one == wave for one, _ in recoded) <= high
        assert {wave for wave, _ in recoded} == {"2", "3"}


def test_missing_values_are_left_as_numbers_in_whole_columns(clean_files):
    for edits in found_by("missing_as_numbers", clean_files, 1, seeds=10):
        of_column = {}
        for edit in edits:
            of_column.setdefault((edit.file, edit.column), []).append(edit)
        assert len({file for file, _ in of_column}) == len(of_column)
        for (file, column), theirs in of_column.items():
            cells = clean_files[file].columns[column]
            assert [edit.row for edit in theirs] == [
                r for r, cell in enumerate(cells) if cell == "NA"
            ]
            assert {edit.after for edit in theirs} in ({"-9"}, {"99"})


def test_so_many_files_are_written_another_way(clean_files):
    for rate in (1, 2, 6):
        for changes in found_by("locale", clean_files, rate, seeds=10):
            assert len({change.file for change in changes}) == len(changes) == rate


# ---------------------------------------------------------------- rows that were added


def test_ties_too_many_are_of_four_sorts(clean_files):
    sheet = clean_files["aaties"]
    last = {ego: max(int(clean_files["alters"].columns["alterID"][row]) for row in rows)
            for ego, rows in clean_files["alters"].interviews.items()}  # fmt: skip
    sorts = set()
    for changes in found_by("tie_rows", clean_files, 0.1):
        for change in changes:
            assert isinstance(change, Add)
            own = {name: sheet.columns[name][change.model] for name in sheet.columns}
            new = {**own, **change.cells}
            if new["Source"] == new["Target"]:
                sorts.add("self")
            elif new["weight"] == "0":
                sorts.add("none")
            elif int(new["Target"]) > last[int(sheet.egos[change.model])]:
                sorts.add("nobody")
            else:
                assert (new["Source"], new["Target"]) == (own["Target"], own["Source"])
                sorts.add("both sides")
    assert sorts == {"self", "none", "nobody", "both sides"}


# ---------------------------------------------------------------- linking


def linked(files, rate, seed):
    kind = error_kinds()["linkage"]
    return matched_falsely(files, rate, ErrorDraws(kind.number, key_of(seed)), kind.numbers)


def test_members_are_not_found_again(clean_files):
    ids, before = clean_files.alter_ids, set(named_before(clean_files))
    egos = clean_files["alters"].egos.tolist()
    breaks = 0
    for seed in range(SEEDS):
        found = linked(clean_files, 0.05, seed)
        said = {(egos[row], ids[row]): found.get(row, ids[row]) for row in range(len(ids))}
        lasts = {row: last_before(clean_files, egos[row]) for row in before}
        pairs = [((egos[row], ids[row]), (lasts[row], ids[row])) for row in before]
        breaks += sum(said[now] != said[last] for now, last in pairs)
        for row in sorted(set(found) - before):  # new to the map, and somebody else's
            assert found[row] in ids or found[row].split("-")[0] == ids[row].split("-")[0]
    check_rate(breaks, len(before), 0.05)


def test_identities_made_up_look_like_the_others(clean_files):
    looks = re.compile(codebook.table("alters").column("alter_id").pattern)
    ids = set(clean_files.alter_ids)
    made_up = [one for one in linked(clean_files, 0.5, 1).values() if one not in ids]
    assert len(set(made_up)) > 50
    assert [one for one in made_up if not looks.search(one)] == []


def test_false_matches_are_with_members_of_the_class_who_never_come_back(clean_files):
    sheet, ids = clean_files["alters"], clean_files.alter_ids
    classes = dict(zip(ids, sheet.columns["tie_class"], strict=True))
    matches = 0
    for seed in range(SEEDS):
        for row, after in linked(clean_files, 0.1, seed).items():
            if after in classes:
                matches += 1
                ego = int(sheet.egos[row])
                later = [
                    other
                    for other in sheet.interviews
                    if other // 100 == ego // 100 and other >= ego
                ]
                there = {ids[one] for other in later for one in sheet.interviews[other]}
                assert after not in there
                assert classes[after] == sheet.columns["tie_class"][row]
    assert matches > 0
