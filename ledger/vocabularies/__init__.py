"""Published code lists, as tables: read once, when somebody asks."""
