#pragma warning disable CA1822 // Whether these are static changes nothing about the fault.
using System;
using System.IO;

// Types of Core as they must not be, for the checkers to find.
namespace Portcullis.Tests.Police.Faults.Core.Model;

public sealed class ReadsFile
{
    public string Read() => File.ReadAllText("/etc/hostname");
}

public sealed class OpensFileByReader
{
    public StreamReader Open(string path) => new(path);
}

public sealed class AsksClock
{
    public DateTimeOffset When() => DateTimeOffset.UtcNow;
}

public sealed class RollsDice
{
    public int Roll() => Random.Shared.Next(6);

    public Guid Name() => Guid.NewGuid();
}

public sealed class AsksSurroundings
{
    public string? Ask() => Environment.GetEnvironmentVariable("HOME") ?? AppContext.BaseDirectory;
}

public sealed class StartsThread
{
    public void Start(Action what) => new System.Threading.Thread(() => what()).Start();
}

public sealed class StartsProcess
{
    // Hidden in a closure of a nested class: the compiler makes types of its own from it.
    private static class Inner
    {
        internal static readonly Func<string, object?> Start = static name => System.Diagnostics.Process.Start(name);
    }

    public object? Start() => Inner.Start("true");
}

public sealed class AsksNetwork
{
    public System.Net.IPAddress[] Resolve(string name) => System.Net.Dns.GetHostAddresses(name);
}

public sealed class ListsTypes
{
    public int Count() => typeof(ListsTypes).Assembly.GetTypes().Length;
}

public sealed class UsesUpwards
{
    public Operations.Verb? Verb { get; init; }
}

public sealed class UsesUpwardsInCode
{
    public string Name() => new Wire.Frame().ToString()!;
}
