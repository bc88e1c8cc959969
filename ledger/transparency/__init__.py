"""Pure functions over bytes, in the formats of the transparency-log community."""
