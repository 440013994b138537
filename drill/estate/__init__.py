"""The fault drill on the deployed estate: workers killed, the embedded AWS standing still, vendors faulting, the publisher
stopped, messages redelivered, dead letters. The firm's people do the same work as in a calm run; both must end the same.
"""
