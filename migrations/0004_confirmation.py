from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0003_alerts')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Confirmation',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('account', fields.ForeignKeyField('models.Account', source_field='account_id', db_constraint=True, to_field='id', related_name='confirmations', on_delete=OnDelete.CASCADE)),
                ('address', fields.CharField(max_length=254)),
                ('sent_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'confirmation', 'app': 'models', 'indexes': [Index(fields=['account_id'])], 'pk_attr': 'id', 'table_description': 'A link sent to an e-mail address: the newest of a person counts, for that address, once.'},
            bases=['Model'],
        ),
    ]
