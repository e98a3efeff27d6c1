"""The payments of a year."""

from datetime import date

from django.db.models import Sum
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from app.payments import chart  # plain arithmetic: the same picture is the same code

from .models import Payment, PaymentLine

ARRIVED = (Payment.State.PAID, Payment.State.CORRECTED)


@never_cache
def payments(request, year):
    if request.dossier is None:
        return redirect("/")
    today = timezone.localdate()
    rows = list(request.dossier.payments.filter(withdrawn_at=None).order_by("-pay_date", "-id"))
    years = sorted({row.pay_date.year for row in rows}, reverse=True)
    if year not in years:
        raise Http404
    drawn = picture(request.dossier, year)
    context = {
        "year": year,
        "years": years,
        "payments": [row for row in rows if row.pay_date.year == year],
        "chart": drawn,
        "months": months(drawn),
        "bar_width": chart.BAR_WIDTH,
        "chart_height": chart.HEIGHT,
        "today": today,
    }
    return render(request, "payments/index.html", context)


def picture(dossier, year):
    """The chart of what came in, children by age."""
    shares = (
        PaymentLine.objects.filter(
            payment__dossier=dossier,
            payment__pay_date__gte=date(year, 1, 1),
            payment__pay_date__lt=date(year + 1, 1, 1),
            payment__withdrawn_at=None,
            payment__state__in=ARRIVED,
        )
        .values_list("payment__pay_date", "child_id", "child__given_name", "child__birth_date")
        .annotate(cents=Sum("amount_cents"))
    )
    shares = list(shares)
    born = {(birth or date.max, child or 0): name for _, child, name, birth, _ in shares}
    names = {child: born[birth, child] or "Niet per kind" for birth, child in sorted(born)}
    parts = [chart.Part(day.month, names[child or 0], cents) for day, child, _, _, cents in shares]
    return chart.draw(year, list(names.values()), parts, "Overige")


def months(drawn):
    """The months in which something came in, with the amounts of each child."""
    return [
        {"column": column, "amounts": [one.by_month[index] for one in drawn.series]}
        for index, column in enumerate(drawn.columns)
        if column.cents
    ]
