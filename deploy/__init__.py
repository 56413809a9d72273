"""How OpenMTM is run: images and Compose in `docker/`, the demo on one machine in `local/`."""
