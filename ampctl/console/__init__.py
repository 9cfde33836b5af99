"""What is said to a person, and the streams it is said on."""
