using System.Collections.Immutable;
using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Tree;

namespace TrafficDispatch.Solve;

/// <summary>Finds floors that cannot be carried: above a ceiling of their own or around them, or above what their edges can serve. The floor yields.</summary>
internal static class ContractContradictions
{
    /// <summary>All of them, contract by contract. O(contracts × depth + edges).</summary>
    public static ImmutableArray<Contradiction> Of(CostModel model)
    {
        if (model is not FullCost full) return [];
        World world = model.Snapshot.World;
        ImmutableArray<Contract> contracts = world.Facts.Contracts;
        double[] inner = InnerFloors(contracts, full.Bills.Nesting);
        ImmutableArray<Contradiction>.Builder found = ImmutableArray.CreateBuilder<Contradiction>();
        for (int c = 0; c < contracts.Length; c++)
        {
            Contract contract = contracts[c];
            double floor = Math.Max(contract.Floor.Value, inner[c]), room = full.Bills.Costs[c].Room / 1000.0;
            string of = inner[c] > contract.Floor.Value ? "the floors inside it sum to" : "its floor is";
            if (floor == 0) continue;
            if (contract.Ceiling is { } ceiling && floor > ceiling.Value) found.Add(Name("floor_above_ceiling", contract, of, floor, "its ceiling is", ceiling.Value));
            else if (floor > room) found.Add(Name("floor_above_capacity", contract, of, floor, "its edges can serve", room));
        }
        return found.ToImmutable();
    }

    // What lies between a floor and a ceiling around it may have no floor of its own, and lets through no more than its own ceiling.
    private static double[] InnerFloors(ImmutableArray<Contract> contracts, ContractNesting nesting)
    {
        double[] inner = new double[contracts.Length];
        foreach (int c in Enumerable.Range(0, contracts.Length).OrderByDescending(nesting.Depth))
        {
            double asked = Math.Min(Math.Max(contracts[c].Floor.Value, inner[c]), contracts[c].Ceiling?.Value ?? double.PositiveInfinity);
            if (nesting.ParentOf(c) is >= 0 and int parent) inner[parent] += asked;
        }
        return inner;
    }

    private static Contradiction Name(string kind, Contract contract, string of, double floor, string bound, double value) => new(
        kind, $"contract {contract.Id}", string.Create(CultureInfo.InvariantCulture, $"{of} {floor:0.###} Gbps, {bound} {value:0.###} Gbps"),
        "lower floor_gbps or raise ceiling_gbps in contracts.csv; until then the floor yields");
}
