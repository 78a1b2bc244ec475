using System.Runtime.InteropServices;

namespace TrafficDispatch.Solve.Columns;

/// <summary>The edges that a group had before, as far as the model still allows them, and those that serve it under the plan in force.</summary>
internal sealed class EdgesAgain(CostModel model, CandidateRows before) : IRowChoice
{
    private readonly long[] _row = new long[model.Snapshot.World.Edges.Length];
    private readonly List<int> _chosen = [];

    /// <inheritdoc/>
    public ReadOnlySpan<int> Edges(int group, out ReadOnlySpan<long> row)
    {
        model.Row(group, _row);
        _chosen.Clear();
        foreach (int e in before.Edges(group))
            if (_row[e] != CostModel.NotAllowed) _chosen.Add(e);
        foreach (int e in model.Prior.Edges(group))
            if (_row[e] != CostModel.NotAllowed && !_chosen.Contains(e)) _chosen.Add(e);
        _chosen.Sort();
        row = _row;
        return CollectionsMarshal.AsSpan(_chosen);
    }
}
