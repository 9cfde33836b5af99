"""Completion: one engine for the prompt and for bash, zsh and fish."""
