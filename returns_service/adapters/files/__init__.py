"""Where photos are kept: a folder or S3; and how a picture from outside becomes one that is safe to keep."""

from pathlib import Path

from returns_service.adapters.files.pictures import Pictures
from returns_service.adapters.files.stores import LocalFiles, S3Files, ThroughObstore
from returns_service.domain.ports import FileStore

__all__ = ["LocalFiles", "Pictures", "S3Files", "ThroughObstore", "store_at"]


def store_at(place: str | Path) -> FileStore:
    """The store at a folder, or at an address such as s3://bucket/prefix."""
    if str(place).startswith("s3://"):
        bucket, _, prefix = str(place).removeprefix("s3://").partition("/")
        return S3Files(bucket, prefix)
    return LocalFiles(Path(place))
