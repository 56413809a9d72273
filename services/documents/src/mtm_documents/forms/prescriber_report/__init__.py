"""The report to a prescriber: a cover sheet, and one page for each problem."""
