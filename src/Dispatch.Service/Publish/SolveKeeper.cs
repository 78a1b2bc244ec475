using System.Buffers;
using TrafficDispatch.Model;
using TrafficDispatch.Service.State;
using TrafficDispatch.Solve;
using TrafficDispatch.State;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Publish;

/// <summary>
/// What the solve of the last published table read and where it ended: the next solve starts there, the guard holds the next input against
/// it, and a new leader finds both in the archive. A lost one costs time and that comparison, never correctness. Used by one thread at a time.
/// </summary>
/// <remarks>Solves that publish nothing leave it alone, so that a table is always made from what is archived under the one before.</remarks>
internal sealed class SolveKeeper(StateDoor door, ILeadership leadership, ILogger<SolveKeeper> logger)
{
    /// <summary>The start of the next solve; null where none is known.</summary>
    public StartingPoint? Start { get; private set; }

    /// <summary>Reads the newest from the archive, as at the start of a term.</summary>
    /// <returns>What its solve read; null where that is not known.</returns>
    public Snapshot? Load()
    {
        Start = null;
        try
        {
            SolveReading reading = door.Store.Solves.LatestAsync(leadership.TermEnds).Awaited();
            foreach (string fault in reading.Faults) ShareLog.NoStart(logger, fault);
            if (reading.Found is not { } found) return null;
            if (!StartingPoint.TryRead(found.Start.Span, out StartingPoint? start, out string broken)) ShareLog.NoStart(logger, broken);
            else ShareLog.StartFound(logger, found.Table, found.Snapshot?.World.Version ?? "(gone)", found.Snapshot?.UtcHour ?? -1, found.Start.Length);
            Start = start;
            return found.Snapshot;
        }
        catch (StoreUnavailableException e)
        {
            ShareLog.NoStart(logger, e.Message);
            return null;
        }
    }

    /// <summary>Keeps what the solve of a published table read and where it ended.</summary>
    public void Keep(Assignment assignment, TableVersion version)
    {
        Start = assignment.StartingPoint;
        if (leadership.Token is not { } token) return;
        ArrayBufferWriter<byte> bytes = new();
        Start.Write(bytes);
        try
        {
            ArchivedSolve solve = new(version, assignment.Snapshot, bytes.WrittenMemory);
            FencedWrite done = door.Store.Solves.SaveAsync(solve, token, leadership.TermEnds).Awaited();
            if (done == FencedWrite.StaleToken) leadership.StepDown(token);
        }
        catch (StoreUnavailableException e)
        {
            ShareLog.StartNotKept(logger, e.Message);
        }
    }
}
