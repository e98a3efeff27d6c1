from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.web.limits import ForgetfulStore, visitor_network


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("<local>", "<local>"),
        ("", ""),
    ],
)
def test_a_visitor_is_one_address_or_one_ipv6_network(address: str, counted: str) -> None:
    assert visitor_network(address) == counted


async def test_counts_whose_time_has_passed_are_dropped() -> None:
    store = ForgetfulStore(clean_from=10)
    past = datetime.now(UTC) - timedelta(seconds=1)
    future = datetime.now(UTC) + timedelta(minutes=1)

    await store.set("still counting", future)
    for number in range(1_000):
        await store.set(f"visitor {number}", past)

    assert len(store) <= 10
    assert await store.get("still counting", past) == future


async def test_counts_that_still_matter_are_kept_however_many() -> None:
    store = ForgetfulStore(clean_from=10)
    future = datetime.now(UTC) + timedelta(minutes=1)

    for number in range(100):
        await store.set(f"visitor {number}", future)

    assert len(store) == 100
