"""Writes the next migration from the difference between the tables and the migrations.

python -m tests.ground.revision "what changes"
"""

import sys

from alembic import command

from returns_service.store import migrations
from returns_service.store.db import engine
from tests.ground import postgres


def write(message: str) -> None:
    with postgres.running() as server:
        url = server.url(server.create())
        migrations.upgrade(url)
        with engine(url).begin() as connection:
            config = migrations.config(connection)
            last = len(list(migrations.FOLDER.glob("versions/*.py")))
            command.revision(config, message, autogenerate=True, rev_id=f"{last + 1:04d}")


if __name__ == "__main__":
    write(sys.argv[1])
