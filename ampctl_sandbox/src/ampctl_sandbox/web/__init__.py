"""The server on a socket: HTTP/1.1 read strictly, with limits, over waitress."""
