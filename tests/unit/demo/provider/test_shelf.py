"""Values that are kept for a while."""

from __future__ import annotations

from datetime import timedelta

from app.demo.provider.shelf import Shelf
from tests.unit.demo.provider.scene import Clock


def test_a_value_is_found_until_its_time_is_over() -> None:
    clock = Clock()
    shelf: Shelf[str] = Shelf(timedelta(seconds=60), clock)
    key = shelf.add("value")
    clock.turn(59)
    assert shelf.get(key) == "value"
    clock.turn(1)
    assert shelf.get(key) is None


def test_a_value_is_taken_once() -> None:
    shelf: Shelf[str] = Shelf(timedelta(seconds=60), Clock())
    key = shelf.add("value")
    assert shelf.take(key) == "value"
    assert shelf.take(key) is None


def test_the_oldest_go_when_the_shelf_is_full() -> None:
    shelf: Shelf[int] = Shelf(timedelta(seconds=60), Clock(), size=2)
    keys = [shelf.add(number) for number in range(3)]
    assert [shelf.get(key) for key in keys] == [None, 1, 2]


def test_what_is_over_takes_no_room() -> None:
    clock = Clock()
    shelf: Shelf[int] = Shelf(timedelta(seconds=60), clock, size=100)
    shelf.add(1)
    clock.turn(60)
    shelf.add(2)
    assert len(shelf._items) == 1


def test_unwanted_values_can_be_dropped() -> None:
    shelf: Shelf[int] = Shelf(timedelta(seconds=60), Clock())
    keys = [shelf.add(number) for number in range(3)]
    shelf.drop_where(lambda number: number == 1)
    assert [shelf.get(key) for key in keys] == [0, None, 2]


def test_no_key_finds_nothing() -> None:
    shelf: Shelf[int] = Shelf(timedelta(seconds=60), Clock())
    assert shelf.get(None) is None
    assert shelf.take(None) is None
