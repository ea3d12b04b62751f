using System;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Xunit;

namespace Portcullis.Tests.Text;

/// <summary>Feeds a parser every truncation of a valid input, mutations of it, and noise. Whatever comes, it must return.</summary>
internal static class TextFuzz
{
    private const int Seed = 20261121;
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(700);

    internal static void Run(string valid, Action<string> parse) => RunBytes(Encoding.UTF8.GetBytes(valid), bytes => parse(Encoding.UTF8.GetString(bytes)));

    internal static void RunBytes(byte[] valid, Action<byte[]> parse)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {Seed}"));
        for (int length = 0; length <= valid.Length; length++)
        {
            Try(valid[..length], parse, "truncation", length);
        }

        Random random = new(Seed);
        Stopwatch clock = Stopwatch.StartNew();
        for (int round = 0; clock.Elapsed < Limit; round++)
        {
            byte[] noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            Try(noise, parse, "noise", round);
            Try(Mutated(valid, random), parse, "mutation", round);
        }
    }

    private static byte[] Mutated(byte[] valid, Random random)
    {
        byte[] bytes = (byte[])valid.Clone();
        for (int change = random.Next(1, 6); change > 0 && bytes.Length > 0; change--)
        {
            int at = random.Next(bytes.Length);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] = (byte)"\n\r\0\\:=[]{}\",%@-. \t#"[random.Next(18)];
                    break;
                case 2:
                    bytes = [.. bytes[..at], .. bytes[random.Next(bytes.Length)..]];
                    break;
                default:
                    bytes = [.. bytes[..at], .. bytes[at..], .. bytes[random.Next(bytes.Length)..]];
                    break;
            }

            bytes = bytes.Length > 65536 ? bytes[..65536] : bytes;
        }

        return bytes;
    }

    private static void Try(byte[] input, Action<byte[]> parse, string kind, int round)
    {
        try
        {
            parse(input);
        }
        catch (Exception error) when (error is not Xunit.Sdk.IAssertionException)
        {
            Assert.Fail($"seed {Seed}, {kind} {round}: {Convert.ToHexString(input)} made it throw {error}");
        }
    }
}
