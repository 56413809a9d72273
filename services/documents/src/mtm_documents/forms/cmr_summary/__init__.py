"""The written summary of a comprehensive medication review in CMS's standardized format (Form CMS-10396)."""
