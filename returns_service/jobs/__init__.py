"""Work after the commit: the outbox's topics, the relay that drains it, the sweeper that forgets nothing."""
