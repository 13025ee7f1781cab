"""The parameters that loops over ties, and over eight egos, use, as scalars.

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


class IllnessRates(NamedTuple):
    """What rules of treatment and illness, applied to eight egos at once, ask of the parameters."""

    treatment_overdue_discharged: np.float32
    treatment_overdue_from: np.float32
    treatment_trust_usual: np.float32
    treatment_trust_sd: np.float32
    treatment_trust_cap: np.float32
    treatment_stop: np.float32
    treatment_stop_early: np.float32
    treatment_early_weeks: np.float32
    treatment_stop_overdue: np.float32
    treatment_stop_severity: np.float32
    treatment_stop_trust: np.float32
    treatment_restart: np.float32
    treatment_restart_trust: np.float32
    treatment_restart_overdue: np.float32
    treatment_restart_visit: np.float32
    treatment_ratio: np.float32
    treatment_ratio_bipolar: np.float32
    treatment_loss_weeks: np.float32
    illness_onset_rate: np.float32
    illness_bipolar_scale: np.float32
    illness_bipolar_shape: np.float32
    illness_onset_multiplier: np.float32
    illness_demand_onset: np.float32
    illness_recovery_constricting: np.float32
    illness_recovery_support: np.float32
    illness_demand_severity: np.float32
    illness_support_severity: np.float32
    illness_engagement_severity: np.float32
    illness_severity_speed: np.float32
    illness_severity_noise: np.float32
    life_onset: np.float32
    exchange_usual_giving: np.float32


@register_jitable
def illness_rates(rates):
    """The rates of illness of one parameter record."""
    return IllnessRates(
        rates.treatment_overdue_discharged,
        rates.treatment_overdue_from,
        rates.treatment_trust_usual,
        rates.treatment_trust_sd,
        rates.treatment_trust_cap,
        rates.treatment_stop,
        rates.treatment_stop_early,
        rates.treatment_early_weeks,
        rates.treatment_stop_overdue,
        rates.treatment_stop_severity,
        rates.treatment_stop_trust,
        rates.treatment_restart,
        rates.treatment_restart_trust,
        rates.treatment_restart_overdue,
        rates.treatment_restart_visit,
        rates.treatment_ratio,
        rates.treatment_ratio_bipolar,
        rates.treatment_loss_weeks,
        rates.illness_onset_rate,
        rates.illness_bipolar_scale,
        rates.illness_bipolar_shape,
        rates.illness_onset_multiplier,
        rates.illness_demand_onset,
        rates.illness_recovery_constricting,
        rates.illness_recovery_support,
        rates.illness_demand_severity,
        rates.illness_support_severity,
        rates.illness_engagement_severity,
        rates.illness_severity_speed,
        rates.illness_severity_noise,
        rates.life_onset,
        rates.exchange_usual_giving,
    )
