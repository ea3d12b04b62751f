using System.IO;
using System.Runtime.CompilerServices;
using Portcullis.Core.Wire.Nft;
using Portcullis.Tests.Cli;
using Xunit;

namespace Portcullis.Tests.Wire.Nft;

/// <summary>
/// Dumps of the real kernel (Linux 6.18), made by tests/lab/rules from the source beside each, and what they mean. The golden text was compared
/// with the source line by line: every construct stands there with one that is nearly the same and means something else.
/// </summary>
public sealed class NftRulesetTests
{
    [Theory]
    [InlineData("native.nft")]
    [InlineData("xt.iptables")]
    [InlineData("xt.ip6tables")]
    public void Dump_of_the_kernel_is_decoded_step_by_step(string name) =>
        Golden.Matches(name + ".txt", RulesetText.Of(NftRuleset.Decode(Fixture(name))));

    /// <summary>A port that is passed on to a container, and a rule for this host that denies it.</summary>
    internal static byte[] Published => Fixture("published.nft");

    /// <summary>The same for callers in other folders.</summary>
    internal static byte[] Dump(string name) => Fixture(name);

    internal static byte[] Fixture(string name, [CallerFilePath] string here = "") =>
        File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(here)!, "fixtures", name + ".bin"));
}
