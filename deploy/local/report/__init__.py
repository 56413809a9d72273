"""The page that a run of the demo leaves: one file with no other assets, readable without scripts."""
