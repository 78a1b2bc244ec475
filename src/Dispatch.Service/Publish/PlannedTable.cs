using TrafficDispatch.Solve;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Publish;

/// <summary>A plan in force with the table content that was made from it, failovers aside. Immutable.</summary>
/// <param name="Assignment">The solve.</param>
/// <param name="Content">Its table without failovers.</param>
/// <param name="ContentHash">Hash of that content.</param>
internal sealed record PlannedTable(Assignment Assignment, TableContent Content, string ContentHash)
{
    /// <summary>Names what a run of failures reads besides the clock: the same name, the same failovers.</summary>
    public string FailureInput => ContentHash + "\n" + string.Join('\n', Assignment.Snapshot.Billing);
}
