"""A mail server that demands encryption and a password, with a certificate that this machine trusts for a test."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from accounts.dispatch.choices import Lane
from accounts.dispatch.engine import drain
from accounts.dispatch.transport import transport
from tests.accounts.dispatch.mailserver import Server

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def certificate(tmp_path, monkeypatch):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "certificate.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return file


@pytest.fixture
def strict_server(certificate, settings):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    def check(server, session, envelope, mechanism, data):
        return AuthResult(success=(data.login, data.password) == (b"rafiq", b"right"))

    server = Server(tls_context=context, require_starttls=True, authenticator=check, auth_required=True)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER = True, "rafiq"
    yield server.handler
    transport().close()
    server.stop(no_assert=True)


@pytest.mark.parametrize(("password", "outcome"), [("right", "sent"), ("wrong", "down")])
def test_mail_goes_encrypted_and_signed_in(queue, strict_server, settings, password, outcome):
    settings.EMAIL_HOST_PASSWORD = password
    queue()

    assert drain(Lane.BULK) == {outcome: 1}
    assert len(strict_server.accepted) == (outcome == "sent")
