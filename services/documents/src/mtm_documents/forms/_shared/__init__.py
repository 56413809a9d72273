"""What more than one form is made of: letterhead, contact lines, safe disposal, and the door's models for them."""
