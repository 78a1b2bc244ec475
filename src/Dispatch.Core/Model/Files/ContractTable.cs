using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace TrafficDispatch.Model.Files;

/// <summary>
/// Reads <c>contracts.csv</c>: <c>contract_id,operator</c> and, if wanted, <c>parent,continents,sites,edges,floor_gbps,ceiling_gbps,billing,
/// commit_gbps,commit_usd,tiers</c>.
/// </summary>
internal static class ContractTable
{
    public const string File = "contracts.csv";

    public static ImmutableArray<Contract> Read(WorldDraft draft, ImmutableArray<Edge> edges)
    {
        if (TableReader.Open(draft.Files, File, required: false) is not { } t) return [];
        ContractColumns columns = new(t);
        if (!t.Begin()) return [];
        // Resolving looks at every edge for every contract, as much work as the matrix of round trips, and is bounded like it.
        int most = draft.Files.Limits.MatrixCells / Math.Max(1, edges.Length);
        IdIndex ids = new("contract", File);
        List<ContractRow> rows = [];
        while (t.Next())
        {
            if (rows.Count == most)
            {
                t.Fault($"must not have more than {most} contracts of {edges.Length} edges");
                return [];
            }
            rows.Add(columns.Read(t, draft, ids, edges));
        }
        // A malformed row may be the parent, or the edge, that others seem to lack.
        if (!t.HadBroken && draft.Edges.IsComplete) new ContractTree(draft.Log, ids, rows, edges).Check();
        return [.. rows.Select(static r => r.Contract)];
    }
}

/// <summary>A contract with the fields that other rows may contradict.</summary>
/// <param name="Contract">The contract.</param>
/// <param name="Edges">Ordinals of its edges, ascending.</param>
/// <param name="IsSound">False where a field of the row broke a rule.</param>
/// <param name="Parent">Where the parent stands.</param>
/// <param name="Floor">Where the floor stands.</param>
/// <param name="Ceiling">Where the ceiling stands.</param>
/// <param name="Tiers">Where the tiers stand.</param>
internal sealed record ContractRow(Contract Contract, int[] Edges, bool IsSound, Cell Parent, Cell Floor, Cell Ceiling, Cell Tiers)
{
    public int Line => Parent.Line;
}

/// <summary>The columns of <c>contracts.csv</c>.</summary>
internal sealed class ContractColumns(TableReader t)
{
    private const int MostTiers = 100;
    private readonly Column _id = t.Required("contract_id"), _operator = t.Required("operator"), _parent = t.Optional("parent");
    private readonly Column _continents = t.Optional("continents"), _sites = t.Optional("sites"), _edges = t.Optional("edges");
    private readonly Column _floor = t.Optional("floor_gbps"), _ceiling = t.Optional("ceiling_gbps"), _billing = t.Optional("billing");
    private readonly Column _commit = t.Optional("commit_gbps"), _commitUsd = t.Optional("commit_usd"), _tiers = t.Optional("tiers");

    public ContractRow Read(TableReader t, WorldDraft draft, IdIndex ids, ImmutableArray<Edge> edges)
    {
        int before = draft.Log.FaultCount;
        string id = ids.Add(t, _id);
        int[] held = Hold(t, draft, edges);
        Gbps? ceiling = t.IsEmpty(_ceiling) ? null : new Gbps(t.Number(_ceiling, NumberRule.Rate));
        Gbps commit = new(t.Number(_commit, NumberRule.Rate, absent: 0));
        Contract contract = new(
            id, t.IsEmpty(_parent) ? null : t.Text(_parent).ToString(), [.. held.Select(e => edges[e].Id)],
            new Gbps(t.Number(_floor, NumberRule.Rate, absent: 0)), ceiling)
        {
            Billing = t.IsEmpty(_billing) && t.IsEmpty(_tiers)
                ? BillingMethod.Volume
                : t.Word(_billing, ("volume", BillingMethod.Volume), ("p95", BillingMethod.Percentile95)),
            Commit = commit,
            CommitUsd = t.IsEmpty(_commitUsd) ? null : t.Number(_commitUsd, NumberRule.Money),
            Tiers = ReadTiers(t, commit),
        };
        if (!t.IsEmpty(_tiers) && !_billing.Exists) t.Fault(_tiers, "needs a column billing");
        if (commit.Value > 0 && t.IsEmpty(_tiers)) t.Fault(_commit, "must not stand without tiers: nothing says what exceeding it costs");
        if (commit.Value == 0 && !t.IsEmpty(_commitUsd)) t.Fault(_commitUsd, "must not stand without a commit");
        bool isSound = !t.IsBroken && draft.Log.FaultCount == before;
        return new(contract, held, isSound, t.At(_parent), t.At(_floor), t.At(_ceiling), t.At(_tiers));
    }

