using System.Net;
using System.Text.Json;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.Tests.Serve;

namespace TrafficDispatch.Service.Tests.Pages;

/// <summary>What the page is told, against what the service says elsewhere.</summary>
public sealed class PageDataTests(SmallWorldService shared) : IClassFixture<SmallWorldService>, IDisposable
{
    private readonly TestService _service = shared.Service;
    private readonly HttpClient _http = new();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task State_PlanInForce_EqualsTheStatus()
    {
        StatusReply status = await _service.Status();
        JsonElement state = await Get("state");
        Assert.Equal($"{status.TableEpoch}.{status.TableVersion}", state.GetProperty("table").GetProperty("version").GetString());
        Assert.Equal(status.ContentHash, state.GetProperty("table").GetProperty("hash").GetString());
        Assert.Equal((status.State, true), (state.GetProperty("state").GetString(), state.GetProperty("all").GetBoolean()));
        JsonElement[] figures = [.. state.GetProperty("figures").EnumerateArray()];
        PlanFigures[] expected = [status.Optimum, .. status.Baselines.Select(static b => b.Figures)];
        Assert.Equal(expected.Select(static f => (f.DemandMbps, f.UnservedMbps, f.CostMicroUsdPerHour, f.P50RttUs, f.P95RttUs, f.P99RttUs)), figures.Select(static f =>
            (Long(f, "demand"), Long(f, "unserved"), Long(f, "microUsdPerHour"), Long(f, "p50Us"), Long(f, "p95Us"), Long(f, "p99Us"))));
        Assert.All(expected, static f => Assert.True(f.P99RttUs >= f.P95RttUs && f.P95RttUs >= f.P50RttUs));
        Assert.Equal((long)status.Failures.Tried, Long(state.GetProperty("failures"), "tried"));
    }

    /// <summary>The loads of the map are the plan's: shares of 1/16384 times the demand, so to a few Mbit/s.</summary>
    [Fact]
    public async Task State_LoadsAndFlows_AreThePlans()
    {
        PlanSummary plan = _service.Holder.Current!.Plan!;
        JsonElement state = await Get("state"), edges = state.GetProperty("edges");
        long[] load = Longs(edges, "load"), capacity = Longs(edges, "capacity");
        for (int e = 0; e < load.Length; e++) Assert.Equal(plan.EdgeUse[e], capacity[e] == 0 ? 0 : (double)load[e] / capacity[e], 0.002);
        long[] flows = Longs(state.GetProperty("flows"), "rows");
        Assert.Equal(load, Enumerable.Range(0, load.Length).Select(e => flows.Chunk(3).Where(f => f[1] == e).Sum(static f => f[2])));
        Assert.Equal(plan.Optimum.Demand.Value, Longs(state.GetProperty("regions"), "demand").Sum());
        Assert.Equal(plan.Optimum.Demand.Value - Longs(state.GetProperty("regions"), "unserved").Sum(), load.Sum());
        Assert.Equal(plan.EdgeRoomPrice, Longs(edges, "room"));
    }

    [Fact]
    public async Task Region_ItsProfiles_AddUpToItsFlows()
    {
        JsonElement state = await Get("state"), region = await Get("region/FR-01");
        JsonElement[] profiles = [.. region.GetProperty("profiles").EnumerateArray()];
        Assert.Equal(["live", "bulk"], profiles.SelectMany(static p => p.GetProperty("services").EnumerateArray().Select(static s => s.GetString())));
        Assert.Equal(Longs(state.GetProperty("regions"), "demand")[0], profiles.Sum(static p => Long(p, "demand")));
        ILookup<long, long> edges = profiles.SelectMany(static p => Longs(p, "edges").Chunk(2)).ToLookup(static e => e[0], static e => e[1]);
        long[][] flows = [.. Longs(state.GetProperty("flows"), "rows").Chunk(3).Where(static f => f[0] == 0)];
        Assert.Equal(flows.Select(static f => (f[1], f[2])).Order(), edges.Select(static e => (e.Key, e.Sum())).Order());
    }

