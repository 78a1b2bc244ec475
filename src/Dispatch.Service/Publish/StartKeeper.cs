using System.Buffers;
using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.Service.State;
using TrafficDispatch.Solve;
using TrafficDispatch.State;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Publish;

/// <summary>
/// Where the solve of the last published table ended: the next solve starts there, and a new leader finds it in the archive. A lost one
/// costs time, never correctness. Used by one thread at a time.
/// </summary>
/// <remarks>Solves that publish nothing leave it alone, so that a table is always made from what is archived under the one before.</remarks>
internal sealed class StartKeeper(StateDoor door, ILeadership leadership, ILogger<StartKeeper> logger)
{
    /// <summary>The start of the next solve; null where none is known.</summary>
    public StartingPoint? Current { get; private set; }

    /// <summary>Reads the newest from the archive, as at the start of a term.</summary>
    public void Load()
    {
        Current = null;
        try
        {
            BasisReading reading = door.Store.Bases.LatestAsync(leadership.TermEnds).Awaited();
            foreach (string fault in reading.Faults) ShareLog.NoStart(logger, fault);
            if (reading.Found is not { } found) return;
            if (!StartingPoint.TryRead(found.Basis.Span, out StartingPoint? start, out string broken)) ShareLog.NoStart(logger, broken);
            else ShareLog.StartFound(logger, found.Table, found.Snapshot, found.Basis.Length);
            Current = start;
        }
        catch (StoreUnavailableException e)
        {
            ShareLog.NoStart(logger, e.Message);
        }
    }

    /// <summary>Keeps where the solve of a published table ended.</summary>
    public void Keep(Assignment assignment, TableVersion version)
    {
        Current = assignment.StartingPoint;
        if (leadership.Token is not { } token) return;
        ArrayBufferWriter<byte> bytes = new();
        Current.Write(bytes);
        Snapshot snapshot = assignment.Snapshot;
        string name = string.Create(CultureInfo.InvariantCulture, $"{snapshot.World.Version} {snapshot.UtcHour:00}:00 UTC");
        try
        {
            FencedWrite done = door.Store.Bases.SaveAsync(new(version, name, bytes.WrittenMemory), token, leadership.TermEnds).Awaited();
            if (done == FencedWrite.StaleToken) leadership.StepDown(token);
        }
        catch (StoreUnavailableException e)
        {
            ShareLog.StartNotKept(logger, e.Message);
        }
    }
}
