"""`python -m tests.races NAME SIZES`: run one campaign, on DATABASE_URL itself."""

import dataclasses
import json
import sys

from tests.races.campaigns import CAMPAIGNS


def main(name: str, sizes: str = "{}") -> int:
    outcome = CAMPAIGNS[name](**json.loads(sizes))
    sys.stdout.write(json.dumps(dataclasses.asdict(outcome)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
