"""What moves the jobs behind the API: a made-up past, simulated workers, and retries."""
