"""The entrance for ASGI servers."""

import os

from django.core.asgi import get_asgi_application

from config.serving import load_pages, refuse_powerful_role

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_asgi_application()
refuse_powerful_role()
load_pages()
