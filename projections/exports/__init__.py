"""The record, and answers from it, in the forms of other tools."""
