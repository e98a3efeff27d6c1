"""Settings of the Django site: production settings, on the same SQLite file."""

import os

SECRET_KEY = "a key that only measurements have"  # noqa: S105
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "bench.pages.django_site.urls"
WSGI_APPLICATION = "bench.pages.django_site.wsgi.application"
INSTALLED_APPS = ["django.contrib.sessions", "bench.pages.django_site"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "bench.pages.django_site.middleware.content_security_policy",
    "bench.pages.django_site.middleware.visitor",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,  # with DEBUG off Django keeps the compiled templates
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "bench.pages.django_site.middleware.around_every_page",
            ]
        },
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["KINDERBIJSLAG_DATABASE_URL"].removeprefix("sqlite:///"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"},
    }
}
SESSION_COOKIE_NAME = "django_sessie"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_REFERRER_POLICY = "same-origin"
STATIC_URL = "/static/"
LANGUAGE_CODE = "nl"
TIME_ZONE = "Europe/Brussels"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"errors": {"class": "logging.StreamHandler", "level": "ERROR"}},
    "root": {"handlers": ["errors"]},
}
