"""Which shop a sign-in is for: the only one, or the one that is named."""

from returns_service.domain.errors import NotFound
from returns_service.pages.web import runtime, serve_shop
from returns_service.usecases import find_shop
from returns_service.usecases.find_shop import ShopFacts


def of_sign_in(slug: str) -> ShopFacts | None:
    """None when several shops are here and none (or a wrong one) is named: which there are is not told."""
    with runtime().db.read() as session:
        shops = find_shop.everyone(session)
        if len(shops) == 1:
            found: ShopFacts | None = shops[0]
        else:
            try:
                found = find_shop.by_slug(session, slug.strip().lower()) if slug.strip() else None
            except NotFound:
                found = None
    if found is not None:
        serve_shop(found)
    return found


def several() -> bool:
    """Whether people must say for which shop they work."""
    with runtime().db.read() as session:
        return len(find_shop.everyone(session)) > 1
