"""What was said: entries, the journal that keeps them, and the rules that admit them."""
