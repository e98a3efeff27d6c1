from __future__ import annotations

import pytest
from quart import Quart

from tests.cast import SOFIE
from tests.unit.conftest import Visitor


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("/hulp", ["kaartlezer", "pincode", "Apple", "bisnummer", "persoonlijke code (token)"]),
        ("/hulp/veiligheid", ["nooit uw bankgegevens", "verdacht@safeonweb.be"]),
        ("/hulp/voorwaarden", ["gratis en niet verplicht", "AVG", "cookies"]),
        ("/contact", ["09 000 00 00", "hallo@devlier.example", "Kinderbijslagfonds De Vlier"]),
    ],
)
async def test_anybody_can_read_it(
    app: Quart, visitor: Visitor, path: str, texts: list[str]
) -> None:
    for client in (await visitor(), await visitor(SOFIE)):
        answer = await client.get(path)
        html = await answer.get_data(as_text=True)
        assert answer.status_code == 200
        for text in texts:
            assert text in html, text


async def test_every_answer_of_the_help_can_be_linked_to(app: Quart, visitor: Visitor) -> None:
    html = await (await (await visitor()).get("/hulp")).get_data(as_text=True)
    for anchor in ("geen-kaartlezer", "pincode", "foutmelding", "apple", "geen-belg", "nog-niet"):
        assert html.count(f'id="{anchor}"') == 1


async def test_what_can_be_passed_on_is_told(app: Quart, visitor: Visitor) -> None:
    html = await (await (await visitor(SOFIE)).get("/formulieren")).get_data(as_text=True)
    assert "uit elkaar gaat" in html
    assert 'href="/contact"' in html
