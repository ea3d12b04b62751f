using System;
using System.Collections.Generic;
using System.Linq;

namespace Portcullis.Tests.Cli;

/// <summary>
/// One object of SARIF 2.1.0, as far as we write it: written down from the clauses of the standard ("Static Analysis Results
/// Interchange Format (SARIF) Version 2.1.0", OASIS), since no package that we can restore carries its schema. A property that does not
/// stand here is refused, also where the standard knows it: who writes it first must look its clause up.
/// </summary>
/// <param name="Clause">The clause of the object.</param>
/// <param name="Needs">The properties that it must have; of "a|b" one at least.</param>
/// <param name="Properties">Its properties, by name.</param>
internal sealed record SarifShape(string Clause, string[] Needs, Dictionary<string, SarifProperty> Properties)
{
    // NAME CLAUSE NEEDS: PROPERTY KIND CLAUSE; ...
    // A kind is a word of SarifFaults, an object, [kind] for an array, [kind]! for one without equal items (3.7.3), (a,b) for one of words.
    private const string Lines = """
        sarifLog 3.13 version,runs: $schema uri 3.13.3; version (2.1.0) 3.13.2; runs [run] 3.13.4
        run 3.14 tool: tool tool 3.14.6; automationDetails runAutomationDetails 3.14.3; invocations [invocation] 3.14.11; columnKind (utf16CodeUnits,unicodeCodePoints) 3.14.27; results [result] 3.14.23; properties propertyBag 3.8
        tool 3.18 driver: driver toolComponent 3.18.2
        toolComponent 3.19 name: name text 3.19.8; version text 3.19.13; rules [reportingDescriptor]! 3.19.23; notifications [reportingDescriptor]! 3.19.24
        reportingDescriptor 3.49 id: id text 3.49.3; shortDescription multiformatMessageString 3.49.9; fullDescription multiformatMessageString 3.49.10; help multiformatMessageString 3.49.13; defaultConfiguration reportingConfiguration 3.49.14; properties propertyBag 3.8
        reportingConfiguration 3.50 -: level (none,note,warning,error) 3.50.3
        multiformatMessageString 3.12 text: text text 3.12.3; markdown text 3.12.4
        message 3.11 text|id: text message-text 3.11.8
        runAutomationDetails 3.17 -: id text 3.17.3
        invocation 3.20 executionSuccessful: executionSuccessful bool 3.20.14; toolExecutionNotifications [notification] 3.20.21
        notification 3.58 message: descriptor reportingDescriptorReference 3.58.2; message message 3.58.5; level (none,note,warning,error) 3.58.6
        reportingDescriptorReference 3.52 id|index|guid: id text 3.52.4; index index 3.52.5
        result 3.27 message: ruleId text 3.27.5; ruleIndex index 3.27.6; level (none,note,warning,error) 3.27.10; message message 3.27.11; locations [location] 3.27.12; partialFingerprints texts 3.27.17; properties propertyBag 3.8
        location 3.28 -: physicalLocation physicalLocation 3.28.3; logicalLocations [logicalLocation]! 3.28.4
        physicalLocation 3.29 artifactLocation|address: artifactLocation artifactLocation 3.29.3; region region 3.29.4
        artifactLocation 3.4 uri|index: uri uri-reference 3.4.3
        region 3.30 startLine|charOffset|byteOffset: startLine line 3.30.5
        logicalLocation 3.33 name|fullyQualifiedName: fullyQualifiedName text 3.33.5; kind text 3.33.7
        """;

    /// <summary>All of them, by name.</summary>
    internal static Dictionary<string, SarifShape> All { get; } = Lines.Split('\n').Select(Parse).ToDictionary(one => one.Name, one => one.Shape, StringComparer.Ordinal);

    private static (string Name, SarifShape Shape) Parse(string line)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        string[] head = line[..colon].Split(' ');
        Dictionary<string, SarifProperty> properties = line[(colon + 1)..].Split(';', StringSplitOptions.TrimEntries).Select(one => one.Split(' '))
            .ToDictionary(one => one[0], one => new SarifProperty(one[1], one[2]), StringComparer.Ordinal);
        return (head[0], new SarifShape(head[1], head[2] == "-" ? [] : head[2].Split(','), properties));
    }
}
