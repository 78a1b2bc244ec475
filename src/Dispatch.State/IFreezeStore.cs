namespace TrafficDispatch.State;

/// <summary>A person's word that no table is to be published until further notice.</summary>
/// <param name="By">Who says it, for instance <c>operator:ana</c>. 1 to 200 characters.</param>
/// <param name="Reason">Why, for people; may be empty. At most 1,000 characters.</param>
/// <param name="SetAt">When it was said.</param>
/// <param name="Until">When it ends by itself; null for not before it is taken back.</param>
public sealed record PublishFreeze(string By, string Reason, DateTimeOffset SetAt, DateTimeOffset? Until)
{
    /// <summary>True while its time is not over.</summary>
    public bool HoldsAt(DateTimeOffset now) => Until is not { } end || end > now;
}

/// <summary>What the store says of a freeze.</summary>
/// <param name="Revision">Grows with every change; 0 before the first. One that fell tells that the store was emptied or restored.</param>
/// <param name="Freeze">The freeze, also one whose time is over; null where there is none.</param>
/// <param name="Fault">Why it cannot be read; empty otherwise. What was read of it before should hold.</param>
public sealed record FreezeReading(long Revision, PublishFreeze? Freeze, string Fault);

/// <summary>Whether tables may be published. Operators write here without the leader's token: they must be heard when there is none. Thread-safe.</summary>
public interface IFreezeStore
{
    /// <summary>Stops publishing, in place of what was said before; announced on <see cref="Topic.Freeze"/>.</summary>
    /// <returns>The new revision.</returns>
    /// <exception cref="ArgumentException">A part breaks its rule.</exception>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<long> PutAsync(PublishFreeze freeze, CancellationToken cancellation);

    /// <summary>Lets tables be published again.</summary>
    /// <returns>False where nothing was frozen; then nothing is announced.</returns>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<bool> RemoveAsync(CancellationToken cancellation);

    /// <summary>What holds now.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<FreezeReading> ReadAsync(CancellationToken cancellation);
}
