"""One function for each thing that a caller asks for, and the ports they ask it through."""
