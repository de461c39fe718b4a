"""The bodies of the contract as closed marshmallow schemas; the OpenAPI document is made from them."""
