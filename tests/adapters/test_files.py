"""One contract for every place where photos are kept."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from moto.server import ThreadedMotoServer

from returns_service.adapters.files import LocalFiles, S3Files, store_at
from returns_service.domain.errors import Unavailable
from returns_service.domain.ports import FileStore


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of an S3 on loopback with a bucket `photos`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture(params=["local", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    if request.param == "local":
        return LocalFiles(tmp_path / "files")
    endpoint = request.getfixturevalue("s3")
    _bucket(endpoint)
    return S3Files(
        "photos",
        "shop",
        endpoint=endpoint,
        access_key_id="test",
        secret_access_key="test",
        region="us-east-1",
        client_options={"allow_http": True},
    )


def _bucket(endpoint: str) -> None:

    httpx.put(
        f"{endpoint}/photos",
        headers={"Authorization": "AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/s3/aws4_request"},
    )


def test_what_is_put_is_there(store: FileStore):
    store.put("photos/a/1.jpg", b"\xff\xd8 picture", content_type="image/jpeg")
    assert store.get("photos/a/1.jpg") == b"\xff\xd8 picture"


def test_what_is_put_again_is_replaced(store: FileStore):
    for data in (b"first, and longer", b"second"):
        store.put("photos/a/2.jpg", data, content_type="image/jpeg")
    assert store.get("photos/a/2.jpg") == b"second"


def test_what_was_never_put_is_not_there(store: FileStore):
    assert store.get("photos/a/none.jpg") is None


def test_what_is_deleted_is_gone_and_may_be_deleted_again(store: FileStore):
    store.put("photos/a/3.jpg", b"x", content_type="image/jpeg")
    for _ in range(2):
        store.delete("photos/a/3.jpg")
    assert store.get("photos/a/3.jpg") is None


def test_what_was_last_written_long_ago_can_be_told(store: FileStore):
    for key in ("drafts/a/1.json", "drafts/b/2.json", "other/3.json"):
        store.put(key, b"{}", content_type="application/json")
    now = datetime.now(UTC)
    assert sorted(store.older("drafts/", now + timedelta(hours=1))) == ["drafts/a/1.json", "drafts/b/2.json"]
    assert list(store.older("drafts/", now - timedelta(hours=1))) == []


def test_a_large_file_comes_back_whole(store: FileStore):
    data = bytes(range(256)) * 4096 * 8
    store.put("photos/large.jpg", data, content_type="image/jpeg")
    assert store.get("photos/large.jpg") == data


@pytest.mark.parametrize("key", ["../outside", "a/../../outside", "a//../b"])
def test_no_key_leads_out_of_the_store(tmp_path: Path, key: str):
    store = LocalFiles(tmp_path / "files")
    with pytest.raises(ValueError, match=r"[Pp]ath|segment"):
        store.put(key, b"x", content_type="text/plain")
    assert list(tmp_path.glob("*")) == [tmp_path / "files"]


def test_an_address_or_a_folder_says_where(tmp_path: Path):
    assert isinstance(store_at("s3://bucket/prefix"), S3Files)
    assert isinstance(store_at(tmp_path), LocalFiles)


def test_a_place_that_cannot_be_written_to_is_told_and_works_again_afterwards(tmp_path: Path):
    folder = tmp_path / "files"
    store = LocalFiles(folder)
    folder.rmdir()
    folder.write_text("in its way")
    with pytest.raises(Unavailable):
        store.put("photos/a.jpg", b"x", content_type="image/jpeg")
    folder.unlink()
    store.put("photos/a.jpg", b"x", content_type="image/jpeg")
    assert store.get("photos/a.jpg") == b"x"
