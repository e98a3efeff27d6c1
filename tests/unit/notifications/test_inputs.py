"""What the form and a browser may say, and what they may not."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from app.notifications import inputs
from app.notifications.inputs import NotASubscription, choices_form, choices_of, form_of
from app.notifications.models import Channel, Kind
from app.notifications.preferences import Preferences
from app.notifications.push.endpoints import PushServices
from app.settings import PUSH_SERVICES
from tests.push_service import Device
from tests.unit.notifications.push.conftest import KEY

SERVICES = PushServices(PUSH_SERVICES)
ALL = {name: "ja" for name in form_of(Preferences()).values if "_push" in name or "_email" in name}


def given(**changes: object) -> bytes:
    """What a browser posts."""
    device = Device("https://fcm.googleapis.com/fcm/send/abc")
    keys = {"p256dh": device.p256dh, "auth": device.auth}
    said: dict[str, Any] = {
        "endpoint": device.endpoint,
        "expirationTime": None,
        "keys": keys,
        "applicationServerKey": KEY.public,
    }
    return msgspec.json.encode({**said, **changes})


def test_choices_go_into_the_form_and_come_back_the_same() -> None:
    chosen = Preferences(
        on=frozenset({(Kind.SECURITY, Channel.PUSH), (Kind.LETTER, Channel.EMAIL)}),
        quiet_from=22 * 60,
        quiet_until=7 * 60 + 30,
        show_amounts=True,
        phrase="tomaten in de tuin",
    )
    form = choices_form(form_of(chosen).values)
    assert form.valid
    assert choices_of(form) == chosen


def test_security_cannot_be_switched_off_everywhere() -> None:
    form = choices_form({**ALL, "security_push": "", "security_email": ""})
    assert list(form.errors) == ["security_email"]
    assert choices_form({**ALL, "security_push": ""}).valid


@pytest.mark.parametrize(
    ("begins", "ends", "field"),
    [
        ("1320", "", "quiet_until"),
        ("", "420", "quiet_from"),
        ("420", "420", "quiet_until"),
        ("421", "480", "quiet_from"),
        ("1320", "1440", "quiet_until"),
        ("-30", "480", "quiet_from"),
        ("ochtend", "480", "quiet_from"),
    ],
)
def test_quiet_hours_are_two_different_half_hours(begins: str, ends: str, field: str) -> None:
    form = choices_form({**ALL, "quiet_from": begins, "quiet_until": ends})
    assert list(form.errors) == [field]


def test_a_recognition_phrase_is_one_short_line() -> None:
    assert choices_form({**ALL, "phrase": "  de  kat "}).get("phrase") == "de kat"
    assert "phrase" in choices_form({**ALL, "phrase": "x" * 61}).errors
    assert "phrase" in choices_form({**ALL, "phrase": "kat\u202etak"}).errors


def test_half_hours_read_as_on_a_clock() -> None:
    assert [inputs.clock_time(minutes) for minutes in (0, 450, 1410)] == ["00:00", "07:30", "23:30"]


def test_a_subscription_is_taken_with_the_version_of_our_key() -> None:
    new = inputs.read_subscription(given(), SERVICES)
    assert new.endpoint == "https://fcm.googleapis.com/fcm/send/abc"
    assert new.key_version == KEY.version


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not_json"),
        (b"[]", "not_json"),
        (b'{"endpoint": 1}', "not_json"),
        (given(keys={"p256dh": "AA"}), "not_json"),
        (given(endpoint="http://fcm.googleapis.com/x"), "not_an_https_address"),
        (given(endpoint="https://169.254.169.254/latest"), "not_a_push_service"),
        (given(endpoint="https://fcm.googleapis.com.example/x"), "not_a_push_service"),
        (given(endpoint="https://fcm.googleapis.com:8443/x"), "other_port"),
        (given(endpoint="https://fcm.googleapis.com/" + "x" * 1000), "too_long"),
        (given(keys={"p256dh": "BA" + "A" * 85, "auth": "A" * 22}), "keys_unusable"),
        (given(keys={"p256dh": Device("").p256dh, "auth": "A" * 21}), "keys_unusable"),
        (given(applicationServerKey="A"), "key_unknown"),
    ],
)
def test_what_cannot_be_sent_to_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(NotASubscription, match=f"^{reason}$"):
        inputs.read_subscription(body, SERVICES)


def test_a_renewal_names_the_former_subscription() -> None:
    former = {"endpoint": "https://fcm.googleapis.com/old", "auth": "A" * 22}
    subscription = msgspec.json.decode(given())
    body = msgspec.json.encode({"former": former, "subscription": subscription})
    renewal = inputs.read_renewal(body, SERVICES)
    assert (renewal.former_endpoint, renewal.former_auth) == (former["endpoint"], former["auth"])
    assert renewal.new.key_version == KEY.version
    with pytest.raises(NotASubscription, match="not_json"):
        inputs.read_renewal(given(), SERVICES)
