"""Who is looking, the security policy, and what stands around the content of every page."""

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from app.web.security import content_security_policy as policy

from .models import Account, Incident, Party, Reading

POLICY = policy("https://issuer.example")


def content_security_policy(get_response):
    """Put the header on every answer (Django 5.2 has no middleware of its own for it)."""

    def answer(request):
        response = get_response(request)
        response["Content-Security-Policy"] = POLICY
        return response

    return answer


def visitor(get_response):
    """Find the account in the session, and the dossiers it may see."""

    def answer(request):
        request.account, request.parties, request.dossier = None, [], None
        account_id = request.session.get("account_id")
        if account_id is not None:
            request.account = Account.objects.filter(id=account_id).first()
        if request.account is not None:
            request.parties = list(
                Party.objects.filter(person__number=request.account.number)
                .select_related("dossier", "person")
                .order_by("dossier__state", "dossier__number")
            )
            request.dossier = request.parties[0].dossier if request.parties else None
        return get_response(request)

    return answer


def around_every_page(request):
    """The banner and the number of unread letters."""
    return {
        "account": request.account,
        "parties": request.parties,
        "incident": cache.get_or_set("incident", current_incident, 30),
        "unread": unread(request),
        "session_seconds": 1800,
        "path": request.path,
    }


def current_incident():
    """The text to show now."""
    now = timezone.now()
    shown = Incident.objects.filter(Q(until=None) | Q(until__gt=now), since__lte=now)
    found = shown.order_by("-since").first()
    return found.text if found else ""


def unread(request):
    """How many letters this person has yet to read."""
    if request.dossier is None:
        return 0
    read = Reading.objects.filter(letter=OuterRef("pk"), account=request.account)
    return (
        request.dossier.letters.filter(withdrawn_at=None)
        .filter(Q(addressee=None) | Q(addressee=request.parties[0].person))
        .filter(~Exists(read))
        .count()
    )
