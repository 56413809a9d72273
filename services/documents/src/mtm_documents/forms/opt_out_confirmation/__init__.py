"""The letter that confirms what a member asked for: leaving, or no review this year."""
