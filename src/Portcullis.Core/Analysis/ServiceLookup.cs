using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis;

/// <summary>Finds out what a port is for.</summary>
public static class ServiceLookup
{
    /// <summary>The service that the port is known for; packet sockets have none, raw sockets the name of their IP protocol.</summary>
    public static ServiceFacts Of(Protocol protocol, int port) => protocol switch
    {
        Protocol.Packet => new ServiceFacts(null, null, null),
        Protocol.Raw => new ServiceFacts(ServiceNames.Of(port, protocol), null, null),
        _ => new ServiceFacts(
            ServiceNames.Of(port, protocol),
            PortClasses.Of(port).ToString().ToLowerInvariant(),
            PortKnowledge.Lookup(port, protocol)?.ClearText switch
            {
                ClearText.Yes => true,
                ClearText.No => false,
                _ => null, // it depends on how the server is set up
            }),
    };
}
