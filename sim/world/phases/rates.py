"""The parameters that loops over ties use, as scalars.

A record lies in memory, and the compiler cannot know that a loop's output does not overwrite it;
a tuple of numbers it keeps in registers. The names are those of the record, so that rules take
either.
"""

from typing import NamedTuple

import numpy as np
from numba.extending import register_jitable


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
def tie_rates(rates):
    """The tie rates of one parameter record."""
    return TieRates(
        rates.work_strain,
        rates.work_elasticity,
        rates.constriction_switch,
        rates.constriction_thinning,
        rates.exchange_guilt_asking,
        rates.exchange_guilt_disclosing,
        rates.exchange_wary,
        rates.exchange_offer_floor,
        rates.exchange_fatigue,
        rates.exchange_refusal,
        rates.exchange_value_floor,
        rates.exchange_disclosure_rate,
        rates.exchange_giving_share,
        rates.trust_silence,
        rates.trust_strain,
        rates.trust_anchor,
        rates.feelings_closeness_absent,
        rates.feelings_closeness_share,
        rates.feelings_strain_need,
        rates.feelings_strain_refused,
        rates.feelings_strain_share,
        rates.feelings_load_per_help,
        rates.feelings_load_share,
        rates.feelings_imbalance_floor,
        rates.feelings_imbalance_share,
        rates.feelings_importance_share,
        rates.feelings_support_share,
        rates.feelings_contact_share,
        rates.ending_strain,
        rates.ending_lapse,
        rates.ending_imbalance,
        rates.ending_cut,
        rates.ending_dormancy_episode,
        rates.ending_revival,
        rates.ending_revival_known,
        rates.ending_while_dormant,
    )
