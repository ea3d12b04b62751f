using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Portcullis.KernelTests.Scenes;
using Xunit;
using Xunit.v3;

[assembly: ScenesAreProved]

namespace Portcullis.KernelTests.Scenes;

/// <summary>Lets no test with a <see cref="SceneAttribute"/> pass that did not play both of its states.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class ScenesAreProvedAttribute : BeforeAfterTestAttribute
{
    private const string Mark = "scene proved: ";

    /// <summary>Checks that the kind was told of the one state and not of the other.</summary>
    /// <param name="id">The kind of finding.</param>
    /// <param name="raised">The kinds that were told of the state that should raise it.</param>
    /// <param name="near">The kinds that were told of the near one.</param>
    public static void Prove(string id, IEnumerable<string> raised, IEnumerable<string> near)
    {
        Assert.Contains(id, raised);
        Assert.DoesNotContain(id, near);
        TestContext.Current.KeyValueStorage[Mark + TestContext.Current.Test!.UniqueID] = id;
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        // What fails for a reason of its own says so itself.
        if (SceneAttribute.Of(methodUnderTest).Any() && TestContext.Current.TestState is not { Result: TestResult.Failed })
        {
            Assert.True(IsProved(test), "this scene was not played in both of its states");
        }
    }

    // The kind stands after the suite, where there is one.
    private static bool IsProved(IXunitTest test) =>
        TestContext.Current.KeyValueStorage.TryGetValue(Mark + test.UniqueID, out object? id) && test.TestMethodArguments.Take(2).Contains(id);
}
