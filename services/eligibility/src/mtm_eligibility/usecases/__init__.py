"""What callers ask for, one function each. They read the clock from their arguments and never commit."""
