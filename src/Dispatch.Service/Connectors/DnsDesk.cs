using System.Buffers;
using System.Text.Json;
using TrafficDispatch.Dns.Answers;
using TrafficDispatch.Dns.PowerDns;
using TrafficDispatch.Dns.Wire;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.Telemetry;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Connectors;

/// <summary>Answers what DNS servers ask from the state in force, which each question captures once. Thread-safe; takes no lock.</summary>
internal sealed class DnsDesk(TableHolder holder, DecisionTally tally, DecisionNotes notes, TelemetryBoard board, DnsSettings settings, DnsTally answers, ILogger<DnsDesk> logger)
{
    // One scratch a thread: answering is synchronous.
    [ThreadStatic]
    private static AnswerSheet? _sheet;

    private Prepared? _prepared;

    /// <summary>Makes the table in force ready for questions.</summary>
    public void Prepare()
    {
        if (holder.Current is { } state) Prepare(state);
    }

    /// <summary>Answers a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="room">Where the answer goes, <see cref="DnsMessage.MaxBytes"/> long.</param>
    /// <param name="length">Bytes of the answer; 0 where the message has not even a header to answer to.</param>
    /// <returns>False without any table.</returns>
    public bool TryRespond(ReadOnlySpan<byte> message, Span<byte> room, out int length)
    {
        length = 0;
        if (holder.Current is not { } state) return false;
        Prepared prepared = Prepare(state);
        AnswerSheet sheet = _sheet ??= new();
        length = DnsResponder.Respond(message, prepared.Dns, Live(state), prepared.RegionOf, settings.Cut, room, sheet);
        if (length > 0) Count(state, prepared, sheet, DnsConnector.CoreDns);
        return true;
    }

    /// <summary>Answers a call of PowerDNS.</summary>
    /// <param name="call">The call.</param>
    /// <param name="connector">By which way it came.</param>
    /// <param name="json">The answer, one line of UTF-8 with its end.</param>
    /// <returns>False without any table.</returns>
    public bool TryAnswer(RemoteCall call, DnsConnector connector, out ReadOnlyMemory<byte> json)
    {
        json = default;
        if (holder.Current is not { } state) return false;
        Prepared prepared = Prepare(state);
        AnswerSheet sheet = _sheet ??= new();
        ArrayBufferWriter<byte> buffer = new(512);
        using (Utf8JsonWriter writer = new(buffer)) RemoteBackend.Answer(call, prepared.Dns, Live(state), prepared.RegionOf, sheet, writer);
        buffer.Write("\n"u8);
        if (call.Method == RemoteMethod.Lookup) Count(state, prepared, sheet, connector);
        json = buffer.WrittenMemory;
        return true;
    }

    /// <summary>What is out just now, as answers heed it.</summary>
    private static LiveHealth Live(ServingState state) => new()
    {
        Down = state.Overlay.Down,
        Drained = state.Overlay.Drained,
        Kept = state.Overlay.Kept,
        Full = state.Overlay.Full,
    };

    private void Count(ServingState state, Prepared prepared, AnswerSheet sheet, DnsConnector connector)
    {
        answers.Add(connector, sheet.Rcode);
        if (sheet.Decision is not { } decision) return;
        prepared.Tallies[decision.Service].Add(decision.Reason);
        DecisionRequest asked = sheet.Client is { } client ? DecisionRequest.ForAddress(decision.Service, client) : DecisionRequest.ForRegion(decision.Service, decision.Region);
        notes.Note(state, asked, decision, sheet.Ranked);
    }

    private Prepared Prepare(ServingState state)
    {
        Prepared? prepared = Volatile.Read(ref _prepared);
        if (prepared is not null && ReferenceEquals(prepared.Dns.Table, state.Table)) return prepared;
        // Two requests may prepare the same table at once, and one that still holds the table before may put it here last: the next mends that.
        Prepared next = new(new DnsTable(state.Table, settings.Rules), tally, board);
        if (prepared is null || !prepared.SaysTheSame(next)) next.Tell(logger);
        Volatile.Write(ref _prepared, next);
        return next;
    }

    /// <summary>A table made ready for questions.</summary>
    private sealed class Prepared
    {
        public Prepared(DnsTable dns, DecisionTally tally, TelemetryBoard board)
        {
            Dns = dns;
            Tallies = [.. dns.Table.Content.Services.Select(s => tally.Of(s.Id))];
            // By id: the mix may have been learned with another world than the table in force was made from.
            RegionOf = resolver => board.MainRegionOf(resolver) is { } id ? dns.Table.RegionOrdinal(id) : -1;
        }

        public DnsTable Dns { get; }

        public ServiceTally[] Tallies { get; }

        public Func<ClientAddress, int> RegionOf { get; }

        public bool SaysTheSame(Prepared other) =>
            Dns.Names.Zones.Select(static z => z.Apex).SequenceEqual(other.Dns.Names.Zones.Select(static z => z.Apex))
            && Dns.Names.OutsideHosts.SequenceEqual(other.Dns.Names.OutsideHosts) && Dns.Names.EmptyTargets.SequenceEqual(other.Dns.Names.EmptyTargets);

        public void Tell(ILogger logger)
        {
            string zones = string.Join(", ", Dns.Names.Zones.Select(static z => z.Apex));
            DnsLog.Zones(logger, zones);
            foreach (DnsName host in Dns.Names.OutsideHosts) DnsLog.Outside(logger, host);
            if (Dns.Names.EmptyTargets is [var first, ..] targets) DnsLog.EmptyTargets(logger, targets.Length, first);
        }
    }
}
