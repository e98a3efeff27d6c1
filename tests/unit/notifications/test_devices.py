"""Whose a device is, and how it comes and goes."""

from __future__ import annotations

from datetime import timedelta

from app.notifications import devices
from app.notifications.inputs import NewSubscription, Renewal
from app.notifications.models import OutboxRow, Subscription
from tests import cast
from tests.cast import KARIM, SOFIE
from tests.unit.notifications.conftest import NOW


def new(name: str = "phone", auth: str = "a" * 22) -> NewSubscription:
    """What a browser gave."""
    return NewSubscription(f"https://push.example/{name}", "p" * 87, auth, "key-1")


async def owners() -> list[tuple[str, str]]:
    rows = await Subscription.all().select_related("account").order_by("id")
    return [(row.account.subject, row.endpoint.rpartition("/")[2]) for row in rows]


async def test_a_device_is_new_once(fund: cast.Fund) -> None:
    sofie = await cast.account_of(SOFIE)
    assert await devices.subscribe(sofie.id, new(), "Firefox op Linux", NOW)
    assert not await devices.subscribe(sofie.id, new(auth="b" * 22), "Firefox op Linux", NOW)
    [device] = await Subscription.all()
    assert (device.auth, device.device, device.key_version) == (
        "b" * 22,
        "Firefox op Linux",
        "key-1",
    )


async def test_a_device_moves_with_who_signs_in_there(fund: cast.Fund) -> None:
    sofie, karim = await cast.account_of(SOFIE), await cast.account_of(KARIM)
    await devices.subscribe(sofie.id, new(), "", NOW)
    [row] = await Subscription.all()
    await OutboxRow.create(
        account=sofie,
        channel="push",
        subscription=row,
        target=row.id,
        kind="payment",
        subject="payment",
        subject_id=1,
        event="new",
        due_at=NOW,
        created_at=NOW,
    )
    assert await devices.subscribe(karim.id, new(), "", NOW)
    assert await owners() == [("karim", "phone")]
    # What was under way for Sofie has no device any more, and does not reach Karim.
    [waiting] = await OutboxRow.all()
    assert waiting.subscription_id is None  # type: ignore[attr-defined]
    assert await devices.devices_of(sofie.id) == []


async def test_the_list_says_since_when_and_how_it_goes(fund: cast.Fund) -> None:
    sofie = await cast.account_of(SOFIE)
    await devices.subscribe(sofie.id, new("old"), "Chrome op Android", NOW)
    await devices.subscribe(sofie.id, new("newer"), "Safari op iPhone", NOW + timedelta(days=1))
    newer, old = await devices.devices_of(sofie.id)
    assert (newer.name, old.name, old.since) == ("Safari op iPhone", "Chrome op Android", NOW)
    assert newer.last_ok_at is None
    await Subscription.filter(id=newer.id).update(failures=2, last_error="500")
    assert (await devices.devices_of(sofie.id))[0].fails
    await devices.note_delivery(newer.id, NOW)
    newer, _ = await devices.devices_of(sofie.id)
    assert (newer.fails, newer.last_ok_at) == (False, NOW)
    assert newer.mark == devices.mark_of("https://push.example/newer")


async def test_only_its_owner_removes_a_device(fund: cast.Fund) -> None:
    sofie, karim = await cast.account_of(SOFIE), await cast.account_of(KARIM)
    await devices.subscribe(sofie.id, new(), "", NOW)
    [device] = await devices.devices_of(sofie.id)
    assert not await devices.remove(karim.id, device.id)
    assert await devices.find(karim.id, device.id) is None
    assert await devices.remove(sofie.id, device.id)
    assert not await devices.remove(sofie.id, device.id)


async def test_a_device_renews_its_own_subscription_without_anybody_signed_in(
    fund: cast.Fund,
) -> None:
    sofie = await cast.account_of(SOFIE)
    await devices.subscribe(sofie.id, new(), "", NOW)
    former = "https://push.example/phone"
    assert not await devices.renew(Renewal(former, "x" * 22, new("fresh")))
    assert not await devices.renew(Renewal("https://push.example/none", "", new("fresh")))
    assert await devices.renew(Renewal(former, "a" * 22, new("fresh", "c" * 22)))
    assert await owners() == [("sofie", "fresh")]
    assert not await devices.renew(Renewal(former, "a" * 22, new("again")))


async def test_a_renewal_takes_the_place_of_what_was_there(fund: cast.Fund) -> None:
    sofie, karim = await cast.account_of(SOFIE), await cast.account_of(KARIM)
    await devices.subscribe(sofie.id, new("phone"), "", NOW)
    await devices.subscribe(karim.id, new("fresh"), "", NOW)
    assert await devices.renew(Renewal("https://push.example/phone", "a" * 22, new("fresh")))
    assert await owners() == [("sofie", "fresh")]


async def test_whoever_has_very_many_devices_loses_the_oldest(fund: cast.Fund) -> None:
    sofie = await cast.account_of(SOFIE)
    for number in range(devices.MOST_DEVICES + 2):
        await devices.subscribe(sofie.id, new(str(number)), "", NOW)
    names = [name for _, name in await owners()]
    assert names == [str(number) for number in range(2, devices.MOST_DEVICES + 2)]


def test_marks_tell_people_apart_and_name_nobody() -> None:
    assert devices.person_mark("k", 1) != devices.person_mark("k", 2)
    assert devices.person_mark("k", 1) != devices.person_mark("l", 1)
    assert devices.person_mark("k", 1) == devices.person_mark("k", 1)
