using TrafficDispatch.Model;

namespace TrafficDispatch.Core.Tests.Solve.Billing;

/// <summary>Contracts with round prices.</summary>
internal static class TransitContracts
{
    /// <summary>Percentile: commit 10 Gbit/s; 0.72 USD a Mbit/s and month to 20 Gbit/s, 1.44 above (1000 and 2000 micro-USD an hour).</summary>
    public static readonly Contract Percentile = new("transit", null, ["e1", "e2"], default, new Gbps(50))
    {
        Billing = BillingMethod.Percentile95,
        Commit = new Gbps(10),
        Tiers = [new(new Gbps(20), 0.72), new(null, 1.44)],
    };

    /// <summary>Volume: mean of 1 Gbit/s committed; 0.02 USD a GB to a mean of 2 Gbit/s, 0.03 above.</summary>
    public static readonly Contract Volume = new("cdn", null, ["e3"], default, null)
    {
        Billing = BillingMethod.Volume,
        Commit = new Gbps(1),
        Tiers = [new(new Gbps(2), 0.02), new(null, 0.03)],
    };
}
