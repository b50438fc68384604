"""The methods of our interfaces, read from their definitions by PyPI's `varlink`, each with the plainest parameters there are."""

import glob
import os
import re

import varlink
from varlink import scanner

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Sources", "ControlInterface", "Definitions")


def sample(kind, interface):
    """A value of a type."""
    if isinstance(kind, scanner._CustomType):
        return sample(interface.members[kind.name].type, interface)
    if isinstance(kind, scanner._Enum):
        return next(iter(kind.fields))
    if isinstance(kind, scanner._Struct):
        return parameters_for(kind, interface)
    if isinstance(kind, (scanner._Array, list)):
        return []
    if isinstance(kind, (scanner._Dict, scanner._Object, dict, set)):
        return {}
    return {bool: False, int: 1, float: 1.0, str: "x"}[type(kind)]


def parameters_for(struct, interface):
    """Of what may be left out, nothing."""
    return {name: sample(kind, interface) for name, kind in struct.fields.items() if not isinstance(kind, scanner._Maybe)}


def methods():
    """(interface, method, parameters, whether it has to be called with more), in the order of the definitions."""
    for path in sorted(glob.glob(f"{FOLDER}/*.varlink")):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        interface = varlink.Interface(text)
        for name in re.findall(r"^method (\w+)", text, re.M):
            method = interface.members[name]
            yield interface.name, name, parameters_for(method.in_type, interface), "[Requires 'more' flag]" in method.doc
