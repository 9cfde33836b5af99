"""What commands derive from."""
