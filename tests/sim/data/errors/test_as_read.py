"""What the files as collected add up to, beside pandas reading the same bytes."""

import io

import numpy as np
import pandas as pd
import pytest

from sim.data.errors.as_read import sums_as_read
from sim.data.errors.corrupt import corrupted
from sim.study.error_kinds import error_kinds
from sim.study.instruments import SCORE_COLUMNS
from sim.study.tally import COUNTED, values_of
from sim.world.streams import key_of

ARMS, WAVES = ("control", "intervention"), 3
AT = {(one.estimand, one.item): q for q, one in enumerate(COUNTED)}


def read(files, name):
    """A file as a first look at it would have it read."""
    data = files[f"as_collected/{name}.csv"]
    is_semicolons = ";" in data.decode("utf-8-sig").partition("\n")[0]
    how = {"sep": ";", "decimal": ","} if is_semicolons else {}
    return pd.read_csv(io.BytesIO(data), encoding="utf-8-sig", **how)


@pytest.mark.parametrize("seed", [1, 2])
def test_pandas_reads_the_same_from_files_with_every_error(seed, clean_tables):
    rates = {name: kind.high for name, kind in error_kinds().items() if kind.sort == "file"}
    del rates["wrong_ids"]  # which lets interviews share a number
    files = corrupted(clean_tables, rates, key_of(seed)).files
    found = values_of(sums_as_read(files, ARMS, WAVES))
    egos, alters = read(files, "egos"), read(files, "alters")
    arm = egos[egos.arm == "intervention"]
    for wave in range(1, WAVES + 1):
        for g, rows in ((0, egos), (2, arm)):
            now, first = (rows[rows.wave == one].set_index("ego_pid") for one in (wave, 1))
            values = found[g, wave - 1]
            for scale, column in SCORE_COLUMNS.items():
                assert values[AT["score_mean", scale]] == pytest.approx(now[column].mean())
                change = (now[column] - first[column]).mean()
                assert values[AT["score_change", scale]] == pytest.approx(change)
            mine = alters[alters.ego_pid.isin(now.index)]
            for name in ("friend", "object", "all"):
                of = mine if name == "all" else mine[mine.tie_class == name]
                size = (of.wave == wave).sum() / len(now)
                assert values[AT["map_size", name]] == pytest.approx(size)
                held = of[of.wave == 1].set_index(["ego_pid", "alter_name"]).index
                names = mine[mine.wave == wave].set_index(["ego_pid", "alter_name"]).index
                loss = 1 - held.isin(names).mean()
                assert values[AT["map_loss", name]] == pytest.approx(loss)


def test_a_code_left_as_a_number_and_a_text_in_place_of_one(clean_bytes):
    path = "as_collected/egos.csv"
    egos = pd.read_csv(io.BytesIO(clean_bytes[path]), dtype=str, keep_default_na=False)
    first = egos.index[egos.wave == "1"]
    egos.loc[first[:2], "swemwbs"] = ["99", "twenty"]
    egos.loc[first[2], "wave"] = "11"  # no wave of the study
    spoiled = {**clean_bytes, path: egos.to_csv(index=False).encode()}
    cell = (0, 0, AT["score_mean", "swemwbs"])
    clean, found = (sums_as_read(one, ARMS, WAVES)[cell] for one in (clean_bytes, spoiled))
    kept = pd.to_numeric(egos.swemwbs[first[3:]], errors="coerce")
    np.testing.assert_allclose(found, [99 + kept.sum(), 1 + kept.count()])
    assert clean[1] == found[1] + 2


def test_interviews_that_share_a_number_have_one_list_of_members(clean_bytes):
    path = "as_collected/egos.csv"
    egos = pd.read_csv(io.BytesIO(clean_bytes[path]), dtype=str, keep_default_na=False)
    person = egos.ego_pid[egos.wave == "3"].iloc[0]
    egos.loc[(egos.ego_pid == person) & (egos.wave == "3"), "wave"] = "2"
    twice = {**clean_bytes, path: egos.to_csv(index=False).encode()}
    size = AT["map_size", "all"]
    clean, found = (sums_as_read(one, ARMS, WAVES)[0, 1, size] for one in (clean_bytes, twice))
    np.testing.assert_array_equal(found - clean, [0, 1])
