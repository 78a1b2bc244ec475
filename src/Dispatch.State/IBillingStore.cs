using System.Collections.Immutable;
using TrafficDispatch.Solve.Billing;

namespace TrafficDispatch.State;

/// <summary>The accounts of one calendar month.</summary>
/// <param name="Start">Its first moment, UTC.</param>
/// <param name="Book">The accounts.</param>
public sealed record BillingMonth(DateTimeOffset Start, BillingBook Book);

/// <summary>What came of reading the billing books.</summary>
/// <param name="Month">The newest month of which a book is whole; null where there is none.</param>
/// <param name="Faults">Why a newer copy was passed over, a line each.</param>
public sealed record BillingReading(BillingMonth? Month, ImmutableArray<string> Faults);

/// <summary>The billing book of each month, with the copy before it; thirteen months are kept. Thread-safe.</summary>
public interface IBillingStore
{
    /// <summary>Months that are kept.</summary>
    const int KeptMonths = 13;

    /// <summary>Replaces a month's book.</summary>
    /// <returns>Whether it was stored; never <see cref="FencedWrite.NotNewer"/>.</returns>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<FencedWrite> SaveAsync(BillingMonth month, FencingToken token, CancellationToken cancellation);

    /// <summary>Reads the newest month: its book, or the copy before it where it is damaged; else the month before, and so on.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<BillingReading> LoadAsync(CancellationToken cancellation);
}
