"""Treatment kept going: who stops it, who takes it up again, and what being without it does."""

from numba.extending import register_jitable

from sim.world.arithmetic import (
    ONE,
    WEEK,
    ZERO,
    chance,
    exponential,
    f4,
    logarithm,
    survival,
)


@register_jitable
def overdue(weeks, usual, on_caseload, rates):
    """How overdue a visit is, in doublings of the ego's own usual interval, at most two (B55).

        treatment.overdue_discharged                                 if on_caseload = 0
        min(1.442695 * logarithm(max(late, 1)), 2) otherwise, where
        late = weeks / (treatment.overdue_from * usual)

    Measured by the ego's own interval, because people who are seen twice a year are not overdue all
    the time. Whoever is discharged has a general practitioner, who is worth a stated gap.

    weeks        since any visit was kept, `egos.weeks_since_kept`, whole [0, 300]
    usual        the ego's shortest interval in usual care, `egos.usual_interval`, [1, 39]
    on_caseload  `egos.on_caseload`, {0, 1}
    """
    late = weeks / (rates.treatment_overdue_from * usual)
    doublings = min(f4(1.442695) * logarithm(max(late, ONE)), f4(2))
    return rates.treatment_overdue_discharged if on_caseload == ZERO else doublings


@register_jitable
def relative_trust(trust, rates):
    """Trust in the better known of psychiatrist and co-ordinator, in SD of the caseload (B51).

        min((trust - treatment.trust_usual) / treatment.trust_sd, treatment.trust_cap)
                                                                         if trust > 0, else 0

    Above a level more trust keeps no more people on treatment: doubled contact hardly changes
    outcomes where it was tried (B58).

    trust  `egos.worker_trust` of last week, 0 while there is neither, [0, 1]
    """
    z = (trust - rates.treatment_trust_usual) / rates.treatment_trust_sd
    return min(z, rates.treatment_trust_cap) if trust > ZERO else ZERO


@register_jitable
def stop_hazard(trust, gap, severity, weeks_treated, rates):
    """Hazard of stopping treatment this week (B51, B52).

        treatment.stop * WEEK * early
            * exponential(treatment.stop_overdue * gap + treatment.stop_severity * severity
                          - treatment.stop_trust * trust), where
        early = treatment.stop_early if weeks_treated < treatment.early_weeks, else 1

    trust          from `relative_trust`, [-4, 3]
    gap            from `overdue`, [0, 2]
    severity       `egos.severity` of last week, [0, 1]
    weeks_treated  since treatment was taken up, `egos.weeks_treated`, whole [0, 104]
    """
    early = rates.treatment_stop_early if weeks_treated < rates.treatment_early_weeks else ONE
    log = rates.treatment_stop_overdue * gap + rates.treatment_stop_severity * severity
    return (
        rates.treatment_stop * WEEK * early * exponential(log - rates.treatment_stop_trust * trust)
    )


@register_jitable
def stops_treatment(u, hazard):
    """Whether treatment is stopped this week.

        1 if u < chance(hazard), else 0

    u       uniform
    hazard  of this week, from `stop_hazard`, [0, 1.5]
    """
    return ONE if u < chance(hazard) else ZERO


@register_jitable
def restart_hazard(trust, gap, rates):
    """Hazard of taking treatment up again this week (B51).

        treatment.restart * WEEK
            * exponential(treatment.restart_trust * trust - treatment.restart_overdue * gap)

    trust  from `relative_trust`, [-4, 3]
    gap    from `overdue`, [0, 2]
    """
    log = rates.treatment_restart_trust * trust - rates.treatment_restart_overdue * gap
    return rates.treatment_restart * WEEK * exponential(log)


@register_jitable
def restarts_treatment(u, hazard, visited, rates):
    """Whether treatment is taken up again this week.

        1 if u < chance(hazard) + treatment.restart_visit * visited, else 0

    u        uniform
    hazard   of this week, from `restart_hazard`, [0, 1.5]
    visited  in an episode, and a visit was kept last week, {0, 1}
    """
    return ONE if u < chance(hazard) + rates.treatment_restart_visit * visited else ZERO


@register_jitable
def restarts_in_hospital(u, rates):
    """Whether somebody off treatment leaves hospital on it.

        1 if u < treatment.restart_hospital, else 0

    u  uniform
    """
    return ONE if u < rates.treatment_restart_hospital else ZERO


@register_jitable
def hazard_ratio_off(bipolar, rates):
    """How many times as high the hazard of an episode is long after stopping (B17, B52).

        treatment.ratio_bipolar if bipolar = 1, else treatment.ratio

    A ratio of 1 switches it off.

    bipolar  `egos.bipolar`, {0, 1}
    """
    return rates.treatment_ratio_bipolar if bipolar > ZERO else rates.treatment_ratio


@register_jitable
def protection_lost(treated, weeks_off, ratio, rates):
    """The factor on the hazard of an episode: one on treatment, rising once off it (B17).

        1                                                                      if treated = 1
        1 + (ratio - 1) * (1 - survival(min(weeks_off / treatment.loss_weeks, 30)))    otherwise

    treated    `egos.treated`, {0, 1}
    weeks_off  since treatment was stopped, `egos.weeks_off`, whole [0, 104]
    ratio      from `hazard_ratio_off`, [1, 6]
    """
    kept = survival(min(weeks_off / rates.treatment_loss_weeks, f4(30)))
    lost = ONE + (ratio - ONE) * (ONE - kept)
    return ONE if treated > ZERO else lost


@register_jitable
def usual_protection_lost(share_off, ratio):
    """The factor on the hazard of an episode in a mixture of people on treatment and off (B17).

        1 + (ratio - 1) * share_off

    share_off  `start.off_treatment`, [0, 0.75]
    ratio      from `hazard_ratio_off`, [1, 6]
    """
    return ONE + (ratio - ONE) * share_off
