using System.Collections.Immutable;
using Google.Protobuf.Collections;
using Grpc.Core;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serve;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Watch;

/// <summary>Takes requests to watch. Thread-safe.</summary>
internal sealed class TableWatch(WatchHub hub, WatchSettings settings, WatchTally tally)
{
    /// <summary>Most regions in a request.</summary>
    public const int MostRegions = 4096;

    /// <summary>Most services in a request.</summary>
    public const int MostServices = 256;

    private const int HashBytes = 32;

    /// <summary>Serves a stream to its end.</summary>
    /// <exception cref="RpcException">As <c>routing.proto</c> says.</exception>
    public async Task RunAsync(WatchTableRequest request, IServerStreamWriter<TableUpdate> writer, CancellationToken client)
    {
        TableSelection selection = SelectionOf(request);
        WatchedPart? part = hub.Join(selection);
        if (part is null)
        {
            tally.Refused();
            throw new RpcException(new Grpc.Core.Status(StatusCode.ResourceExhausted, $"{Refusal.Number(settings.MaxStreams)} clients watch already, as many as may (Watch:MaxStreams)."));
        }
        try
        {
            await new WatchStream(hub, part, settings, tally, HeldVersion.Of(request.Resume)).RunAsync(writer, client);
        }
        finally
        {
            hub.Leave(part);
        }
    }

    private TableSelection SelectionOf(WatchTableRequest request)
    {
        if (request.RegionIds.Count > MostRegions)
            throw Refusal.Invalid("region_ids", $"names {Refusal.Number(request.RegionIds.Count)} regions: must name at most {Refusal.Number(MostRegions)}; none for all");
        if (request.Services.Count > MostServices)
            throw Refusal.Invalid("services", $"names {Refusal.Number(request.Services.Count)} services: must name at most {Refusal.Number(MostServices)}; none for all");
        if (request.Resume is { } resume && !(resume.RowsHash.Length is 0 or HashBytes && resume.PrefixHash.Length is 0 or HashBytes))
            throw Refusal.Invalid("resume", $"holds hashes of {Refusal.Number(resume.RowsHash.Length)} and {Refusal.Number(resume.PrefixHash.Length)} bytes: must be {Refusal.Number(HashBytes)} each, or 0");
        RoutingTable table = (hub.Capture() ?? throw Refusal.NoTable()).Table;
        ImmutableArray<string> regions = Each("region_ids", request.RegionIds, "region", id => table.RegionOrdinal(id));
        return new(regions, Each("services", request.Services, "service", id => table.ServiceOrdinal(id)), request.Prefixes);
    }

    private static ImmutableArray<string> Each(string field, RepeatedField<string> ids, string what, Func<string, int> ordinal)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int i = 0; i < ids.Count; i++)
        {
            if (ordinal(ids[i]) < 0) throw Refusal.Unknown($"{field}[{Refusal.Number(i)}]", ids[i], what);
            if (!seen.Add(ids[i])) throw Refusal.Invalid($"{field}[{Refusal.Number(i)}]", ids[i], "must not be named twice");
        }
        // Sorted, so that all who ask for the same share it.
        return [.. seen.Order(StringComparer.Ordinal)];
    }
}
