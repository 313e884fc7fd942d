"""What the proxy does, in words: the same ones in the header and in the tray."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from proxycast.desktop.proxy_control import ProxyControl, ProxyState
from proxycast.service.service import Service


def proxy_words(proxy: ProxyControl) -> str:
    """The proxy's state."""
    if proxy.busy:
        if proxy.running:
            return QCoreApplication.translate("Status", "Stopping…")
        return QCoreApplication.translate("Status", "Starting…")
    return {
        ProxyState.RUNNING: QCoreApplication.translate("Status", "Proxy running"),
        ProxyState.STOPPED: QCoreApplication.translate("Status", "Proxy stopped"),
        ProxyState.WARNING: QCoreApplication.translate("Status", "Proxy running, needs attention"),
        ProxyState.ERROR: QCoreApplication.translate("Status", "Proxy could not start"),
    }[proxy.state]


def credential_words(service: Service) -> str:
    """The credential that traffic uses."""
    selected = service.pool.selected
    if selected is None:
        return QCoreApplication.translate("Status", "No credential is selected")
    if not selected.enabled:
        return QCoreApplication.translate("Status", "{name} is selected but disabled").format(name=selected.name)
    return QCoreApplication.translate("Status", "Using {name}").format(name=selected.name)
