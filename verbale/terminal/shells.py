"""The scripts that teach a shell to ask `verbale` what may come next.

The shell says in `_VERBALE_COMPLETE` which it is, and in `_VERBALE_WORDS` the words so far, one a line, the last being
the one that is typed; it gets a completion a line, and files where there is none.
"""

from __future__ import annotations

from typing import Final

_BASH: Final = r"""_verbale() {
    local IFS=$'\n'
    COMPREPLY=($(_VERBALE_COMPLETE=bash _VERBALE_WORDS="${COMP_WORDS[*]:0:COMP_CWORD+1}" "$1" 2>/dev/null))
}
complete -o default -F _verbale verbale
"""

_ZSH: Final = r"""#compdef verbale
_verbale() {
    local -a found
    found=("${(@f)$(_VERBALE_COMPLETE=zsh _VERBALE_WORDS="${(pj:\n:)words[1,CURRENT]}" $words[1] 2>/dev/null)}")
    if [[ -n $found[1] ]]; then
        _describe -V verbale found
    else
        _files
    fi
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _verbale "$@"
else
    compdef _verbale verbale
fi
"""

_FISH: Final = r"""function __verbale_complete
    set -l typed (commandline -ct)
    set -l words (commandline -opc) "$typed"
    set -e words[1]
    set -lx _VERBALE_WORDS verbale(printf '\n%s' $words | string collect -N)
    set -l found (_VERBALE_COMPLETE=fish verbale 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\n' $found
    else
        __fish_complete_path "$typed"
    end
end
complete -c verbale -f -a '(__verbale_complete)'
"""

_POWERSHELL: Final = r"""Register-ArgumentCompleter -Native -CommandName verbale -ScriptBlock {
    param($typed, $line, $cursor)
    $words = @($line.CommandElements | Where-Object { $_.Extent.StartOffset -lt $cursor } | ForEach-Object { "$_" })
    if ($typed -eq '') { $words += '' }
    $env:_VERBALE_COMPLETE = 'powershell'
    $env:_VERBALE_WORDS = $words -join "`n"
    verbale 2>$null | ForEach-Object {
        $value, $help = $_ -split "`t", 2
        if (-not $help) { $help = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $help)
    }
    Remove-Item Env:_VERBALE_COMPLETE, Env:_VERBALE_WORDS
}
"""

SCRIPTS: Final = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH, "powershell": _POWERSHELL}

HOW: Final = {
    "bash": "verbale completion bash > ~/.local/share/bash-completion/completions/verbale",
    "zsh": "verbale completion zsh > ~/.zfunc/_verbale, with ~/.zfunc in the fpath of .zshrc",
    "fish": "verbale completion fish > ~/.config/fish/completions/verbale.fish",
    "powershell": "verbale completion powershell >> $PROFILE",
}
"""Where each shell looks for such a script."""
