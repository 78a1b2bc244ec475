using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace TrafficDispatch.Model.Files;

/// <summary>What came of a load: a whole world, or every fault found. Immutable and thread-safe.</summary>
/// <param name="World">The world; null where there is any fault.</param>
/// <param name="Faults">Faults in reading order; at most the first 200 of <paramref name="FaultCount"/>.</param>
/// <param name="Warnings">What is odd yet harmless, in reading order; at most the first 200 of <paramref name="WarningCount"/>.</param>
/// <param name="FaultCount">All faults, listed or not.</param>
/// <param name="WarningCount">All warnings, listed or not.</param>
public sealed record WorldLoadResult(
    World? World, ImmutableArray<WorldFault> Faults, ImmutableArray<WorldFault> Warnings, int FaultCount, int WarningCount)
{
    /// <summary>True where there is a world.</summary>
    [MemberNotNullWhen(true, nameof(World))]
    public bool IsLoaded => World is not null;
}
