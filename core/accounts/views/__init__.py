"""Pages of people, sign-in and roles; one module a blueprint."""
