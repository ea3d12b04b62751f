using System;
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

            // A holder that nobody could see is strange only where everybody could be seen; without root it is so for every socket.
            bool isUnseen = listener.Processes.IsEmpty;
            bool isStrange = isUnseen ? judgement.Snapshot is { SeesEveryProcess: true, Observer: 0 } : listener.Processes.Any(process => process.Packaged == false);
            bool isUnknown = !isUnseen && listener.Processes.Any(process => process.Packaged is null);
            string filter = listener.FilterLength is int length and > 0 ? string.Create(CultureInfo.InvariantCulture, $"its filter has {length} instructions") : "it has no filter";
            yield return Wording.Finding(
                isPacket ? "PC3011" : "PC3012", isIdle ? Severity.Info : isStrange ? Severity.High : isUnknown ? Severity.Medium : Severity.Low,
                isPacket
                    ? $"{Wording.Holder(listener)} {(isIdle ? "has a packet socket that receives nothing yet" : "sees frames before the firewall does")}, by a packet socket"
                    : $"{Wording.Holder(listener)} receives by a {Wording.Port(listener)}, without any port",
                listener,
                [
                    isPacket ? $"packet(7): every frame of the interface, whatever the firewall drops later; {filter}" : "raw(7): every packet of the protocol; a signal hidden in one needs no open port",
                    .. isUnseen ? [isStrange ? "every process was looked into, and none shows that it holds it" : "who holds it could not be seen; the gaps say why"] : Array.Empty<string>(),
                ],
                Remedy.Stop(listener));
        }
    }
}
