namespace Portcullis.KernelTests.Firewall.Listed;

/// <summary>What the values of a field are.</summary>
internal enum ListedForm
{
    /// <summary>A number, most significant byte first.</summary>
    Number,

    /// <summary>A number that nft 1.0.6 prints with its bytes exchanged ("meta protocol ip" is 8 for 0x0800, seen with "-n" on x86-64).</summary>
    Swapped,

    /// <summary>The address of an IP version.</summary>
    Address,

    /// <summary>The address of a device.</summary>
    Hardware,

    /// <summary>The name of an interface.</summary>
    Name,

    /// <summary>The name of an interface that stands for its index; only "lo", which is 1 in every namespace.</summary>
    Interface,
}
