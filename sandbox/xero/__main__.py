"""``python -m sandbox.xero --port 0 --state-file FILE --org NZ:NZD:"Kauri Supplies"``."""
from __future__ import annotations

import argparse
import gc
import json
import re

from sandbox.xero import organisation, server, sign_in
from sandbox.xero.refusals import DATA
from sandbox.xero.world import World


def main() -> None:
    """Starts the simulator and serves until it is ended."""
    parser = argparse.ArgumentParser(prog="sandbox.xero", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--state-file", help="JSON with the address is written here once it listens")
    parser.add_argument("--org", action="append", default=[], metavar="EDITION:CURRENCY:NAME",
                        help="AU, NZ, UK or US; base currency; name")
    parser.add_argument("--redirect-uri", action="append", default=[], help="of the app 'sandbox-web'")
    parser.add_argument("--rules", choices=["all", "unverified"], help="print the rules with grade and source, and end")
    options = parser.parse_args()
    if options.rules:
        for rule in json.loads((DATA / "rules.json").read_text())["rules"]:
            if options.rules == "all" or rule["grade"] == "C" or re.search(r"\bC\b", rule["source"]):
                print(f"[{rule['grade']}] {rule['rule']} ({rule['source']})")
        return
    # The record of calls and the organisations' documents only grow: the collector need not go through all of it again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    world = World()
    for given in options.org or ["NZ:NZD:Kauri Supplies"]:
        edition, currency, name = given.split(":", 2)
        org = organisation.found(edition, currency or None, name)
        world.organisations[org.tenant] = org
    sign_in.register(world, {"client_id": "sandbox-web", "client_secret": "sandbox-web-secret", "grant": "code",
                             "name": "Web app", "redirect_uris": options.redirect_uri or ["http://localhost/callback"]})
    sign_in.register(world, {"client_id": "sandbox-custom", "client_secret": "sandbox-custom-secret",
                             "grant": "custom", "name": "Custom connection", "tenant": next(iter(world.organisations))})
    bound = server.start(world, options.port)
    if options.state_file:
        server.write_state(options.state_file, bound, world)
    print(f"Xero sandbox at http://localhost:{bound.server_port}", flush=True)
    bound.serve_forever()


if __name__ == "__main__":
    main()
