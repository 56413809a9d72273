"""HL7 FHIR R4 at the door: our own subset of the resources that we read, and plain values of those that we write.

Reading is tolerant of what we do not know and strict in what we use; a full model library is twenty times slower and
serves in tests as the oracle (`docs/fhir.md` lists where R4 and the library's R4B differ for what we write).
"""
