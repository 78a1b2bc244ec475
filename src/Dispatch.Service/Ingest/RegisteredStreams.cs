using System.Collections.Immutable;
using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Ingest;

/// <summary>The world with the live streams that were registered at run time. One that cannot be true is left out and told: it must not keep a world from being solved.</summary>
/// <param name="facts">Where the world is read from.</param>
/// <param name="streams">The registry.</param>
internal sealed class RegisteredStreams(IFacts facts, IStreamStore streams) : IFacts
{
    private World? _plain;

    /// <inheritdoc/>
    public string Stamp()
    {
        // A place without a world stays one: the registry alone is none.
        if (facts.Stamp() is not { Length: > 0 } stamp) return "";
        return string.Create(CultureInfo.InvariantCulture, $"{stamp}|streams/{streams.ListAsync(default).Awaited().Revision}");
    }

    /// <inheritdoc/>
    public FactsReading Read()
    {
        FactsReading reading = facts.Read();
        if (reading.World is not { } world) return reading;
        _plain = world;
        StreamList list = streams.ListAsync(default).Awaited();
        ImmutableArray<LiveStream> known = [.. list.Streams.Where(s => world.OriginOrdinal(s.OriginId) >= 0)];
        ImmutableArray<string> warnings =
        [
            .. reading.Warnings, .. list.Faults,
            .. list.Streams.Except(known).Select(static s => $"stream '{s.Key}': the world has no origin '{s.OriginId}', so it is left out"),
        ];
        return reading with { World = known.IsEmpty ? world : With(world, known), Warnings = warnings };
    }

    /// <summary>What is given back is the world as it was read: streams are registered anew by those who publish them.</summary>
    public string GiveBack(World last) => facts.GiveBack(_plain ?? last);

    private static World With(World world, ImmutableArray<LiveStream> registered)
    {
        HashSet<string> keys = [.. registered.Select(static s => s.Key)];
        return new(world.Facts with { Streams = [.. world.Facts.Streams.Where(s => !keys.Contains(s.Key)), .. registered] });
    }
}
