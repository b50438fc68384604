"""Calls the certification interface of the server at the given address, with PyPI's `varlink` as the client."""

import sys

import varlink

with varlink.Client.new_with_address(sys.argv[1]) as client:
    with client.open("org.varlink.certification") as service:
        run = service.Start()["client_id"]
        one = service.Test01(run)
        two = service.Test02(run, one["bool"])
        three = service.Test03(run, two["int"])
        four = service.Test04(run, three["float"])
        five = service.Test05(run, four["string"])
        six = service.Test06(run, five["bool"], five["int"], five["float"], five["string"])
        seven = service.Test07(run, six["struct"])
        eight = service.Test08(run, seven["map"])
        nine = service.Test09(run, eight["set"])
        replies = [reply["string"] for reply in service.Test10(run, nine["mytype"], _more=True)]
        assert len(replies) == 10, replies
        service.Test11(run, replies, _oneway=True)
        assert service.End(run)["all_ok"] is True

        # Errors arrive as the definition names them, and the connection survives them.
        try:
            service.Test01("no such run")
            raise SystemExit("an unknown run was accepted")
        except varlink.VarlinkError as error:
            assert error.error() == "org.varlink.certification.ClientIdError", error
        run = service.Start()["client_id"]
        try:
            service.Test02(run, True)
            raise SystemExit("a call out of order was accepted")
        except varlink.VarlinkError as error:
            assert error.error() == "org.varlink.certification.CertificationError", error
        assert service.Test01(run)["bool"] is True
