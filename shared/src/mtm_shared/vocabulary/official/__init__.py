"""Readers of the files that agencies publish: RxNorm, FDA NDC Directory, MED-RT, ICD-10-CM and NADAC."""
