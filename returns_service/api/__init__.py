"""JSON over HTTP: one module per resource, each with its schemas; errors, auth, idempotency, paging."""
