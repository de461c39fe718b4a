"""What every face of the pages stands on: rendering, security, sessions, languages, limits, errors."""

from returns_service.pages.web.blueprints import blueprint
from returns_service.pages.web.context import now, runtime, serve_shop
from returns_service.pages.web.cookies import Cookie
from returns_service.pages.web.forms import Form, Submitted
from returns_service.pages.web.install import install
from returns_service.pages.web.limits import Limits, limits
from returns_service.pages.web.paths import local_path, see_other
from returns_service.pages.web.rendering import fragment, gettext, language, ngettext, page

__all__ = [
    "Cookie",
    "Form",
    "Limits",
    "Submitted",
    "blueprint",
    "fragment",
    "gettext",
    "install",
    "language",
    "limits",
    "local_path",
    "ngettext",
    "now",
    "page",
    "runtime",
    "see_other",
    "serve_shop",
]
