namespace TrafficDispatch.Solve.Columns;

/// <summary>Chooses a group's candidates. One thread at a time.</summary>
internal interface IRowChoice
{
    /// <summary>The chosen edges of a group, ascending; valid until the next call.</summary>
    /// <param name="group">Its ordinal.</param>
    /// <param name="row">What a unit of the group costs at every edge.</param>
    ReadOnlySpan<int> Edges(int group, out ReadOnlySpan<long> row);
}
