using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Packet and raw sockets: they listen without a port, before or beside the firewall, as port-less implants do.</summary>
internal sealed class PortlessSocket : ICheck
{
    public IEnumerable<Finding> Find(Judgement judgement)
    {
        foreach (Listener listener in judgement.Listeners)
        {
            if (listener.Protocol is not (Protocol.Raw or Protocol.Packet) || judgement.ExpectationOf(listener).Expected == true || listener.Container is not null)
            {
                continue;
            }

            bool isPacket = listener.Protocol == Protocol.Packet;
            bool isIdle = isPacket && listener.LinkProtocol == 0;
            bool isUnseen = listener.Processes.IsEmpty; // a gap tells of it; without root it is so for every one
            bool isStrange = listener.Processes.Any(process => process.Packaged != true);
            string filter = listener.FilterLength is int length and > 0 ? string.Create(CultureInfo.InvariantCulture, $"its filter has {length} instructions") : "it has no filter";
            yield return Wording.Finding(
                isPacket ? "PC3011" : "PC3012", isIdle ? Severity.Info : isStrange ? Severity.High : isUnseen ? Severity.Medium : Severity.Low,
                isPacket
                    ? $"{Wording.Holder(listener)} {(isIdle ? "has a packet socket that receives nothing yet" : "sees frames before the firewall does")}, by a packet socket"
                    : $"{Wording.Holder(listener)} receives by a {Wording.Port(listener)}, without any port",
                listener,
                [isPacket ? $"packet(7): every frame of the interface, whatever the firewall drops later; {filter}" : "raw(7): every packet of the protocol; a signal hidden in one needs no open port"],
                Remedy.Stop(listener));
        }
    }
}
