"""What a program of cliff alone takes for `job list`, made as OpenStack's clients are."""

import sys

import requests
from cliff.app import App
from cliff.commandmanager import CommandManager
from cliff.lister import Lister


class ListJobs(Lister):
    """List jobs."""

    def take_action(self, parsed_args):
        query = {"limit": 50, "status": "all"}
        jobs = requests.get(sys.argv[1] + "/jobs", params=query, timeout=30).json()["jobs"]
        names = ("id", "status", "node_id", "created_at", "updated_at")
        return names, [[job[name] for name in names] for job in jobs]


commands = CommandManager("bench.none")
commands.add_command("job list", ListJobs)
sys.exit(App("A program of cliff alone", "1", commands).run(sys.argv[2:]))
