"""For any WSGI server: `gunicorn --threads 8 wsgi:app`, `granian --interface wsgi wsgi:app`."""

from returns_service.app import wsgi

app = wsgi()
