"""What is due: by birth date, entitlement, place among the children, and month."""

from __future__ import annotations

from datetime import date

import pytest

from app.demo.fund.family import (
    Adult,
    BankAccount,
    Corrected,
    Event,
    Family,
    Kid,
    Late,
    Recovery,
    Returned,
    Span,
    Window,
    social_spans,
    span,
    standing_spans,
)
from app.demo.fund.months import iso_month, make_month, pay_date
from app.demo.fund.numbers import iban
from app.demo.fund.payments import monthly_lines, payments
from app.demo.fund.records import Payment

TODAY = date(2026, 11, 23)
WINDOW = Window.of(30, TODAY)


def _kid(birth: date, *more: Span, key: str = "k1", days: int = 0) -> Kid:
    spans = (*standing_spans(birth, TODAY, studies=True), *more)
    return Kid(key, "Noor", "Maes", birth, spans, childcare_days=days)


def _family(*kids: Kid, events: tuple[Event, ...] = (), low_income: bool = False) -> Family:
    return Family(
        number="DV-1",
        serial=1,
        office="GENT",
        adults=(Adult("86041221496", "Sofie", "Vermeulen", "beneficiary"),),
        kids=kids,
        account=BankAccount(iban("734", 1), "Sofie Vermeulen", "KBC"),
        address=("Kerkstraat 1", "9000 Gent"),
        low_income=low_income,
        events=events,
    )


def _due(family: Family, year: int, month: int) -> list[tuple[str | None, str, int]]:
    lines = monthly_lines(family, make_month(year, month))
    return [(line.child, line.component, line.amount) for line in lines]


def _paid(family: Family, kind: str = "monthly") -> dict[str, Payment]:
    return {
        payment.period: payment
        for payment in payments(family, WINDOW)
        if payment.kind == kind and not payment.corrects
    }


def test_a_child_from_2019_on_gets_the_basic_amount_from_the_month_after_birth() -> None:
    family = _family(_kid(date(2023, 8, 31)))

    assert _due(family, 2023, 8) == []
    assert _due(family, 2023, 9) == [("k1", "basic", 176_66)]


def test_an_older_child_keeps_its_rank_and_age_amounts() -> None:
    family = _family(_kid(date(2006, 5, 1)), _kid(date(2012, 9, 30), key="k2"))

    assert _due(family, 2018, 9) == [
        ("k1", "rank", 9580),
        ("k1", "age", 2541),
        ("k2", "rank", 17727),
    ]
    assert _due(family, 2018, 10)[-1] == ("k2", "age", 33_28)  # six since 30 September


def test_a_supplement_gives_the_eldest_the_full_age_supplement() -> None:
    care = span("care", date(2018, 1, 1))

    assert ("k1", "age", 50_86) in _due(_family(_kid(date(2004, 5, 1), care)), 2018, 9)


def test_the_place_moves_up_when_an_elder_child_no_longer_counts() -> None:
    elder = Kid("k1", "Jef", "Maes", date(2000, 1, 1), (span("basic", date(2000, 2, 1), TODAY),))
    gone = Kid(
        "k1", "Jef", "Maes", date(2000, 1, 1), (span("basic", date(2000, 2, 1), date(2018, 8, 31)),)
    )
    younger = _kid(date(2016, 1, 1), key="k2")

    assert ("k2", "rank", 177_27) in _due(_family(elder, younger), 2018, 9)
    assert _due(_family(gone, younger), 2018, 9) == [("k2", "rank", 95_80)]


def test_the_toddler_supplement_comes_at_three_and_four_only() -> None:
    family = _family(_kid(date(2020, 10, 14)))
    months = [make_month(2020, 11) + offset for offset in range(100)]
    found = [
        iso_month(month)
        for month in months
        if any(line.component == "toddler" for line in monthly_lines(family, month))
    ]

    assert found == ["2023-10", "2024-10"]
    assert ("k1", "toddler", 143_53) in _due(family, 2024, 10)


def test_the_social_supplement_runs_from_october_until_september() -> None:
    family = _family(_kid(date(2020, 3, 1), *social_spans(1, TODAY)), low_income=True)
    components = {
        month: [line.component for line in monthly_lines(family, month)]
        for month in range(make_month(2026, 9), make_month(2027, 11))
    }

    with_social = [iso_month(month) for month, found in components.items() if "social" in found]
    assert (with_social[0], with_social[-1], len(with_social)) == ("2026-10", "2027-09", 12)


