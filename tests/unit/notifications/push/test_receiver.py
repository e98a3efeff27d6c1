"""The tests' own receiver is right: it reads what the RFCs print, and nothing else."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.push_service.receiver import Device, NotForUs, decode, decrypt, encode, point, verify

# RFC 8291, section 5 and appendix A
PLAIN = b"When I grow up, I want to be a watermelon"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmY"
    "WAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexS"
    "gSxsj_Qulcy4a-fN"
)

# RFC 8292, section 2.4
TOKEN = (
    "vapid t=eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQi"
    "LCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOe"
    "pC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA, "
    "k=BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"
)
ORIGIN = "https://push.example.net"
SIGNED = 1453523768 - 12 * 3600


def the_rfcs_key() -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(decode(PRIVATE), "big"), ec.SECP256R1())


def test_reads_the_message_that_rfc_8291_prints() -> None:
    assert encode(point(the_rfcs_key().public_key())) == PUBLIC
    assert decrypt(decode(BODY), the_rfcs_key(), decode(AUTH)) == PLAIN


@pytest.mark.parametrize("place", [0, 30, 90, -1], ids=str)
def test_a_message_with_one_changed_byte_is_not_read(place: int) -> None:
    body = bytearray(decode(BODY))
    body[place] ^= 1
    with pytest.raises(NotForUs):
        decrypt(bytes(body), the_rfcs_key(), decode(AUTH))


def test_another_device_cannot_read_it() -> None:
    with pytest.raises(NotForUs):
        Device("https://push.example.net/1").read(decode(BODY))


def test_verifies_the_token_that_rfc_8292_prints() -> None:
    token = verify(TOKEN, ORIGIN, SIGNED)
    assert (token.audience, token.subject) == (ORIGIN, "mailto:push@example.com")
    assert token.expires == 1453523768


@pytest.mark.parametrize(
    ("header", "origin", "now"),
    [
        (None, ORIGIN, SIGNED),
        ("WebPush abc", ORIGIN, SIGNED),
        (TOKEN, "https://other.example.net", SIGNED),
        (TOKEN, ORIGIN, SIGNED + 13 * 3600),
        (TOKEN, ORIGIN, SIGNED - 13 * 3600),
        (TOKEN.replace("i3CY", "j3CY"), ORIGIN, SIGNED),
        (TOKEN.replace("eyJhdWQ", "eyJhdWR"), ORIGIN, SIGNED),
    ],
    ids=["none", "scheme", "audience", "expired", "too long", "signature", "claims"],
)
def test_a_token_that_does_not_hold_is_refused(header: str, origin: str, now: float) -> None:
    with pytest.raises(NotForUs):
        verify(header, origin, now)
