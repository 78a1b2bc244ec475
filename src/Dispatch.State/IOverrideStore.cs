using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.State;

/// <summary>A statement of health that holds besides the facts: from an operator, a prober or telemetry.</summary>
/// <param name="Statement">What is said. Its factor is 0 to 1.</param>
/// <param name="Source">Who says it, for instance <c>operator:ana</c> or <c>prober</c>; one statement a target and source. 1 to 200 characters.</param>
/// <param name="Reason">Why, for people; may be empty. At most 1,000 characters.</param>
/// <param name="SetAt">When it was said.</param>
/// <param name="Until">When it ends by itself; null for not before it is taken back.</param>
public sealed record HealthOverride(HealthStatement Statement, string Source, string Reason, DateTimeOffset SetAt, DateTimeOffset? Until)
{
    /// <summary>What it is kept under, <c>scope|id|source</c>: a source has one statement on a target.</summary>
    public string Name => OverrideText.Field(Statement.Scope, Statement.Id, Source);

    /// <summary>True while its time is not over.</summary>
    public bool HoldsAt(DateTimeOffset now) => Until is not { } end || end > now;
}

/// <summary>The overrides in force.</summary>
/// <param name="Revision">Grows with every change; 0 before the first.</param>
/// <param name="Overrides">In order of scope, id and source; those whose time is over are left out.</param>
/// <param name="Faults">Entries that cannot be read, a line each.</param>
public sealed record OverrideList(long Revision, ImmutableArray<HealthOverride> Overrides, ImmutableArray<string> Faults)
{
    /// <summary>The same entries by name, <c>scope|id|source</c>: whoever read one before it was damaged may hold to that.</summary>
    public ImmutableArray<string> Damaged { get; init; } = [];
}

/// <summary>Overrides of health. Operators and probers write here without the leader's token: they must be heard when there is none. Thread-safe.</summary>
public interface IOverrideStore
{
    /// <summary>Says something, in place of what the source said of the target before; announced on <see cref="Topic.Overrides"/>.</summary>
    /// <returns>The new revision.</returns>
    /// <exception cref="ArgumentException">A part breaks its rule.</exception>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<long> PutAsync(HealthOverride entry, CancellationToken cancellation);

    /// <summary>Puts back what the store has lost, unless the source has said something of the target since, or has taken this back.</summary>
    /// <returns>False where nothing was put back.</returns>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<bool> GiveBackAsync(HealthOverride entry, CancellationToken cancellation);

    /// <summary>Takes back what a source said of a target.</summary>
    /// <returns>False where it said nothing; then nothing is announced.</returns>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<bool> RemoveAsync(HealthScope scope, string id, string source, CancellationToken cancellation);

    /// <summary>What holds now.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<OverrideList> ListAsync(CancellationToken cancellation);
}
