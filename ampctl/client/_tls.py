"""Which certificates are trusted: one TLS context for all connections of a client.

It is made here because :func:`ssl.create_default_context` and urllib3 would write the keys of each
session to the file in ``SSLKEYLOGFILE``, and so let anyone who reads it see the token.
"""

from __future__ import annotations

import os
import ssl

import requests.utils

from ampctl.client.hints import ARGUMENT_HINTS
from ampctl.errors import UsageError


def build_context(
    ca_file: str | os.PathLike[str] | None = None, *, verify: bool = True
) -> ssl.SSLContext:
    """Return a context that trusts the certificates of a file, or the usual ones.

    The file is opened once, so it may be a pipe.

    Args:
        ca_file: a file of CA certificates in PEM; None for those that requests comes with.
        verify: False accepts any certificate.

    Raises:
        UsageError: the file can't be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.hostname_checks_common_name = False
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    path = requests.utils.DEFAULT_CA_BUNDLE_PATH if ca_file is None else os.fspath(ca_file)
    try:
        context.load_verify_locations(cafile=path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None)
        # What the TLS library says of a file without certificates speaks of its own source.
        if reason is None or isinstance(error, ssl.SSLError):
            reason = "it holds no certificate"
        raise UsageError(
            f"can't read the CA file {path!r}: {reason}",
            hint=ARGUMENT_HINTS["ca_file"],
            setting="ca_file",
        ) from error
    return context
