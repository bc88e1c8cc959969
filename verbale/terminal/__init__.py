"""Answers as text for a terminal of any width, 80 columns by default; nothing here reads the ledger or prints."""
