from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from app.dossiers.models import DossierState, EntitlementKind, Role
from app.letters.models import LetterKind
from app.payments.models import Component, PaymentKind, PaymentState


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("issuer", fields.CharField(max_length=255)),
                ("subject", fields.CharField(max_length=255)),
                ("number", fields.CharField(max_length=11)),
                ("given_name", fields.CharField(max_length=120)),
                ("family_name", fields.CharField(max_length=120)),
                ("language", fields.CharField(default="nl", max_length=2)),
                ("email", fields.CharField(default="", max_length=254)),
                (
                    "email_verified_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("wants_alerts", fields.BooleanField(default=False)),
                ("conditions_version", fields.CharField(default="", max_length=16)),
                (
                    "registered_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
            ],
            options={
                "table": "account",
                "app": "models",
                "unique_together": (("issuer", "subject"),),
                "indexes": [Index(fields=["number"])],
                "pk_attr": "id",
                "table_description": "An online profile: somebody whom the identity provider vouched for.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("reference", fields.CharField(unique=True, max_length=64)),
                ("digest", fields.CharField(max_length=64)),
                ("records", fields.IntField()),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("stored_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "batch",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A batch of the feed that was stored whole, the same batch again changes nothing.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Incident",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("text", fields.CharField(max_length=400)),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "incident",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A notice on every page, from one moment until another (or until it is taken away).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Office",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("code", fields.CharField(unique=True, max_length=32)),
                ("name", fields.CharField(max_length=120)),
                ("street", fields.CharField(default="", max_length=160)),
                ("postal_code", fields.CharField(default="", max_length=16)),
                ("city", fields.CharField(default="", max_length=80)),
                ("phone", fields.CharField(default="", max_length=40)),
                ("email", fields.CharField(default="", max_length=254)),
                ("hours", fields.CharField(default="", max_length=200)),
            ],
            options={
                "table": "office",
                "app": "models",
                "pk_attr": "id",
                "table_description": "An office of the fund, where a dossier is handled.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Dossier",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("number", fields.CharField(unique=True, max_length=32)),
                (
                    "state",
                    fields.CharEnumField(
                        default=DossierState.ACTIVE,
                        description="ACTIVE: active\nSUSPENDED: suspended\nCLOSED: closed",
                        enum_type=DossierState,
                        max_length=16,
                    ),
                ),
                (
                    "office",
                    fields.ForeignKeyField(
                        "models.Office",
                        source_field="office_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="dossiers",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("language", fields.CharField(default="nl", max_length=2)),
                ("account_masked", fields.CharField(default="", max_length=48)),
                ("account_holder", fields.CharField(default="", max_length=160)),
                ("account_bank", fields.CharField(default="", max_length=120)),
                ("version", fields.IntField(default=1)),
                ("digest", fields.CharField(default="", max_length=64)),
            ],
            options={
                "table": "dossier",
                "app": "models",
                "indexes": [Index(fields=["office_id"])],
                "pk_attr": "id",
                "table_description": "A family's file at the fund.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Child",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                (
                    "dossier",
                    fields.ForeignKeyField(
                        "models.Dossier",
                        source_field="dossier_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="children",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("key", fields.CharField(max_length=32)),
                ("given_name", fields.CharField(max_length=120)),
                ("family_name", fields.CharField(max_length=120)),
                ("birth_date", fields.DateField()),
                ("rank", fields.IntField()),
                ("placed", fields.BooleanField(default=False)),
                ("left_on", fields.DateField(null=True)),
            ],
            options={
                "table": "child",
                "app": "models",
                "unique_together": (("dossier", "key"),),
                "pk_attr": "id",
                "table_description": "A child of a dossier, ``key`` is the fund's own name for it, stable within the dossier.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Entitlement",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                (
                    "child",
                    fields.ForeignKeyField(
                        "models.Child",
                        source_field="child_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="entitlements",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "kind",
                    fields.CharEnumField(
                        description="BASIC: basic\nSOCIAL: social\nCARE: care\nORPHAN: orphan\nFOSTER: foster\nSTUDENT: student\nSCHOOL_LEAVER: school_leaver",
                        enum_type=EntitlementKind,
                        max_length=16,
                    ),
                ),
                ("since", fields.DateField()),
                ("until", fields.DateField(null=True)),
            ],
            options={
                "table": "entitlement",
                "app": "models",
                "indexes": [Index(fields=["child_id"])],
                "pk_attr": "id",
                "table_description": "A period in which a child is entitled to something, ``until`` is the last day, if known.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Payment",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                (
                    "dossier",
                    fields.ForeignKeyField(
                        "models.Dossier",
                        source_field="dossier_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="payments",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("reference", fields.CharField(unique=True, max_length=64)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="MONTHLY: monthly\nCORRECTION: correction\nSTART: start\nSCHOOL_BONUS: school_bonus\nCHILDCARE: childcare",
                        enum_type=PaymentKind,
                        max_length=16,
                    ),
                ),
                ("period", fields.DateField()),
                ("pay_date", fields.DateField()),
                (
                    "state",
                    fields.CharEnumField(
                        description="ANNOUNCED: announced\nPAID: paid\nRETURNED: returned\nCORRECTED: corrected",
                        enum_type=PaymentState,
                        max_length=16,
                    ),
                ),
                ("reason", fields.CharField(default="", max_length=300)),
                ("total_cents", fields.IntField()),
                ("account_masked", fields.CharField(default="", max_length=48)),
                ("communication", fields.CharField(default="", max_length=20)),
                ("corrects", fields.CharField(default="", max_length=64)),
                (
                    "withdrawn_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("digest", fields.CharField(max_length=64)),
            ],
            options={
                "table": "payment",
                "app": "models",
                "indexes": [Index(fields=["dossier_id", "pay_date"])],
                "pk_attr": "id",
                "table_description": "One payment to a dossier's account, amounts in integer cents.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PaymentLine",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                (
                    "payment",
                    fields.ForeignKeyField(
                        "models.Payment",
                        source_field="payment_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="lines",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "child",
                    fields.ForeignKeyField(
                        "models.Child",
                        source_field="child_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="payment_lines",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "component",
                    fields.CharEnumField(
                        description="BASIC: basic\nRANK: rank\nAGE: age\nSOCIAL: social\nCARE: care\nORPHAN: orphan\nFOSTER: foster\nSTART: start\nSCHOOL_BONUS: school_bonus\nTODDLER: toddler\nCHILDCARE: childcare\nCORRECTION: correction\nRECOVERY: recovery",
                        enum_type=Component,
                        max_length=16,
                    ),
                ),
                ("amount_cents", fields.IntField()),
            ],
            options={
                "table": "payment_line",
                "app": "models",
                "indexes": [Index(fields=["payment_id"]), Index(fields=["child_id"])],
                "pk_attr": "id",
                "table_description": "One line of a payment: an amount for one child (or none) and one component.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("number", fields.CharField(unique=True, max_length=11)),
                ("given_name", fields.CharField(max_length=120)),
                ("family_name", fields.CharField(max_length=120)),
            ],
            options={
                "table": "person",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Somebody the fund knows, by national or bis number.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                (
                    "dossier",
                    fields.ForeignKeyField(
                        "models.Dossier",
                        source_field="dossier_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="letters",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "addressee",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="addressee_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="letters",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("reference", fields.CharField(unique=True, max_length=64)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="DECISION: decision\nREQUEST: request\nINFORMATION: information\nSTATEMENT: statement\nMESSAGE: message",
                        enum_type=LetterKind,
                        max_length=16,
                    ),
                ),
                ("subject", fields.CharField(max_length=200)),
                ("date", fields.DateField()),
                ("body", fields.TextField(default="", unique=False)),
                ("document", fields.CharField(default="", max_length=64)),
                ("document_size", fields.IntField(default=0)),
                ("answer_by", fields.DateField(null=True)),
                ("appeal_term_days", fields.IntField(null=True)),
                ("appeal_body", fields.CharField(default="", max_length=200)),
                ("file_manager", fields.CharField(default="", max_length=160)),
                (
                    "withdrawn_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("digest", fields.CharField(max_length=64)),
            ],
            options={
                "table": "letter",
                "app": "models",
                "indexes": [
                    Index(fields=["dossier_id", "date"]),
                    Index(fields=["addressee_id"]),
                    Index(fields=["document"]),
                ],
                "pk_attr": "id",
                "table_description": "A letter (with a PDF) or a message (with a text) to a dossier or to one party of it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Party",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                (
                    "dossier",
                    fields.ForeignKeyField(
                        "models.Dossier",
                        source_field="dossier_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="parties",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="parties",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "role",
                    fields.CharEnumField(
                        description="BENEFICIARY: beneficiary\nOTHER_PARENT: other_parent\nGUARDIAN: guardian",
                        enum_type=Role,
                        max_length=16,
                    ),
                ),
            ],
            options={
                "table": "party",
                "app": "models",
                "unique_together": (("dossier", "person"),),
                "indexes": [Index(fields=["person_id"])],
                "pk_attr": "id",
                "table_description": "A person in a dossier, whoever is a party may see it, nobody else.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Reading",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                (
                    "letter",
                    fields.ForeignKeyField(
                        "models.Letter",
                        source_field="letter_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="readings",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account",
                        source_field="account_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="readings",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("read_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "reading",
                "app": "models",
                "unique_together": (("letter", "account"),),
                "indexes": [Index(fields=["account_id"])],
                "pk_attr": "id",
                "table_description": "That somebody has read a letter, gone with their online profile.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Session",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("token_hash", fields.CharField(unique=True, max_length=64)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account",
                        source_field="account_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="sessions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "dossier",
                    fields.ForeignKeyField(
                        "models.Dossier",
                        source_field="dossier_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="sessions",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("level", fields.IntField()),
                ("means", fields.CharField(max_length=16)),
                ("device", fields.CharField(default="", max_length=120)),
                ("provider_session", fields.CharField(default="", max_length=255)),
                ("id_token", fields.TextField(default="", unique=False)),
                ("authenticated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("signed_in_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("last_seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "session",
                "app": "models",
                "indexes": [
                    Index(fields=["account_id"]),
                    Index(fields=["dossier_id"]),
                    Index(fields=["last_seen_at"]),
                ],
                "pk_attr": "id",
                "table_description": "Somebody signed in on a device, the cookie carries a random value, this row its hash.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SignIn",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("cookie_hash", fields.CharField(unique=True, max_length=64)),
                ("state_hash", fields.CharField(max_length=64)),
                ("nonce", fields.CharField(max_length=128)),
                ("code_verifier", fields.CharField(max_length=128)),
                ("next_url", fields.CharField(max_length=500)),
                ("minimum_level", fields.IntField()),
                ("max_age", fields.IntField(null=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "sign_in",
                "app": "models",
                "indexes": [Index(fields=["created_at"])],
                "pk_attr": "id",
                "table_description": "A sign-in under way: between leaving for the provider and coming back, once.",
            },
            bases=["Model"],
        ),
    ]
