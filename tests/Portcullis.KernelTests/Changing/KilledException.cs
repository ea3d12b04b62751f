using System;

namespace Portcullis.KernelTests.Changing;

/// <summary>Stands for SIGKILL: nothing of the program that it ends catches it.</summary>
internal sealed class KilledException : Exception;
