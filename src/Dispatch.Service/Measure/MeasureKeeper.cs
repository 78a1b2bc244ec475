using System.Globalization;
using TrafficDispatch.Measure;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Measure;

/// <summary>
/// Keeps what lives longer than its samples, resolvers' clients and levels of demand, over restarts and changes of the leader: the leader writes it
/// every minute or as often as is set, whoever begins reads it. Used by the fold thread alone.
/// </summary>
internal sealed class MeasureKeeper(
    TelemetrySettings settings, StateDoor door, ILeadership leadership, SampleFolder folder, FreshRegions fresh, TimeProvider time, ILogger<MeasureKeeper> logger)
{
    private DateTimeOffset _kept = DateTimeOffset.MinValue;
    private KeptMeasures _last = new("", ReadOnlyMemory<byte>.Empty);

    /// <summary>Merges what was kept into the book.</summary>
    /// <returns>The part up to which it goes; empty for none.</returns>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    public string Recall(CancellationToken stop)
    {
        MeasuresReading reading = door.Store.Measures.LatestAsync(stop).GetAwaiter().GetResult();
        foreach (string fault in reading.Faults) MeasureLog.NotRecalled(logger, fault);
        if (reading.Found is not { } found) return "";
        if (!folder.Merge(found.Book, BookKinds.Lasting)) MeasureLog.NotRecalled(logger, "it is of another format or of other half-lives");
        string[] words = found.Note.Split(' ');
        if (words.Length == 3 && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int most)
            && long.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out long atMs)) fresh.Recall(most, atMs);
        return words[0];
    }

    /// <summary>Keeps it where this process leads and it is time.</summary>
    /// <param name="place">The part up to which the book goes; empty where there are none.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    public void KeepIfDue(string place, CancellationToken stop)
    {
        if ((time.GetUtcNow() - _kept).Duration() >= settings.KeepEvery) Keep(place, stop);
    }

    /// <summary>Keeps it where this process leads.</summary>
    /// <param name="place">The part up to which the book goes; empty where there are none.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    public void Keep(string place, CancellationToken stop)
    {
        if (leadership.Token is not { } token || folder.Lasting() is not { } book) return;
        _kept = time.GetUtcNow();
        (int most, long atMs) = fresh.Most;
        KeptMeasures measures = new(string.Create(CultureInfo.InvariantCulture, $"{place} {most} {atMs}"), book);
        if (measures.Note == _last.Note && measures.Book.Span.SequenceEqual(_last.Book.Span)) return;
        if (door.Store.Measures.SaveAsync(measures, token, stop).GetAwaiter().GetResult() == FencedWrite.StaleToken) leadership.StepDown(token);
        else _last = measures;
    }
}
