# Completion of ampctl for bash 4.4 and newer. `ampctl completion bash --install` writes this file.
_ampctl() {
    local program=${COMP_WORDS[0]/#\~/$HOME} answer directive
    type -P -- "$program" >/dev/null || program=ampctl
    # The words of bash are split at "=" and ":", the line is not.
    mapfile -t answer < <("$program" __complete bash "$COMP_TYPE" "${COLUMNS:-80}" \
        "$COMP_WORDBREAKS" "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
    COMPREPLY=()
    [[ ${#answer[@]} -gt 0 ]] || return 0
    directive=${answer[-1]#:}
    unset 'answer[-1]'
    COMPREPLY=("${answer[@]}")
    ((directive & 2)) && compopt -o nospace
    ((directive & 4)) || compopt -o default
    return 0
}
complete -o nosort -F _ampctl ampctl
