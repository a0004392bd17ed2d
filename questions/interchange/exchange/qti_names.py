"""QTI's three versions: namespaces and how each spells its elements.

2.1 and 2.2 write `choiceInteraction`, 3.0 writes `qti-choice-interaction`; everything else that we use is the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Version:
    """One version: its name, namespaces, and the resource type and schema version of a package's manifest."""

    name: str
    item: str
    schema: str
    manifest: str
    resource: str
    schema_version: str

    def spell(self, tag: str) -> str:
        """The element called ``tag`` in 2.x, with its namespace."""
        return f"{{{self.item}}}{kebab(tag) if self.name == '3.0' else tag}"

    def attribute(self, name: str) -> str:
        """The attribute called ``name`` in 2.x: 3.0 spells it with hyphens."""
        return re.sub(r"(?<=[a-z])[A-Z]", lambda found: "-" + found[0].lower(), name) if self.name == "3.0" else name


def kebab(tag: str) -> str:
    """ "choiceInteraction" as 3.0 spells it: "qti-choice-interaction"."""
    return "qti-" + re.sub(r"(?<=[a-z])[A-Z]", lambda found: "-" + found[0].lower(), tag).lower()


def camel(tag: str) -> str:
    """ "qti-choice-interaction" as 2.x spells it; other names as they are."""
    if not tag.startswith("qti-"):
        return tag
    first, *others = tag[4:].split("-")
    return first + "".join(part.capitalize() for part in others)


_IMS = "http://www.imsglobal.org/xsd"
_CP = f"{_IMS}/imscp_v1p1"
VERSIONS = {
    "2.1": Version(
        "2.1", f"{_IMS}/imsqti_v2p1", f"{_IMS}/qti/qtiv2p1/imsqti_v2p1.xsd", _CP, "imsqti_item_xmlv2p1", "QTIv2.1 Package"
    ),
    "2.2": Version(
        "2.2", f"{_IMS}/imsqti_v2p2", f"{_IMS}/qti/qtiv2p2/imsqti_v2p2.xsd", _CP, "imsqti_item_xmlv2p2", "QTIv2.2 Package"
    ),
    "3.0": Version(
        "3.0",
        f"{_IMS}/imsqtiasi_v3p0",
        "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd",
        f"{_IMS}/qti/qtiv3p0/imscp_v1p1",
        "imsqti_item_xmlv3p0",
        "QTI Package 3.0.0",
    ),
}
#: The names under which our own fields stand in a manifest's metadata (LOM keywords "tên: giá trị").
LOM = "http://ltsc.ieee.org/xsd/LOM"
