"""The yearly letter on safe disposal (42 CFR 422.111(j))."""
