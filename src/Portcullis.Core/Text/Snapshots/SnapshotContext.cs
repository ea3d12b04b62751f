using System.Text.Json.Serialization;
using Portcullis.Core.Model;

namespace Portcullis.Core.Text.Snapshots;

/// <summary>The serialisation code for a snapshot, made by the compiler.</summary>
[JsonSerializable(typeof(Snapshot))]
internal sealed partial class SnapshotContext : JsonSerializerContext;
