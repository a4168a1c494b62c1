"""The web servers' entrance (gunicorn, granian)."""

import os

from django.core.wsgi import get_wsgi_application

from config.serving import load_pages, refuse_powerful_role

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
refuse_powerful_role()
load_pages()
