"""One function per invariant. They read the record alone and share no rule with the service."""
