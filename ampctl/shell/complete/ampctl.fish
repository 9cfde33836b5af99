# Completion of ampctl for fish. `ampctl completion fish --install` writes this file.
function __ampctl_complete
    set -l program (string replace -r '^~/' "$HOME/" -- (commandline -opc)[1])
    type -q -- $program; or set program ampctl
    set -l answer ($program __complete text (commandline -cp | string collect) 2>/dev/null)
    set -q answer[1]; or return
    set -l directive (string sub -s 2 -- $answer[-1])
    string join \n -- $answer[1..-2]
    if test "$directive" -lt 4
        set -l typed (commandline -ct)
        # In --log-file=PATH the path is what follows the sign.
        set -l begun (string match -r -- '^-[^=]*=' $typed)
        string replace -r -- '^' "$begun" (__fish_complete_path (string replace -- "$begun" '' $typed))
    end
end
complete -c ampctl -f -a '(__ampctl_complete)'
