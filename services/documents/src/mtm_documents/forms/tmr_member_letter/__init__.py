"""What a targeted review suggests to talk about with the doctor."""
