using TrafficDispatch.Service.Serving;
using TrafficDispatch.Solve;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Publish;

/// <summary>An optimum that a table was made of. Immutable.</summary>
/// <param name="Assignment">The optimum and what it was solved from.</param>
/// <param name="Version">The table, failovers aside.</param>
/// <param name="SolvedAt">When it was put in force or found to be right still.</param>
internal sealed record SolvedFacts(Assignment Assignment, TableVersion Version, DateTimeOffset SolvedAt);

/// <summary>
/// The one reference to the last optimum that this process put in force or found to be right still, for whoever plans ahead. The publishing loop writes it;
/// whoever reads it keeps what it read alive for as long as it needs it. Thread-safe.
/// </summary>
internal sealed class LastOptimum(TableHolder holder, TimeProvider time)
{
    private SolvedFacts? _current;

    /// <summary>The optimum; null before the first, and while another process leads, whose facts are newer.</summary>
    public SolvedFacts? Current => holder.Replica is { Leads: false } ? null : Volatile.Read(ref _current);

    /// <summary>Takes an optimum in place of the one before.</summary>
    public void Note(Assignment assignment, TableVersion version) => Volatile.Write(ref _current, new(assignment, version, time.GetUtcNow()));
}
