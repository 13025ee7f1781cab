"""Who gives less and who more: shares are told where they can mean what they seem to."""

import numpy as np
import pytest

from analysis.compare.asked import comparison_of
from analysis.compare.caseloads import Caseloads
from analysis.compare.headline import answers_in_words
from analysis.compare.outcomes import LIFE_OUTCOMES, outcome_at
from analysis.compare.substitution import SOURCES
from analysis.compare.substitution_words import substitution_in_words
from analysis.compare.tables import difference_rows, substitution_rows
from sim.world.scenario import parse_scenario

WORLD = {"teams_per_site": [1], "scale": 0.3, "runin_weeks": 2, "horizon_weeks": 20}
CUT = {"acts_on": "service.coordinator.capacity", "how": "multiply", "value": 0.65, "from_week": 2}
CLOSES = {"acts_on": "event.closure", "how": "force", "value": 0.5, "from_week": 2}
PEOPLE, TEAMS = 100.0, 6


def by_hand(*shocks, **help_added):
    """Teams of a hundred people, and what a scenario adds to a level, a person."""
    worlds = [
        parse_scenario({"id": name, "title": name, "world": WORLD, "shock": list(mine)})
        for name, mine in (("usual", ()), ("cut", shocks))
    ]
    spec = comparison_of(worlds, weeks=20, every=20, seed=1)
    sums = np.zeros((2, TEAMS, 2, 1, len(LIFE_OUTCOMES)))
    spread = np.linspace(0.98, 1.02, TEAMS)
    for name, value in help_added.items():
        sums[1, :, :, 0, outcome_at(name)] = value * PEOPLE * spread[:, None]
    return Caseloads(spec, TEAMS, np.full((TEAMS, 2), PEOPLE), sums, np.zeros(TEAMS, int))


LOSS = {"help_professionals": -0.02, "help_partner": 0.001, "help_kin": 0.002, "unmet": 0.003}


def told(lived):
    rows = substitution_rows(lived)
    (words,) = substitution_in_words(rows)
    return {row["source"]: row for row in rows}, words


def test_gains_add_up_to_the_loss_and_so_do_their_shares():
    rows, words = told(by_hand(CUT, **LOSS))
    assert list(rows) == [*SOURCES, "nobody"]
    assert sum(row["gain"] for row in rows.values()) == pytest.approx(0.02)
    assert sum(row["share"] for row in rows.values()) == pytest.approx(1)
    assert rows["kin"]["share"] == pytest.approx(0.1)
    assert {row["told"] for row in rows.values()} == {"yes"}
    assert "If all that others give more were in place of it, of the help that" in words
    assert "10 % (10 to 10) from kin" in words


@pytest.mark.parametrize(
    ("shocks", "added", "why", "words"),
    [
        ([CUT], {"help_professionals": 0.01}, "not lost", "not clearly less"),
        ([CUT], {}, "not lost", "not clearly less"),
        ([CUT, CLOSES], LOSS, "more than services", "moves more than services"),
        ([CUT], {**LOSS, "help_kin": -0.002}, "outside 0 to 1", "clearly less too"),
        ([CUT], {**LOSS, "help_kin": 0.05}, "outside 0 to 1", "more than is lost"),
    ],
)
def test_no_share_is_told_where_it_cannot_be_substitution(shocks, added, why, words):
    rows, said = told(by_hand(*shocks, **added))
    assert {row["told"] for row in rows.values()} == {why}
    assert all(np.isnan(row["share"]) for row in rows.values())
    assert words in said
    assert "%" not in said
    assert all(np.isfinite(row["gain"]) for row in rows.values())


def test_the_answer_has_help_with_its_sign_and_unmet_need_beside_it():
    lived = by_hand(CUT, CLOSES, **LOSS)
    (said,) = answers_in_words(lived, difference_rows(lived, ["kin"]), substitution_rows(lived))
    assert "professionals 0.0200 less (" in said
    assert "partner 0.00100 more (" in said
    assert "kin 0.00200 more (" in said
    assert "unmet need 0.00300 more (" in said
    assert "by nobody" not in said


def test_who_gives_clearly_less_as_well_is_said_to():
    lived = by_hand(CUT, **{**LOSS, "help_kin": -0.002, "unmet": 0})
    (said,) = answers_in_words(lived, difference_rows(lived, ["kin"]), substitution_rows(lived))
    assert "kin 0.00200 less (" in said
    assert "unmet need no clear change" in said
