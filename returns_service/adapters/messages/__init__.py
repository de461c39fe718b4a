"""How a message leaves: SMTP, files a mail reader opens, SMS and chat."""

from returns_service.adapters.messages.chat import Chat, ChatFiles
from returns_service.adapters.messages.files import MailFiles
from returns_service.adapters.messages.smtp import Smtp

__all__ = ["Chat", "ChatFiles", "MailFiles", "Smtp"]
