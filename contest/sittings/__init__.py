"""The sitting: start, save, submit, the deadline, automatic marks and receipts. The path everything hangs on."""
