"""One week of a team, written once.

Each week, in this order (docs/week.md says why); in brackets the streams that a step draws from:

    1. shocks       parameters of the week; events a scenario forces;
                    once a year, alters are a year older                  [SHOCK_SHARE]
    2. staff        vacancies filled, leavers, sickness, leave, capacity  [STAFF, REPLACEMENT,
                                                                           DIARY]
    3. caseload     deaths, discharges, referrals, changes of worker;
                    events of life                                        [CASELOAD, INITIAL_LINES,
                                                                           LIFE]
    4. illness      treatment kept or not; episodes announced, begun,
                    run, ended; severity; crises, days in hospital        [ILLNESS, EPISODE,
                                                                           CARE, ACUTE_CARE]
    5. visits       booked into diaries, then rationed by acuity          [BOOKING, VISIT]
    6. contact      capacity spent over ties; asking, offering, help,
                    disclosure, what is asked back                        [CONTACT, EXCHANGE]
    7. feelings     trust, strain, load, imbalance, closeness, importance []
    8. ego          guilt, care given, visits needed, whom one can count
                    on, unmet need, wellbeing                             [WELLBEING]
    9. fate         ties end, fall dormant, revive                        [FATE]
    10. formation   ties begin                                            [FORMATION,
                                                                           OTHER_FORMATION,
                                                                           TIE_BIRTH]
    11. record      snapshots at interviews, weekly rows                  []

Once, before the first week: the population [EGO_TRAITS, INITIAL_TIES, TEAM_EFFECT]. A tie lost in
week t gives no help from week t + 1 on; a tie begun in week t is first met in week t + 1. An
interview in week t sees the end of week t.
"""

from typing import NamedTuple

import numpy as np

from sim.world.compiled import compiled, compiled_lean, inlined
from sim.world.kinds import WEEKS_A_YEAR
from sim.world.phases import layout as c
from sim.world.phases.contact import exchange_help, exchange_words, meet, spend_capacity
from sim.world.phases.draws import draw_week
from sim.world.phases.ego import company_week, functions_week, support_week
from sim.world.phases.events import force_week, refresh_week
from sim.world.phases.fate import draw_fates, formation_week, settle_fates
from sim.world.phases.feelings import feelings_week
from sim.world.phases.illness import illness_week
from sim.world.phases.life import life_week
from sim.world.phases.population import populate
from sim.world.phases.record import record_week
from sim.world.phases.reliance import reliance_week
from sim.world.phases.services import book_week, list_due, put_in_order, ration_week
from sim.world.phases.staff import caseload_week, staff_week


class Watch(NamedTuple):
    """What is kept of the egos somebody looks at; n watched egos, W interview weeks each."""

    egos: np.ndarray  # (n,) int32, index in the team
    weeks: np.ndarray  # (n, W) int32, weeks whose end is kept
    snap_egos: np.ndarray  # (n, W) state.EGO
    snap_ties: np.ndarray  # (n, W, S/8) state.TIES
    weekly: np.ndarray  # (n, T, K) float32, state.WEEKLY_COLUMNS
    first_week: int  # week of weekly[:, 0]


TOGETHER = 8
"""Egos who live steps 6 to 9 together: few enough that their ties stay in the cache."""


@inlined
def end_of_group(profile, first):
    """The first ego after those who live together from `first` on: they share their parameters."""
    last = first + 1
    while last < min(first + TOGETHER, profile.size) and profile[last] == profile[first]:
        last += 1
    return last


@compiled_lean
def live_weeks(w, watch, start, stop, key):
    """Live the weeks `start` to `stop` - 1; stops early if slots ran out (counts[OVERFLOW])."""
    lives = c.Lives(w.egos, w.ties, w.rates, w.ego_profile, w.draws)
    for week in range(start, stop):
        if week == start or week % WEEKS_A_YEAR == 0:
            refresh_week(w, week, key)
        draw_week(w, week, key)
        staff_week(w, week, key)
        caseload_week(w, week, key)
        life_week(w, week, key)
        illness_week(w, week, key)
        book_week(w, week, key)
        number = list_due(w, week, w.listed, key)
        due = w.due[:number]
        put_in_order(w.listed[:number], due)
        ration_week(w, week, due, key)
        last = 0
        while last < w.egos.size:
            first, last = last, end_of_group(w.ego_profile, last)
            spend_capacity(lives, first, last)
            meet(lives, first, last, week, key)
            exchange_help(lives, first, last)
            exchange_words(lives, first, last, week, key)
            feelings_week(lives, first, last)
            functions_week(lives, first, last)
            company_week(lives, first, last)
            reliance_week(w, first, last)
            support_week(lives, first, last)
            draw_fates(lives, first, last)
        settle_fates(w, week, key)
        formation_week(w, week, key)
        record_week(w, week, watch)
        if w.counts[c.OVERFLOW] > 0:
            return


@compiled
def begin(w, week, team_address, factor, key):
    """Populate an empty team at the start of a week; `factor` correlates people's latents."""
    populate(w, week, team_address, factor, key)


@compiled
def force(w, week, event, struck, value, key):
    """A forced event at the start of a week, under that week's parameters."""
    refresh_week(w, week, key)
    force_week(w, week, event, struck, value, key)
