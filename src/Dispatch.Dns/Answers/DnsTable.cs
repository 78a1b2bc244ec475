using TrafficDispatch.Dns.Wire;
using TrafficDispatch.Dns.Zones;
using TrafficDispatch.Table;

namespace TrafficDispatch.Dns.Answers;

/// <summary>
/// A routing table as the DNS sees it: zones, names, and for each question the records. The edge is the one that the table decides for the
/// client, the same that Resolve names first. Thread-safe; answering takes no lock, and allocates only what one table's answers share.
/// </summary>
public sealed class DnsTable
{
    /// <summary>Ranked edges that are looked at for one with an endpoint.</summary>
    private const int Ranked = 16;

    // RFC 8482 §4.2: this text in the CPU field, and no system.
    private static readonly OpaqueData NoAny = new([7, .. "RFC8482"u8, 0]);

    // What the parent's side of a cut has at the cut.
    private static readonly NameEntry NoRecords = new(-1, -1, []);

    private readonly EdgeRecords?[] _records;
    private readonly ZoneRules _rules;

    /// <summary>Prepares a table. O(names); records of edges are made when first asked for.</summary>
    public DnsTable(RoutingTable table, ZoneRules rules)
    {
        (Table, _rules, Names) = (table, rules, new ZoneNames(table, rules));
        _records = new EdgeRecords?[table.Content.Services.Length * table.Content.EdgeCount];
    }

    /// <summary>The table.</summary>
    public RoutingTable Table { get; }

    /// <summary>Its names.</summary>
    public ZoneNames Names { get; }

    /// <summary>Answers a question of class IN.</summary>
    /// <param name="name">The name in wire form.</param>
    /// <param name="type">The type; no transfer.</param>
    /// <param name="allForAny">True to answer ANY with all records, as PowerDNS wants; false for the short form of RFC 8482.</param>
    /// <param name="client">Whom it is for.</param>
    /// <param name="live">What is out just now.</param>
    /// <param name="sheet">Takes the answer.</param>
    public void Answer(ReadOnlySpan<byte> name, DnsType type, bool allForAny, in DnsClient client, in LiveHealth live, AnswerSheet sheet)
    {
        sheet.Clear();
        NameEntry? entry = Names.Find(name, out int zone);
        if (type == DnsType.Ds && entry is not null && IsApex(entry, name) && ParentZone(name) is >= 0 and int parent) (entry, zone) = (NoRecords, parent);
        if (zone < 0)
        {
            sheet.Refuse(DnsRcode.Refused);
            return;
        }
        sheet.Enter(zone);
        if (entry is null)
        {
            sheet.Deny(DnsRcode.NxDomain, Names.Zones[zone], NegativeTtl(uint.MaxValue));
            return;
        }
        Asked asked = new(type, allForAny, IsApex(entry, name));
        if (asked.IsApex) AnswerApex(Names.Zones[zone], asked, sheet);
        if (entry.Service >= 0 && asked.DependsOnClient) AnswerService(entry.Service, asked, client, live, sheet);
        else if (!entry.Addresses.IsEmpty) AnswerHost(entry, asked, sheet);
        if (sheet.Answers.Count > 0) return;
        uint most = sheet.Decision is { } decision ? (uint)decision.TtlSeconds : uint.MaxValue;
        if (asked.WantsShortAny && HasRecords(entry, asked)) sheet.Answer(null, DnsType.Hinfo, _rules.TtlSeconds, NoAny);
        else sheet.Deny(DnsRcode.NoError, Names.Zones[zone], NegativeTtl(most));
    }

    private static bool HasRecords(NameEntry entry, in Asked asked) => asked.IsApex || !entry.Addresses.IsEmpty;

    private bool IsApex(NameEntry entry, ReadOnlySpan<byte> name) => entry.Zone >= 0 && DnsName.AreEqual(Names.Zones[entry.Zone].Apex.Wire, name);

    private int ParentZone(ReadOnlySpan<byte> name)
    {
        int parent = -1;
        if (name[0] != 0) Names.Find(name[(name[0] + 1)..], out parent);
        return parent;
    }

    private uint NegativeTtl(uint most) => Math.Min(Math.Min(_rules.NegativeTtlSeconds, _rules.TtlSeconds), most);

