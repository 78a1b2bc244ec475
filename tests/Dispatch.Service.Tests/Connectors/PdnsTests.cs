using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using TrafficDispatch.Dns.Wire;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serve;

namespace TrafficDispatch.Service.Tests.Connectors;

/// <summary>PowerDNS itself in front of the service, over both of its connectors.</summary>
[Collection(nameof(NamingService))]
public sealed partial class PdnsTests(NamingService shared)
{
    private readonly TestService _service = shared.Service;

    [Theory]
    [InlineData("pdns-socket.conf")]
    [InlineData("pdns-http.conf")]
    public async Task Pdns_InFront_AnswersAsTheService(string sample)
    {
        await using PdnsServer pdns = await Start(sample);
        await CheckDig(pdns);
        await CheckManyClients(pdns);
        await CheckDnsperf(pdns);
    }

    private Task<PdnsServer> Start(string sample) => PdnsServer.StartAsync(sample, sample == "pdns-socket.conf"
        ? ("/run/dispatch/dns.sock", shared.Socket)
        : ("http://127.0.0.1:5050", _service.HttpUrl));

    private async Task CheckDig(PdnsServer pdns)
    {
        ResolveReply expected = _service.Part<Resolver>().Resolve(new() { Service = "live", ClientSubnet = "81.2.69.0/24", Count = 1 });
        string address = expected.Edges[0].Endpoints.First(static e => e.Type == Protocol.V1.EndpointType.A).Value;
        string live = await pdns.Dig("LiVe.example.net", "A", "+subnet=81.2.69.0/24");
        Assert.Contains("status: NOERROR", live, StringComparison.Ordinal);
        Assert.Contains($"CLIENT-SUBNET: 81.2.69.0/24/{expected.ScopePrefixLen}", live, StringComparison.Ordinal);
        Assert.Matches($@"LiVe\.example\.net\.\s+20\s+IN\s+A\s+{Regex.Escape(address)}\n", live);
        Assert.Contains(" aa", live, StringComparison.Ordinal);

        Assert.Contains("status: NXDOMAIN", await pdns.Dig("nobody.example.net", "A"), StringComparison.Ordinal);
        Assert.Contains("status: REFUSED", await pdns.Dig("example.org", "A"), StringComparison.Ordinal);
        Assert.Matches(@"example\.net\.\s+3600\s+IN\s+SOA\s+ns1\.example\.net\. hostmaster\.example\.net\. \d+ 300 60 604800 30\n", await pdns.Dig("example.net", "SOA"));
        Assert.Matches(@"ns1\.example\.net\.\s+3600\s+IN\s+A\s+192\.0\.2\.53\n", await pdns.Dig("example.net", "NS"));
        // A name between two others, and a name that answers lead to: they exist.
        foreach (string name in (string[])["cdn-alibaba.example.net", "al-bkk.live.cdn-alibaba.example.net"])
        {
            string empty = await pdns.Dig(name, "A");
            Assert.Contains("status: NOERROR", empty, StringComparison.Ordinal);
            Assert.Contains("ANSWER: 0, AUTHORITY: 1", empty, StringComparison.Ordinal);
        }
    }

    /// <summary>Our own questions over UDP: what comes back through PowerDNS is what Resolve says, for each client in turn and no cache between.</summary>
    private async Task CheckManyClients(PdnsServer pdns)
    {
        using UdpClient udp = new();
        udp.Connect("127.0.0.1", pdns.Port);
        Random random = new(4);
        for (int i = 0; i < 60; i++)
        {
            IpPrefix client = IpPrefix.Around(ClientAddress.FromV4((uint)random.NextInt64(1 << 24, 224L << 24)), 24);
            ResolveReply expected = _service.Part<Resolver>().Resolve(new() { Service = "vod", ClientSubnet = client.ToString(), Count = 1 });
            await udp.SendAsync(Questions.Query("vod.example.net", DnsType.A, client));
            DnsMessage answer = Questions.Read((await udp.ReceiveAsync().WaitAsync(TimeSpan.FromSeconds(20))).Buffer);
            Assert.Equal((int)expected.ScopePrefixLen, Questions.Scope(answer));
            IEnumerable<string> endpoints = expected.Edges[0].Endpoints.Where(static e => e.Type != Protocol.V1.EndpointType.Aaaa).Select(static e => e.Value);
            Assert.Equal(endpoints.Order(StringComparer.Ordinal), answer.Answers.Select(static r => r.Data.ToText()).Order(StringComparer.Ordinal));
        }
    }

    private static async Task CheckDnsperf(PdnsServer pdns)
    {
        string questions = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(questions, ["live.example.net A", "vod.example.net AAAA", "www.example.net A", "nobody.example.net A"]);
            (int code, string output) = await ForeignTool.RunAsync("dnsperf", "-s", "127.0.0.1", "-p", pdns.Port.ToString(CultureInfo.InvariantCulture), "-d", questions, "-n", "100", "-c", "4");
            Assert.True(code == 0, output);
            Match rates = Rates().Match(output);
            Assert.True(rates.Success && rates.Groups["done"].Value == "400", output);
            Assert.Contains("NOERROR 300 (75.00%), NXDOMAIN 100 (25.00%)", output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(questions);
        }
    }

    [GeneratedRegex(@"Queries completed:\s+(?<done>\d+) \(100\.00%\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rates();
}
