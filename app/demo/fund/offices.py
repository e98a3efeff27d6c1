"""The made-up fund itself: its name, its offices, the people who handle files.

Made up with it, for want of a source: the court that hears an appeal, and the term of 90 days.
"""

from __future__ import annotations

from app.demo.fund.records import Office

FUND = "Kinderbijslagfonds De Vlier"
WEBSITE = "www.devlier.example"
APPEAL_BODY = "de arbeidsrechtbank van de plaats waar u woont"
APPEAL_DAYS = 90

OFFICES = (
    Office(
        code="GENT",
        name="De Vlier Gent",
        street="Vlierbloesemstraat 12",
        postal_code="9000",
        city="Gent",
        phone="09 000 12 10",
        email="gent@devlier.example",
        hours="Maandag tot vrijdag van 9 tot 12 uur, dinsdag ook van 14 tot 18 uur",
    ),
    Office(
        code="LEUVEN",
        name="De Vlier Leuven",
        street="Hagelandse Poort 3",
        postal_code="3000",
        city="Leuven",
        phone="016 00 12 20",
        email="leuven@devlier.example",
        hours="Maandag tot vrijdag van 9 tot 12 uur, woensdag ook van 13 tot 17 uur",
    ),
    Office(
        code="AALST",
        name="De Vlier Aalst",
        street="Hopmarktpad 7",
        postal_code="9300",
        city="Aalst",
        phone="053 00 12 30",
        email="aalst@devlier.example",
        hours="Maandag, dinsdag en donderdag van 9 tot 16 uur, op afspraak ook later",
    ),
)
OFFICE = {office.code: office for office in OFFICES}
FILE_MANAGERS = {"GENT": "Griet Claes", "LEUVEN": "Thomas Öztürk", "AALST": "Anouk De Vos"}
