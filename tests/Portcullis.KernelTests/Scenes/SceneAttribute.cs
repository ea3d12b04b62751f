using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Portcullis.KernelTests.Scenes;

/// <summary>
/// One row of a theory: a kind of finding, and what the theory needs to make a real machine raise it, and to make a near state that
/// does not. A theory whose first parameter is a <see cref="Suite"/> plays it on a server of each. That every kind has a row is
/// what <see cref="SceneRegisterTests"/> looks after; that a row plays both states, <see cref="ScenesAreProvedAttribute"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class SceneAttribute(string id, params string[] scene) : DataAttribute
{
    /// <summary>The kind of finding.</summary>
    public string Id { get; } = id;

    /// <summary>The rest of the row, which the theory understands.</summary>
    public IReadOnlyList<string> Scene { get; } = scene;

    /// <summary>All scenes of the tests.</summary>
    public static IEnumerable<SceneAttribute> All =>
        typeof(SceneAttribute).Assembly.GetTypes().SelectMany(type => type.GetMethods()).SelectMany(Of);

    /// <summary>The scenes of one theory.</summary>
    public static IEnumerable<SceneAttribute> Of(MethodInfo theory) => theory.GetCustomAttributes<SceneAttribute>();

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        bool inBoxes = testMethod.GetParameters()[0].ParameterType == typeof(Suite);
        object[] row = [Id, .. Scene];
        ITheoryDataRow[] rows = inBoxes ? [.. Enum.GetValues<Suite>().Select(suite => new TheoryDataRow([suite, .. row]))] : [new TheoryDataRow(row)];
        return new(rows);
    }

    public override bool SupportsDiscoveryEnumeration() => true;
}
