"""What every room stands on: database, access, audit, jobs, documents, units, accounts, the web. Knows nothing of
questions or contests."""
