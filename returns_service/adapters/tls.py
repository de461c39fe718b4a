"""One set of trusted certificates for all that goes out: reading them takes a twentieth of a second each time."""

import ssl
from functools import cache


@cache
def trust() -> ssl.SSLContext:
    return ssl.create_default_context()


@cache
def trust_for_mail() -> ssl.SSLContext:
    """HTTP libraries write into theirs which protocol they speak; a mail server that hears of that one may hang up."""
    return ssl.create_default_context()
