"""Short messages to telephones and chat rooms, through apprise's services (SMS, WeChat Work, DingTalk, Slack ...)."""

import json
from importlib import import_module
from pathlib import Path
from urllib.parse import quote

from returns_service.domain.ports import DeliveryFailed


class Chat:
    """Sends to an apprise address. `service` may hold `{to}`, such as `twilio://sid:token@from/{to}`; without a
    service the recipient is itself an apprise address (a chat room of the shop's staff)."""

    def __init__(self, service: str | None = None) -> None:
        self.service = service

    def send(self, to: str, text: str, *, title: str = "") -> None:
        address = self.service.replace("{to}", quote(to, safe="")) if self.service else to
        apprise = import_module("apprise")  # a hundred services; loaded when the first short message leaves
        sender = apprise.Apprise()
        if not sender.add(address):
            raise DeliveryFailed(
                "The address of the SMS or chat service is not one that can be used.", permanent=True
            )
        if not sender.notify(body=text, title=title, notify_type=apprise.NotifyType.INFO):
            raise DeliveryFailed("The SMS or chat service did not take the message.")


class ChatFiles:
    """The stand-in for the default run: one line of JSON per message."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def send(self, to: str, text: str, *, title: str = "") -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps({"to": to, "title": title, "text": text}, ensure_ascii=False) + "\n")
