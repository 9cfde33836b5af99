# Completion of ampctl for fish. `ampctl completion fish --install` writes this file.
function __ampctl_ask
    set -l program (string replace -r '^~/' "$HOME/" -- (commandline -opc)[1])
    type -q -- $program; or set program ampctl
    set -g __ampctl_answer ($program __complete text (commandline -cp | string collect) 2>/dev/null)
    # Where files are meant fish completes by itself.
    not string match -q -r '^:[01]$' -- "$__ampctl_answer[-1]"
end
complete -c ampctl -f -n __ampctl_ask -a '$__ampctl_answer[1..-2]'
