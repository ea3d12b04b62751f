using System;
using System.Globalization;
using System.IO;
using System.Security.Cryptography;

namespace Portcullis.Os.Linux.Processes;

/// <summary>Hashes a running executable through the kernel's own reference to it, so also one that was deleted.</summary>
internal static class ExecutableHash
{
    /// <summary>SHA-256 in lower-case hex; null where it can't be read.</summary>
    internal static string? Of(int pid)
    {
        try
        {
            using FileStream stream = File.OpenRead(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/exe"));
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
