"""Runs the three services on this machine, on SQLite, and does the main job end to end (`make demo`)."""
