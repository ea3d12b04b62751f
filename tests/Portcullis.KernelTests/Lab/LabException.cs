using System;

namespace Portcullis.KernelTests.Lab;

/// <summary>The lab itself does not work: no verdict about Portcullis.</summary>
public sealed class LabException(string message) : Exception(message);
