namespace TrafficDispatch.State;

/// <summary>What came of asking for a lease.</summary>
/// <param name="Token">The token; null where another holds the lease.</param>
/// <param name="Holder">Who holds it now.</param>
/// <param name="Left">How long it lasts unless it is renewed; <see cref="Timeout.InfiniteTimeSpan"/> where nobody else can take it.</param>
public sealed record LeaseGrant(FencingToken? Token, string Holder, TimeSpan Left);

/// <summary>The lease on solving: at most one holder at a time, each with a token above all before it. Thread-safe.</summary>
/// <remarks>Time is the store's own, so that holders whose clocks differ agree on who holds it.</remarks>
public interface ILeaseStore
{
    /// <summary>Takes the lease where nobody holds it.</summary>
    /// <param name="holder">Unique among processes, 1 to 200 characters, no line ends.</param>
    /// <param name="length">How long it lasts unless it is renewed; at least 1 ms.</param>
    /// <param name="cancellation">Gives up; the lease may still have been taken.</param>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<LeaseGrant> AcquireAsync(string holder, TimeSpan length, CancellationToken cancellation);

    /// <summary>Makes the lease last so long from now.</summary>
    /// <returns>False where the token is stale: the lease ran out or another took it.</returns>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<bool> RenewAsync(FencingToken token, TimeSpan length, CancellationToken cancellation);

    /// <summary>Gives the lease back.</summary>
    /// <returns>False where the token is stale.</returns>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<bool> ReleaseAsync(FencingToken token, CancellationToken cancellation);
}
