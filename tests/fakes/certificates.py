"""Certificates for TLS on loopback: right, for another name, expired, or from an authority nobody trusts."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")

_DAY = dt.timedelta(days=1)


class Authority:
    """A certificate authority that keeps its certificates in `folder`.

    `ca_file` is what a client must trust. Its certificates pass OpenSSL's strict checks (RFC 5280), which Python
    applies by default from 3.13 on.
    """

    def __init__(self, folder: Path, name: str = "ProxyCast test authority") -> None:
        self._folder = folder
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._issued = 0
        usage = _usage(key_cert_sign=True, crl_sign=True)
        builder = (
            _builder(self._name, self._name, self._key.public_key(), dt.datetime.now(dt.UTC))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
        )
        certificate = builder.sign(self._key, hashes.SHA256())
        self.ca_file = folder / "authority.pem"
        self.ca_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def self_signed(self) -> ssl.SSLContext:
        """What a server uses that shows the authority's own certificate."""
        return self._context(self.ca_file.read_bytes(), self._key)

    def server(self, *names: str, expired: bool = False, early: bool = False) -> ssl.SSLContext:
        """What a server uses that is called `names` (host names or addresses; without any: loopback's).

        Its certificate is `expired`, or `early`: not valid before tomorrow.
        """
        names = names or LOOPBACK_NAMES
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        start = dt.datetime.now(dt.UTC) + (-30 * _DAY if expired else 2 * _DAY if early else dt.timedelta())
        certificate = (
            _builder(subject, self._name, key.public_key(), start)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(digital_signature=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        return self._context(certificate.public_bytes(serialization.Encoding.PEM), key)

    def _context(self, certificate: bytes, key: ec.EllipticCurvePrivateKey) -> ssl.SSLContext:
        self._issued += 1
        file = self._folder / f"server-{self._issued}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(certificate + private)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def client(self) -> ssl.SSLContext:
        """What a client uses that trusts this authority alone."""
        return ssl.create_default_context(cafile=str(self.ca_file))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, start: dt.datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start - _DAY)
        .not_valid_after(start + 7 * _DAY)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
