"""Payments in plain Dutch."""

from __future__ import annotations

from datetime import date

import pytest

from app.payments.difference import Cause, Reason
from app.payments.models import Component, PaymentKind, PaymentState
from app.payments.queries import PaidChild, PaymentRow
from app.payments.words import (
    KINDS,
    component_help,
    component_word,
    names_of,
    payment_title,
    reason_text,
    state_tag,
    tag_of,
)
from tests.unit.payments.lines import EMMA, NOOR, ZOE

OCTOBER = date(2026, 10, 1)


def test_every_kind_state_and_component_has_its_words() -> None:
    for kind in PaymentKind:
        assert KINDS[kind]
        assert "2026" in payment_title(kind, OCTOBER)
    for state in PaymentState:
        word, tone = state_tag(state, False)
        assert word
        assert tone in {"ok", "wait", "alert", "new"}
    for component in Component:
        assert component_word(component)
        assert component_help(component).endswith(".")


def test_a_payment_that_is_late_says_so() -> None:
    assert state_tag(PaymentState.ANNOUNCED, True) == ("Te laat", "alert")
    payment = PaymentRow(
        1, PaymentKind.MONTHLY, OCTOBER, date(2026, 11, 5), PaymentState.ANNOUNCED, 100
    )
    assert tag_of(payment, date(2026, 11, 6)) == ("Aangekondigd", "new")
    assert tag_of(payment, date(2026, 11, 7)) == ("Te laat", "alert")


def test_names_are_listed_as_people_say_them() -> None:
    assert names_of([EMMA, NOOR, ZOE]) == "Emma, Noor en Zoë"
    assert names_of([NOOR]) == "Noor"
    assert names_of([]) == ""


@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_is_a_sentence(cause: Cause) -> None:
    text = reason_text(Reason(cause, 500, Component.SOCIAL, (NOOR,), tenths=20), OCTOBER)
    assert text.text.endswith(".")
    assert "%" not in text.text.replace("2,0%", "")
    assert text.cents == 500


def test_reasons_say_who_and_what() -> None:
    said = [
        reason_text(Reason(Cause.INDEX, 500, tenths=20), OCTOBER).text,
        reason_text(Reason(Cause.BIRTHDAY, 500, Component.AGE, (EMMA,), age=12), OCTOBER).text,
        reason_text(Reason(Cause.BEGAN, 500, Component.TODDLER, (ZOE,), age=3), OCTOBER).text,
        reason_text(Reason(Cause.BEGAN, 500, Component.SOCIAL, (EMMA, NOOR)), OCTOBER).text,
        reason_text(Reason(Cause.ONCE, 500, Component.RECOVERY), OCTOBER).text,
    ]
    assert said == [
        "Alle bedragen stegen met de index: ongeveer 2,0%.",
        "Emma werd 12 jaar: de leeftijdstoeslag is nu hoger.",
        "Zoë werd 3 jaar en krijgt kleutertoeslag.",
        "Sociale toeslag voor Emma en Noor kwam erbij.",
        "Terugvordering zit in deze betaling.",
    ]


@pytest.mark.parametrize(
    ("cause", "component", "age", "said"),
    [
        (Cause.BIRTHDAY, Component.AGE, 6, "Noor en Zoë werden 6 jaar"),
        (Cause.BEGAN, Component.TODDLER, 3, "Noor en Zoë werden 3 jaar en krijgen"),
        (Cause.ENDED, Component.TODDLER, 5, "Noor en Zoë werden 5 jaar"),
    ],
)
def test_twins_have_their_birthday_together(
    cause: Cause, component: Component, age: int, said: str
) -> None:
    reason = Reason(cause, 500, component, (NOOR, ZOE), age=age)
    assert reason_text(reason, OCTOBER).text.startswith(said)


def test_a_child_that_left_is_explained_by_what_is_known() -> None:
    gone = PaidChild(4, "Lio", date(2015, 1, 1), date(2026, 9, 15))
    adult = PaidChild(5, "Mila", date(2007, 3, 1), None)
    texts = [
        reason_text(Reason(Cause.LEFT, -1, None, (child,)), OCTOBER).text
        for child in (gone, adult, NOOR)
    ]
    assert texts[0] == "Lio verliet het dossier op 15 september 2026."
    assert "Vanaf 18 jaar" in texts[1]
    assert texts[2] == "Noor telt niet meer mee in deze betaling."


def test_what_followed_from_the_number_of_children_is_said() -> None:
    reason = Reason(Cause.RANK, -8147, Component.RANK, (NOOR,), with_family=True)
    assert "aantal kinderen" in reason_text(reason, OCTOBER).text
