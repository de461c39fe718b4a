"""What the return slip of a case is drawn from."""

from collections.abc import Mapping, Sequence
from typing import Any

from returns_service.store.cases import CaseFile
from returns_service.usecases.steps import telling


def slip_of(case: CaseFile, *, public_url: str) -> tuple[Mapping[str, Any], str, Sequence[str]]:
    """The arguments of `runtime.scribe.slip`."""
    return telling.context(case, None, public_url=public_url), case.row.language, case.shop.languages
