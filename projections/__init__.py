"""What it means: pure functions of the journal, kept in tables that can be thrown away."""
