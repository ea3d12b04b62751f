using Portcullis.Core.Text.Rulesets;
using Xunit;

namespace Portcullis.Tests.Text.Rulesets;

public sealed class JsonOrderTests
{
    [Fact]
    public void What_is_named_comes_before_what_names_it_and_the_rest_stays()
    {
        const string Listed = """{"nftables":[{"metainfo":{}},{"table":{"name":"t"}},{"map":{"name":"m"}},{"chain":{"name":"a"}},{"rule":{"n":1}},{"chain":{"name":"b"}},{"rule":{"n":2}}]}""";

        Assert.Equal(
            """{"nftables":[{"metainfo":{}},{"table":{"name":"t"}},{"chain":{"name":"a"}},{"chain":{"name":"b"}},{"map":{"name":"m"}},{"rule":{"n":1}},{"rule":{"n":2}}]}""",
            JsonOrder.Settle(Listed));
    }

    [Theory]
    [InlineData("""{"nftables":[{"rule":{}},{"flush":{"ruleset":null}},{"table":{}}]}""")]
    [InlineData("""{"nftables":[{"rule":{}},{"table":{},"chain":{}}]}""")]
    [InlineData("""{"nftables":{}}""")]
    [InlineData("""{"nftables":[{""")]
    [InlineData("[1]")]
    public void Commands_and_what_is_no_listing_stay_as_they_are(string json) => Assert.Equal(json, JsonOrder.Settle(json));

    [Fact]
    public void Whatever_comes_is_answered() =>
        TextFuzz.Run("""{"nftables":[{"rule":{"a":"\ud83d\ude00","b":[1,{"c":null}]}},{"table":{}}]}""", json => Assert.NotNull(JsonOrder.Settle(json)));
}
