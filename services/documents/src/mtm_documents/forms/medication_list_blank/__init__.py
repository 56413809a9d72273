"""The blank medication list that a plan's public page must offer (CMS guidance on the MTM web page)."""
