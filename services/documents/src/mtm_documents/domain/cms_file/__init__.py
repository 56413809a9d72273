"""The yearly beneficiary-level file to CMS (CMS-10185, section II): layout, rows, edits and how its errors score."""
