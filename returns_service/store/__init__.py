"""Tables, queries per aggregate, locks, outbox and audit: the only place with SQL."""
