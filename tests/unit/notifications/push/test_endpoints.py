"""Only push services are called: not by another name, not by another road, not from within."""

from __future__ import annotations

import pytest

from app.notifications.push.endpoints import EndpointRefused, PushServices
from app.settings import PUSH_SERVICES

SERVICES = PushServices(PUSH_SERVICES)
AT_HOME = PushServices(PUSH_SERVICES, allow_loopback=True)


@pytest.mark.parametrize(
    ("url", "service"),
    [
        ("https://fcm.googleapis.com/fcm/send/fAK:APA91b_x-Y%3D", "fcm.googleapis.com"),
        ("https://updates.push.services.mozilla.com/wpush/v2/gAAA", "*.push.services.mozilla.com"),
        ("https://web.push.apple.com/QGuQyavXutnMH", "web.push.apple.com"),
        ("https://api.push.apple.com/3/device/1", "*.push.apple.com"),
        ("https://wns2-par02p.notify.windows.com/w/?token=BQYAAAD%2f", "*.notify.windows.com"),
    ],
)
def test_the_services_of_the_browsers_are_called(url: str, service: str) -> None:
    endpoint = SERVICES.check(url)
    assert (endpoint.url, endpoint.service) == (url, service)
    assert endpoint.origin == url.rpartition("//")[0] + "//" + url.split("/")[2]


def test_the_address_is_made_again_from_what_was_checked() -> None:
    endpoint = SERVICES.check("HTTPS://FCM.GoogleAPIs.com:443/fcm/Send")
    assert endpoint.url == "https://fcm.googleapis.com/fcm/Send"
    assert endpoint.origin == "https://fcm.googleapis.com"


@pytest.mark.parametrize(
    "url",
    [
        "http://fcm.googleapis.com/fcm/send/1",
        "https://fcm.googleapis.com:8443/fcm/send/1",
        "https://fcm.googleapis.com:0443x/1",
        "https://user@fcm.googleapis.com/1",
        "https://fcm.googleapis.com@evil.example/1",
        "https://evil.example/fcm.googleapis.com/1",
        "https://fcm.googleapis.com.evil.example/1",
        "https://evilfcm.googleapis.com/1",
        "https://evil-notify.windows.com/1",
        "https://notify.windows.com/1",
        "https://push.apple.com/1",
        "https://fcm.googleapis.com/1#fragment",
        "https://fcm.googleapis.com\\@evil.example/1",
        "https://evil.example\\.notify.windows.com/1",
        "https://evil.example%2f.notify.windows.com/1",
        "https://evil.example?.notify.windows.com/1",
        "https://a..notify.windows.com/1",
        "https://-a.notify.windows.com/1",
        "https://.notify.windows.com/1",
        "https://fcm.googleapis.com./1",
        "https://fcm.googleapis.com",
        "https://fcm。googleapis。com/1",
        "https://ｆcm.googleapis.com/1",
        "https://fcm.googleapıs.com/1",
        "https://fcm.google\u00adapis.com/1",
        "https://xn--fcm-googleapis.com/1",
        "https://fcm.googleapis.com/a b",
        "https://fcm.googleapis.com/a\r\nX-Evil: 1",
        "https://fcm.googleapis.com/a\n",
        " https://fcm.googleapis.com/1",
        "https:/fcm.googleapis.com/1",
        "https:fcm.googleapis.com/1",
        "//fcm.googleapis.com/1",
        "https://127.0.0.1/1",
        "https://2130706433/1",
        "https://0x7f.1/1",
        "https://[::1]/1",
        "https://[::ffff:127.0.0.1]/1",
        "https://169.254.169.254/latest/meta-data/",
        "https://localhost/1",
        "https://push.localhost/1",
        "file:///etc/passwd",
        "gopher://fcm.googleapis.com/1",
        "",
        "https://fcm.googleapis.com/" + "a" * 1000,
    ],
)
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(EndpointRefused):
        SERVICES.check(url)


def test_the_reason_does_not_tell_the_address() -> None:
    with pytest.raises(EndpointRefused) as refusal:
        SERVICES.check("https://evil.example/secret")
    assert str(refusal.value) == "not_a_push_service"


def test_this_machine_is_called_only_when_that_was_allowed() -> None:
    assert AT_HOME.check("https://localhost:1234/x").service == "loopback"
    assert AT_HOME.check("https://127.0.0.1:1234/x").origin == "https://127.0.0.1:1234"
    for url in ("http://localhost:1234/x", "https://localhost:0/x", "https://localhost:65536/x"):
        with pytest.raises(EndpointRefused):
            AT_HOME.check(url)
    with pytest.raises(EndpointRefused):
        AT_HOME.check("https://fcm.googleapis.com:1234/x")


@pytest.mark.parametrize("address", ["142.250.1.95", "2a00:1450:4001:810::200a", "17.57.144.20"])
def test_public_addresses_are_connected_to(address: str) -> None:
    assert SERVICES.may_connect(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1"),
        "0.0.0.0",  # noqa: S104 (nothing listens there)
        *("169.254.169.254", "100.64.0.1", "192.0.0.8", "198.18.0.1", "203.0.113.5"),
        *("224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1"),
        *("::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a00:1", "64:ff9b::7f00:1"),
        *("64:ff9b:1::a00:1", "2002:a00:1::1", "2001:0:5ef5:79fd::1", "2001:db8::1"),
        *("", "not an address"),
    ],
)
def test_addresses_within_are_not(address: str) -> None:
    assert not SERVICES.may_connect(address)


def test_a_private_address_stays_closed_when_this_machine_is_open() -> None:
    assert AT_HOME.may_connect("127.0.0.1")
    assert AT_HOME.may_connect("::1")
    assert not AT_HOME.may_connect("10.0.0.1")
    assert not AT_HOME.may_connect("169.254.169.254")


def test_an_address_inside_another_is_judged_itself() -> None:
    assert SERVICES.may_connect("::ffff:142.250.1.95")
    assert SERVICES.may_connect("64:ff9b::8efa:15f")
