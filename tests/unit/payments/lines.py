"""Short ways to say a payment's lines in a test."""

from __future__ import annotations

from datetime import date

from app.payments.difference import Side
from app.payments.models import Component
from app.payments.queries import Line, PaidChild

EMMA = PaidChild(1, "Emma", date(2014, 9, 12), None)
NOOR = PaidChild(2, "Noor", date(2019, 5, 2), None)
ZOE = PaidChild(3, "Zoë", date(2023, 10, 14), None)


def side(month: str, *lines: tuple[PaidChild | None, Component, int]) -> Side:
    """A payment for a month («2026-09») with its lines, amounts in cents."""
    made = [Line(component, cents, child) for child, component, cents in lines]
    return Side(date.fromisoformat(f"{month}-01"), sum(line.cents for line in made), made)
