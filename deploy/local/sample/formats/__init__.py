"""The formats in which a plan is written: those that `POST /v1/imports` reads, and Parquet for everything else."""
