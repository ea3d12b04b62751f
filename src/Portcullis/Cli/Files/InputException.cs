using System;

namespace Portcullis.Cli.Files;

/// <summary>The user's input cannot be used. The message is the one line they see: what, where, and how to mend it.</summary>
internal sealed class InputException(string message) : Exception(message);
