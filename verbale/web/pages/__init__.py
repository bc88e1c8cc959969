"""The pages, a module each: what it shows, out of a ledger and of what was asked."""
