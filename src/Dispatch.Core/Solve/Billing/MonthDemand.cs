namespace TrafficDispatch.Solve.Billing;

/// <summary>What every region asks for in every slot of a month.</summary>
public abstract class MonthDemand
{
    /// <summary>The month.</summary>
    public abstract BillingPeriod Period { get; }

    /// <summary>Writes one slot's demand.</summary>
    /// <param name="slot">0 to below the period's slots.</param>
    /// <param name="mbps">One a region, Mbit/s, at least 0.</param>
    public abstract void Fill(int slot, Span<long> mbps);
}
