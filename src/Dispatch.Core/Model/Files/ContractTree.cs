using System.Collections.Immutable;
using System.Globalization;

namespace TrafficDispatch.Model.Files;

/// <summary>
/// Checks how contracts nest. What cannot be a tree is a fault; bounds that cannot all hold are a contradiction, which is warned of and
/// loaded: the solve lets the floor yield and serves everyone.
/// </summary>
/// <remarks>Linear in contracts and the edges that they hold. Once a table.</remarks>
internal sealed class ContractTree
{
    private const int LinesShown = 8;

    // Below the solver's unit of 1 Mbit/s: sums of decimal figures are not contradictions for their last binary digit.
    private const double ToleranceGbps = 1e-6;
    private readonly FaultLog _log;
    private readonly IdIndex _ids;
    private readonly List<ContractRow> _rows;
    private readonly ImmutableArray<Edge> _edges;
    private readonly int[] _parent, _depth;
    private readonly List<int>[] _children;

    public ContractTree(FaultLog log, IdIndex ids, List<ContractRow> rows, ImmutableArray<Edge> edges)
    {
        (_log, _ids, _rows, _edges) = (log, ids, rows, edges);
        _parent = new int[rows.Count];
        _depth = new int[rows.Count];
        _children = [.. rows.Select(static _ => new List<int>())];
    }

    public void Check()
    {
        List<int> rooted = Order();
        CheckCycles();
        foreach (int child in rooted)
            if (_parent[child] >= 0 && _rows[child].IsSound && _rows[_parent[child]].IsSound) CheckInside(child, _parent[child]);
        CheckShared();
        CheckTiers(rooted);
        if (_log.FaultCount == 0) WarnOfContradictions(rooted);
    }

    /// <summary>Finds parents and depths; gives the contracts that hang on a root, parents before children.</summary>
    private List<int> Order()
    {
        List<int> order = [];
        for (int c = 0; c < _rows.Count; c++)
        {
            string? parent = _rows[c].Contract.ParentId;
            _parent[c] = parent is null ? -1 : _ids.Find(parent);
            if (parent is null) order.Add(c);
            else if (_parent[c] >= 0) _children[_parent[c]].Add(c);
            else if (_ids.IsComplete) _rows[c].Parent.Fault(_log, $"must be a contract of {ContractTable.File}");
        }
        foreach (int root in order) _depth[root] = 1;
        for (int i = 0; i < order.Count; i++)
            foreach (int child in _children[order[i]])
            {
                _depth[child] = _depth[order[i]] + 1;
                order.Add(child);
            }
        return order;
    }

    /// <summary>Contracts that no root reaches lie on a cycle, below one, or below a parent that is unknown.</summary>
    private void CheckCycles()
    {
        int[] walk = new int[_rows.Count];
        for (int start = 0; start < _rows.Count; start++)
        {
            int at = start;
            while (at >= 0 && _depth[at] == 0 && walk[at] == 0)
            {
                walk[at] = start + 1;
                at = _parent[at];
            }
            if (at < 0 || _depth[at] > 0 || walk[at] != start + 1) continue;
            List<int> lines = [_rows[at].Line];
            for (int next = _parent[at]; next != at; next = _parent[next]) lines.Add(_rows[next].Line);
            _rows[at].Parent.Fault(_log, $"must not lead back to the contract itself: line{Lines(lines)}");
        }
    }

    private void CheckInside(int child, int parent)
    {
        HashSet<int> held = [.. _rows[parent].Edges];
        int outside = Array.FindIndex(_rows[child].Edges, e => !held.Contains(e));
        if (outside >= 0)
            _rows[child].Parent.Fault(_log, $"must hold all edges of this contract: edge '{_edges[_rows[child].Edges[outside]].Id}' is not in line {_rows[parent].Line}");
    }

    /// <summary>Of the contracts that hold an edge the deepest must lie in all others.</summary>
    private void CheckShared()
    {
        List<int>[] holders = [.. _edges.Select(static _ => new List<int>())];
        for (int c = 0; c < _rows.Count; c++)
            if (_depth[c] > 0 && _rows[c].IsSound)
                foreach (int e in _rows[c].Edges) holders[e].Add(c);
        HashSet<(int, int)> named = [];
        for (int e = 0; e < holders.Length; e++)
        {
            if (holders[e].Count < 2) continue;
            int deepest = holders[e].MaxBy(c => _depth[c]);
            HashSet<int> around = [];
            for (int c = deepest; c >= 0; c = _parent[c]) around.Add(c);
            foreach (int other in holders[e].Where(c => !around.Contains(c)))
            {
                (int first, int second) = (Math.Min(deepest, other), Math.Max(deepest, other));
                if (named.Add((first, second)))
                    _rows[second].Parent.Fault(_log, $"must nest the contract with line {_rows[first].Line}: both hold edge '{_edges[e].Id}'");
            }
        }
    }

    private void CheckTiers(List<int> rooted)
    {
        int[] billedBy = new int[_rows.Count];
        foreach (int c in rooted)
        {
            int above = _parent[c] < 0 ? -1 : billedBy[_parent[c]];
            bool bills = _rows[c].Contract.Tiers.Length > 0;
            if (bills && above >= 0)
                _rows[c].Tiers.Fault(_log, $"must be empty: the contract of line {_rows[above].Line} around this one has tiers, and traffic is billed once");
            billedBy[c] = bills ? c : above;
        }
    }

    private void WarnOfContradictions(List<int> rooted)
    {
        double[] carries = [.. _rows.Select(r => r.Edges.Sum(e => _edges[e].Capacity.Value))];
        double[] inside = [.. carries], floors = new double[_rows.Count];
        foreach (int c in Enumerable.Reverse(rooted))
        {
            Contract contract = _rows[c].Contract;
            double room = Math.Min(inside[c], contract.Ceiling?.Value ?? double.PositiveInfinity);
            if (_parent[c] < 0) continue;
            inside[_parent[c]] -= carries[c] - room;
            // What this one contradicts by itself is said of it once, and not again of those around it.
            floors[_parent[c]] += Math.Min(Math.Max(contract.Floor.Value, floors[c]), room);
        }
        for (int c = 0; c < _rows.Count; c++) Warn(_rows[c], carries[c], inside[c], floors[c], _children[c]);
    }

    private void Warn(ContractRow row, double carries, double inside, double floors, List<int> children)
    {
        double floor = row.Contract.Floor.Value - ToleranceGbps;
        if (row.Contract.Ceiling is { } ceiling)
        {
            if (floor > ceiling.Value) row.Floor.Warn(_log, $"must not be above the contract's ceiling of {Gbps(ceiling.Value)}: the floor yields");
            List<int> lines = [.. children.Where(c => _rows[c].Contract.Floor.Value > 0 || _children[c].Count > 0).Select(c => _rows[c].Line)];
            if (floors - ToleranceGbps > ceiling.Value)
                row.Ceiling.Warn(_log, $"must not be below the floors inside it, {Gbps(floors)} in line{Lines(lines)}: the floors yield");
        }
        if (floor > carries) row.Floor.Warn(_log, $"must not be above the {Gbps(carries)} that its edges can carry: the floor yields");
        else if (floor > inside) row.Floor.Warn(_log, $"must not be above the {Gbps(inside)} that the ceilings inside it leave: the floor yields");
    }

    private static string Gbps(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.######} Gbit/s");

    private static string Lines(List<int> lines) =>
        (lines.Count > 1 ? "s " : " ") + string.Join(", ", lines.Take(LinesShown)) + (lines.Count > LinesShown ? ", …" : "");
}
