"""Versions as ETags: a person's decision names the version it was based on."""

import re

from flask import request

from returns_service.api.refusals import Malformed
from returns_service.domain.errors import VersionMissing

_TAG = re.compile(r'"([1-9][0-9]{0,8})"')
NOTHING_MATCHES = 0
"""A version that no case ever has: what a tag that is not ours is compared as."""


def expected_version(rule: str | None) -> int | None:
    """The version in If-Match. Raises VersionMissing where a decision must name it."""
    sent = request.headers.get("If-Match") if rule else None
    if sent is None or not sent.strip():
        if rule == "required":
            raise VersionMissing(
                detail='Say which version you saw: If-Match: "<version>", as in the ETag of the case.'
            )
        return None
    if sent.strip() == "*":
        raise Malformed("if_match", 'Name one version in If-Match, such as "3"; * names none.')
    match = _TAG.fullmatch(sent.strip())
    return int(match[1]) if match else NOTHING_MATCHES
