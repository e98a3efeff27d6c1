"""Ways to spoil a sign-in, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable

from app.auth.oidc.refusal import Reason
from app.auth.oidc.transport import Answer
from tests.unit.auth.oidc.scene import NOW, Scene

Spoil = Callable[[Scene], object]
Case = tuple[Spoil, Reason]

SECONDS = int(NOW.timestamp())


def claims(**changes: object) -> Spoil:
    """Change claims of the ID token."""
    return lambda scene: scene.claims.update(changes)


def info(**changes: object) -> Spoil:
    """Change claims of UserInfo."""
    return lambda scene: scene.info.update(changes)


def header(**changes: object) -> Spoil:
    """Change the header of the ID token."""
    return lambda scene: scene.header.update(changes)


def token(make: Callable[[Scene, dict[str, object]], str]) -> Spoil:
    """Make the ID token in another way."""
    return lambda scene: setattr(scene, "make_id_token", lambda stated: make(scene, stated))


def answer(path: str, given: Answer | Exception) -> Spoil:
    """Let an endpoint answer something else."""
    return lambda scene: scene.overrides.update({path: given})


def keys(*given: object) -> Spoil:
    """Publish other keys."""
    return lambda scene: setattr(scene, "keys", list(given))


def returned(**changes: object) -> Spoil:
    """Change the query of the return."""
    return lambda scene: scene.parameters.update(changes)


def transaction(**changes: object) -> Spoil:
    """Change what was stored at the start."""
    return lambda scene: scene.change_transaction.update(changes)


def signed_info(**changes: object) -> Spoil:
    """Answer UserInfo as a signed JWT with these claims changed."""
    return lambda scene: setattr(scene, "make_userinfo", lambda _: scene.signed_info(**changes))


def sealed_info(seal: Callable[[str], str]) -> Spoil:
    """Answer UserInfo as a signed JWT inside something that ``seal`` makes of it."""

    def spoil(scene: Scene) -> None:
        scene.make_userinfo = lambda _: Answer(
            200, "application/jwt", seal(scene.signed_info().body.decode()).encode()
        )

    return spoil


def fresh(**changes: object) -> Spoil:
    """Ask for a proof of at most five minutes old and change claims."""

    def spoil(scene: Scene) -> None:
        scene.max_age = 300
        scene.claims.update(changes)

    return spoil


def all_of(*spoils: Spoil) -> Spoil:
    """Several changes at once."""
    return lambda scene: [spoil(scene) for spoil in spoils]
