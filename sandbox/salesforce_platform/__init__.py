"""A Salesforce org without its products: REST, OAuth, SOQL, outbound messages, change events, from the vendor notes.

What is sold on the platform is a package (package.py): sandbox.salesforce is the CRM, sandbox.certinia the PSA.
"""
