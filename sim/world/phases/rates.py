"""The parameters that loops over ties use, as scalars.

A record lies in memory, and the compiler cannot know that a loop's output does not overwrite it;
a tuple of numbers it keeps in registers. The names are those of the record, so that rules take
either.
"""

from typing import NamedTuple

import numpy as np
from numba.extending import register_jitable

from sim.world.arithmetic import ONE


class TieRates(NamedTuple):
    """What rules applied to every tie every week ask of the parameters; a share is 1 / memory."""

    work_strain: np.float32
    work_elasticity: np.float32
    constriction_switch: np.float32
    constriction_thinning: np.float32
    exchange_guilt_asking: np.float32
    exchange_guilt_disclosing: np.float32
    exchange_wary: np.float32
    exchange_offer_floor: np.float32
    exchange_fatigue: np.float32
    exchange_refusal: np.float32
    exchange_value_floor: np.float32
    exchange_disclosure_rate: np.float32
    exchange_giving_share: np.float32
    trust_silence: np.float32
    trust_strain: np.float32
    trust_anchor: np.float32
    feelings_closeness_absent: np.float32
    feelings_closeness_share: np.float32
    feelings_strain_need: np.float32
    feelings_strain_refused: np.float32
    feelings_strain_share: np.float32
    feelings_load_per_help: np.float32
    feelings_load_share: np.float32
    feelings_imbalance_floor: np.float32
    feelings_imbalance_share: np.float32
    feelings_importance_share: np.float32
    feelings_support_share: np.float32
    feelings_contact_share: np.float32
    ending_strain: np.float32
    ending_lapse: np.float32
    ending_imbalance: np.float32
    ending_cut: np.float32
    ending_dormancy_episode: np.float32
    ending_revival: np.float32
    ending_revival_known: np.float32
    ending_while_dormant: np.float32


@register_jitable
def tie_rates(p):
    """The tie rates of one parameter record."""
    return TieRates(
        p.work_strain,
        p.work_elasticity,
        p.constriction_switch,
        p.constriction_thinning,
        p.exchange_guilt_asking,
        p.exchange_guilt_disclosing,
        p.exchange_wary,
        p.exchange_offer_floor,
        p.exchange_fatigue,
        p.exchange_refusal,
        p.exchange_value_floor,
        p.exchange_disclosure_rate,
        ONE / p.exchange_giving_memory,
        p.trust_silence,
        p.trust_strain,
        p.trust_anchor,
        p.feelings_closeness_absent,
        ONE / p.feelings_closeness_memory,
        p.feelings_strain_need,
        p.feelings_strain_refused,
        ONE / p.feelings_strain_memory,
        p.feelings_load_per_help,
        ONE / p.feelings_load_memory,
        p.feelings_imbalance_floor,
        ONE / p.feelings_imbalance_memory,
        ONE / p.feelings_importance_memory,
        ONE / p.feelings_support_memory,
        ONE / p.feelings_contact_memory,
        p.ending_strain,
        p.ending_lapse,
        p.ending_imbalance,
        p.ending_cut,
        p.ending_dormancy_episode,
        p.ending_revival,
        p.ending_revival_known,
        p.ending_while_dormant,
    )
