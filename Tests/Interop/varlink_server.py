"""Serves the certification interface with PyPI's `varlink`, so that our client meets a server nobody here wrote.

Arguments: the address, and the folder that holds org.varlink.certification.varlink.
"""

import math
import sys

import varlink

service = varlink.Service(
    vendor="PyPI varlink", product="certification", version="1", url="https://varlink.org", interface_dir=sys.argv[2]
)


class Handler(varlink.RequestHandler):
    service = service


class CertificationError(varlink.VarlinkError):
    def __init__(self, wants, got):
        super().__init__(
            {
                "error": "org.varlink.certification.CertificationError",
                "parameters": {"wants": wants, "got": got},
            }
        )


STRUCT = {"bool": False, "int": 2, "float": math.pi, "string": "a lot of string"}
MYTYPE = {
    "object": {"method": "org.varlink.certification.Test09", "parameters": {"map": {"foo": "Foo", "bar": "Bar"}}},
    "enum": "two",
    "struct": {"first": 1, "second": "2"},
    "array": ["one", "two", "three"],
    "dictionary": {"foo": "Foo", "bar": "Bar"},
    "stringset": {"one", "two", "three"},
    "nullable": None,
    "nullable_array_struct": None,
    "interface": {
        "foo": [None, {"foo": "foo", "bar": "bar"}, None, {"one": "foo", "two": "bar"}],
        "anon": {"foo": True, "bar": False},
    },
}


def check(wants, got):
    if wants != got:
        raise CertificationError({"value": repr(wants)}, {"value": repr(got)})


@service.interface("org.varlink.certification")
class Certification:
    def Start(self):
        return {"client_id": "run"}

    def Test01(self, client_id):
        check("run", client_id)
        return {"bool": True}

    def Test02(self, client_id, _bool):
        check(True, _bool)
        return {"int": 1}

    def Test03(self, client_id, _int):
        check(1, _int)
        return {"float": 1.0}

    def Test04(self, client_id, _float):
        check(1.0, _float)
        return {"string": "ping"}

    def Test05(self, client_id, _string):
        check("ping", _string)
        return dict(STRUCT)

    def Test06(self, client_id, _bool, _int, _float, _string):
        check(STRUCT, {"bool": _bool, "int": _int, "float": _float, "string": _string})
        return {"struct": dict(STRUCT)}

    def Test07(self, client_id, _struct):
        check(STRUCT, dict(_struct))
        return {"map": {"foo": "Foo", "bar": "Bar"}}

    def Test08(self, client_id, _map):
        check({"foo": "Foo", "bar": "Bar"}, dict(_map))
        return {"set": {"one", "two", "three"}}

    def Test09(self, client_id, _set):
        check({"one", "two", "three"}, set(_set))
        return {"mytype": dict(MYTYPE)}

    def Test10(self, client_id, mytype):
        check(MYTYPE, {**{"nullable": None, "nullable_array_struct": None}, **dict(mytype)})
        for number in range(1, 11):
            yield {"string": f"Reply number {number}", "_continues": number != 10}

    def Test11(self, client_id, last_more_replies, _oneway=False):
        check(True, _oneway)
        check([f"Reply number {number}" for number in range(1, 11)], list(last_more_replies))

    def End(self, client_id):
        return {"all_ok": True}


with varlink.ThreadingServer(sys.argv[1], Handler) as server:
    server.serve_forever()
