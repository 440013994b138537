"""What people do about exceptions: one file per kind of action, each with what it would do and what it does."""
