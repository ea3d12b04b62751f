using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Portcullis.Cli;

/// <summary>The library's help, followed by examples and the exit codes.</summary>
internal sealed class HelpWithExamples(HelpAction plain) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int code = plain.Invoke(parseResult);
        string? examples = parseResult.CommandResult.Command switch
        {
            RootCommand =>
                """
                  portcullis                         the state of this machine in five lines
                  sudo portcullis audit              every open port and who holds it
                  portcullis suggest                 a policy to begin with, from what runs here
                  portcullis explain 5432            what a port is for, and what holds it here
                  ssh web1 portcullis inspect | portcullis audit --snapshot -
                """,
            { Name: "audit" } =>
                """
                  sudo portcullis audit              one screen; root sees every holder
                  sudo portcullis audit --verbose    every listener, with PIDs and versions
                  sudo portcullis audit --json --output ports.json
                  portcullis audit --role web-server --role ssh-admin
                  portcullis audit --policy web.yaml --fail-on medium
                  portcullis audit --snapshot web1.json --format markdown
                  sudo portcullis audit --prove                        the rules proved by packets, in a twin of this machine
                  sudo portcullis audit --prove --from admin@web2      every port asked from there: is it as claimed?
                """,
            { Name: "inspect" } =>
                """
                  sudo portcullis inspect > web1.json
                  sudo portcullis inspect --redact --output report.json
                  sudo portcullis inspect --raw --output bug.json
                """,
            { Name: "explain" } =>
                """
                  portcullis explain 11211
                  portcullis explain 53/udp
                  portcullis explain postgresql
                  portcullis explain PC2001          what a finding means and how to mend it
                """,
            { Name: "reach" } =>
                """
                  sudo portcullis reach              what the firewall lets through, and which rule does
                  sudo portcullis reach 5432         who gets to a port, and what stops the others
                  sudo portcullis reach --from 203.0.113.9 443
                  sudo portcullis reach 443 --explain        how a packet walks through the rules, chain by chain
                  sudo portcullis reach --from internet --json
                  sudo portcullis reach --ruleset new.nft 22
                  sudo portcullis reach --diff live new.nft  what the new rules would open and close
                  ssh web1 sudo nft list ruleset | sudo portcullis reach --ruleset - --snapshot web1.json
                """,
            { Name: "scan" } =>
                """
                  sudo portcullis scan localhost     what this machine shows to itself: every TCP port
                  sudo portcullis scan 10.0.5.7 -p 22,80,8000-8100,53/udp --i-own-this
                  sudo portcullis scan localhost --identify  what really answers on each open port
                  sudo portcullis scan web1          a machine that the policy names under targets:
                  sudo portcullis scan 10.0.5.0/28 -p ssh,https --json
                  portcullis scan web1 --expect 22,443       ends with 1 where others are open
                """,
            { Name: "trace" } =>
                """
                  sudo portcullis trace localhost:22 --explain       a handshake, packet by packet, in plain words
                  sudo portcullis trace web1:80 --request auto       a question and its answer, with every receipt
                  sudo portcullis trace [fd00::7]:443 --i-own-this --pcap web.pcapng
                  sudo portcullis trace 10.0.5.7:25 --i-own-this --request "EHLO me\r\n" --json
                """,
            { Name: "plan" } =>
                """
                  sudo portcullis plan               what would close all that the policy does not allow
                  sudo portcullis plan --role web-server --role ssh-admin --verbose
                  sudo portcullis plan --json --output plan.json
                """,
            { Name: "apply" } =>
                """
                  sudo portcullis apply              shows the plan, asks, and makes it; it reverts by itself in 60 s
                  sudo portcullis confirm            makes it last: from another connection than that of apply
                  sudo portcullis apply plan.json --yes --confirm-within 300
                """,
            { Name: "confirm" or "revert" or "undo" or "verify" or "changes" } =>
                """
                  sudo portcullis confirm            makes what was applied last
                  sudo portcullis revert             takes it back at once
                  sudo portcullis undo               takes the last confirmed change back
                  sudo portcullis verify             whether it is still so, and is loaded at the next start
                  sudo portcullis changes            what was changed, when, by whom, and how it stands
                """,
            { Name: "suggest" } =>
                """
                  sudo portcullis suggest > portcullis.yaml
                  portcullis suggest --snapshot web1.json
                """,
            { Name: "accept" } =>
                """
                  portcullis accept tcp/any/ipv4/8080/app.service --reason "our own API" --owner web-team --expires 2027-03-31
                """,
            { Name: "roles" } =>
                """
                  portcullis roles
                  portcullis roles web-server        the role's file, to read and copy
                """,
            { Name: "completion" } =>
                """
                  portcullis completion bash > ~/.local/share/bash-completion/completions/portcullis
                  portcullis completion zsh > ~/.zfunc/_portcullis
                  portcullis completion fish > ~/.config/fish/completions/portcullis.fish
                """,
            _ => null,
        };
        if (examples is not null)
        {
            parseResult.InvocationConfiguration.Output.Write(
                $"Examples:\n{examples}\n\nExit codes: 0 done and complete, 1 findings, 2 bad input, 3 something could not be checked, 4 a change was refused, 70 a defect, 130 interrupted.\n");
        }

        return code;
    }
}
