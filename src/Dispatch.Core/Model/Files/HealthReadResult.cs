using System.Collections.Immutable;

namespace TrafficDispatch.Model.Files;

/// <summary>What came of reading statements of health: all of them, or every fault found. Immutable and thread-safe.</summary>
/// <param name="Statements">The statements in file order; empty where there is any fault, or no file.</param>
/// <param name="Faults">Faults in reading order, at most the first 200.</param>
public sealed record HealthReadResult(ImmutableArray<HealthStatement> Statements, ImmutableArray<WorldFault> Faults)
{
    /// <summary>True where the statements can be used.</summary>
    public bool IsRead => Faults.IsEmpty;
}
