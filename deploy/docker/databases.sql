-- One PostgreSQL, three databases: no service can read another's tables, only call it.
-- Run once, by the image's entrypoint, when the volume is empty.
CREATE DATABASE mtm_eligibility;
CREATE DATABASE mtm_review;
CREATE DATABASE mtm_documents;
