"""What Verbale costs, beside what it stands on: `make bench` prints one table of ratios."""
