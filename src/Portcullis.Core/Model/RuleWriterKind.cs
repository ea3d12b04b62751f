namespace Portcullis.Core.Model;

/// <summary>What the programs that write firewall rules write them for.</summary>
public enum RuleWriterKind
{
    /// <summary>To keep packets out that nobody allowed: ufw, firewalld.</summary>
    Firewall,

    /// <summary>The same, by rules that the owner wrote without such a program.</summary>
    Owner,

    /// <summary>To keep out single sources that misbehaved: fail2ban.</summary>
    Bans,

    /// <summary>To pass packets on to containers or virtual machines: Docker, libvirt.</summary>
    Guests,

    /// <summary>To join a network of many hosts: kube-proxy, Tailscale.</summary>
    Overlay,
}
