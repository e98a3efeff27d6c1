"""Why a payment differs from the one before."""

from __future__ import annotations

import random
from datetime import date

import pytest

from app.payments.difference import Cause, Difference, Side, birthday, compare
from app.payments.models import Component
from app.payments.queries import Line, PaidChild
from tests.unit.payments.lines import EMMA, NOOR, ZOE, side

BASIC, RANK, AGE = Component.BASIC, Component.RANK, Component.AGE
SOCIAL, CARE, TODDLER = Component.SOCIAL, Component.CARE, Component.TODDLER


def told(difference: Difference) -> list[tuple[Cause, int]]:
    """The causes with their cents."""
    return [(reason.cause, reason.cents) for reason in difference.reasons]


def test_equal_payments_have_no_reasons() -> None:
    difference = compare(
        side("2026-04", (NOOR, BASIC, 18747)), side("2026-05", (NOOR, BASIC, 18747))
    )
    assert difference.cents == 0
    assert difference.reasons == ()


def test_september_brings_the_index_to_all_amounts_as_one_reason() -> None:
    difference = compare(
        side("2026-08", (NOOR, BASIC, 18379), (NOOR, CARE, 11789), (ZOE, BASIC, 18379)),
        side("2026-09", (NOOR, BASIC, 18747), (NOOR, CARE, 12025), (ZOE, BASIC, 18747)),
    )
    assert told(difference) == [(Cause.INDEX, 972)]
    assert difference.reasons[0].tenths == 20
    assert difference.reasons[0].children == ()


def test_the_same_rise_in_another_month_is_not_called_an_index() -> None:
    difference = compare(
        side("2026-03", (NOOR, BASIC, 18379)), side("2026-04", (NOOR, BASIC, 18747))
    )
    assert told(difference) == [(Cause.OTHER, 368)]


def test_an_index_after_a_gap_in_payments_is_still_seen() -> None:
    difference = compare(
        side("2026-06", (NOOR, BASIC, 18379)), side("2026-11", (NOOR, BASIC, 18747))
    )
    assert told(difference) == [(Cause.INDEX, 368)]


@pytest.mark.parametrize(("age", "cents"), [(6, 1669), (12, 2541), (18, 2929)])
def test_a_birthday_raises_the_age_supplement(age: int, cents: int) -> None:
    child = PaidChild(1, "Emma", date(2026 - age, 4, 20), None)
    before = {6: 0, 12: 1669, 18: 2541}[age]
    lines = [(child, AGE, before)] if before else []
    difference = compare(
        side("2026-04", (child, RANK, 9580), *lines),
        side("2026-05", (child, RANK, 9580), (child, AGE, cents)),
    )
    assert told(difference) == [(Cause.BIRTHDAY, cents - before)]
    assert difference.reasons[0].age == age
    assert difference.reasons[0].children == (child,)


def test_a_birthday_in_september_is_told_apart_from_the_index() -> None:
    twelve = PaidChild(1, "Emma", date(2014, 9, 12), None)
    difference = compare(
        side("2026-08", (twelve, RANK, 10789), (twelve, AGE, 1880)),
        side("2026-09", (twelve, RANK, 11005), (twelve, AGE, 2919)),
    )
    assert told(difference) == [(Cause.BIRTHDAY, 1001), (Cause.INDEX, 254)]
    assert difference.cents == 1255


def test_a_birthday_of_somebody_else_explains_nothing() -> None:
    difference = compare(side("2026-03", (EMMA, AGE, 1669)), side("2026-04", (EMMA, AGE, 2541)))
    assert told(difference) == [(Cause.CHANGED, 872)]


@pytest.mark.parametrize("component", [SOCIAL, CARE, Component.ORPHAN, Component.FOSTER])
def test_a_supplement_that_began_or_ended(component: Component) -> None:
    without = (NOOR, BASIC, 18747)
    supplement = (NOOR, component, 5412)
    began = compare(side("2026-09", without), side("2026-10", without, supplement))
    ended = compare(side("2026-09", without, supplement), side("2026-10", without))
    assert told(began) == [(Cause.BEGAN, 5412)]
    assert told(ended) == [(Cause.ENDED, -5412)]
    assert began.reasons[0].component is component


def test_a_supplement_of_several_children_is_one_reason_with_all_names() -> None:
    basic = ((EMMA, RANK, 9580), (NOOR, BASIC, 18747))
    difference = compare(
        side("2026-09", *basic),
        side("2026-10", *basic, (NOOR, SOCIAL, 5412), (EMMA, SOCIAL, 5412)),
    )
    assert told(difference) == [(Cause.BEGAN, 10824)]
    assert difference.reasons[0].children == (EMMA, NOOR)  # eldest first


def test_a_toddler_turns_three_and_gets_the_supplement() -> None:
    basic = (ZOE, BASIC, 18747)
    difference = compare(side("2026-09", basic), side("2026-10", basic, (ZOE, TODDLER, 14933)))
    assert told(difference) == [(Cause.BEGAN, 14933)]
    assert difference.reasons[0].age == 3


def test_a_toddlers_supplement_of_one_month_was_in_the_earlier_payment_only() -> None:
    basic = (ZOE, BASIC, 18747)
    difference = compare(side("2026-10", basic, (ZOE, TODDLER, 14933)), side("2026-11", basic))
    assert told(difference) == [(Cause.ONCE_BEFORE, -14933)]


