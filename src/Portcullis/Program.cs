using Portcullis.Cli;
using Portcullis.Os.Linux;

namespace Portcullis;

/// <summary>The entry point; it alone chooses which implementations the edges get.</summary>
internal static class Program
{
    private static int Main(string[] arguments) => CommandLine.Run(arguments, new LinuxMachine());
}
