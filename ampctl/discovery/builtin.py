"""The core's own commands and formats: a table, so that nothing installed can replace them."""

from __future__ import annotations

from ampctl.discovery.entry_points import EntryPoint

CORE = "ampctl.core"
GROUPS = "ampctl.groups"
FORMATTERS = "ampctl.formatter"
LIST_FORMATTERS = "cliff.formatter.list"
ONE_FORMATTERS = "cliff.formatter.show"

BUILTIN = (
    EntryPoint("complete", "ampctl.commands.complete:PrintBashCompletion", CORE),
    EntryPoint("completion", "ampctl.commands.completion:PrintCompletion", CORE),
    EntryPoint("help", "ampctl.commands.help:Help", CORE),
    EntryPoint("run", "ampctl.commands.run:RunScripts", CORE),
    EntryPoint("shell", "ampctl.commands.shell:OpenShell", CORE),
    EntryPoint("watch", "ampctl.commands.watch:WatchCommand", CORE),
    EntryPoint("plugin", "ampctl.commands.plugin:group", GROUPS),
    EntryPoint("check", "ampctl.commands.plugin.check:CheckPlugins", "ampctl.plugin"),
    EntryPoint("list", "ampctl.commands.plugin.list:ListPlugins", "ampctl.plugin"),
    EntryPoint("new", "ampctl.commands.plugin.new:NewPlugin", "ampctl.plugin"),
    EntryPoint("show", "ampctl.commands.plugin.show:ShowPlugin", "ampctl.plugin"),
    EntryPoint("csv", "ampctl.output.csv:CsvFormatter", FORMATTERS),
    EntryPoint("json", "ampctl.output.json:JsonFormatter", FORMATTERS),
    EntryPoint("jsonl", "ampctl.output.jsonl:JsonLinesFormatter", FORMATTERS),
    EntryPoint("table", "ampctl.output.table:TableFormatter", FORMATTERS),
    EntryPoint("value", "ampctl.output.value:ValueFormatter", FORMATTERS),
    EntryPoint("yaml", "ampctl.output.yaml:YamlFormatter", FORMATTERS),
    EntryPoint("shell", "ampctl.output.shell:ShellFormatter", ONE_FORMATTERS),
)

CORE_COMMANDS = tuple(entry for entry in BUILTIN if entry.group == CORE)
CORE_WORDS = tuple(entry.name for entry in CORE_COMMANDS)

HIDDEN = frozenset({"complete"})
"""Core commands that can be called and are not shown: they are for set-ups made for cliff."""

SHOWN_COMMANDS = tuple(entry for entry in CORE_COMMANDS if entry.name not in HIDDEN)
