using System.Globalization;
using Grpc.Core;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Relays;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Serve;

/// <summary>Takes what nodes report of paths, and tells them what came of it. Thread-safe.</summary>
internal sealed class PathReports(TableHolder holder, PathDesk desk, PathExchange exchange, PathGate gate)
{
    /// <summary>Takes a report.</summary>
    /// <param name="request">The report.</param>
    /// <param name="http">The call it came by.</param>
    /// <exception cref="RpcException">As <c>relay.proto</c> says.</exception>
    public ReportPathReply Report(ReportPathRequest request, HttpContext http)
    {
        gate.Enter(http, request.NodeId);
        ServingState state = holder.Current ?? throw Refusal.NoTable();
        ReportedPath report = Checked(request, state.Table);
        ReportOutcome outcome = desk.Take(report);
        if (outcome.Fate == ReportFate.TooFast) throw new RpcException(new Grpc.Core.Status(StatusCode.ResourceExhausted, $"Node '{report.Node}' reports more than ten paths a second."));
        TimeSpan hold = outcome.Hold;
        foreach (HopVote vote in outcome.Votes) exchange.Tell(vote, hold);
        ReportPathReply reply = new()
        {
            Taken = outcome.Fate == ReportFate.Taken,
            HoldMs = (ulong)hold.TotalMilliseconds,
            Reason = Words(report, outcome),
            PathVersion = holder.Paths.Version,
        };
        reply.Avoided.Add(outcome.Hops.Select(static h => new Protocol.V1.HopPair { From = h.From, To = h.To }));
        return reply;
    }

    private static ReportedPath Checked(ReportPathRequest request, RoutingTable table)
    {
        PathFinder.NodeOf(table, request.NodeId);
        PathFinder.CheckKey(request.StreamKey);
        int hops = request.Hops.Count;
        if (hops is 0 or > PathFinder.MostHops) throw Refusal.Invalid("hops", $"names {Refusal.Number(hops)} nodes: must name the 1 to {Refusal.Number(PathFinder.MostHops)} of the path, the origin last");
        for (int i = 0; i < hops; i++)
        {
            int node = table.NodeOrdinal(request.Hops[i]);
            if (node < 0) throw Refusal.Unknown($"hops[{Refusal.Number(i)}]", request.Hops[i], "node");
            if (node < table.Content.EdgeCount) throw Refusal.Invalid($"hops[{Refusal.Number(i)}]", request.Hops[i], "must be a relay or an origin; nobody fetches from an edge");
            if (request.Hops[i] == request.NodeId) throw Refusal.Invalid($"hops[{Refusal.Number(i)}]", request.Hops[i], "must be another node than node_id");
        }
        if (request.FailedHop > hops) throw Refusal.Invalid("failed_hop", Refusal.Number(request.FailedHop), $"must be 1 to {Refusal.Number(hops)}, or 0 where it is not known");
        HopTrouble trouble = PathReading.Of(request.Trouble);
        if (trouble == HopTrouble.None)
            throw Refusal.Invalid("trouble", Refusal.Number((int)request.Trouble), "must be 1 (connect failure), 2 (stall), 3 (loss), 4 (rtt) or 5 (works)");
        return new(request.NodeId, request.StreamKey, [.. request.Hops], (int)request.FailedHop, trouble)
        {
            LossPercent = request.HasLossPercent ? Measured("loss_percent", request.LossPercent, 100) : null,
            RttMs = request.HasRttMs ? Measured("rtt_ms", request.RttMs, 60_000) : null,
        };
    }

    private static double Measured(string field, double value, double most) => value >= 0 && value <= most
        ? value
        : throw Refusal.Invalid(field, value.ToString(CultureInfo.InvariantCulture), $"must be 0 to {most.ToString(CultureInfo.InvariantCulture)}");

    private static string Words(ReportedPath report, ReportOutcome outcome)
    {
        string hops = string.Join(", ", outcome.Hops.Select(static h => $"{h.From} > {h.To}"));
        string hold = outcome.Hold.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
        return outcome.Fate switch
        {
            ReportFate.Taken when report.Trouble == HopTrouble.Works => $"What {report.Node} reported of the path is taken back.",
            ReportFate.Taken => $"Answers to {report.Node} keep away from {hops} for {hold} s at least"
                + (report.Trouble == HopTrouble.Stall ? $", for stream '{report.Stream}'" : "")
                + "; those to others do where it is its own hop, where others report it, too, or within what one node may name.",
            ReportFate.Mild => "It does not count: what was measured is not bad enough to change paths for.",
            ReportFate.NothingToTakeBack => "There is nothing to take back: no report of this node about these hops counts now.",
            ReportFate.TooManyOfReporter => $"It does not count: {report.Node} reports {Refusal.Number(PathBook.MostVotesOfReporter)} hops already, and one node may report no more at a time.",
            ReportFate.Full => "It does not count: as many reports as are kept at a time have been made.",
            _ => "It does not count.",
        };
    }
}
