namespace Portcullis.KernelTests.Lab;

/// <summary>What a command said and how it ended.</summary>
public sealed record CommandResult(string Command, int ExitCode, string Output, string Error)
{
    /// <summary>The output of a command that has to succeed.</summary>
    public string MustSucceed() =>
        ExitCode == 0 ? Output : throw new LabException($"'{Command}' ended with {ExitCode}: {Error.Trim()} {Output.Trim()}");
}
