"""A certificate of its own making, for servers of the tests that speak TLS."""

import ssl
import subprocess


def self_signed(folder):
    """Writes a certificate for 127.0.0.1 and its key into `folder`. Returns the options of `serve` and a context that trusts it."""
    certificate, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True)
    options = ["--tls-certificate", str(certificate), "--tls-key", str(key)]
    return options, ssl.create_default_context(cafile=str(certificate))
