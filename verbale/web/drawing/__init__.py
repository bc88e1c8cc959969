"""Drawings as plain shapes: data in, geometry out.  No page, no ledger and no markup is known here."""
