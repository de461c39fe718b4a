"""One set of trusted certificates for all that goes out: reading them takes a twentieth of a second each time."""

import ssl
from functools import cache


@cache
def trust() -> ssl.SSLContext:
    return ssl.create_default_context()
