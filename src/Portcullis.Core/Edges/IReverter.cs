using System;

namespace Portcullis.Core.Edges;

/// <summary>Takes changes back in time, outside of this program: also where it, its terminal and its session are gone.</summary>
public interface IReverter
{
    /// <summary>Stands ready for a change; tells by what.</summary>
    /// <param name="change">The change, which has been written down.</param>
    /// <param name="after">When it is to be taken back, unless it was decided otherwise.</param>
    /// <exception cref="ChangeException">It cannot.</exception>
    string Arm(string change, TimeSpan after);

    /// <summary>Is needed no more. It may have begun already: what it does then is decided by the journal.</summary>
    void Disarm(string change);
}
