"""`python -m returns_service` is the command `returns-service`."""

from returns_service.cli import main

main()
