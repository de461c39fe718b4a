"""The smaller commands of `returns-service`."""
