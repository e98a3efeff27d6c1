"""Why a payment differs from the one before: computed from the lines of both.

Each line that changed is given to the cause that explains it, so the reasons always add up to the
difference; what no rule explains is said to be another change, never left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.payments.calendar import next_month
from app.payments.models import Component
from app.payments.queries import Line, PaidChild

ONCE = frozenset(
    {
        Component.START,
        Component.SCHOOL_BONUS,
        Component.CHILDCARE,
        Component.CORRECTION,
        Component.RECOVERY,
    }
)
STANDING = frozenset({Component.BASIC, Component.RANK})
AGE_STEPS = (6, 12, 18)
TODDLER_FROM, TODDLER_UNTIL = 3, 5
_INDEX_MONTH = 9  # amounts follow the index each September
_INDEX_AT_MOST = 1.12  # more is no index; 2022 saw 5%
_ROUNDING = 3  # cents: each amount is rounded by itself


class Cause(StrEnum):
    """What made the difference."""

    INDEX = "index"
    BIRTHDAY = "birthday"
    BEGAN = "began"
    ENDED = "ended"
    CHANGED = "changed"
    RANK = "rank"
    JOINED = "joined"
    LEFT = "left"
    ONCE = "once"
    ONCE_BEFORE = "once_before"
    ONCE_CHANGED = "once_changed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two payments that are compared."""

    period: date
    total_cents: int
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause, the cents it explains, and what it is about.

    ``age``: the birthday behind it. ``tenths``: the index in tenths of a per cent. ``with_family``:
    a child joined or left at the same time, on which the other amounts depend.
    """

    cause: Cause
    cents: int
    component: Component | None = None
    children: tuple[PaidChild, ...] = ()
    age: int | None = None
    tenths: int | None = None
    with_family: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """How much a payment differs from an earlier one, and why, the largest reason first."""

    before: Side
    cents: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Cell:
    """The amounts of one component of one child in both payments."""

    child: PaidChild | None
    component: Component
    before: int
    after: int


_Key = tuple[Cause, Component | None, int | None, int]


@dataclass(slots=True)
class _Ledger:
    """Reasons under way: the same cause for several children is one reason."""

    entries: dict[_Key, tuple[int, dict[int, PaidChild]]] = field(default_factory=dict)

    def add(self, cause: Cause, cell: _Cell, cents: int, *, age: int | None = None) -> None:
        together = cause in {Cause.INDEX, Cause.OTHER, Cause.JOINED, Cause.LEFT}
        alone = cell.child.id if cell.child and cause in {Cause.JOINED, Cause.LEFT} else 0
        key = (cause, None if together else cell.component, age, alone)
        before, children = self.entries.get(key, (0, {}))
        if cell.child is not None:
            children[cell.child.id] = cell.child
        self.entries[key] = (before + cents, children)


def compare(before: Side, after: Side) -> Difference:
    """Why ``after`` differs from ``before``; the reasons add up to the difference exactly."""
    cells = list(_cells(before.lines, after.lines))
    joined, left = _joined_and_left(cells)
    rate = _index_rate(cells, before.period, after.period)
    ledger = _Ledger()
    for cell in cells:
        delta = cell.after - cell.before
        if not delta:
            continue
        if cell.component in ONCE:
            ledger.add(_once(cell), cell, delta)
        elif cell.child and cell.child.id in joined:
            ledger.add(Cause.JOINED, cell, delta)
        elif cell.child and cell.child.id in left:
            ledger.add(Cause.LEFT, cell, delta)
        else:
            index = _index_part(cell, rate)
            if index:
                ledger.add(Cause.INDEX, cell, index)
            if delta != index:
                cause, age = _step(cell, before.period, after.period)
                ledger.add(cause, cell, delta - index, age=age)
    total = after.total_cents - before.total_cents
    return Difference(before, total, _reasons(ledger, total, rate, bool(joined or left)))


def _cells(before: Sequence[Line], after: Sequence[Line]) -> Iterator[_Cell]:
    sums: dict[tuple[int, Component], list[int]] = {}
    children: dict[int, PaidChild] = {}
    for side, lines in enumerate((before, after)):
        for line in lines:
            child_id = line.child.id if line.child else 0
            if line.child:
                children[child_id] = line.child
            sums.setdefault((child_id, line.component), [0, 0])[side] += line.cents
    for (child_id, component), (old, new) in sums.items():
        yield _Cell(children.get(child_id), component, old, new)


def _joined_and_left(cells: Sequence[_Cell]) -> tuple[set[int], set[int]]:
    """The children who are paid for in only one of the two, single amounts aside."""
    standing = [cell for cell in cells if cell.child and cell.component not in ONCE]
    before = {cell.child.id for cell in standing if cell.child and cell.before}
    after = {cell.child.id for cell in standing if cell.child and cell.after}
    return after - before, before - after


def _index_rate(cells: Sequence[_Cell], before: date, after: date) -> float | None:
    """By how much all amounts went up in September, read from the largest standing amount."""
    september = date(after.year - (after.month < _INDEX_MONTH), _INDEX_MONTH, 1)
    if not before < september <= after:
        return None
    rising = [
        cell
        for cell in cells
        if cell.component not in ONCE and 0 < cell.before < cell.after
        if cell.after / cell.before <= _INDEX_AT_MOST
    ]
    best = [cell for cell in rising if cell.component in STANDING] or rising
    if not best:
        return None
    largest = max(best, key=lambda cell: cell.before)
    return largest.after / largest.before


def _index_part(cell: _Cell, rate: float | None) -> int:
    """The cents of a change that the index explains."""
    if rate is None or cell.before <= 0 or cell.after <= 0:
        return 0
    delta = cell.after - cell.before
    index = round(cell.before * rate) - cell.before
    return delta if abs(delta - index) <= _ROUNDING else index


def _once(cell: _Cell) -> Cause:
    if not cell.before:
        return Cause.ONCE
    return Cause.ONCE_CHANGED if cell.after else Cause.ONCE_BEFORE


def _step(cell: _Cell, before: date, after: date) -> tuple[Cause, int | None]:
    """The cause of a change that is not the index, with the birthday behind it, if any."""
    if cell.component is Component.AGE:
        age = _birthday(cell.child, AGE_STEPS, before, after)
        if age is not None:
            return Cause.BIRTHDAY, age
    began, ended = not cell.before, not cell.after
    if cell.component is Component.TODDLER and (began or ended):
        return _toddler_step(cell, before, after)
    if began or ended:
        return (Cause.BEGAN if began else Cause.ENDED), None
    if cell.component is Component.BASIC:
        return Cause.OTHER, None
    return (Cause.RANK if cell.component is Component.RANK else Cause.CHANGED), None


def _toddler_step(cell: _Cell, before: date, after: date) -> tuple[Cause, int | None]:
    """A toddler's supplement begins at three (four); it ends at five, or was for one month."""
    if not cell.before:
        ages = range(TODDLER_FROM, TODDLER_UNTIL)
        return Cause.BEGAN, _birthday(cell.child, ages, before, after)
    age = _birthday(cell.child, (TODDLER_UNTIL,), before, after)
    return (Cause.ENDED if age else Cause.ONCE_BEFORE), age


