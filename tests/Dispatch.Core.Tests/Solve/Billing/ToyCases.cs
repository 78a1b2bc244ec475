using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace TrafficDispatch.Core.Tests.Solve.Billing;

/// <summary>Random toy months of two contracts, two regions and twelve slots, one of them free.</summary>
internal sealed record ToyCase((int Capacity, int Commit, double Usd)[] Contracts, double[][] Rtt, long[][] Demand)
{
    public ToyMonth Build() => ToyMonth.Of(1, Contracts, Rtt, Demand);

    /// <summary>Fewer peaks, then calmer ones.</summary>
    public IEnumerable<ToyCase> Shrink()
    {
        for (int slot = 0; slot < Demand.Length; slot++)
            if (Demand[slot].Any(static d => d > 0)) yield return this with { Demand = [.. Demand.Select((row, at) => at == slot ? [.. row.Select(static d => d / 2)] : row)] };
        for (int c = 0; c < Contracts.Length; c++)
            if (Contracts[c].Commit > 0) yield return this with { Contracts = [.. Contracts.Select((x, at) => at == c ? x with { Commit = 0 } : x)] };
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{string.Join(' ', Contracts)}; rtt {string.Join(' ', Rtt.Select(static r => string.Join('/', r)))}; demand {string.Join(' ', Demand.Select(static d => string.Join('/', d)))}");
}

internal static class ToyCases
{
    public static Arbitrary<ToyCase> Any { get; } = Arb.From(
        from contracts in Gen.ArrayOf(Contract(), 2)
        from rtt in Gen.ArrayOf(Gen.ArrayOf(from ms in Gen.Choose(5, 120) select (double)ms, 3), 2)
        from flat in Gen.ArrayOf(Gen.Choose(0, 2), 2)
        from peaks in Gen.ArrayOf(Gen.ArrayOf(Gen.Frequency((3, Gen.Choose(0, 1)), (1, Gen.Choose(2, 5))), 2), 12)
        select new ToyCase(contracts, rtt, [.. peaks.Select(row => row.Select((p, r) => (long)p + flat[r]).ToArray())]),
        static c => c.Shrink());

    private static Gen<(int Capacity, int Commit, double Usd)> Contract() =>
        from capacity in Gen.Choose(2, 7)
        from commit in Gen.Choose(0, 2)
        from usd in Gen.Choose(3, 20)
        select (capacity, Math.Min(commit, capacity), usd * 0.18);
}
