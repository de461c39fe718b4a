"""The three faces for people, and what they stand on."""
