using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Ingest;
using TrafficDispatch.Service.Pages;
using TrafficDispatch.Service.Serve;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.Telemetry;

namespace TrafficDispatch.Service;

/// <summary>After the first table: tells a newcomer what is loaded, a first answer, and where to look.</summary>
internal static class Welcome
{
    /// <summary>Writes the text once, when the server listens and there is a table.</summary>
    public static void Announce(IServiceProvider parts, TextWriter output)
    {
        TableHolder holder = parts.GetRequiredService<TableHolder>();
        int pending = 2;
        parts.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(Arrived);
        if (holder.Current is not null) Arrived();
        else holder.Swapped += OnFirst;

        void OnFirst(object? sender, EventArgs e)
        {
            holder.Swapped -= OnFirst;
            Arrived();
        }

        void Arrived()
        {
            if (Interlocked.Decrement(ref pending) == 0) output.WriteLine(Text(parts));
        }
    }

    private static string Text(IServiceProvider parts)
    {
        StatusReply now = parts.GetRequiredService<StatusService>().Now();
        BoundEndpoints endpoints = parts.GetRequiredService<BoundEndpoints>();
        ResolveRequest request = Sample(parts.GetRequiredService<WorldSource>().Current, parts.GetRequiredService<TableHolder>().Current!);
        ResolveReply reply = parts.GetRequiredService<Resolver>().Resolve(request);
        string client = request.ClientIp.Length > 0 ? request.ClientIp : $"region {request.RegionId}";
        string ask = request.ClientIp.Length > 0 ? request.ClientIp : "ADDRESS";
        // A table from disk does not say how many prefixes went into its index.
        string prefixes = now.Prefixes > 0 ? string.Create(CultureInfo.InvariantCulture, $", {now.Prefixes} prefixes") : "";
        string plan = now.Optimum is null
            ? "read from disk; the first solve is under way"
            : string.Create(CultureInfo.InvariantCulture, $"{now.Optimum.DemandMbps / 1000.0:0.#} Gbit/s asked, {now.Optimum.UnservedMbps / 1000.0:0.#} unserved, {now.SolveStatus} in {now.SolveMs:0} ms");
        return string.Create(CultureInfo.InvariantCulture, $"""

            TrafficDispatch {ProgramVersion.Text}
              world  {now.WorldVersion}: {now.Regions} regions, {now.Edges} edges, {now.Relays} relays, {now.Origins} origins, {now.Services} services{prefixes}
              table  {now.TableEpoch}.{now.TableVersion} for {now.UtcHour:00}:00 UTC: {plan}
              first  {client} → {Edges(reply)} for {reply.Ttl} s
                     {reply.Reason}
              gRPC   {endpoints.GrpcUrl}   (dispatch.v1.Routing, Relay and Status; health; reflection)
              pages  {endpoints.HttpUrl}/   /metrics   /healthz
              admin  {endpoints.AdminUrl}   (changes by people: dispatch drain, freeze, rollback)
              ask    dotnet run -c Release --project src/Dispatch.Cli -- resolve {ask} --address {endpoints.GrpcUrl}

            """);
    }

    private static string Edges(ResolveReply reply)
    {
        if (reply.Edges.Count == 0) return reply.FallbackHost.Length > 0 ? reply.FallbackHost : "no edge";
        EdgeChoice first = reply.Edges[0];
        return first.Endpoints.Count == 0 ? first.Id : $"{first.Id} ({string.Join(", ", first.Endpoints.Select(static e => e.Value))})";
    }

    /// <summary>A client of the region with the greatest demand: the first address after the start of its widest IPv4 prefix.</summary>
    private static ResolveRequest Sample(LoadedWorld? loaded, ServingState state)
    {
        if (loaded is null) return new() { RegionId = state.Table.Content.Regions[0].Id };
        World world = loaded.World;
        int busiest = 0;
        for (int r = 1; r < world.Regions.Length; r++)
            if (world.Regions[r].Peak.Value > world.Regions[busiest].Peak.Value) busiest = r;
        PrefixEntry? widest = null;
        foreach (PrefixEntry entry in loaded.Entries)
        {
            bool theirs = entry.Location >= 0 && loaded.Locations[entry.Location].Region == busiest && !entry.Prefix.Address.IsIPv6;
            if (theirs && entry.Prefix.Length < 32 && (widest is null || entry.Prefix.Length < widest.Value.Prefix.Length)) widest = entry;
        }
        return widest is { } found
            ? new() { ClientIp = ClientAddress.FromV4(found.Prefix.Address.V4 + 1).ToString() }
            : new() { RegionId = world.Regions[busiest].Id };
    }
}
