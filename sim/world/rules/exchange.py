"""What passes in a tie in one week: asking, offering, help, disclosure, and what is asked back."""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, ZERO, exponential, f4


@register_jitable
def need_for_help(severity, self_capacity, rates):
    """Need of help this week: severity above what the ego manages alone, and a floor (P57).

        max(severity - self_capacity, 0) + exchange.need_floor

    severity       `egos.severity`, [0, 1]
    self_capacity  severity managed without help, `egos.self_capacity`, [0, 1]
    """
    return max(severity - self_capacity, ZERO) + rates.exchange_need_floor


@register_jitable
def effectiveness(contact, understanding, load):
    """How useful it would be to turn to this alter now: understanding * availability (P62).

        contact * understanding * (1 - load)

    contact        `ties.contacted`, {0, 1}
    understanding  `ties.understanding`, [0, 1]
    load           what the alter has been carrying, `ties.load`, [0, 1]
    """
    return contact * understanding * (ONE - load)


@register_jitable
def asks(u, rate, need, trust, guilt, guilt_weight, load, alter_load, effective, rates):
    """Whether the ego asks this alter for help this week.

        1 if u < rate * need * gate * wary * effective, else 0, where
        gate = trust * max(1 - exchange.guilt_asking * guilt_weight * guilt, 0)
        wary = max(1 - exchange.wary * max(load, alter_load), 0)

    Trust is the gate (P1), guilt holds back before those it is felt toward (P9), the burdens of the
    other are respected (P15), and the most effective discussant is sought (P62). The product may
    exceed 1; then the ego asks whatever u is.

    u             uniform
    rate          asks a week per unit of need at full trust, `tie.*.ask_rate`
    need          from `need_for_help`, [0, 1.3]
    trust         `ties.trust`, [0, 1]
    guilt         `egos.guilt`, [0, 1]
    guilt_weight  `tie.*.guilt_weight`
    load          what the alter has been carrying, `ties.load`, [0, 1]
    alter_load    responsibilities of its own, `ties.alter_load`, [0, 1]
    effective     `effectiveness` relative to the ego's best this week, [0, 1]
    """
    gate = trust * max(ONE - rates.exchange_guilt_asking * guilt_weight * guilt, ZERO)
    wary = max(ONE - rates.exchange_wary * max(load, alter_load), ZERO)
    chance = rate * need * gate * wary * effective
    return ONE if u < chance else ZERO


@register_jitable
def offers(u, rate, contact, severity, closeness, trust, load, rally, rates):
    """Whether this alter offers help unasked (P8, P12).

        1 if u < contact * rate * seen * max(1 - exchange.fatigue * load, 0) * (1 + rally), else 0,
        where seen = (exchange.offer_floor + severity) * (closeness + trust) / 2

    Who is close sees it first (P12, P60); carrying much makes offers fewer (P64).

    u          uniform
    rate       offers a week per unit of what is seen, `tie.*.offer_rate`
    contact    `ties.contacted`, {0, 1}
    severity   `egos.severity`, [0, 1]
    closeness  `ties.closeness`, [0, 1]
    trust      `ties.trust`, [0, 1]
    load       what the alter has been carrying, `ties.load`, [0, 1]
    rally      from `first_crisis_rally`, [0, 10]
    """
    seen = (rates.exchange_offer_floor + severity) * f4(0.5) * (closeness + trust)
    chance = contact * rate * seen * max(ONE - rates.exchange_fatigue * load, ZERO) * (ONE + rally)
    return ONE if u < chance else ZERO


@register_jitable
def help_received(u, asked, offered, contact, presence, load, rates):
    """Help this week: presence by mere contact, plus one act of help if offered or granted.

        contact * presence + max(granted, offered), where
        granted = asked if u < 1 - exchange.refusal * load, else 0

    An asked alter is able to help unless overloaded (P64). Presence is what contact gives by
    itself: company, and all that objects give (P50). An offer and a granted request are one act,
    not two.

    u         uniform
    asked     from `asks`, {0, 1}
    offered   from `offers`, {0, 1}
    contact   `ties.contacted`, {0, 1}
    presence  help per contact, `tie.*.presence`
    load      what the alter has been carrying, `ties.load`, [0, 1]
    """
    granted = asked if u < ONE - rates.exchange_refusal * load else ZERO
    return contact * presence + max(granted, offered)


