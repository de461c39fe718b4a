"""The outside world: each real party and its working stand-in side by side, one contract test for both."""
