using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Billing;

/// <summary>Which contract each edge stands in, and each contract in which other: ordinals, −1 for none.</summary>
internal sealed class ContractTree
{
    public ContractTree(World world)
    {
        Contracts = world.Facts.Contracts;
        Dictionary<string, int> ordinal = new(StringComparer.Ordinal);
        for (int c = 0; c < Contracts.Length; c++) ordinal.Add(Contracts[c].Id, c);
        Parent = [.. Contracts.Select(c => c.ParentId is { } id ? ordinal[id] : -1)];
        EdgeCapacity = [.. world.Edges.Select(e => UsableCapacity(world, e))];
        Holder = new int[world.Edges.Length];
        Payer = new int[world.Edges.Length];
        Array.Fill(Holder, -1);
        Array.Fill(Payer, -1);
        Room = new long[Contracts.Length];
        for (int c = 0; c < Contracts.Length; c++)
            foreach (string id in Contracts[c].Edges) Join(world.EdgeOrdinal(id), c);
        Floor = [.. Contracts.Select((c, i) => Math.Min(c.Floor.ToMbps().Value, Math.Min(Room[i], c.Ceiling?.ToMbps().Value ?? long.MaxValue)))];
    }

    /// <summary>The contracts, in file order.</summary>
    public ImmutableArray<Contract> Contracts { get; }

    /// <summary>The contract that holds each contract.</summary>
    public int[] Parent { get; }

    /// <summary>The innermost contract of each edge.</summary>
    public int[] Holder { get; }

    /// <summary>The contract that bills each edge.</summary>
    public int[] Payer { get; }

    /// <summary>Usable capacity of each edge, Mbit/s.</summary>
    public long[] EdgeCapacity { get; }

    /// <summary>Usable capacity of each contract's edges together, Mbit/s.</summary>
    public long[] Room { get; }

    /// <summary>What each contract must carry while there is demand for it, Mbit/s; the floor yields to the ceiling and to what its edges can carry.</summary>
    public long[] Floor { get; }

    private void Join(int edge, int contract)
    {
        Room[contract] = checked(Room[contract] + EdgeCapacity[edge]);
        if (!Contracts[contract].Tiers.IsEmpty) Payer[edge] = contract;
        if (Holder[edge] < 0 || Depth(contract) > Depth(Holder[edge])) Holder[edge] = contract;
    }

    private int Depth(int contract)
    {
        int depth = 0;
        for (int c = contract; c >= 0; c = Parent[c]) depth++;
        return depth;
    }

    private static long UsableCapacity(World world, Edge edge)
    {
        NodeHealth health = world.Health.Of(edge);
        return new Gbps(edge.Capacity.Value * (health.CanServe ? health.Factor : 0)).ToMbps().Value;
    }
}
