"""`File`: a row and its content in the site's folder (frappe/core/doctype/file/file.py, 15.72.4)."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from frappe._context import local
from frappe._messages import throw
from frappe.exceptions import MandatoryError, ValidationError
from frappe.model.document import Document

REMOTE = ("http://", "https://")


class File(Document):
    """`content` (bytes or text) is what is uploaded with a new one; one with a remote `file_url` has none here."""

    def before_insert(self) -> None:
        if not self.file_name and not self.file_url:
            throw("Fields `file_name` or `file_url` must be set for File", exc=MandatoryError)
        self.file_name = re.sub("/", "", self.file_name) if self.file_name else self.file_url.split("/")[-1]
        if self.is_folder or str(self.file_url or "").startswith(REMOTE):
            return
        content = self.get("content")
        if content is None:
            throw("The stand-in keeps no file without its content", exc=ValidationError)
        stored = content.encode() if isinstance(content, str) else bytes(content)
        self.content_hash, self.file_size = hashlib.md5(stored).hexdigest(), len(stored)
        self.file_name = self._free_name()
        path = self._path()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(stored)

    def _free_name(self) -> str:
        """The name it is kept under, `file_url` with it: its own, with a piece of its hash where another file has that."""
        folder = f"/{'private/' if self.is_private else ''}files/"
        self.file_url = folder + self.file_name
        if self._path().exists():
            path = Path(self.file_name)
            self.file_url = f"{folder}{path.stem}{self.content_hash[-6:]}{path.suffix}"
        return self.file_url.removeprefix(folder)

    def _path(self) -> Path:
        return Path(local.site_path) / ("" if self.file_url.startswith("/private/") else "public") / self.file_url.lstrip("/")

    def get_full_path(self) -> str:
        """Where the file is on the disk, by its address alone."""
        return str(self._path())

    def get_content(self) -> bytes | str:
        """The file's content; text where it can be read as UTF-8. OSError where it is not there."""
        if self.is_folder:
            throw("Cannot get file contents of a Folder")
        stored = self._path().read_bytes()
        try:
            return stored.decode()
        except UnicodeDecodeError:
            return stored
