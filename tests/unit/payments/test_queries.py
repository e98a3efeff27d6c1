"""What the pages of payments read, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.dossiers.models import Child, Dossier
from app.payments.latest import announced_payments, last_payment
from app.payments.models import Component, Payment, PaymentKind, PaymentLine, PaymentState
from app.payments.queries import (
    MAX_ID,
    lines_of,
    payments_around,
    payments_of,
    searchable,
    shares_by_child,
    shares_by_component,
)

pytestmark = pytest.mark.usefixtures("either_database")

BASIC, SOCIAL, RECOVERY = Component.BASIC, Component.SOCIAL, Component.RECOVERY


async def family(number: str) -> tuple[Dossier, Child, Child]:
    """A dossier with two children."""
    dossier = await Dossier.create(number=number)
    emma, noor = [
        await Child.create(
            dossier=dossier,
            key=name,
            given_name=name,
            family_name="Peeters",
            birth_date=date(year, 5, 2),
            rank=rank,
        )
        for rank, (name, year) in enumerate([("Emma", 2014), ("Noor", 2019)], start=1)
    ]
    return dossier, emma, noor


async def pay(
    dossier: Dossier,
    day: date,
    *lines: tuple[Child | None, Component, int],
    state: PaymentState = PaymentState.PAID,
    kind: PaymentKind = PaymentKind.MONTHLY,
    withdrawn: bool = False,
    reference: str = "",
) -> Payment:
    """A payment with its lines."""
    payment = await Payment.create(
        dossier=dossier,
        reference=reference or f"{dossier.number}-{day}-{state}-{withdrawn}",
        kind=kind,
        period=day.replace(day=1),
        pay_date=day,
        state=state,
        total_cents=sum(cents for _, _, cents in lines),
        communication="+++123/1234/12328+++",
        withdrawn_at=datetime(2026, 1, 1, tzinfo=UTC) if withdrawn else None,
        digest="0" * 64,
    )
    for child, component, cents in lines:
        await PaymentLine.create(
            payment=payment, child=child, component=component, amount_cents=cents
        )
    return payment


async def test_a_list_has_the_dossiers_own_payments_newest_first_without_withdrawn_ones() -> None:
    dossier, emma, _ = await family("D-1")
    other, theirs, _ = await family("D-2")
    older = await pay(dossier, date(2025, 12, 5), (emma, BASIC, 100))
    newer = await pay(dossier, date(2026, 1, 7), (emma, BASIC, 200))
    await pay(dossier, date(2026, 2, 5), (emma, BASIC, 300), withdrawn=True)
    await pay(other, date(2026, 2, 5), (theirs, BASIC, 400))
    rows = await payments_of(dossier.id)
    assert [row.id for row in rows] == [newer.id, older.id]
    assert rows[0].pay_date == date(2026, 1, 7)
    assert rows[0].period == date(2026, 1, 1)
    assert rows[0].state is PaymentState.PAID
    assert rows[0].kind is PaymentKind.MONTHLY


async def test_shares_count_only_what_came_in_within_the_year() -> None:
    dossier, emma, noor = await family("D-1")
    await pay(dossier, date(2025, 12, 31), (emma, BASIC, 1))
    await pay(
        dossier,
        date(2026, 1, 1),
        (emma, BASIC, 100),
        (emma, SOCIAL, 20),
        (noor, BASIC, 100),
        (None, RECOVERY, -30),
    )
    await pay(dossier, date(2026, 12, 31), (emma, BASIC, 7), state=PaymentState.CORRECTED)
    await pay(dossier, date(2026, 6, 5), (emma, BASIC, 1000), state=PaymentState.RETURNED)
    await pay(dossier, date(2026, 6, 5), (emma, BASIC, 2000), state=PaymentState.ANNOUNCED)
    await pay(dossier, date(2026, 6, 6), (emma, BASIC, 4000), withdrawn=True)
    await pay(dossier, date(2027, 1, 1), (emma, BASIC, 8000))
    by_child = {
        (share.pay_date.month, share.key): (share.name, share.cents)
        for share in await shares_by_child(dossier.id, 2026)
    }
    assert by_child == {
        (1, emma.id): ("Emma", 120),
        (1, noor.id): ("Noor", 100),
        (1, 0): ("", -30),
        (12, emma.id): ("Emma", 7),
    }
    by_component = {
        (share.pay_date.month, share.key): share.cents
        for share in await shares_by_component(dossier.id, 2026)
    }
    assert by_component == {(1, BASIC): 200, (1, SOCIAL): 20, (1, RECOVERY): -30, (12, BASIC): 7}


async def test_a_search_reads_each_payment_once_with_all_its_children() -> None:
    dossier, emma, noor = await family("D-1")
    lines = ((emma, BASIC, 1), (emma, SOCIAL, 1), (noor, BASIC, 1), (None, RECOVERY, -1))
    await pay(dossier, date(2026, 1, 7), *lines, reference="P-1")
    await pay(dossier, date(2026, 2, 5), (None, RECOVERY, -5))
    without, found = await searchable(dossier.id)
    assert without.children == []
    assert found.reference == "P-1"
    assert found.communication == "+++123/1234/12328+++"
    assert sorted(found.children) == ["Emma", "Noor"]


async def test_a_payment_is_found_only_among_the_dossiers_given() -> None:
    dossier, emma, _ = await family("D-1")
    other, theirs, _ = await family("D-2")
    mine = await pay(dossier, date(2026, 1, 7), (emma, BASIC, 100))
    later = await pay(dossier, date(2026, 2, 5), (emma, BASIC, 100))
    foreign = await pay(other, date(2026, 1, 7), (theirs, BASIC, 100))
    around = await payments_around(mine.id, [dossier.id])
    assert [one.row.id for one in around] == [mine.id, later.id]
    assert {one.dossier_id for one in around} == {dossier.id}
    assert await payments_around(foreign.id, [dossier.id]) == []
    assert len(await payments_around(foreign.id, [dossier.id, other.id])) == 1
    assert await payments_around(mine.id, []) == []


@pytest.mark.parametrize("payment_id", [0, MAX_ID, MAX_ID + 1, 10**30])
async def test_an_id_that_cannot_be_is_just_not_found(payment_id: int) -> None:
    assert await payments_around(payment_id, [1]) == []


async def test_a_withdrawn_payment_is_not_found() -> None:
    dossier, emma, _ = await family("D-1")
    gone = await pay(dossier, date(2026, 1, 7), (emma, BASIC, 100), withdrawn=True)
    await pay(dossier, date(2026, 2, 5), (emma, BASIC, 100))
    assert await payments_around(gone.id, [dossier.id]) == []


async def test_lines_come_eldest_child_first() -> None:
    dossier, emma, noor = await family("D-1")
    first = await pay(dossier, date(2026, 1, 7), (noor, BASIC, 2), (emma, BASIC, 1))
    second = await pay(dossier, date(2026, 2, 5), (None, RECOVERY, -5))
    lines = await lines_of([first.id, second.id])
    assert [line.child and line.child.name for line in lines[first.id]] == ["Emma", "Noor"]
    assert [(line.component, line.cents, line.child) for line in lines[second.id]] == [
        (RECOVERY, -5, None)
    ]


async def test_the_late_the_next_and_the_last_payment() -> None:
    dossier, emma, _ = await family("D-1")
    nothing = await announced_payments(dossier.id, date(2026, 3, 1))
    assert (nothing.late, nothing.next, nothing.under_way) == ([], None, False)
    assert await last_payment(dossier.id) is None
    announced, bonus = PaymentState.ANNOUNCED, PaymentKind.SCHOOL_BONUS
    await pay(dossier, date(2026, 1, 7), (emma, BASIC, 1))
    last = await pay(dossier, date(2026, 2, 5), (emma, BASIC, 1), state=PaymentState.RETURNED)
    long_ago, overdue, soon, _ = [
        await pay(dossier, day, (emma, BASIC, 1), state=announced, kind=bonus)
        for day in (
            date(2025, 11, 25),
            date(2026, 2, 25),
            date(2026, 2, 27),
            date(2026, 4, 7),
        )
    ]
    for day in (date(2026, 2, 24), date(2026, 2, 26)):
        await pay(dossier, day, (emma, BASIC, 1), state=announced, withdrawn=True)
    found = await announced_payments(dossier.id, date(2026, 3, 1))
    assert [(one.payment.id, one.since) for one in found.late] == [
        (overdue.id, date(2026, 2, 26)),
        (long_ago.id, date(2025, 11, 26)),
    ]
    assert found.next is not None
    assert found.next.id == soon.id
    assert found.under_way
    assert not (await announced_payments(dossier.id, date(2026, 2, 27))).under_way
    newest = await last_payment(dossier.id)
    assert newest is not None
    assert newest.id == last.id
