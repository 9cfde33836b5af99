"""What is here is for the type checker and the documentation."""

# Its tests need it installed; tests/test_docs.py runs them so.
collect_ignore = ["worker"]
