"""The web process: granian runs `lachan.site.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lachan.site.settings")
application = get_wsgi_application()
