using System.Collections.Immutable;
using TrafficDispatch.Solve.Guarding;

namespace TrafficDispatch.Service.Serving;

/// <summary>How the guard before publishing has judged so far. Immutable.</summary>
/// <param name="Refusals">How often each rule refused a table, by rule.</param>
/// <param name="Forced">Tables that were let through against its findings.</param>
/// <param name="Findings">Why the last table was refused; empty where it was let through.</param>
/// <param name="Since">When what is refused now was refused first; null where nothing is.</param>
public sealed record GuardRecord(ImmutableSortedDictionary<string, long> Refusals, long Forced, ImmutableArray<GuardFinding> Findings, DateTimeOffset? Since)
{
    /// <summary>Nothing was judged yet.</summary>
    public static readonly GuardRecord Nothing = new(ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal), 0, [], null);
}
