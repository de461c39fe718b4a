"""What tests stand on: real servers that are started for them, and gone after them."""