    private void AnswerApex(Zone zone, in Asked asked, AnswerSheet sheet)
    {
        if (asked.Wants(DnsType.Soa)) sheet.Answer(null, DnsType.Soa, _rules.TtlSeconds, zone.Soa);
        if (!asked.Wants(DnsType.Ns)) return;
        foreach (NameData server in zone.NameServers)
        {
            sheet.Answer(null, DnsType.Ns, _rules.TtlSeconds, server);
            if (Names.Find(server.Name.Wire, out _) is not { } host) continue;
            foreach (AddressData address in host.Addresses) sheet.Add(server.Name, TypeOf(address), _rules.TtlSeconds, address);
        }
    }

    private void AnswerHost(NameEntry entry, in Asked asked, AnswerSheet sheet)
    {
        foreach (AddressData address in entry.Addresses)
            if (asked.Wants(TypeOf(address))) sheet.Answer(null, TypeOf(address), _rules.TtlSeconds, address);
    }

    private void AnswerService(int service, in Asked asked, in DnsClient client, in LiveHealth live, AnswerSheet sheet)
    {
        Span<EdgeShare> ranked = stackalloc EdgeShare[Ranked];
        DecisionRequest request = client.Ask(service) with { Down = live.Down, Drained = live.Drained, Kept = live.Kept, Full = live.Full };
        Decision decision = Table.Decide(request, ranked);
        sheet.Note(decision, client.ScopeOf(decision), request, ranked[..decision.Count]);
        uint ttl = (uint)decision.TtlSeconds;
        if (decision.Reason == DecisionReason.Fallback)
        {
            if (FallbackOf(service) is { } host) AnswerName(host, asked, ttl, sheet);
            return;
        }
        int used = 0;
        for (int i = 0; i < decision.Count && used < _rules.Edges; i++)
        {
            EdgeRecords records = RecordsOf(service, ranked[i].Edge);
            if (records.Name is not null && used == 0 && !asked.IsApex)
            {
                AnswerName(records.Name, asked, ttl, sheet);
                return;
            }
            if (records.Addresses.Length == 0) continue;
            used++;
            foreach (AddressData address in records.Addresses)
                if (asked.Wants(TypeOf(address)) && (used == 1 || !IsThere(address, sheet))) sheet.Answer(null, TypeOf(address), ttl, address);
        }
        if (used > 0 && asked.WantsShortAny) sheet.Answer(null, DnsType.Hinfo, ttl, NoAny);
    }

    /// <summary>A name that stands for the asked one answers every question but those for what only an apex has (RFC 1034 §3.6.2).</summary>
    private void AnswerName(NameData name, in Asked asked, uint ttl, AnswerSheet sheet)
    {
        if (asked.IsApex || (asked.AllForAny && asked.Type is not (DnsType.Any or DnsType.A or DnsType.Aaaa or DnsType.Cname))) return;
        sheet.Answer(null, DnsType.Cname, ttl, name);
        // PowerDNS follows names by itself.
        if (asked.AllForAny || asked.Type is not (DnsType.A or DnsType.Aaaa) || Names.Find(name.Name.Wire, out _) is not { } host) return;
        foreach (AddressData address in host.Addresses)
            if (asked.Wants(TypeOf(address))) sheet.Answer(name.Name, TypeOf(address), _rules.TtlSeconds, address);
    }

    private NameData? FallbackOf(int service) =>
        Table.Content.Services[service].FallbackHost is { } host && DnsName.TryParse(host, out DnsName? name) ? new(name) : null;

    private EdgeRecords RecordsOf(int service, int edge)
    {
        // Two threads may make the same records at once; either are good.
        ref EdgeRecords? records = ref _records[service * Table.Content.EdgeCount + edge];
        return Volatile.Read(ref records) ?? (records = new(Table.Endpoints(service, edge)));
    }

    private static bool IsThere(AddressData address, AnswerSheet sheet)
    {
        for (int i = 0; i < sheet.Answers.Count; i++)
            if (sheet.Answers[i].Data.Equals(address)) return true;
        return false;
    }

    private static DnsType TypeOf(AddressData address) => address.IsIPv6 ? DnsType.Aaaa : DnsType.A;

    private readonly record struct Asked(DnsType Type, bool AllForAny, bool IsApex)
    {
        /// <summary>True for ANY where one record is to stand for all.</summary>
        public bool WantsShortAny => Type == DnsType.Any && !AllForAny;

        /// <summary>False at an apex for all but addresses: a CNAME, which would answer every type, cannot be there.</summary>
        public bool DependsOnClient => !IsApex || Wants(DnsType.A) || Wants(DnsType.Aaaa);

        public bool Wants(DnsType type) => Type == type || (Type == DnsType.Any && AllForAny);
    }
}
