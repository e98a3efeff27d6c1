"""Amounts as people read them."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def money(cents):
    """Cents as euro."""
    return f"€\N{NO-BREAK SPACE}{number_format(Decimal(cents) / 100, decimal_pos=2)}"


@register.filter
def euros(cents):
    """Cents as whole euros, under a column."""
    return str(round(cents / 100))


@register.filter
def plus(value, more):
    """A number a little further."""
    return value + more
