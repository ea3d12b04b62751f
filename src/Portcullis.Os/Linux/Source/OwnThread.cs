using System;
using System.Runtime.ExceptionServices;
using System.Threading;

namespace Portcullis.Os.Linux.Source;

/// <summary>
/// Work on a thread that ends with it and never serves anything else. A network namespace belongs to a thread (setns(2)), and every
/// thread that this one starts inherits it: so none may come from a pool, or be left to one.
/// </summary>
internal static class OwnThread
{
    /// <summary>Works, and waits for the end; what is thrown is thrown to the caller.</summary>
    internal static void Run(Action work)
    {
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                work();
            }
#pragma warning disable CA1031 // carried over to the caller's thread, not swallowed
            catch (Exception thrown)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(thrown);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }
}
