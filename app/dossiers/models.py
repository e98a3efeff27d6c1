"""The dossier and everybody in it, as the fund's back office tells it."""

from __future__ import annotations

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class DossierState(StrEnum):
    """Whether the fund pays on a dossier."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Role(StrEnum):
    """What somebody is in a dossier, every one of them may see it."""

    BENEFICIARY = "beneficiary"
    OTHER_PARENT = "other_parent"
    GUARDIAN = "guardian"


class EntitlementKind(StrEnum):
    """What a child is entitled to over a period."""

    BASIC = "basic"
    SOCIAL = "social"
    CARE = "care"
    ORPHAN = "orphan"
    FOSTER = "foster"
    STUDENT = "student"
    SCHOOL_LEAVER = "school_leaver"


class Office(Model):
    """An office of the fund, where a dossier is handled."""

    id = fields.IntField(primary_key=True)
    code = fields.CharField(max_length=32, unique=True)
    name = fields.CharField(max_length=120)
    street = fields.CharField(max_length=160, default="")
    postal_code = fields.CharField(max_length=16, default="")
    city = fields.CharField(max_length=80, default="")
    phone = fields.CharField(max_length=40, default="")
    email = fields.CharField(max_length=254, default="")
    hours = fields.CharField(max_length=200, default="")

    class Meta:
        table = "office"


class Person(Model):
    """Somebody the fund knows, by national or bis number."""

    id = fields.IntField(primary_key=True)
    number = fields.CharField(max_length=11, unique=True)
    given_name = fields.CharField(max_length=120)
    family_name = fields.CharField(max_length=120)

    class Meta:
        table = "person"

    @property
    def name(self) -> str:
        """The full name, given name first."""
        return f"{self.given_name} {self.family_name}"


class Dossier(Model):
    """A family's file at the fund."""

    id = fields.IntField(primary_key=True)
    number = fields.CharField(max_length=32, unique=True)
    state = fields.CharEnumField(DossierState, max_length=16, default=DossierState.ACTIVE)
    office: fields.ForeignKeyNullableRelation[Office] = fields.ForeignKeyField(
        "models.Office", related_name="dossiers", null=True, on_delete=fields.RESTRICT
    )
    language = fields.CharField(max_length=2, default="nl")
    account_masked = fields.CharField(max_length=48, default="")
    account_holder = fields.CharField(max_length=160, default="")
    account_bank = fields.CharField(max_length=120, default="")
    version = fields.IntField(default=1)  # counts up with every change that the feed brings
    digest = fields.CharField(max_length=64, default="")  # of the feed line last stored

    class Meta:
        table = "dossier"
        indexes = (Index(fields=("office_id",)),)


class Party(Model):
    """A person in a dossier, whoever is a party may see it, nobody else."""

    id = fields.IntField(primary_key=True)
    dossier: fields.ForeignKeyRelation[Dossier] = fields.ForeignKeyField(
        "models.Dossier", related_name="parties", on_delete=fields.CASCADE
    )
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="parties", on_delete=fields.CASCADE
    )
    role = fields.CharEnumField(Role, max_length=16)

    class Meta:
        table = "party"
        unique_together = (("dossier", "person"),)
        indexes = (Index(fields=("person_id",)),)


class Child(Model):
    """A child of a dossier, ``key`` is the fund's own name for it, stable within the dossier."""

    id = fields.IntField(primary_key=True)
    dossier: fields.ForeignKeyRelation[Dossier] = fields.ForeignKeyField(
        "models.Dossier", related_name="children", on_delete=fields.CASCADE
    )
    key = fields.CharField(max_length=32)
    given_name = fields.CharField(max_length=120)
    family_name = fields.CharField(max_length=120)
    birth_date = fields.DateField()
    rank = fields.IntField()
    placed = fields.BooleanField(default=False)  # lives with a foster family or an institution
    left_on = fields.DateField(null=True)  # the day the child left this dossier

    class Meta:
        table = "child"
        unique_together = (("dossier", "key"),)


class Entitlement(Model):
    """A period in which a child is entitled to something, ``until`` is the last day, if known."""

    id = fields.IntField(primary_key=True)
    child: fields.ForeignKeyRelation[Child] = fields.ForeignKeyField(
        "models.Child", related_name="entitlements", on_delete=fields.CASCADE
    )
    kind = fields.CharEnumField(EntitlementKind, max_length=16)
    since = fields.DateField()
    until = fields.DateField(null=True)

    class Meta:
        table = "entitlement"
        indexes = (Index(fields=("child_id",)),)
