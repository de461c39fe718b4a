"""Photos on disk or S3, through one library."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import obstore
from obstore.store import LocalStore, S3Store


class ThroughObstore:
    """A FileStore on any store that obstore knows."""

    def __init__(self, store: Any, *, typed: bool) -> None:
        self._store, self._typed = store, typed

    def put(self, key: str, data: bytes, *, content_type: str) -> None:
        attributes = {"Content-Type": content_type} if self._typed else None
        obstore.put(self._store, key, data, attributes=attributes)

    def get(self, key: str) -> bytes | None:
        try:
            return bytes(obstore.get(self._store, key).bytes())
        except FileNotFoundError:
            return None

    def delete(self, key: str) -> None:
        try:
            obstore.delete(self._store, key)
        except FileNotFoundError:
            return

    def older(self, prefix: str, before: datetime) -> Iterator[str]:
        for batch in obstore.list(self._store, prefix):
            yield from (str(one["path"]) for one in batch if one["last_modified"] < before)


class LocalFiles(ThroughObstore):
    """Files below a folder; obstore writes beside and renames, so a crash leaves no half file."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(LocalStore(folder, mkdir=True), typed=False)


class S3Files(ThroughObstore):
    """Objects of a bucket; credentials and region come from the environment as for every S3 client."""

    def __init__(self, bucket: str, prefix: str = "", **config: Any) -> None:
        super().__init__(S3Store(bucket, prefix=prefix or None, **config), typed=True)
