using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Relays;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Serve;

/// <summary>Puts what reports about paths have come to into a status reply.</summary>
internal static class PathMessages
{
    private const int MostListed = 50;

    /// <summary>Adds it, once there was a report.</summary>
    public static void Add(StatusReply reply, PathHealth paths, PathTally tally, DateTimeOffset now)
    {
        PathStatus status = new()
        {
            PathVersion = paths.Version,
            Avoided = (uint)paths.Hops.Count(static h => h.State == HopState.Avoided),
            OnTrial = (uint)paths.Hops.Count(static h => h.State == HopState.Trial),
            Held = (uint)paths.Hops.Count(static h => h.State == HopState.Held),
            VotesFromOthers = (ulong)tally.FromOthers,
            VotesUntold = (ulong)tally.Untold,
        };
        foreach ((string trouble, long count) in tally.Reports)
            if (count > 0) status.ReportsTotal[trouble] = (ulong)count;
        foreach ((string why, long count) in tally.Refused)
            if (count > 0) status.RefusedTotal[why] = (ulong)count;
        status.Hops.Add(paths.Hops.Take(MostListed).Select(h => Of(h, now)));
        status.DownRelays.Add(paths.DownRelays);
        if (paths.Version > 0 || status.ReportsTotal.Count + status.RefusedTotal.Count > 0 || tally.FromOthers > 0) reply.Paths = status;
    }

    private static AvoidedHopStatus Of(HopVerdict hop, DateTimeOffset now) => new()
    {
        From = hop.From,
        To = hop.To,
        State = hop.State.ToString().ToLowerInvariant(),
        Asker = hop.Asker,
        StreamKey = hop.Stream,
        Reporters = (uint)hop.Reporters,
        LeftMs = (ulong)Math.Max(0, (hop.Until - now).TotalMilliseconds),
    };
}
