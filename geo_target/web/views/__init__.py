"""One module a blueprint."""
