"""The credential pool: the ordered list of credentials and which one is selected."""

from __future__ import annotations

import difflib

import msgspec

from proxycast.model.credential import Credential
from proxycast.model.errors import NothingSelected, UnknownCredential
from proxycast.model.text import Text


class Pool(msgspec.Struct, frozen=True, kw_only=True):
    """The ordered list of credentials; names and ids are unique.

    `chosen` is the name that the user selected, if any; without it the first enabled credential is selected.
    """

    credentials: tuple[Credential, ...] = ()
    chosen: str | None = None

    @property
    def selected(self) -> Credential | None:
        """The credential that traffic uses now; it may be disabled if the user chose it and then switched it off."""
        if self.chosen is not None:
            return next((one for one in self.credentials if one.name == self.chosen), None)
        return next((one for one in self.credentials if one.enabled), None)

    def require_selected(self) -> Credential:
        """The selected credential. Raises NothingSelected."""
        selected = self.selected
        if selected is None:
            raise NothingSelected(
                Text("No credential is selected in ProxyCast."),
                Text("Add one, or select one with `proxycast use NAME`."),
            )
        return selected

    def by_name(self, name: str) -> Credential:
        """The credential of this name. Raises UnknownCredential, which names the nearest one."""
        for one in self.credentials:
            if one.name == name:
                return one
        near = difflib.get_close_matches(name, [one.name for one in self.credentials], n=1)
        remedy = (
            Text("Did you mean {name}?", name=near[0])
            if near
            else Text("`proxycast list` shows the credentials there are.")
        )
        raise UnknownCredential(Text("There is no credential named {name}.", name=name), remedy)

    def by_id(self, identity: str) -> Credential | None:
        """The credential of this id, if there is one."""
        return next((one for one in self.credentials if one.id == identity), None)
