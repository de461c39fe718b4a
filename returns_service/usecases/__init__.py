"""One verb per file: a function that reads like the business sentence. Never commits."""
