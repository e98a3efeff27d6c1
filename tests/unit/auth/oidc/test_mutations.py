"""Tokens damaged at random: whatever comes in, a SignInRefused is all that comes out."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from app.auth.oidc.refusal import SignInRefused
from app.auth.oidc.transport import Answer
from tests.unit.auth.oidc.scene import Scene
from tests.unit.auth.oidc.tokens import b64, jwe, jws, rsa_key, unb64

ROUNDS = 500
VALUES: list[object] = [
    None, True, False, 0, -1, 1e308, 10**40, "", "x", "é", "\ud800", [], [[]], {}, {"a": []},
    ["a", 1], "urn:be:fedict:iam:fas:Level500",
]  # fmt: skip
CLAIMS = [
    "iss", "sub", "aud", "azp", "exp", "iat", "nbf", "nonce", "acr", "amr", "auth_time", "at_hash",
    "sid", "egovNRN", "givenName", "surname", "mail", "prefLanguage",
]  # fmt: skip
HEADERS = ["alg", "kid", "typ", "cty", "enc", "zip", "crit", "jwk", "b64", "p2c", "x5c"]


def damaged(token: str, chance: random.Random) -> str:
    """A token with a few signs changed, lost, doubled or swapped between its parts."""
    signs = list(token)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(signs))
        match chance.randrange(5):
            case 0:
                signs[place] = chance.choice("AZaz09-_.=+/ \x00é")
            case 1:
                del signs[place]
            case 2:
                signs[place:place] = signs[: chance.randrange(1, 40)]
            case 3:
                del signs[place:]
            case _:
                parts = "".join(signs).split(".")
                chance.shuffle(parts)
                signs = list(".".join(parts))
        signs = signs or ["."]
    return "".join(signs)


def rewritten(token: str, chance: random.Random) -> str:
    """A token with bytes changed inside one of its parts, still good base64url."""
    parts = token.split(".")
    place = chance.randrange(len(parts))
    data = bytearray(unb64(parts[place]) or b"\0")
    data[chance.randrange(len(data))] = chance.randrange(256)
    parts[place] = b64(bytes(data))
    return ".".join(parts)


async def outcome(scene: Scene) -> bool:
    """Whether somebody was signed in; any exception but SignInRefused goes through."""
    try:
        await scene.play()
    except SignInRefused:
        return False
    return True


@pytest.mark.parametrize("damage", [damaged, rewritten])
async def test_a_damaged_token_never_signs_anybody_in(
    damage: Callable[[str, random.Random], str],
) -> None:
    chance = random.Random(20261123)
    for _ in range(ROUNDS):
        scene = Scene()
        made: list[str] = []

        def spoil(claims: dict[str, object], scene: Scene = scene, made: list[str] = made) -> str:
            whole = scene.signed(claims)
            made.extend((whole, damage(whole, chance)))
            return made[1]

        scene.make_id_token = spoil
        signed_in = await outcome(scene)
        assert not signed_in or made[0] == made[1]


async def test_a_damaged_encrypted_answer_never_signs_anybody_in() -> None:
    chance = random.Random(7)
    for damage in (damaged, rewritten):
        for _ in range(ROUNDS // 5):
            scene = Scene()
            whole = jwe(scene.signed_info().body.decode(), rsa_key("ours"))
            body = damage(whole, chance)
            answer = Answer(200, "application/jwt", body.encode("utf-8", "replace"))
            scene.overrides["/userinfo"] = answer
            assert not await outcome(scene) or body == whole


async def test_odd_values_in_truly_signed_claims_end_in_a_refusal_at_most() -> None:
    chance = random.Random(11)
    for _ in range(ROUNDS):
        scene = Scene()
        for target in (scene.claims, scene.info):
            for name in chance.sample(CLAIMS, chance.randint(0, 2)):
                target[name] = chance.choice(VALUES)
        await outcome(scene)


async def test_odd_values_in_headers_keys_and_answers_end_in_a_refusal_at_most() -> None:
    chance = random.Random(13)
    for _ in range(ROUNDS):
        scene = Scene()
        for name in chance.sample(HEADERS, chance.randint(0, 2)):
            scene.header[name] = chance.choice(VALUES)
        if chance.random() < 0.5 and isinstance(key := scene.keys[0], dict):
            key[chance.choice(["kty", "n", "e", "use", "alg", "kid", "key_ops"])] = chance.choice(
                VALUES
            )
        if chance.random() < 0.3:
            name = chance.choice(["id_token", "access_token", "token_type"])
            scene.tokens[name] = chance.choice(VALUES)
        if chance.random() < 0.3:
            name = chance.choice(["state", "code", "iss", "error"])
            scene.parameters[name] = chance.choice([v for v in VALUES if isinstance(v, str)])
        await outcome(scene)


def test_the_tokens_of_these_tests_are_good_before_they_are_damaged() -> None:
    assert jws({"alg": "RS256"}, {}, rsa_key("provider")).count(".") == 2
