from tortoise import migrations
from tortoise.migrations import operations as ops
from app.notifications.models import Channel, Kind, State
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index, PartialIndex

class Migration(migrations.Migration):
    dependencies = [('models', '0002_letter_mentions')]

    initial = False

    operations = [
        ops.CreateModel(
            name='FollowUp',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('letter', fields.ForeignKeyField('models.Letter', source_field='letter_id', db_constraint=True, to_field='id', related_name='follow_ups', on_delete=OnDelete.CASCADE)),
                ('account', fields.ForeignKeyField('models.Account', source_field='account_id', db_constraint=True, to_field='id', related_name='follow_ups', on_delete=OnDelete.CASCADE)),
                ('step', fields.SmallIntField(default=0)),
                ('announced_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('due_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('paper_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'follow_up', 'app': 'models', 'unique_together': (('letter', 'account'),), 'indexes': [Index(fields=['account_id']), Index(fields=['due_at'])], 'pk_attr': 'id', 'table_description': 'An important letter that somebody has yet to read: when to remind them, and what was done.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Preference',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('account', fields.OneToOneField('models.Account', source_field='account_id', db_constraint=True, to_field='id', related_name='preference', on_delete=OnDelete.CASCADE)),
                ('payment_push', fields.BooleanField(default=True)),
                ('payment_email', fields.BooleanField(default=True)),
                ('letter_push', fields.BooleanField(default=True)),
                ('letter_email', fields.BooleanField(default=True)),
                ('message_push', fields.BooleanField(default=True)),
                ('message_email', fields.BooleanField(default=True)),
                ('form_push', fields.BooleanField(default=True)),
                ('form_email', fields.BooleanField(default=True)),
                ('security_push', fields.BooleanField(default=True)),
                ('security_email', fields.BooleanField(default=True)),
                ('quiet_from', fields.SmallIntField(null=True)),
                ('quiet_until', fields.SmallIntField(null=True)),
                ('show_amounts', fields.BooleanField(default=False)),
                ('phrase', fields.CharField(default='', max_length=60)),
                ('email_failed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('email_failure', fields.CharField(default='', max_length=120)),
            ],
            options={'table': 'preference', 'app': 'models', 'pk_attr': 'id', 'table_description': 'What a person chose, without a row the defaults hold.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Subscription',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('account', fields.ForeignKeyField('models.Account', source_field='account_id', db_constraint=True, to_field='id', related_name='subscriptions', on_delete=OnDelete.CASCADE)),
                ('device', fields.CharField(default='', max_length=120)),
                ('endpoint', fields.CharField(unique=True, max_length=1000)),
                ('p256dh', fields.CharField(max_length=100)),
                ('auth', fields.CharField(max_length=40)),
                ('key_version', fields.CharField(default='', max_length=32)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('last_ok_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('last_error', fields.CharField(default='', max_length=120)),
                ('failures', fields.IntField(default=0)),
            ],
            options={'table': 'subscription', 'app': 'models', 'indexes': [Index(fields=['account_id'])], 'pk_attr': 'id', 'table_description': 'A browser on a device that takes push messages (RFC 8030), for whoever is signed in there.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='OutboxRow',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('account', fields.ForeignKeyField('models.Account', source_field='account_id', db_constraint=True, to_field='id', related_name='outbox', on_delete=OnDelete.CASCADE)),
                ('channel', fields.CharEnumField(description='PUSH: push\nEMAIL: email', enum_type=Channel, max_length=8)),
                ('subscription', fields.ForeignKeyField('models.Subscription', source_field='subscription_id', null=True, db_constraint=True, to_field='id', related_name='outbox', on_delete=OnDelete.SET_NULL)),
                ('target', fields.IntField()),
                ('address', fields.CharField(default='', max_length=254)),
                ('kind', fields.CharEnumField(description='PAYMENT: payment\nLETTER: letter\nMESSAGE: message\nFORM: form\nSECURITY: security', enum_type=Kind, max_length=8)),
                ('subject', fields.CharField(max_length=16)),
                ('subject_id', fields.BigIntField()),
                ('event', fields.CharField(max_length=32)),
                ('state', fields.CharEnumField(default=State.PENDING, description='PENDING: pending\nSENT: sent\nPARKED: parked\nCANCELLED: cancelled', enum_type=State, max_length=9)),
                ('due_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('claim', fields.BigIntField(null=True)),
                ('bundle', fields.BigIntField(null=True)),
                ('attempts', fields.IntField(default=0)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('sent_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('last_error', fields.CharField(default='', max_length=120)),
            ],
            options={'table': 'outbox', 'app': 'models', 'unique_together': (('subject_id', 'subject', 'event', 'account_id', 'target'),), 'indexes': [Index(fields=['account_id']), Index(fields=['subscription_id']), PartialIndex(fields=['channel', 'due_at'], name='outbox_due', condition={'state': 'pending'}), PartialIndex(fields=['account_id', 'target'], name='outbox_waiting', condition={'state': 'pending'}), PartialIndex(fields=['id'], name='outbox_parked', condition={'state': 'parked'})], 'pk_attr': 'id', 'table_description': 'One fact to be told to one target: a device, or the e-mail address of an account.'},
            bases=['Model'],
        ),
    ]
