using System;

namespace Portcullis.Core.Firewall;

/// <summary>The rules have more different answers than there is room for. What was asked is then not known.</summary>
public sealed class TooComplexException()
    : Exception("the rules are too complex to be worked out in the memory allowed");
