using System.Collections.Immutable;
using TrafficDispatch.Solve.Billing;

namespace TrafficDispatch.State;

/// <summary>What came of reading the billing book.</summary>
/// <param name="Book">The newest book that is whole; null where there is none.</param>
/// <param name="Faults">Why a newer copy was passed over, a line each.</param>
public sealed record BillingReading(BillingBook? Book, ImmutableArray<string> Faults);

/// <summary>The month to date of all contracts. The copy before the last is kept. Thread-safe.</summary>
public interface IBillingStore
{
    /// <summary>Replaces the book.</summary>
    /// <returns>Whether it was stored; never <see cref="FencedWrite.NotNewer"/>.</returns>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<FencedWrite> SaveAsync(BillingBook book, FencingToken token, CancellationToken cancellation);

    /// <summary>Reads the book, or the copy before it where it is damaged.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<BillingReading> LoadAsync(CancellationToken cancellation);
}
