using System.Text.Json;
using TrafficDispatch.Dns.Answers;
using TrafficDispatch.Dns.Wire;
using TrafficDispatch.Dns.Zones;
using TrafficDispatch.Model;

namespace TrafficDispatch.Dns.PowerDns;

/// <summary>
/// Answers calls of PowerDNS' remote backend, in JSON. What is not known is <c>{"result":false}</c>. Answers that depend on the client carry
/// a <c>scopeMask</c> above 0 always: PowerDNS' packet cache would give an answer with 0 to everybody.
/// </summary>
public static class RemoteBackend
{
    // PowerDNS takes a record of this type for a name that exists and has nothing ("empty non-terminal").
    private const string EmptyName = "ENT";

    /// <summary>Answers a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="table">What to answer from.</param>
    /// <param name="live">What is out just now.</param>
    /// <param name="regionOf">As <see cref="DnsResponder.Respond"/> has it.</param>
    /// <param name="sheet">What lookups are made on; afterwards it tells what was answered.</param>
    /// <param name="json">Takes the answer, one object; the caller flushes.</param>
    public static void Answer(
        RemoteCall call, DnsTable table, in LiveHealth live, Func<ClientAddress, int> regionOf, AnswerSheet sheet, Utf8JsonWriter json)
    {
        sheet.Clear();
        json.WriteStartObject();
        json.WritePropertyName("result"u8);
        switch (call.Method)
        {
            case RemoteMethod.Initialize:
                json.WriteBooleanValue(true);
                break;
            case RemoteMethod.Lookup when call.Name is { } name:
                Lookup(call, name, table, live, regionOf, sheet, json);
                break;
            case RemoteMethod.List when ZoneOf(table, call.Name) is >= 0 and int zone:
                List(zone, table, live, sheet, json);
                break;
            case RemoteMethod.GetAllDomains:
                json.WriteStartArray();
                for (int z = 0; z < table.Names.Zones.Length; z++) WriteZone(z, table, json);
                json.WriteEndArray();
                break;
            case RemoteMethod.GetDomainInfo when ZoneOf(table, call.Name) is >= 0 and int zone:
                WriteZone(zone, table, json);
                break;
            case RemoteMethod.GetAllDomainMetadata:
                json.WriteStartObject();
                json.WriteEndObject();
                break;
            default:
                json.WriteBooleanValue(false);
                break;
        }
        json.WriteEndObject();
    }

    private static void Lookup(
        RemoteCall call, DnsName name, DnsTable table, in LiveHealth live, Func<ClientAddress, int> regionOf, AnswerSheet sheet, Utf8JsonWriter json)
    {
        table.Answer(name.Wire, call.Type, true, call.ClientOf(regionOf), live, sheet);
        if (sheet.Rcode != DnsRcode.NoError || (sheet.Answers.Count == 0 && call.Type != DnsType.Any))
        {
            json.WriteBooleanValue(false);
            return;
        }
        json.WriteStartArray();
        WriteAnswers(name, ScopeOf(call, sheet), sheet, json);
        if (sheet.Answers.Count == 0) WriteRecord(new(name.ToString(), EmptyName, "", 0), ScopeOf(call, sheet), sheet.Zone, json);
        json.WriteEndArray();
    }

    /// <summary>All of a zone, services as clients of the default route see them. O(names of the zone).</summary>
    private static void List(int zone, DnsTable table, in LiveHealth live, AnswerSheet sheet, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach ((DnsName name, NameEntry entry) in table.Names.All)
        {
            if (entry.Zone != zone) continue;
            table.Answer(name.Wire, DnsType.Any, true, DnsClient.Unknown, live, sheet);
            WriteAnswers(name, 0, sheet, json);
        }
        sheet.Clear();
        json.WriteEndArray();
    }

    private static void WriteAnswers(DnsName name, int scope, AnswerSheet sheet, Utf8JsonWriter json)
    {
        for (int i = 0; i < sheet.Answers.Count; i++)
        {
            AnswerRecord record = sheet.Answers[i];
            WriteRecord(new(name.ToString(), NameOf(record.Type), record.Data.ToText(), record.TtlSeconds), scope, sheet.Zone, json);
        }
    }

    private static void WriteRecord(in TextRecord record, int scope, int zone, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("qtype"u8, record.Type);
        json.WriteString("qname"u8, record.Name);
        json.WriteString("content"u8, record.Content);
        json.WriteNumber("ttl"u8, record.Ttl);
        json.WriteNumber("scopeMask"u8, scope);
        json.WriteNumber("domain_id"u8, zone + 1);
        json.WriteEndObject();
    }

    /// <summary>The scope of an answer: that of the decision, and never 0 where there was one.</summary>
    private static int ScopeOf(RemoteCall call, AnswerSheet sheet)
    {
        if (sheet.Decision is null) return 0;
        if (sheet.ScopeLength > 0) return sheet.ScopeLength;
        // Asked for everybody, or for a resolver's clients: as narrow as there is, so that no other asker gets it.
        return (call.RealRemote?.Address ?? call.Remote) is { IsIPv6: true } ? 128 : 32;
    }

    private static void WriteZone(int zone, DnsTable table, Utf8JsonWriter json)
    {
        Zone told = table.Names.Zones[zone];
        json.WriteStartObject();
        json.WriteNumber("id"u8, zone + 1);
        json.WriteString("zone"u8, told.Apex.ToString());
        json.WriteStartArray("masters"u8);
        json.WriteEndArray();
        json.WriteNumber("serial"u8, told.Soa.Serial);
        json.WriteNumber("notified_serial"u8, told.Soa.Serial);
        json.WriteNumber("last_check"u8, 0);
        json.WriteString("kind"u8, "native"u8);
        json.WriteEndObject();
    }

    private static int ZoneOf(DnsTable table, DnsName? name)
    {
        for (int z = 0; z < table.Names.Zones.Length; z++)
            if (table.Names.Zones[z].Apex.Equals(name)) return z;
        return -1;
    }

    private static string NameOf(DnsType type) => type switch
    {
        DnsType.A => "A",
        DnsType.Aaaa => "AAAA",
        DnsType.Cname => "CNAME",
        DnsType.Ns => "NS",
        DnsType.Soa => "SOA",
        _ => EmptyName,
    };

    private readonly record struct TextRecord(string Name, string Type, string Content, uint Ttl);
}
