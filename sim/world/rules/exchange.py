"""What passes in a tie in one week: asking, offering, help, disclosure, and what is asked back."""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, ZERO, exponential, f4


@register_jitable
def need_for_help(severity, self_capacity, p):
    """Need above what the ego manages alone.

    max(0, severity - self_capacity) + need_floor (P57).
    """
    return max(severity - self_capacity, ZERO) + p.exchange_need_floor


@register_jitable
def effectiveness(contact, understanding, load):
    """How useful it would be to turn to this alter now: understanding * availability (P62)."""
    return contact * understanding * (ONE - load)


@register_jitable
def asks(u, rate, need, trust, guilt, guilt_weight, load, alter_load, effective, p):
    """Whether the ego asks this alter for help this week.

    chance = rate * need * trust * (1 - guilt_asking * guilt_weight * guilt)
             * (1 - wary * max(load, alter_load)) * effective

    Trust is the gate (P1), guilt holds back before those it is felt toward (P9), the burdens of the
    other are respected (P15), and the most effective discussant is sought: `effective` is
    effectiveness relative to the best there is this week (P62).
    """
    gate = trust * max(ONE - p.exchange_guilt_asking * guilt_weight * guilt, ZERO)
    wary = max(ONE - p.exchange_wary * max(load, alter_load), ZERO)
    chance = rate * need * gate * wary * effective
    return ONE if u < chance else ZERO


@register_jitable
def offers(u, rate, contact, severity, closeness, trust, load, rally, p):
    """Whether this alter offers help unasked (P8, P12).

    chance = contact * rate * (offer_floor + severity) * (closeness + trust) / 2
             * (1 - fatigue * load) * (1 + rally)

    Who is close sees it first (P12, P60); carrying much makes offers fewer (P64).
    """
    seen = (p.exchange_offer_floor + severity) * f4(0.5) * (closeness + trust)
    chance = contact * rate * seen * max(ONE - p.exchange_fatigue * load, ZERO) * (ONE + rally)
    return ONE if u < chance else ZERO


@register_jitable
def help_received(u, asked, offered, contact, presence, load, p):
    """Help this week: presence by mere contact, plus one act of help if offered or granted.

    An asked alter is able to help unless overloaded: u < 1 - refusal * load (P64).
    Presence is what contact gives by itself: company, and all that objects give (P50).
    """
    granted = asked if u < ONE - p.exchange_refusal * load else ZERO
    return contact * presence + max(granted, offered)


@register_jitable
def value_of_help(help_, understanding, human, p):
    """What help is worth to the ego.

    help * (floor + (1 - floor) * understanding) for people (P17).
    """
    worth = p.exchange_value_floor + (ONE - p.exchange_value_floor) * understanding
    return help_ * (worth if human > ZERO else ONE)


@register_jitable
def stigma_censorship(stigma, p):
    """The factor felt stigma puts on all disclosure to people: exp(-stigma_disclosure * z) (P3)."""
    return exponential(-p.exchange_stigma_disclosure * stigma)


@register_jitable
def discloses(
    u, contact, trust, floor, disclosable, censorship, guilt, guilt_weight, known, daring, p
):
    """Whether the ego confides in this alter this week.

    chance = contact * disclosure_rate * (floor + (1 - floor) * trust) * disclosable * censorship
             * (1 - guilt_disclosing * guilt_weight * guilt) * min(1, weeks known * daring)

    floor        what must be told regardless of trust: psychiatrists leave no option (P47)
    disclosable  falls with the alter's intrusiveness (P16) and with an unspeakable history (P22)
    daring       1 / the weeks until the ego dares; low for a new partner (P11)
    guilt        closes the mouth before kin and partner, not before professionals (P36)
    """
    gate = floor + (ONE - floor) * trust
    dare = min(ONE, known * daring)
    quiet = max(ONE - p.exchange_guilt_disclosing * guilt_weight * guilt, ZERO)
    chance = contact * p.exchange_disclosure_rate * gate * disclosable * censorship * quiet * dare
    return ONE if u < chance else ZERO


@register_jitable
def requests_back(u, contact, demand):
    """Whether the alter asks something of the ego this week.

    Emotional labour, care, favours (P20).
    """
    return contact if u < demand else ZERO


@register_jitable
def gives(u, requested, obligation, share):
    """Whether the ego meets the request.

    Always where obliged, else as far as capacity goes (P20, P27).
    """
    return requested if u < max(obligation, share) else ZERO


@register_jitable
def care_excess(given, p):
    """What kin take from the ego above the usual, in acts a week, cut to [-1, 2] (P20)."""
    return min(max(given - p.exchange_usual_giving, f4(-1)), f4(2))
