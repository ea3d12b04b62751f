namespace Portcullis.Core.Model;

/// <summary>One switch of a network namespace's TCP/IP stack.</summary>
/// <param name="Name">As sysctl(8) names it, such as "net.ipv4.conf.eth0.rp_filter"; a dot in an interface's name is written "/".</param>
/// <param name="Value">As the kernel tells it, without spaces around it, such as "1" or "32768 60999".</param>
/// <param name="SetBy">The configuration file and line that give it this value; null where it is the kernel's own, was set otherwise, or that is not known.</param>
public sealed record StackSetting(string Name, string Value, string? SetBy);
