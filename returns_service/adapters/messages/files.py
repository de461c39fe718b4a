"""Mail as files: complete `.eml` messages that any mail reader opens. What the default run uses instead of SMTP."""

import hashlib
import os
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from returns_service.adapters.messages.mime import compose
from returns_service.domain.ports import EmailMessage


class MailFiles:
    """Writes each message into a folder. The same message id gives the same file, so a repeat changes nothing."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self.folder = folder
        self.clock = clock

    def send(self, message: EmailMessage) -> None:
        content = compose(message, self.clock()).content
        place = os.path.join(self.folder, file_name(message.id))
        try:
            _write(place, content)
        except FileNotFoundError:  # before the first message
            self.folder.mkdir(parents=True, exist_ok=True)
            _write(place, content)


def _write(place: str, content: bytes) -> None:
    """A reader never sees half a message: written beside, then moved into place in one step."""
    beside = f"{place}.{os.urandom(8).hex()}.part"
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(beside, place)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def file_name(message_id: str) -> str:
    """A name that says which message it is and can never leave the folder."""
    readable = re.sub(r"[^A-Za-z0-9.-]+", "-", message_id.strip("<>")).strip(".-")[:80]
    mark = hashlib.sha256(message_id.encode()).hexdigest()[:12]
    return f"{readable}-{mark}.eml"