def test_a_student_is_paid_on_and_a_grown_child_who_left_school_is_not() -> None:
    birth = date(2007, 5, 1)
    done = Kid("k1", "Jef", "Maes", birth, standing_spans(birth, TODAY, studies=False))

    assert _due(_family(_kid(birth)), 2026, 10) != []
    assert _due(_family(done), 2025, 8) != []
    assert _due(_family(done), 2025, 9) == []


def test_school_bonus_comes_each_august_on_the_pay_day_of_that_month() -> None:
    bonus = _paid(_family(_kid(date(2020, 3, 1))), "school_bonus")

    assert sorted(bonus) == ["2024-08", "2025-08", "2026-08"]
    assert bonus["2026-08"].pay_date == "2026-08-06"


def test_a_birth_gives_a_start_amount_once() -> None:
    start = _paid(_family(_kid(date(2026, 9, 6))), "start")

    assert [payment.pay_date for payment in start.values()] == ["2026-09-21"]


def test_childcare_is_paid_until_three_and_not_for_july() -> None:
    care = _paid(_family(_kid(date(2023, 3, 10), days=10)), "childcare")

    assert max(care) == "2026-02"
    assert "2025-07" not in care
    assert care["2026-01"].pay_date == "2026-02-20"


def test_what_lies_ahead_is_announced_and_the_rest_is_paid() -> None:
    monthly = _paid(_family(_kid(date(2020, 3, 1))))

    assert {period for period, paid in monthly.items() if paid.state == "announced"} == {"2026-11"}
    assert monthly["2026-10"].state == "paid"
    assert len(monthly) == 30


def test_a_returned_payment_is_paid_again_on_the_new_account() -> None:
    old = iban("063", 2)
    family = _family(_kid(date(2020, 3, 1)), events=(Returned(make_month(2026, 2), old),))
    everything = list(payments(family, WINDOW))
    returned = next(payment for payment in everything if payment.state == "returned")
    again = next(payment for payment in everything if payment.corrects == returned.reference)

    assert returned.account.endswith(old[-4:])
    assert "afgesloten" in returned.reason
    assert again.lines == returned.lines
    assert again.account.endswith(family.account.iban[-4:])
    assert again.pay_date > returned.pay_date


def test_a_correction_makes_good_what_was_missing() -> None:
    care = span("care", date(2025, 1, 1))
    event = Corrected(make_month(2025, 9), "k1", "care", "de zorgtoeslag")
    family = _family(_kid(date(2020, 3, 1), care), events=(event,))
    everything = list(payments(family, WINDOW))
    wrong = next(payment for payment in everything if payment.state == "corrected")
    repair = next(payment for payment in everything if payment.kind == "correction")
    due = sum(line.amount for line in monthly_lines(family, make_month(2025, 9)))

    assert repair.corrects == wrong.reference
    assert sum(line.amount for line in wrong.lines + repair.lines) == due


def test_a_late_payment_says_why() -> None:
    family = _family(
        _kid(date(2020, 3, 1)), events=(Late(make_month(2026, 4), 12, "Later betaald: attest."),)
    )
    late = _paid(family)["2026-04"]

    assert date.fromisoformat(late.pay_date) > pay_date(make_month(2026, 4))
    assert late.reason == "Later betaald: attest."


def test_a_recovery_is_set_off_in_equal_parts() -> None:
    event = Recovery(make_month(2026, 6), 3, 120_00, "te veel")
    monthly = _paid(_family(_kid(date(2020, 3, 1)), events=(event,)))
    parts = {
        period: line.amount
        for period, payment in monthly.items()
        for line in payment.lines
        if line.component == "recovery"
    }

    assert parts == {"2026-06": -40_00, "2026-07": -40_00, "2026-08": -40_00}


@pytest.mark.parametrize(
    ("month", "day"),
    list(
        enumerate(
            "7/2 7/3 6/4 5/5 7/6 6/7 7/8 7/9 5/10 7/11 7/12 5/1".split(),  # noqa: SIM905
            start=1,
        )
    ),
)
def test_pay_dates_are_those_published_for_2023(month: int, day: str) -> None:
    paid = pay_date(make_month(2023, month))

    assert f"{paid.day}/{paid.month}" == day
