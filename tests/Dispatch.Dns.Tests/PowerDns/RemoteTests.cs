using System.Buffers;
using System.Text;
using System.Text.Json;
using TrafficDispatch.Dns.Answers;
using TrafficDispatch.Dns.PowerDns;
using TrafficDispatch.Dns.Tests.Answers;
using TrafficDispatch.Dns.Wire;

namespace TrafficDispatch.Dns.Tests.PowerDns;

public sealed class RemoteTests
{
    private readonly Asking _asking = new(new TableSketch());

    [Theory]
    [InlineData("lookup/live.example.net./ANY", RemoteMethod.Lookup, "live.example.net.", DnsType.Any)]
    [InlineData("LOOKUP/live.example.net/aaaa", RemoteMethod.Lookup, "live.example.net.", DnsType.Aaaa)]
    [InlineData("lookup/live%2Eexample.net./TYPE28", RemoteMethod.Lookup, "live.example.net.", DnsType.Aaaa)]
    [InlineData("lookup/0/25.example.net/A", RemoteMethod.Lookup, "0/25.example.net.", DnsType.A)]
    [InlineData("lookup/a%2Fb.example.net/A", RemoteMethod.Lookup, "a/b.example.net.", DnsType.A)]
    [InlineData("lookup/live.example.net/UNHEARD", RemoteMethod.Lookup, "live.example.net.", DnsType.None)]
    [InlineData("getDomainMetadata/example.net./ALLOW-AXFR-FROM", RemoteMethod.GetDomainMetadata, "example.net.", DnsType.None)]
    [InlineData("getdomaininfo/example.net.", RemoteMethod.GetDomainInfo, "example.net.", DnsType.None)]
    [InlineData("list/-1/example.net.", RemoteMethod.List, "example.net.", DnsType.None)]
    [InlineData("getAllDomains", RemoteMethod.GetAllDomains, null, DnsType.None)]
    [InlineData("startTransaction/example.net/1", RemoteMethod.Unknown, "example.net/1.", DnsType.None)]
    [InlineData("", RemoteMethod.Unknown, null, DnsType.None)]
    [InlineData("lookup", RemoteMethod.Lookup, null, DnsType.None)]
    public void FromPath_Calls_AreRead(string path, RemoteMethod method, string? name, DnsType type)
    {
        RemoteCall call = RemoteCall.FromPath(path, "198.51.100.1", "203.0.113.9/24");
        Assert.Equal((method, name, type), (call.Method, call.Name?.ToString(), call.Type));
        Assert.Equal(("198.51.100.1", "203.0.113.0/24"), (call.Remote.ToString(), call.RealRemote.ToString()));
    }

    [Theory]
    [InlineData("""{"method":"lookup","parameters":{"local":"0.0.0.0","qname":"live.example.net.","qtype":"A","real-remote":"203.0.113.0/24","remote":"127.0.0.1","zone-id":-1}}""", true)]
    [InlineData("""{"parameters":{"QName":"live.example.net","qtype":"A","real-remote":"203.0.113.0/24"},"METHOD":"LookUp"}""", true)]
    [InlineData("""{"method":"lookup","parameters":{"qname":7,"qtype":"A","qname":"live.example.net","x":{"y":[1,{}]},"real-remote":"203.0.113.0/24"}}  """, true)]
    [InlineData("""{"method":"lookup","parameters":{}""", false)]
    [InlineData("""{"method":"lookup"} {}""", false)]
    [InlineData("""{"method":7}""", false)]
    [InlineData("""[]""", false)]
    [InlineData("""{"method":"\ud800"}""", false)]
    [InlineData("""{"method":"a","parameters":{"x":[[[[[[[[[[1]]]]]]]]]]}}""", false)]
    [InlineData("", false)]
    public void TryRead_Calls_AreReadOrRefused(string json, bool isRead)
    {
        Assert.Equal(isRead, RemoteCall.TryRead(Encoding.UTF8.GetBytes(json), out RemoteCall? call));
        if (!isRead) return;
        Assert.Equal((RemoteMethod.Lookup, "live.example.net.", DnsType.A, "203.0.113.0/24"), (call!.Method, call.Name?.ToString(), call.Type, call.RealRemote.ToString()));
    }

    [Fact]
    public void TryRead_LongerThanAllowed_IsRefused()
    {
        string json = """{"method":"initialize","parameters":{"path":""" + '"' + new string('a', RemoteCall.MaxBytes) + "\"}}";
        Assert.False(RemoteCall.TryRead(Encoding.UTF8.GetBytes(json), out _));
    }

