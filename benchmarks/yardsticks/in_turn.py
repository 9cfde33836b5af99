"""The yardstick of many targets: the same requests for each of them, one after the other.

Usage: in_turn.py URL COUNT METHOD:PATH... where PATH holds {} for the job's id.
"""

import sys

import requests

url, count, *steps = sys.argv[1:]
session = requests.Session()
for job_id in range(1, int(count) + 1):
    for step in steps:
        method, path = step.split(":")
        answer = session.request(method, url + path.format(job_id), timeout=30)
        answer.raise_for_status()
    print(job_id)
