using Microsoft.Extensions.Configuration;
using TrafficDispatch.Service.Options;

namespace TrafficDispatch.Service.Tests.Options;

public sealed class DnsSettingsTests
{
    [Fact]
    public void Read_NothingGiven_HasTheDefaults()
    {
        DnsSettings settings = Read([], out IReadOnlyList<SettingFault> faults);
        Assert.Empty(faults);
        Assert.True(settings.Rules.Zones.IsEmpty && settings.Rules.NameServers.IsEmpty && settings.Rules.Hosts.IsEmpty && settings.Rules.Contact is null);
        Assert.Equal((3600u, 30u, 1), (settings.Rules.TtlSeconds, settings.Rules.NegativeTtlSeconds, settings.Rules.Edges));
        Assert.Equal((false, "", 64), (settings.Cut, settings.Socket, settings.Connections));
    }

    [Fact]
    public void Read_AllGiven_IsTaken()
    {
        string socket = Path.Combine(Path.GetTempPath(), "dns.sock");
        DnsSettings settings = Read(new()
        {
            ["Dns:Zones"] = "example.net; cdn.example.org.",
            ["Dns:NameServers"] = "ns1.example.net;ns2.example.com",
            ["Dns:Hosts"] = "ns1.example.net = 192.0.2.53, 2001:db8::53 ;origin.example.net=192.0.2.80",
            ["Dns:Contact"] = "ops.example.net",
            ["Dns:Ttl"] = "00:10:00",
            ["Dns:NegativeTtl"] = "00:00:05",
            ["Dns:Edges"] = "3",
            ["Dns:Cut"] = "on",
            ["PowerDns:Socket"] = socket,
            ["PowerDns:Connections"] = "8",
        }, out IReadOnlyList<SettingFault> faults);
        Assert.Empty(faults);
        Assert.Equal(["example.net.", "cdn.example.org."], settings.Rules.Zones.Select(static z => z.ToString()));
        Assert.Equal(["ns1.example.net.", "ns2.example.com."], settings.Rules.NameServers.Select(static n => n.ToString()));
        Assert.Equal(["ns1.example.net. 192.0.2.53 2001:db8::53", "origin.example.net. 192.0.2.80"],
            settings.Rules.Hosts.Select(static h => $"{h.Name} {string.Join(' ', h.Addresses)}"));
        Assert.Equal(("ops.example.net.", 600u, 5u, 3), (settings.Rules.Contact!.ToString(), settings.Rules.TtlSeconds, settings.Rules.NegativeTtlSeconds, settings.Rules.Edges));
        Assert.Equal((true, socket, 8), (settings.Cut, settings.Socket, settings.Connections));
    }

    [Theory]
    [InlineData("Dns:Zones", "example..net")]
    [InlineData("Dns:Zones", ".")]
    [InlineData("Dns:Zones", "example.net;EXAMPLE.net")]
    [InlineData("Dns:Zones", "exa mple.net")]
    [InlineData("Dns:NameServers", "ns1\\.example.net")]
    [InlineData("Dns:Hosts", "ns1.example.net")]
    [InlineData("Dns:Hosts", "ns1.example.net=")]
    [InlineData("Dns:Hosts", "ns1.example.net=192.0.2")]
    [InlineData("Dns:Hosts", "a.net=192.0.2.1;A.net=192.0.2.2")]
    [InlineData("Dns:Contact", "me@example.net")]
    [InlineData("Dns:Ttl", "0")]
    [InlineData("Dns:Ttl", "2.00:00:00")]
    [InlineData("Dns:NegativeTtl", "01:00:01")]
    [InlineData("Dns:Edges", "0")]
    [InlineData("Dns:Edges", "9")]
    [InlineData("Dns:Cut", "maybe")]
    [InlineData("Dns:Zone", "example.net")]
    [InlineData("PowerDns:Socket", "/no/such/folder/dns.sock")]
    [InlineData("PowerDns:Connections", "4097")]
    [InlineData("PowerDns:Sockets", "x")]
    public void Read_WhatCannotBe_IsRefusedByItsKey(string key, string value)
    {
        Read(new() { [key] = value }, out IReadOnlyList<SettingFault> faults);
        Assert.Equal(key, Assert.Single(faults).Key);
    }

    [Fact]
    public void Read_HostOutsideItsZones_IsRefused()
    {
        Read(new() { ["Dns:Zones"] = "example.net", ["Dns:Hosts"] = "ns1.example.org=192.0.2.1" }, out IReadOnlyList<SettingFault> faults);
        Assert.Equal("must lie in one of Dns:Zones", Assert.Single(faults).Rule);
    }

    [Fact]
    public void Read_SocketPathTooLong_IsRefused()
    {
        Read(new() { ["PowerDns:Socket"] = Path.Combine(Path.GetTempPath(), new string('s', 120)) }, out IReadOnlyList<SettingFault> faults);
        Assert.Contains("107 bytes", Assert.Single(faults).Rule, StringComparison.Ordinal);
    }

    private static DnsSettings Read(Dictionary<string, string?> given, out IReadOnlyList<SettingFault> faults)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(EndpointDefaults.Values).AddInMemoryCollection(given).Build();
        return SettingsReader.Read(configuration, out faults).Dns;
    }
}
