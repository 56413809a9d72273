"""One file for each screen: a pure function from regimen, patient and knowledge to findings and suppressions."""
