"""The picture of a year: a column for each month, stacked by child or by component.

Positions across are percentages and down are pixels, so the picture fills its width on any screen
while its letters keep their size. What was taken back hangs below the line of zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

MONTHS = 12
TOP = 20  # pixels above the highest column, for its amount
PLOT = 190
BOTTOM = 26  # for the names of the months
HEIGHT = TOP + PLOT + BOTTOM
TONES = 8  # as many colours, each with its own pattern, as the style sheet has
_MOST_STEPS = 5
_STEPS = (50_00, 100_00, 200_00, 250_00, 500_00, 1_000_00, 2_000_00, 2_500_00, 5_000_00)
_COLUMN = 100 / MONTHS
BAR_WIDTH = f"{_COLUMN * 0.66:.2f}%"
_LEFT = tuple(f"{_COLUMN * (index + 0.17):.2f}%" for index in range(MONTHS))
MIDDLE = tuple(f"{_COLUMN * (index + 0.5):.2f}%" for index in range(MONTHS))


@dataclass(frozen=True, slots=True)
class Part:
    """What came in in a month (1 to 12) under a name."""

    month: int
    name: str
    cents: int


@dataclass(slots=True)
class Bar:
    """A rectangle: ``x`` in per cent, ``y`` and ``height`` in pixels."""

    x: str
    y: float
    height: float


@dataclass(slots=True)
class Series:
    """One name in the legend, with its total, the cents of each month and its rectangles."""

    name: str
    tone: int
    cents: int
    by_month: list[int]
    bars: list[Bar]


@dataclass(slots=True)
class Column:
    """A month: what came in in all, and where its label stands."""

    first: date
    cents: int
    x: str
    y: float


@dataclass(slots=True)
class Tick:
    """A line across, with its amount."""

    cents: int
    y: float


@dataclass(slots=True)
class Chart:
    """All that the template draws."""

    series: list[Series]
    columns: list[Column]
    ticks: list[Tick]
    zero: float
    cents: int


def draw(year: int, names: Sequence[str], parts: Iterable[Part], rest: str) -> Chart:
    """The picture of a year.

    In: the names in the order of the legend, and what came in under each; when there are more
    names than colours the last ones are put together as ``rest``.
    """
    series = _series(names, parts, rest)
    top, bottom, step = _scale(series)
    pixel = PLOT / (top - bottom)
    columns = [_stack(series, year, index, top, pixel) for index in range(MONTHS)]
    ticks = [
        Tick(cents, round(TOP + (top - cents) * pixel, 1)) for cents in range(bottom, top + 1, step)
    ]
    return Chart(series, columns, ticks, round(TOP + top * pixel, 1), sum(s.cents for s in series))


def _series(names: Sequence[str], parts: Iterable[Part], rest: str) -> list[Series]:
    shown = list(names) if len(names) <= TONES else [*names[: TONES - 1], rest]
    series = {
        name: Series(name, tone, 0, [0] * MONTHS, []) for tone, name in enumerate(shown, start=1)
    }
    last = series[shown[-1]] if shown else None
    for part in parts:
        one = series.get(part.name, last)
        if one is not None:
            one.cents += part.cents
            one.by_month[part.month - 1] += part.cents
    return list(series.values())


def _scale(series: Sequence[Series]) -> tuple[int, int, int]:
    """The highest and lowest line and the step between, in round amounts of cents."""
    highest = lowest = 0
    for index in range(MONTHS):
        amounts = [one.by_month[index] for one in series]
        highest = max(highest, sum(cents for cents in amounts if cents > 0))
        lowest = min(lowest, sum(cents for cents in amounts if cents < 0))
    for step in _STEPS:
        above, below = -(-highest // step), -(lowest // step)
        if above + below <= _MOST_STEPS:
            break
    else:
        step = -(-(highest - lowest) // (_MOST_STEPS - 1))
        above, below = -(-highest // step), -(lowest // step)
    return max(above, 1) * step, -below * step, step


def _stack(series: Sequence[Series], year: int, index: int, top: int, pixel: float) -> Column:
    up = down = total = 0
    for one in series:
        cents = one.by_month[index]
        if not cents:
            continue
        total += cents
        start = up + cents if cents > 0 else down
        y = round(TOP + (top - start) * pixel, 1)
        one.bars.append(Bar(_LEFT[index], y, round(abs(cents) * pixel, 1)))
        if cents > 0:
            up += cents
        else:
            down += cents
    label = round(TOP + (top - up) * pixel - 6, 1)
    return Column(date(year, index + 1, 1), total, MIDDLE[index], label)
