using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Billing;
using TrafficDispatch.Solve.Tree;

namespace TrafficDispatch.Solve;

/// <summary>What the contracts of a world charge at the margin, given where they stand in their month.</summary>
internal sealed class Bills
{
    private readonly ImmutableArray<Contract> _contracts;

    /// <summary>Reads the contracts of a snapshot.</summary>
    /// <param name="snapshot">Contracts and their standing.</param>
    /// <param name="capacity">Usable capacity of each edge.</param>
    public Bills(Snapshot snapshot, Func<int, long> capacity)
    {
        World world = snapshot.World;
        _contracts = world.Facts.Contracts;
        Nesting = new ContractNesting(world);
        Dictionary<string, BillingLevel> levels = snapshot.Billing.ToDictionary(static l => l.ContractId, StringComparer.Ordinal);
        Costs =
        [
            .. _contracts.Select(c => CostOf(c, levels.GetValueOrDefault(c.Id), c.Edges.Sum(e => capacity(world.EdgeOrdinal(e))))),
        ];
    }

    /// <summary>Which contract holds which edge and which contract.</summary>
    public ContractNesting Nesting { get; }

    /// <summary>By contract, what its traffic costs; as long as its edges can fill.</summary>
    public ImmutableArray<StepCost> Costs { get; }

    /// <summary>Greatest cost of a unit: of nested contracts at most one bills.</summary>
    public long Dearest => Costs.IsEmpty ? 0 : Costs.Max(static c => c.Steps[^1].Cost);

    /// <summary>The contract that bills an edge's traffic in place of its own price; −1 for none.</summary>
    public int ContractOf(int edge)
    {
        int c = Nesting.OfEdge(edge);
        while (c >= 0 && _contracts[c].Tiers.IsEmpty) c = Nesting.ParentOf(c);
        return c;
    }

    /// <summary>What a unit at an edge costs above all commits: its own price, or the first tier of the contract that bills it.</summary>
    public long ListPrice(Edge edge, int ordinal) =>
        ContractOf(ordinal) is >= 0 and int c ? _contracts[c].Marginal(_contracts[c].Tiers[0]).Value : edge.Price.Marginal().Value;

    private static StepCost CostOf(Contract contract, BillingLevel? level, long room) =>
        StepCost.Of(ContractSteps.Of(contract with { Ceiling = null }, level, new Mbps(room)).Select(static s => new CostStep(s.Capacity.Value, s.Cost.Value)));
}
