"""Signs everybody in at the Django site: prints the session key of each account asked for.

Run as a program: account ids on the standard input, keys on the output, one a line.
"""

import os
import sys
from importlib import import_module

import django


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.pages.django_site.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    call_command("migrate", verbosity=0)
    store = import_module("django.contrib.sessions.backends.db").SessionStore
    store.get_model_class().objects.all().delete()
    with transaction.atomic():
        for account_id in sys.stdin.read().split():
            session = store()
            session["account_id"] = int(account_id)
            session.create()
            print(session.session_key)


if __name__ == "__main__":
    main()
