"""What the form of choices and a browser that subscribes may say."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

import msgspec

from app.notifications.models import Channel, Kind
from app.notifications.preferences import EVERYTHING, Preferences
from app.notifications.push.encryption import KeysUnusable, check_keys
from app.notifications.push.endpoints import EndpointRefused, PushServices
from app.web.i18n import gettext as _
from app.web.inputs import Form

HALF_HOUR = 30
HALF_HOURS = tuple(range(0, 24 * 60, HALF_HOUR))
LONGEST_PHRASE = 60
ON = "ja"


def switch(kind: Kind, channel: Channel) -> str:
    """The name of the switch for a kind of news by a channel: of the field and of the column."""
    return f"{kind.value}_{channel.value}"


def clock_time(minutes: int) -> str:
    """``1350`` as ``22:30``."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def choices_form(values: Mapping[str, str]) -> Form:
    """The choices as ticked and typed, with what is wrong."""
    names = (
        *(switch(*one) for one in EVERYTHING),
        "quiet_from",
        "quiet_until",
        "show_amounts",
        "phrase",
    )
    form = Form({name: values.get(name, "") for name in names})
    if not any(form.get(switch(Kind.SECURITY, channel)) for channel in Channel):
        form.error(
            switch(Kind.SECURITY, Channel.EMAIL),
            _("Veiligheid kunt u niet overal uitzetten. Kies een melding of een e-mail."),
        )
    _check_quiet_hours(form)
    phrase = " ".join(form.get("phrase").split())
    if len(phrase) > LONGEST_PHRASE:
        form.error("phrase", _("Uw herkenningszin is te lang. Hou het bij 60 tekens."))
    elif not phrase.isprintable():
        form.error("phrase", _("Gebruik in uw herkenningszin alleen gewone tekens."))
    else:
        form.values["phrase"] = phrase
    return form


def form_of(chosen: Preferences) -> Form:
    """Choices as the form shows them."""
    values = {switch(*one): ON if one in chosen.on else "" for one in EVERYTHING}
    values["quiet_from"] = "" if chosen.quiet_from is None else str(chosen.quiet_from)
    values["quiet_until"] = "" if chosen.quiet_until is None else str(chosen.quiet_until)
    values["show_amounts"] = ON if chosen.show_amounts else ""
    values["phrase"] = chosen.phrase
    return Form(values)


def choices_of(form: Form) -> Preferences:
    """The choices that a valid form says."""
    return Preferences(
        on=frozenset(one for one in EVERYTHING if form.get(switch(*one))),
        quiet_from=int(form.get("quiet_from")) if form.get("quiet_from") else None,
        quiet_until=int(form.get("quiet_until")) if form.get("quiet_until") else None,
        show_amounts=bool(form.get("show_amounts")),
        phrase=form.get("phrase"),
    )


def _check_quiet_hours(form: Form) -> None:
    begins, ends = form.get("quiet_from"), form.get("quiet_until")
    known = {str(minutes) for minutes in HALF_HOURS} | {""}
    if begins not in known:
        form.error("quiet_from", _("Kies een uur uit de lijst."))
    if ends not in known:
        form.error("quiet_until", _("Kies een uur uit de lijst."))
    if begins and not ends:
        form.error("quiet_until", _("Kies tot wanneer het stil moet blijven."))
    elif ends and not begins:
        form.error("quiet_from", _("Kies vanaf wanneer het stil moet blijven."))
    elif begins and begins == ends:
        form.error("quiet_until", _("Kies een ander uur dan het begin."))


class NotASubscription(Exception):
    """What a browser sent cannot be used; the text is a word for the log and for programs."""


@dataclass(frozen=True, slots=True)
class NewSubscription:
    """A subscription that we can send to. ``key_version``: the key of ours it was made with."""

    endpoint: str
    p256dh: str
    auth: str
    key_version: str


@dataclass(frozen=True, slots=True)
class Renewal:
    """A subscription in the place of a former one, which only that device can know."""

    former_endpoint: str
    former_auth: str
    new: NewSubscription


class _Keys(msgspec.Struct):
    p256dh: str
    auth: str


class _Subscription(msgspec.Struct, rename="camel"):
    endpoint: str
    keys: _Keys
    application_server_key: str


class _Former(msgspec.Struct):
    endpoint: str
    auth: str


class _Renewal(msgspec.Struct):
    former: _Former
    subscription: _Subscription


def read_subscription(body: bytes, services: PushServices) -> NewSubscription:
    """A browser's ``PushSubscription`` as JSON, with our key that it was made with.

    Raises NotASubscription.
    """
    try:
        given = msgspec.json.decode(body, type=_Subscription)
    except msgspec.MsgspecError:
        raise NotASubscription("not_json") from None
    return _checked(given, services)


def read_renewal(body: bytes, services: PushServices) -> Renewal:
    """A subscription and the one it replaces, as JSON. Raises NotASubscription."""
    try:
        given = msgspec.json.decode(body, type=_Renewal)
    except msgspec.MsgspecError:
        raise NotASubscription("not_json") from None
    new = _checked(given.subscription, services)
    return Renewal(given.former.endpoint, given.former.auth, new)


def _checked(given: _Subscription, services: PushServices) -> NewSubscription:
    try:
        endpoint = services.check(given.endpoint)
        check_keys(given.keys.p256dh, given.keys.auth)
    except EndpointRefused as refusal:
        raise NotASubscription(str(refusal)) from None
    except KeysUnusable:
        raise NotASubscription("keys_unusable") from None
    return NewSubscription(
        endpoint.url,
        given.keys.p256dh,
        given.keys.auth,
        key_version(given.application_server_key),
    )


def key_version(public: str) -> str:
    """The version of the key pair with this public key, as ``KeyPair`` counts them.

    Raises NotASubscription when it is no base64url.
    """
    try:
        point = urlsafe_b64decode(public + "=" * (-len(public) % 4))
    except ValueError:
        raise NotASubscription("key_unknown") from None
    return sha256(point).hexdigest()[:12]
