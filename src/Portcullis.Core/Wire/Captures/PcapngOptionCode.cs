namespace Portcullis.Core.Wire.Captures;

/// <summary>Options of pcapng's blocks that are used here (draft-ietf-opsawg-pcapng, 3.5, 4.1, 4.2, 4.3).</summary>
internal static class PcapngOptionCode
{
    internal const ushort End = 0;
    internal const ushort Comment = 1;
    internal const ushort Application = 4; // shb_userappl
    internal const ushort Name = 2; // if_name
    internal const ushort Resolution = 9; // if_tsresol
    internal const ushort Flags = 2; // epb_flags: 1 inbound, 2 outbound
}
