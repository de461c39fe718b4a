"""What the service costs, measured from outside: HTTP, PostgreSQL's own statistics, the kernel's accounts."""
