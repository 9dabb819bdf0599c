"""The long campaigns of `make prove`."""
