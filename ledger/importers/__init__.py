"""Text in, drafts out: one module per format."""
