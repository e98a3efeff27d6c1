"""The picture of a year."""

from __future__ import annotations

from app.payments.chart import HEIGHT, PLOT, TONES, TOP, Chart, Part, draw


def drawn(*parts: tuple[int, str, int], names: tuple[str, ...] = ("Emma", "Noor")) -> Chart:
    return draw(2026, names, [Part(*part) for part in parts], "Overige")


def test_a_month_is_a_stack_of_what_came_in() -> None:
    chart = drawn((1, "Emma", 100_00), (1, "Noor", 300_00))
    emma, noor = chart.series
    assert emma.bars[0].y + emma.bars[0].height == chart.zero
    assert noor.bars[0].y + noor.bars[0].height == emma.bars[0].y
    assert noor.bars[0].height == 3 * emma.bars[0].height
    assert emma.bars[0].x == noor.bars[0].x


def test_totals_stand_in_the_legend_the_months_and_the_whole() -> None:
    chart = drawn((1, "Emma", 100_00), (1, "Noor", 300_00), (12, "Noor", 50_00))
    assert [one.cents for one in chart.series] == [100_00, 350_00]
    assert [column.cents for column in chart.columns] == [400_00, *[0] * 10, 50_00]
    assert chart.cents == 450_00


def test_what_came_twice_in_a_month_is_one_rectangle() -> None:
    chart = drawn((5, "Emma", 100_00), (5, "Emma", 25_00))
    assert len(chart.series[0].bars) == 1
    assert chart.series[0].by_month[4] == 125_00


def test_what_was_taken_back_hangs_below_zero() -> None:
    chart = drawn((3, "Emma", 200_00), (3, "Noor", -60_00))
    bar = chart.series[1].bars[0]
    assert bar.y == chart.zero
    assert bar.height > 0
    assert chart.ticks[0].cents < 0
    assert chart.columns[2].cents == 140_00


def test_everything_fits_between_the_top_and_the_names_of_the_months() -> None:
    for largest in (1, 99, 18747, 63443, 250_000, 1_999_999, 90_000_000):
        chart = drawn((1, "Emma", largest), (2, "Noor", -largest // 3))
        for one in chart.series:
            for bar in one.bars:
                assert bar.y >= TOP
                assert bar.y + bar.height <= TOP + PLOT + 0.2
        assert 2 <= len(chart.ticks) <= 7
        assert HEIGHT > TOP + PLOT


def test_lines_across_are_round_amounts_and_zero_is_among_them() -> None:
    chart = drawn((1, "Emma", 634_43))
    assert [tick.cents for tick in chart.ticks] == [0, 200_00, 400_00, 600_00, 800_00]


def test_a_year_in_which_nothing_came_in() -> None:
    chart = drawn(names=())
    assert chart.series == []
    assert chart.cents == 0
    assert [tick.cents for tick in chart.ticks] == [0, 50_00]


def test_more_names_than_colours_are_put_together() -> None:
    names = tuple(f"Kind {number}" for number in range(TONES + 3))
    chart = drawn(*((1, name, 10_00) for name in names), names=names)
    assert len(chart.series) == TONES
    assert chart.series[-1].name == "Overige"
    assert chart.series[-1].cents == 4 * 10_00
    assert chart.cents == len(names) * 10_00
