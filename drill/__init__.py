"""The fault drill: a firm's days run twice, once undisturbed and once with any boundary failing; both must end the same.

Here is the core level. It drives the real handlers, use-cases, connectors' commands and state-machine definitions. What
stands in for AWS are the ports of tests/fakes, which keep the promises of tests/contract/adapters. drill/estate breaks the
deployed estate instead. Measured in docs/reliability.md.
"""
