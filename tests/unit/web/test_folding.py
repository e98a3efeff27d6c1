from __future__ import annotations

import pytest

from app.web.folding import fold


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Één", "een"),
        ("STRAßE", "strasse"),
        ("Łucja WÓJCIK", "lucja wojcik"),
        ("Søren Đurić", "soren duric"),
        ("İbrahim Işık", "ibrahim isik"),
        ("Cœur", "coeur"),
        ("№ 12 ㎆", "no 12 mb"),
        ("日本", "日本"),
        ("", ""),
    ],
)
def test_capitals_and_accents_do_not_matter(text: str, plain: str) -> None:
    assert fold(text) == plain
    assert fold(plain) == plain
