"""Levels of assurance and the means of sign-in behind them."""

from __future__ import annotations

import pytest

from app.auth.oidc.levels import acr_value, level_of, means_of

FAS = "urn:be:fedict:iam:fas:"


@pytest.mark.parametrize(
    ("acr", "amr", "level"),
    [
        (f"{FAS}Level500", [], 500),
        (f"{FAS}citizen:Level450", [], 450),
        (None, [f"{FAS}Level300", f"{FAS}citizen:Level400", "pwd"], 400),
        ("0", [f"{FAS}Level300"], 300),
        (f"{FAS}Level200", [f"{FAS}Level500"], 200),
        (None, [], None),
        (f"{FAS}enterprise:Level500", [], None),
        (f"{FAS}Level5000", [], None),
        (f"{FAS}Level50", [], None),
        (f" {FAS}Level500", [], None),
        (f"{FAS}Level٥٠٠", [], None),
    ],
)
def test_the_level_is_read_from_acr_else_from_amr(
    acr: str | None, amr: list[str], level: int | None
) -> None:
    assert level_of(acr, amr) == level


@pytest.mark.parametrize(
    ("level", "means"),
    [
        *[(999, "eid"), (500, "eid"), (450, "itsme"), (449, "app"), (400, "app")],
        *[(300, "token"), (299, "password"), (200, "password"), (199, None), (0, None)],
    ],
)
def test_a_level_tells_the_means(level: int, means: str | None) -> None:
    assert means_of(level) == means


def test_a_level_is_asked_for_in_the_words_of_the_provider() -> None:
    assert acr_value(500) == f"{FAS}Level500"
    assert acr_value(300, citizen=True) == f"{FAS}citizen:Level300"
