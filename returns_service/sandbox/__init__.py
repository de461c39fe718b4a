"""A payment gateway that can misbehave: a program of its own, with its own ledger, for the default run and for tests.

It shares nothing with the service but how amounts are written and where it listens, so that a checker may trust it.
"""
