"""The whole deployment on one screen: what is known of it, what is asked next, what is shown."""
