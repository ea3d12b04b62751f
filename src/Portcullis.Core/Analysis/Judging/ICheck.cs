using System.Collections.Generic;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Looks for one sort of thing that is amiss.</summary>
internal interface ICheck
{
    /// <summary>What it found, in any order. The controls are added from the finding's page.</summary>
    IEnumerable<Finding> Find(Judgement judgement);
}