@register_jitable
def value_of_help(help_, understanding, human, rates):
    """What help is worth to the ego; from people, the more the better they understand (P17).

        help_ * (exchange.value_floor + (1 - exchange.value_floor) * understanding) if human > 0
        help_ otherwise

    help_          `ties.helped`, [0, 2]
    understanding  `ties.understanding`, [0, 1]
    human          1 for people, 0 for objects, `ties.human`, {0, 1}
    """
    worth = rates.exchange_value_floor + (ONE - rates.exchange_value_floor) * understanding
    return help_ * (worth if human > ZERO else ONE)


@register_jitable
def stigma_censorship(stigma, rates):
    """The factor felt stigma puts on all disclosure to people (P3).

        exponential(-exchange.stigma_disclosure * stigma)

    stigma  `egos.stigma`, z, [-4, 4]
    """
    return exponential(-rates.exchange_stigma_disclosure * stigma)


@register_jitable
def discloses(
    u, contact, trust, floor, disclosable, censorship, guilt, guilt_weight, known, daring, rates
):
    """Whether the ego confides in this alter this week.

        1 if u < contact * exchange.disclosure_rate * gate * disclosable * censorship * quiet
                 * dare, else 0, where
        gate  = floor + (1 - floor) * trust
        quiet = max(1 - exchange.guilt_disclosing * guilt_weight * guilt, 0)
        dare  = min(1, known * daring)

    u             uniform
    contact       `ties.contacted`, {0, 1}
    trust         `ties.trust`, [0, 1]
    floor         told regardless of trust, `tie.*.disclosure_floor`: psychiatrists leave no option
                  (P47)
    disclosable   from `disclosable`, times `ties.human`; falls with the alter's intrusiveness (P16)
                  and with an unspeakable history (P22), [0, 4]
    censorship    from `stigma_censorship`, [0.2, 4]
    guilt         `egos.guilt`, [0, 1]
    guilt_weight  `tie.*.guilt_weight`: guilt closes the mouth before kin and partner, not before
                  professionals (P36)
    known         weeks of acquaintance, `ties.known`, [0, 3000]
    daring        1 / weeks until the ego dares, 1 / `tie.*.disclosure_delay`, [0.009, 1]; low for a
                  new partner (P11)
    """
    gate = floor + (ONE - floor) * trust
    dare = min(ONE, known * daring)
    quiet = max(ONE - rates.exchange_guilt_disclosing * guilt_weight * guilt, ZERO)
    chance = (
        contact * rates.exchange_disclosure_rate * gate * disclosable * censorship * quiet * dare
    )
    return ONE if u < chance else ZERO


@register_jitable
def requests_back(u, contact, demand):
    """Whether the alter asks something of the ego this week: emotional labour, care, favours (P20).

        contact if u < demand, else 0

    u        uniform
    contact  `ties.contacted`, {0, 1}
    demand   chance of a request per contact, `ties.demand`, [0, 1]
    """
    return contact if u < demand else ZERO


@register_jitable
def gives(u, requested, obligation, share):
    """Whether the ego meets the request: as far as obliged, or as capacity goes (P20, P27).

        requested if u < max(obligation, share), else 0

    u           uniform
    requested   from `requests_back`, {0, 1}
    obligation  `tie.*.obligation`
    share       of the needed work the ego can do, `egos.share`, [0, 1]
    """
    return requested if u < max(obligation, share) else ZERO


@register_jitable
def care_excess(given, rates):
    """What kin take from the ego above the usual, in acts a week (P20).

        min(max(given - exchange.usual_giving, -1), 2)

    given  acts a week, `egos.care`, [0, 6]
    """
    return min(max(given - rates.exchange_usual_giving, f4(-1)), f4(2))
