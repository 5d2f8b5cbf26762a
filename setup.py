"""Packaging of the Frappe app `picortex_xero` (bench get-app installs it from here).

Frappe and ERPNext come with the bench: the packages of those names on the public index are not them.
"""

import re
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent
VERSION = re.search(r'^__version__ = "(.+)"$', (ROOT / "picortex_xero" / "__init__.py").read_text(), re.MULTILINE).group(1)

setup(
    name="picortex_xero",
    version=VERSION,
    description="Submitted ERPNext documents appear in Xero by themselves, once, to the cent",
    long_description=(ROOT / "README.md").read_text(),
    long_description_content_type="text/markdown",
    author="PiCortex",
    license="MIT",
    license_files=["license.txt"],
    packages=find_packages(include=["picortex_xero", "picortex_xero.*"]),
    include_package_data=True,
    package_data={"picortex_xero": ["**/*.json", "**/*.js", "**/*.txt", "**/*.csv", "**/*.svg"]},
    python_requires=">=3.10",
    install_requires=[
        # Inside Frappe 15's pins (cryptography~=44): see docs/decisions.md.
        "authlib>=1.6.12,<1.7",
        "httpx>=0.27,<1",
        "simplejson>=3.19,<5",
        # Bank statement files: OFX and MT940; CAMT.
        "bankfile>=0.2,<0.3",
        "mt-940>=5.1,<6",
        "lxml>=5,<7",
    ],
)
