using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Ingest;

/// <summary>The world in a shared store.</summary>
internal sealed class StoredFacts(IWorldStore worlds) : IFacts
{
    /// <inheritdoc/>
    public string Stamp() => NameOf(worlds.StampAsync(default).Awaited());

    /// <summary>A stamp as text; empty where there is none.</summary>
    public static string NameOf(WorldStamp? stamp) => stamp is null
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{stamp.Generation}/{stamp.Version}/{stamp.WrittenAt.UtcTicks}");

    /// <inheritdoc/>
    public FactsReading Read()
    {
        TrafficDispatch.State.WorldReading reading = worlds.ReadAsync(default).Awaited();
        if (reading.Stamp is null) return new(null, ["There is no world in Redis yet: write one with 'dispatch load'."], []);
        return new(reading.World, [.. reading.Faults.Select(static f => f.ToString())], []);
    }

    /// <summary>A store that was restarted empty would leave new processes without facts until somebody comes.</summary>
    public string GiveBack(World last)
    {
        // Held against generation 0, so that a world which somebody writes at this moment stays.
        WorldWriting writing = worlds.WriteAsync(last, 0, default).Awaited();
        return writing.Stamp is { } stamp
            ? $"Redis had lost its world; world {last.Version} was written back as generation {stamp.Generation}."
            : $"Redis has lost its world, and writing world {last.Version} back was refused: {writing.Refusal}";
    }
}
