namespace Portcullis.Core.Wire.Packets;

/// <summary>What is wrong with bytes that should be a packet.</summary>
public enum PacketFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It ends before its header does.</summary>
    Truncated,

    /// <summary>It is of another version, or of a kind that is not read here.</summary>
    Kind,

    /// <summary>Its header says of itself that it is shorter than the least, or longer than the packet.</summary>
    HeaderLength,

    /// <summary>It says of itself that it is shorter than its header, or longer than what came.</summary>
    TotalLength,

    /// <summary>Its extension headers do not end within it.</summary>
    Extensions,
}