    /// <summary>Edges of the operators, on the continents, at the sites and of the ids that are named; each name must hold one at least.</summary>
    private int[] Hold(TableReader t, WorldDraft draft, ImmutableArray<Edge> edges)
    {
        if (t.IsEmpty(_operator)) t.Fault(_operator, "must name at least one operator");
        if (!draft.Edges.IsComplete) return [];
        draft.Edges.Check(t, _edges, t.List(_edges));
        int[] held = [.. Enumerable.Range(0, edges.Length)];
        held = Keep(t, held, edges, _operator, static e => e.Operator, $"must be an operator of {PlaceTables.EdgesFile}");
        held = Keep(t, held, edges, _continents, static e => e.Place.Continent, "must be a continent of the operator's edges");
        held = Keep(t, held, edges, _sites, static e => e.SiteCode, "must be a site of the operator's edges on the continents named");
        return Keep(t, held, edges, _edges, static e => e.Id, "must be one of the operator's edges on the continents and at the sites named", draft.Edges);
    }

    /// <param name="t">The table.</param>
    /// <param name="held">Ordinals of edges.</param>
    /// <param name="edges">All edges.</param>
    /// <param name="column">A list of names; an empty one keeps all.</param>
    /// <param name="nameOf">What an edge is named by.</param>
    /// <param name="rule">What a name that keeps no edge breaks.</param>
    /// <param name="known">Where names that are not known at all were faulted already.</param>
    private static int[] Keep(
        TableReader t, int[] held, ImmutableArray<Edge> edges, Column column, Func<Edge, string> nameOf, string rule, IdIndex? known = null)
    {
        ImmutableArray<string> names = t.List(column);
        if (names.IsEmpty || held.Length == 0) return held;
        HashSet<string> wanted = [.. names], unused = [.. names];
        int[] kept = [.. held.Where(e => wanted.Contains(nameOf(edges[e])))];
        foreach (int e in kept) unused.Remove(nameOf(edges[e]));
        foreach (string name in names.Where(n => unused.Contains(n) && (known is null || known.Find(n) >= 0)))
            t.Fault(column, $"'{FaultLog.Shown(name)}' {rule}");
        return kept;
    }

    /// <summary>Parts <c>UPTO:USD</c>, the last one without an end: <c>USD</c> or <c>*:USD</c>.</summary>
    private ImmutableArray<PriceTier> ReadTiers(TableReader t, Gbps commit)
    {
        string[] parts = t.Parts(_tiers, MostTiers);
        ImmutableArray<PriceTier>.Builder tiers = ImmutableArray.CreateBuilder<PriceTier>(parts.Length);
        Level before = new(commit.Value, 0);
        for (int i = 0; i < parts.Length; i++)
        {
            int colon = parts[i].IndexOf(':', StringComparison.Ordinal);
            bool isEndless = colon < 0 || parts[i].AsSpan(0, colon) is "*", isLast = i == parts.Length - 1;
            if (isEndless != isLast)
            {
                t.Fault(_tiers, $"'{FaultLog.Shown(parts[i])}' {(isLast ? "must have no end, as USD or *:USD: it is the last tier" : "must be UPTO:USD: only the last tier has no end")}");
                return [];
            }
            double upTo = 0;
            bool read = t.TryNumber(_tiers, parts[i], parts[i].AsSpan(colon + 1), NumberRule.Money, out double usd);
            if (!isEndless) read &= t.TryNumber(_tiers, parts[i], parts[i].AsSpan(0, colon), NumberRule.PositiveRate, out upTo);
            if (!read) return [];
            if (!isEndless && upTo <= before.UpTo)
                t.Fault(_tiers, $"'{FaultLog.Shown(parts[i])}' must end above {(i == 0 ? "the commit" : "the tier before it")}");
            if (usd < before.Usd)
                t.Fault(_tiers, $"'{FaultLog.Shown(parts[i])}' must not be cheaper than the tier before it: the solve prices convex tiers only, and a volume discount is not convex");
            before = new(upTo, usd);
            tiers.Add(new(isEndless ? null : new Gbps(upTo), usd));
        }
        return tiers.ToImmutable();
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Level(double UpTo, double Usd);
}
