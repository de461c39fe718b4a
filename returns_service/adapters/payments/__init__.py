"""Payment gateways: the sandbox, the storefront that moves the money itself, and Stripe."""

from returns_service.adapters.payments.sandbox import SandboxGateway
from returns_service.adapters.payments.storefront import StorefrontGateway

__all__ = ["SandboxGateway", "StorefrontGateway"]
