"""The yardstick: what `ampctl job list` does, in as few lines as it takes with requests."""

import sys

import requests

answer = requests.get(sys.argv[1] + "/jobs", params={"limit": 50, "status": "all"}, timeout=30)
answer.raise_for_status()
for job in answer.json()["jobs"]:
    what = job["descriptor"]
    dataset = f"{what['dataset_namespace']}/{what['dataset_name']}@{what['manifest_hash'][:7]}"
    print(job["id"], job["status"], dataset, what["kind"], job["node_id"], job["created_at"])