def _birthday(
    child: PaidChild | None, ages: Sequence[int], before: date, after: date
) -> int | None:
    """Which of the ages a child reached from the earlier month up to and with the later one."""
    if child is None:
        return None
    for age in ages:
        reached = birthday(child.birth_date, age)
        if before <= reached < next_month(after):
            return age
    return None


def birthday(birth: date, age: int) -> date:
    """The day somebody reaches an age; born on 29 February, 1 March in other years."""
    try:
        return birth.replace(year=birth.year + age)
    except ValueError:
        return date(birth.year + age, 3, 1)


def _reasons(ledger: _Ledger, total: int, rate: float | None, family: bool) -> tuple[Reason, ...]:
    rest = total - sum(cents for cents, _ in ledger.entries.values())
    if rest:  # lines that do not add up to the total of their payment
        ledger.add(Cause.OTHER, _Cell(None, Component.CORRECTION, 0, 0), rest)
    reasons = [
        Reason(
            cause=cause,
            cents=cents,
            component=component,
            children=() if cause is Cause.INDEX else _eldest_first(children),
            age=age,
            tenths=round((rate - 1) * 1000) if cause is Cause.INDEX and rate else None,
            with_family=family and cause in {Cause.CHANGED, Cause.RANK},
        )
        for (cause, component, age, _), (cents, children) in ledger.entries.items()
        if cents
    ]
    return tuple(sorted(reasons, key=lambda reason: -abs(reason.cents)))


def _eldest_first(children: Mapping[int, PaidChild]) -> tuple[PaidChild, ...]:
    return tuple(sorted(children.values(), key=lambda child: (child.birth_date, child.id)))
