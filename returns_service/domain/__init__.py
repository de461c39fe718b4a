"""What is true on paper: rules, sums and legal moves. No Flask, SQL, queue, clock or environment."""
