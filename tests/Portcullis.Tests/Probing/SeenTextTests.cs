using System;
using System.Linq;
using System.Text;
using Portcullis.Core.Probing.Services;
using Xunit;

namespace Portcullis.Tests.Probing;

/// <summary>What strangers say is harmless before anybody sees it.</summary>
public sealed class SeenTextTests
{
    [Theory]
    [InlineData("220 mail ESMTP\r\n", "220 mail ESMTP")]
    [InlineData("one\r\ntwo\n\nthree", "one | two | three")]
    [InlineData("\u001b[2J\u001b]0;owned\u0007", "\\x1b[2J\\x1b]0;owned\\x07")]
    [InlineData("a\u202eb\u2066c\u200bd\ufeff", "a\\u{202e}b\\u{2066}c\\u{200b}d\\u{feff}")]
    [InlineData("\u0085\u009b31m", "\\u{85}\\u{9b}31m")]
    [InlineData("München Ærø", "München Ærø")]
    [InlineData("שלום", "\\u{5e9}\\u{5dc}\\u{5d5}\\u{5dd}")]
    [InlineData("tab\there", "tab\\x09here")]
    [InlineData("", "")]
    public void Text_from_a_stranger_is_one_harmless_line(string text, string expected) => Assert.Equal(expected, SeenText.Of(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Bytes_that_are_no_text_are_written_in_hexadecimal() => Assert.Equal("\\xff\\xfb\\x01ok", SeenText.Of([0xff, 0xfb, 1, (byte)'o', (byte)'k']));

    [Fact]
    public void Long_text_is_cut_and_marked()
    {
        string cut = SeenText.Of(Enumerable.Repeat((byte)'x', 100_000).ToArray());
        Assert.Equal(SeenText.MostEvidence, cut.Length);
        Assert.EndsWith("x...", cut, StringComparison.Ordinal);
        Assert.Equal(SeenText.MostEvidence, SeenText.Of(Enumerable.Repeat((byte)0x1b, 500).ToArray()).Length);
        Assert.Equal(200, SeenText.Of(new string('y', 200)).Length);
        Assert.Equal(new string('y', 200), SeenText.Of(new string('y', 200)));
    }

    [Fact]
    public void Any_bytes_give_printable_text_of_bounded_length()
    {
        Random random = new(20261122);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = new byte[random.Next(300)];
            random.NextBytes(bytes);
            string text = SeenText.Of(bytes);
            Assert.True(text.Length <= SeenText.MostEvidence);
            Assert.All(text, static letter => Assert.True(letter is (>= ' ' and <= '~') or (>= '\u00a1' and <= '\u024f' and not '\u00ad')));
        }
    }
}
