"""Values that every service shares: codes, drugs, outcomes, citations and money. Standard library only."""
