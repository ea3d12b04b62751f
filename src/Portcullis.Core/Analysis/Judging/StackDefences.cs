using System.Collections.Generic;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Switches of the whole TCP/IP stack that protect the host: SYN cookies, timestamps, answers to broadcasts.</summary>
internal sealed class StackDefences : ICheck
{
    private const string Cookies = "net.ipv4.tcp_syncookies";
    private const string Timestamps = "net.ipv4.tcp_timestamps";
    private const string Broadcasts = "net.ipv4.icmp_echo_ignore_broadcasts";

    public IEnumerable<Finding> Find(Judgement judgement)
    {
        if (judgement.Stack is not StackView stack)
        {
            return [];
        }

        return
        [
            .. stack.Number(Cookies) == 0
                ? StackFinding.Of(
                    stack, "PC4001", Severity.Medium, "SYN cookies are off: a flood of half-open connections shuts out everybody else", Cookies,
                    [
                        stack.Said(Cookies),
                        "once the queue of a listening socket is full, no new connection gets in; with cookies the kernel needs no queue (RFC 4987, section 3.6)",
                        "the kernel's own value is 1: used only when a queue is full (Documentation/networking/ip-sysctl)",
                    ],
                    "1")
                : [],
            .. stack.Number(Timestamps) switch
            {
                2 => StackFinding.Of(
                    stack, "PC4009", Severity.Low, "TCP timestamps have no random offset and tell how long this host is up", Timestamps,
                    [
                        stack.Said(Timestamps),
                        "who knows the time of the last boot knows which kernel fixes are missing, and can count hosts behind one address (RFC 7323, section 7.1)",
                        "1 adds a random offset to each connection (Documentation/networking/ip-sysctl)",
                    ],
                    "1"),
                0 => StackFinding.Of(
                    stack, "PC4009", Severity.Info, "TCP timestamps are off, which costs more protection than it gives", Timestamps,
                    [
                        stack.Said(Timestamps),
                        "without them an old segment can be taken for a new one on a fast connection (PAWS, RFC 7323, section 5), and SYN cookies lose window scaling and SACK",
                        "with the kernel's own value 1 they carry a random offset, and tell nothing of the uptime",
                    ],
                    "1"),
                _ => [],
            },
            .. stack.Number(Broadcasts) == 0
                ? StackFinding.Of(
                    stack, "PC4011", Severity.Low, "Pings to a broadcast address are answered: a forged one makes every host of the network answer its victim", Broadcasts,
                    [stack.Said(Broadcasts), "a host may ignore them (RFC 1122, section 3.2.2.6), and routers pass none on since RFC 2644; the kernel's own value is 1"],
                    "1")
                : [],
        ];
    }
}
