"""The door: routes, the shapes between wire and domain, and the table from errors to problem documents."""
