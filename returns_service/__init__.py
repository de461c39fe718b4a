"""Returns, exchanges and refunds that run beside any storefront."""

__version__ = "0.1.0"