def test_a_toddlers_supplement_ends_at_five() -> None:
    five = PaidChild(3, "Zoë", date(2021, 10, 14), None)
    basic = (five, BASIC, 18747)
    difference = compare(side("2026-10", basic, (five, TODDLER, 1000)), side("2026-11", basic))
    assert told(difference) == [(Cause.ENDED, -1000)]
    assert difference.reasons[0].age == 5


def test_a_new_child_is_one_reason_and_its_start_amount_another() -> None:
    difference = compare(
        side("2026-04", (NOOR, BASIC, 18747)),
        side(
            "2026-05",
            (NOOR, BASIC, 18747),
            (ZOE, BASIC, 18747),
            (ZOE, SOCIAL, 5412),
            (ZOE, Component.START, 121449),
        ),
    )
    assert told(difference) == [(Cause.ONCE, 121449), (Cause.JOINED, 24159)]
    assert difference.reasons[1].children == (ZOE,)


def test_a_child_that_left_also_moves_the_others_up_in_rank() -> None:
    difference = compare(
        side("2026-04", (EMMA, RANK, 9580), (EMMA, AGE, 2541), (NOOR, RANK, 17727)),
        side("2026-05", (NOOR, RANK, 9580)),
    )
    assert told(difference) == [(Cause.LEFT, -12121), (Cause.RANK, -8147)]
    assert difference.reasons[1].with_family


def test_two_children_that_leave_are_two_reasons() -> None:
    stays = PaidChild(9, "Lio", date(2020, 1, 1), None)
    difference = compare(
        side("2026-04", (EMMA, RANK, 9580), (NOOR, BASIC, 18747), (stays, BASIC, 18747)),
        side("2026-05", (stays, BASIC, 18747)),
    )
    assert told(difference) == [(Cause.LEFT, -18747), (Cause.LEFT, -9580)]


def test_a_social_supplement_that_grows_because_a_third_child_came() -> None:
    difference = compare(
        side("2026-04", (EMMA, SOCIAL, 5412), (NOOR, SOCIAL, 5412)),
        side("2026-05", (EMMA, SOCIAL, 8659), (NOOR, SOCIAL, 8659), (ZOE, SOCIAL, 8659)),
    )
    assert told(difference) == [(Cause.JOINED, 8659), (Cause.CHANGED, 6494)]
    assert difference.reasons[1].with_family


@pytest.mark.parametrize(
    "component",
    [Component.SCHOOL_BONUS, Component.CORRECTION, Component.CHILDCARE, Component.START],
)
def test_a_single_amount_comes_and_goes(component: Component) -> None:
    basic = (NOOR, BASIC, 18747)
    with_it = side("2026-08", basic, (NOOR, component, 5412))
    assert told(compare(side("2026-07", basic), with_it)) == [(Cause.ONCE, 5412)]
    assert told(compare(with_it, side("2026-09", basic))) == [(Cause.ONCE_BEFORE, -5412)]


def test_a_recovery_is_for_no_child_and_instalments_that_go_on_change_nothing() -> None:
    basic = (NOOR, BASIC, 18747)
    recovery = (None, Component.RECOVERY, -2500)
    began = compare(side("2026-04", basic), side("2026-05", basic, recovery))
    assert told(began) == [(Cause.ONCE, -2500)]
    assert began.reasons[0].children == ()
    assert compare(side("2026-05", basic, recovery), side("2026-06", basic, recovery)).reasons == ()
    less = compare(
        side("2026-05", basic, recovery), side("2026-06", basic, (None, Component.RECOVERY, -1000))
    )
    assert told(less) == [(Cause.ONCE_CHANGED, 1500)]


def test_changes_that_cancel_out_are_still_told() -> None:
    difference = compare(
        side("2026-04", (NOOR, BASIC, 18747), (NOOR, CARE, 1000)),
        side("2026-05", (NOOR, BASIC, 18747), (NOOR, SOCIAL, 1000)),
    )
    assert difference.cents == 0
    assert sorted(told(difference)) == [(Cause.BEGAN, 1000), (Cause.ENDED, -1000)]


def test_a_total_that_its_lines_do_not_explain_is_said_to_be_another_change() -> None:
    lines = [Line(BASIC, 18747, NOOR)]
    difference = compare(Side(date(2026, 4, 1), 18747, lines), Side(date(2026, 5, 1), 19000, lines))
    assert told(difference) == [(Cause.OTHER, 253)]


def test_a_birthday_on_29_february_is_on_1_march_in_other_years() -> None:
    assert birthday(date(2020, 2, 29), 6) == date(2026, 3, 1)
    assert birthday(date(2020, 2, 29), 12) == date(2032, 2, 29)


@pytest.mark.parametrize("seed", range(300))
def test_whatever_changed_the_reasons_add_up_to_the_difference(seed: int) -> None:
    chance = random.Random(seed)

    def payment(month: str) -> Side:
        return side(
            month,
            *(
                (child, component, chance.choice([500, 9580, 9772, 18379, 18747, -700]))
                for child in (EMMA, NOOR, ZOE, None)
                for component in Component
                if chance.random() < 0.3
            ),
        )

    before, after = payment("2026-08"), payment(chance.choice(["2026-09", "2026-10"]))
    difference = compare(before, after)
    assert difference.cents == after.total_cents - before.total_cents
    assert sum(reason.cents for reason in difference.reasons) == difference.cents
    assert all(reason.cents for reason in difference.reasons)
