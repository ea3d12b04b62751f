using System;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Text;
using Portcullis.Cli.Files;
using Portcullis.Cli.Policies;
using Portcullis.Core.Analysis.Judging;
using Portcullis.Core.Policy;

namespace Portcullis.Cli;

/// <summary><c>portcullis accept KEY</c>: writes an exception into the policy, and keeps the rest of the file as it is.</summary>
internal static class AcceptCommand
{
    internal static Command Make()
    {
        CommonOptions common = new();
        Argument<string> key = new("KEY") { Description = "What a finding is about, as --verbose and --json show it: tcp/any/ipv4/8080/app.service." };
        Option<string?> reason = new("--reason") { Description = "Why it is accepted.", HelpName = "TEXT", Required = true };
        Option<string?> owner = new("--owner") { Description = "Who answers for it.", HelpName = "WHO" };
        Option<string?> expires = new("--expires") { Description = "The last day on which it holds, such as 2027-03-31.", HelpName = "DATE" };
        Command command = new("accept", "Write an exception into the policy: what KEY names is allowed from now on.") { key, reason, owner, expires, common.Policy };
        command.SetAction(result =>
        {
            Allowance exception = new()
            {
                Name = "key " + result.GetValue(key),
                Key = Subject(Plain("KEY", result.GetValue(key))!),
                From = [Zone.Internet],
                Reason = Plain("--reason", result.GetValue(reason))!,
                Owner = Plain("--owner", result.GetValue(owner)),
                Expires = Date(result.GetValue(expires)),
            };
            string file = result.GetValue(common.Policy) ?? PolicyChoice.PathInUse() ?? PolicyChoice.UsualName;
            Write(file, exception);
            Output.Complain($"{file}: {exception.Key} is accepted{(exception.Expires is DateOnly last ? string.Create(CultureInfo.InvariantCulture, $" until {last:yyyy-MM-dd}") : "")}.");
            return ExitCode.Clean;
        });
        return command;
    }

    private static void Write(string file, Allowance exception) => FileChange.Apply(file, YamlFile.LargestFile, "which no policy is", present =>
    {
        HostPolicy? policy = present.Length == 0 ? null : PolicyReader.Read(present, file, Catalogue.All);
        if (policy?.Allow.FirstOrDefault(one => one.Key == exception.Key) is Allowance same)
        {
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{file}:{same.Line}: {exception.Key} has an exception already ({same.Reason}): change that one."));
        }

        string text = Encoding.UTF8.GetString(present);
        byte[] changed = Encoding.UTF8.GetBytes(PolicyEdit.Add(text, present.Length == 0 ? null : (YamlNode.Mapping)YamlFile.Read(present, file), exception, file));

        // What is to be written is read first: a policy that cannot be read would stop every later run.
        return PolicyReader.Read(changed, file, Catalogue.All).Allow.Any(one => one.Key == exception.Key && one.Reason == exception.Reason)
            ? changed
            : throw new InputException($"{file}: the exception can't be added without changing something else: add it by hand.");
    });

    /// <summary>What findings are about, so that a slip of the pen makes no exception for nothing.</summary>
    private static string Subject(string key) => SubjectName.IsSubject(key)
        ? key
        : throw new InputException($"KEY: '{key}' is nothing that a finding is about; copy it from the line 'about' of: portcullis audit --verbose.");

    private static string? Plain(string name, string? text) => text switch
    {
        null => null,
        { Length: 0 } => throw new InputException($"{name}: is empty; write a text."),
        _ when text.Any(char.IsControl) => throw new InputException($"{name}: has a control character; write plain text in one line."),
        _ => text,
    };

    private static DateOnly? Date(string? text) => text is null ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date) ? date
        : throw new InputException($"--expires: '{text}' is no date; write it as 2027-03-31.");
}
