"""Entry point of the control center: the WSGI application that gunicorn runs."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mailcenter.settings.django")
application = get_wsgi_application()
