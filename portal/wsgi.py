"""The web application, as gunicorn loads it."""

import os

from django.core.wsgi import get_wsgi_application

from . import database
from .charset import polite

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
database.start()
application = polite(get_wsgi_application())
database.insist()
