"""The control-plane command line of Amp, and the client library behind it."""

__version__ = "0.2.0"
