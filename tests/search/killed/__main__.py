import dataclasses
import json
import sys

from tests.search.killed.campaign import index_killed

if __name__ == "__main__":
    outcome = index_killed(folder=sys.argv[1], **json.loads(sys.argv[2]))
    sys.stdout.write(json.dumps(dataclasses.asdict(outcome)))
