"""The demo shop: one seedable generator for the shop people try out, for tests, measurements and screenshots."""
