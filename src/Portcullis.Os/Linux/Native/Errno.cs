using System.Globalization;
using System.Runtime.InteropServices;

namespace Portcullis.Os.Linux.Native;

/// <summary>The error numbers of asm-generic/errno-base.h and errno.h that Portcullis tells apart.</summary>
internal static class Errno
{
    internal const int EPERM = 1;
    internal const int ENOENT = 2;
    internal const int ESRCH = 3;
    internal const int EINTR = 4;
    internal const int ENXIO = 6;
    internal const int EBADF = 9;
    internal const int EAGAIN = 11;
    internal const int EACCES = 13;
    internal const int EBUSY = 16;
    internal const int EEXIST = 17;
    internal const int ENODEV = 19;
    internal const int ENOTDIR = 20;
    internal const int EINVAL = 22;
    internal const int ENFILE = 23;
    internal const int EMFILE = 24;
    internal const int EFBIG = 27;
    internal const int ENOSYS = 38;
    internal const int EOVERFLOW = 75;
    internal const int EMSGSIZE = 90;
    internal const int ENOPROTOOPT = 92;
    internal const int EPROTONOSUPPORT = 93;
    internal const int EOPNOTSUPP = 95;
    internal const int EADDRNOTAVAIL = 99;
    internal const int ENETUNREACH = 101;
    internal const int ECONNRESET = 104;
    internal const int ENOBUFS = 105;
    internal const int ETIMEDOUT = 110;
    internal const int ECONNREFUSED = 111;
    internal const int EHOSTUNREACH = 113;
    internal const int EINPROGRESS = 115;
    internal const int ESTALE = 116;

    /// <summary>The error of the last failed call on this thread.</summary>
    internal static int Last => Marshal.GetLastPInvokeError();

    /// <summary>The error in words, as strerror(3) gives them, in lower case: "permission denied".</summary>
    internal static string Text(int errno)
    {
        string text = Marshal.GetPInvokeErrorMessage(errno);
        return text.Length == 0
            ? string.Create(CultureInfo.InvariantCulture, $"error {errno}")
            : char.ToLowerInvariant(text[0]) + text[1..];
    }
}
