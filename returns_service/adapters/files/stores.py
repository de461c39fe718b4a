"""Photos on disk or S3, through one library."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from returns_service.domain.errors import Unavailable

log = structlog.get_logger(__name__)


class ThroughObstore:
    """A FileStore on any store that obstore knows."""

    def __init__(self, store: Any, *, typed: bool) -> None:
        self._store, self._typed = store, typed

    def put(self, key: str, data: bytes, *, content_type: str) -> None:
        attributes = {"Content-Type": content_type} if self._typed else None
        with _told():
            obstore.put(self._store, key, data, attributes=attributes)

    def get(self, key: str) -> bytes | None:
        with _told(), suppress(FileNotFoundError):
            return bytes(obstore.get(self._store, key).bytes())
        return None

    def delete(self, key: str) -> None:
        with _told(), suppress(FileNotFoundError):
            obstore.delete(self._store, key)

    def older(self, prefix: str, before: datetime) -> Iterator[str]:
        for batch in obstore.list(self._store, prefix):
            yield from (str(one["path"]) for one in batch if one["last_modified"] < before)


@contextmanager
def _told() -> Iterator[None]:
    """A disk that is full, a bucket that is away: nobody's mistake, and over some time. Raises Unavailable."""
    try:
        yield
    except (BaseError, OSError) as why:
        log.error("the files cannot be reached", why=str(why)[:300])
        raise Unavailable(
            detail="Files cannot be kept or read at the moment. Try again in a moment."
        ) from why


class LocalFiles(ThroughObstore):
    """Files below a folder; obstore writes beside and renames, so a crash leaves no half file."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(LocalStore(folder, mkdir=True), typed=False)


class S3Files(ThroughObstore):
    """Objects of a bucket; credentials and region come from the environment as for every S3 client."""

    def __init__(self, bucket: str, prefix: str = "", **config: Any) -> None:
        super().__init__(S3Store(bucket, prefix=prefix or None, **config), typed=True)