    [Fact]
    public void TryRead_MutatedCalls_NeverThrow()
    {
        byte[] seed = """{"method":"lookup","parameters":{"local":"0.0.0.0","qname":"live.example.net.","qtype":"ANY","real-remote":"203.0.113.0/24","remote":"127.0.0.1","zone-id":-1}}"""u8.ToArray();
        Random random = new(11);
        int read = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] json = [.. seed];
            for (int changes = random.Next(0, 4); changes > 0; changes--) json[random.Next(json.Length)] = (byte)random.Next(256);
            if (!RemoteCall.TryRead(json, out RemoteCall? call)) continue;
            read++;
            Answer(call);
        }
        Assert.InRange(read, 2_000, 19_999);
    }

    [Fact]
    public void Lookup_ServiceHost_HasScopesAndNumbers()
    {
        JsonElement result = Answer(RemoteCall.FromPath("lookup/Live.example.net./ANY", "127.0.0.1", "192.0.2.0/24"));
        Assert.Equal("""
            [{"qtype":"A","qname":"Live.example.net.","content":"198.18.0.1","ttl":20,"scopeMask":25,"domain_id":1},{"qtype":"AAAA","qname":"Live.example.net.","content":"2001:db8::1","ttl":20,"scopeMask":25,"domain_id":1}]
            """.Trim(), result.GetRawText());
    }

    [Theory]
    [InlineData("lookup/get.example.net/A", "CNAME")]
    [InlineData("lookup/get.example.net/ANY", "CNAME")]
    [InlineData("lookup/live.example.net/A", "A")]
    [InlineData("lookup/example.net/SOA", "SOA")]
    [InlineData("lookup/example.net/ANY", "SOA NS")]
    [InlineData("lookup/cdn.example.net/ANY", "ENT")]
    [InlineData("lookup/get.example.net/SOA", null)]
    [InlineData("lookup/live.example.net/NS", null)]
    [InlineData("lookup/nobody.example.net/ANY", null)]
    [InlineData("lookup/*.example.net/ANY", null)]
    [InlineData("lookup/example.org/ANY", null)]
    [InlineData("lookup/net/SOA", null)]
    [InlineData("lookup//ANY", null)]
    public void Lookup_Names_GiveTheirRecords(string path, string? types)
    {
        JsonElement result = Answer(RemoteCall.FromPath(path, "127.0.0.1", "192.0.2.0/24"));
        if (types is null) Assert.Equal(JsonValueKind.False, result.ValueKind);
        else Assert.Equal(types, string.Join(' ', result.EnumerateArray().Select(static r => r.GetProperty("qtype").GetString())));
    }

    [Fact]
    public void Lookup_AllDownWithoutFallback_IsANameWithNothing()
    {
        _asking.Down = [ulong.MaxValue];
        JsonElement record = Assert.Single(Answer(RemoteCall.FromPath("lookup/get.example.net/ANY", null, "192.0.2.0/24")).EnumerateArray());
        Assert.Equal(("ENT", 25), (record.GetProperty("qtype").GetString(), record.GetProperty("scopeMask").GetInt32()));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("127.0.0.1", "0.0.0.0/0")]
    [InlineData("::1", "::/0")]
    [InlineData("203.0.113.53", "203.0.113.53/32")]
    [InlineData("203.0.113.53", "2001:db8::/40")]
    [InlineData("nonsense", "203.0.113.0/33")]
    public void Lookup_WhateverIsTold_ARegionalAnswerHasAScope(string? remote, string? realRemote)
    {
        foreach (int region in (ReadOnlySpan<int>)[-1, TableSketch.De])
        {
            _asking.RegionOf = _ => region;
            foreach (JsonElement record in Answer(RemoteCall.FromPath("lookup/live.example.net/ANY", remote, realRemote)).EnumerateArray())
                Assert.InRange(record.GetProperty("scopeMask").GetInt32(), 1, 128);
        }
    }

    [Fact]
    public void Lookup_ResolverItself_StandsForItsClientsWhereTheyAreKnown()
    {
        _asking.RegionOf = static address => address.ToString() == "203.0.113.53" ? TableSketch.De : -1;
        Answer(RemoteCall.FromPath("lookup/live.example.net/ANY", "203.0.113.53", "203.0.113.53/32"));
        Assert.Equal(TableSketch.De, _asking.Sheet.Decision!.Value.Region);
        Answer(RemoteCall.FromPath("lookup/live.example.net/ANY", "203.0.113.53", "198.51.100.0/26"));
        Assert.Equal(TableSketch.Cn, _asking.Sheet.Decision!.Value.Region);
    }

    [Fact]
    public void Calls_AboutZones_AreAnswered()
    {
        Assert.Equal(JsonValueKind.True, Answer(RemoteCall.FromPath("initialize", null, null)).ValueKind);
        JsonElement zone = Assert.Single(Answer(RemoteCall.FromPath("getAllDomains", null, null)).EnumerateArray());
        Assert.Equal(("example.net.", 1, 2), (zone.GetProperty("zone").GetString(), zone.GetProperty("id").GetInt32(), zone.GetProperty("serial").GetInt32()));
        Assert.Equal(zone.GetRawText(), Answer(RemoteCall.FromPath("getDomainInfo/EXAMPLE.net", null, null)).GetRawText());
        Assert.Equal("{}", Answer(RemoteCall.FromPath("getAllDomainMetadata/example.net", null, null)).GetRawText());
        foreach (string path in (string[])["getDomainInfo/example.org", "getDomainMetadata/example.net/SOA-EDIT", "list/1/example.org", "getTSIGKey/x", "lookup"])
            Assert.Equal(JsonValueKind.False, Answer(RemoteCall.FromPath(path, null, null)).ValueKind);
    }

    [Fact]
    public void List_Zone_HasAllRecordsOnce()
    {
        string[] records = [.. Answer(RemoteCall.FromPath("list/1/example.net", null, null)).EnumerateArray().Select(static r => $"{r.GetProperty("qname")} {r.GetProperty("qtype")}")];
        Assert.Equal(["example.net. SOA", "example.net. NS", "live.example.net. A", "live.example.net. AAAA", "tv.example.net. A", "tv.example.net. AAAA", "get.example.net. CNAME"], records);
    }

    private JsonElement Answer(RemoteCall call)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes)) RemoteBackend.Answer(call, _asking.Table, new LiveHealth { Down = _asking.Down }, _asking.RegionOf, _asking.Sheet, json);
        return JsonDocument.Parse(bytes.WrittenMemory).RootElement.GetProperty("result");
    }
}
