"""What granian, gunicorn and uvicorn serve."""

import os

from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.pages.django_site.settings")

application = get_wsgi_application()
asgi = get_asgi_application()
