"""The portal's tables, as Django sees them."""

from django.db import models


class Account(models.Model):
    number = models.CharField(max_length=11)
    given_name = models.CharField(max_length=120)
    family_name = models.CharField(max_length=120)
    registered_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "account"


class Person(models.Model):
    number = models.CharField(max_length=11, unique=True)

    class Meta:
        managed = False
        db_table = "person"


class Dossier(models.Model):
    class State(models.TextChoices):
        ACTIVE = "active"
        SUSPENDED = "suspended"
        CLOSED = "closed"

    number = models.CharField(max_length=32, unique=True)
    state = models.CharField(max_length=16, choices=State)
    people = models.ManyToManyField(Person, through="Party", related_name="dossiers")

    class Meta:
        managed = False
        db_table = "dossier"


class Party(models.Model):
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="parties")
    person = models.ForeignKey(Person, models.CASCADE, related_name="parties")
    role = models.CharField(max_length=16)

    class Meta:
        managed = False
        db_table = "party"


class Child(models.Model):
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="children")
    given_name = models.CharField(max_length=120)
    birth_date = models.DateField()

    class Meta:
        managed = False
        db_table = "child"


class Payment(models.Model):
    class Kind(models.TextChoices):
        MONTHLY = "monthly", "Kinderbijslag"
        CORRECTION = "correction", "Correctie voor"
        START = "start", "Startbedrag"
        SCHOOL_BONUS = "school_bonus", "Schoolbonus"
        CHILDCARE = "childcare", "Kinderopvangtoeslag"

    class State(models.TextChoices):
        ANNOUNCED = "announced", "Aangekondigd"
        PAID = "paid", "Betaald"
        RETURNED = "returned", "Teruggekeerd"
        CORRECTED = "corrected", "Gecorrigeerd"

    TONES = {"announced": "new", "paid": "ok", "returned": "alert", "corrected": "wait"}  # noqa: RUF012

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="payments")
    kind = models.CharField(max_length=16, choices=Kind)
    period = models.DateField()
    pay_date = models.DateField()
    state = models.CharField(max_length=16, choices=State)
    total_cents = models.IntegerField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "payment"

    @property
    def tone(self):
        return self.TONES[self.state]


class PaymentLine(models.Model):
    payment = models.ForeignKey(Payment, models.CASCADE, related_name="lines")
    child = models.ForeignKey(Child, models.RESTRICT, null=True, related_name="lines")
    component = models.CharField(max_length=16)
    amount_cents = models.IntegerField()

    class Meta:
        managed = False
        db_table = "payment_line"


class Letter(models.Model):
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="letters")
    addressee = models.ForeignKey(Person, models.CASCADE, null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "letter"


class Reading(models.Model):
    letter = models.ForeignKey(Letter, models.CASCADE, related_name="readings")
    account = models.ForeignKey(Account, models.CASCADE, related_name="readings")

    class Meta:
        managed = False
        db_table = "reading"


class Incident(models.Model):
    text = models.CharField(max_length=400)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "incident"
