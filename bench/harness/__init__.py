"""Side-by-side measurement of proxy pairs; see ../README.md."""