    [Fact]
    public async Task World_Places_AreTheFactsAndRevalidate()
    {
        using HttpResponseMessage first = await _http.GetAsync(Address("world"));
        JsonElement world = JsonDocument.Parse(await first.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(["own-par", "own-bos", "own-pek", "cdn-par"], world.GetProperty("edges").EnumerateArray().Select(static e => e.GetProperty("id").GetString()));
        JsonElement paris = world.GetProperty("regions")[0];
        Assert.Equal(("FR-01", 48.86, 2.35), (paris.GetProperty("id").GetString(), paris.GetProperty("lat").GetDouble(), paris.GetProperty("lon").GetDouble()));
        Assert.Equal((await Get("state")).GetProperty("places").GetString(), first.Headers.ETag!.Tag.Trim('"'));
        using HttpRequestMessage again = new(HttpMethod.Get, Address("world"));
        again.Headers.IfNoneMatch.Add(first.Headers.ETag);
        Assert.Equal(HttpStatusCode.NotModified, (await _http.SendAsync(again)).StatusCode);
    }

    [Theory]
    [InlineData("192.0.2.7", "live")]
    [InlineData("192.0.2.0/25", "bulk")]
    [InlineData("2001:db8::5", "live")]
    [InlineData("CN-01", "live")]
    [InlineData("203.0.113.9", "bulk")]
    public async Task Decision_Client_IsWhatResolveAnswers(string client, string service)
    {
        ResolveRequest request = new() { Service = service, Count = 16 };
        if (client.Contains('/', StringComparison.Ordinal)) request.ClientSubnet = client;
        else if (client.Contains('-', StringComparison.Ordinal)) request.RegionId = client;
        else request.ClientIp = client;
        ResolveReply reply = await _service.Resolve(request);
        JsonElement decision = await Get($"decision?address={Uri.EscapeDataString(client)}&service={service}");
        JsonElement[] places = [.. (await Get("world")).GetProperty("edges").EnumerateArray()];
        Assert.Equal((reply.Reason, reply.ReasonCode.ToString(), (long)reply.Ttl), (decision.GetProperty("why").GetString(),
            string.Concat(decision.GetProperty("code").GetString()!.Split('_').Select(static w => char.ToUpperInvariant(w[0]) + w[1..])), Long(decision, "ttl")));
        Assert.Equal(reply.Edges.Select(static e => e.Id), decision.GetProperty("edges").EnumerateArray().Select(e => places[e.GetProperty("edge").GetInt32()].GetProperty("id").GetString()));
    }

    [Theory]
    [InlineData("decision?address=nowhere", HttpStatusCode.BadRequest, "neither an address")]
    [InlineData("decision?address=192.0.2.1/33", HttpStatusCode.BadRequest, "is no prefix")]
    [InlineData("decision?address=192.0.2.1&service=golf", HttpStatusCode.BadRequest, "no service")]
    [InlineData("decision", HttpStatusCode.BadRequest, "Type an IPv4")]
    [InlineData("edge/golf", HttpStatusCode.NotFound, "no such edge")]
    [InlineData("region/golf", HttpStatusCode.NotFound, "no such region")]
    public async Task Ask_WrongNames_AreToldInWords(string path, HttpStatusCode status, string words)
    {
        using HttpResponseMessage response = await _http.GetAsync(Address(path));
        Assert.Equal(status, response.StatusCode);
        Assert.Contains(words, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    /// <summary>Everything that is sent says that nothing else may be loaded, run, framed or guessed at.</summary>
    [Theory]
    [InlineData("/")]
    [InlineData("/page/main.js")]
    [InlineData("/page/page.css")]
    [InlineData("/page/land.json")]
    [InlineData("/page/state")]
    [InlineData("/page/decision")]
    public async Task Headers_AllAnswers_KeepBrowsersToThePage(string path)
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri(_service.HttpUrl + path));
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    private async Task<JsonElement> Get(string path) => JsonDocument.Parse(await _http.GetStringAsync(Address(path))).RootElement;

    private Uri Address(string path) => new($"{_service.HttpUrl}/page/{path}");

    private static long Long(JsonElement element, string name) => element.GetProperty(name).GetInt64();

    private static long[] Longs(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(static n => n.GetInt64())];
}
