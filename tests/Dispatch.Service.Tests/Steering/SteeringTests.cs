using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using TrafficDispatch.Core.Tests.Table;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.Steering;
using TrafficDispatch.Service.Telemetry;
using TrafficDispatch.Service.Tests.Telemetry;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Tests.Steering;

/// <summary>Content steering: over HTTP in one service, and the choice itself against what <c>Resolve</c> decides.</summary>
public sealed class SteeringTests : IDisposable
{
    private readonly TestWorld _world = TestWorld.Small().With("endpoints.csv",
        "node_id,service,type,value", "own-par,live,AAAA,2001:db8::1", "own-par,live,A,198.18.0.1", "own-bos,live,AAAA,2001:db8::2", "cdn-par,bulk,CNAME,par.cdn.example.net").Save();
    private readonly StateDirectory _state = new();
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Get_ViewerBehindATrustedProxy_IsSteeredAsResolveSays()
    {
        await using TestService service = await Start("Steering:TrustedProxies=127.0.0.0/8,::1,10.0.0.0/8");
        foreach (string client in (string[])["192.0.2.1", "2001:db8::5"])
        {
            ResolveReply resolved = await service.Resolve(new() { ClientIp = client, Service = "live" });
            (HttpResponseMessage response, string body) = await Get(service, "/steering/live", client);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("application/vnd.apple.steering-list", response.Content.Headers.ContentType?.ToString());
            Assert.Equal(("no-store", "*"), (response.Headers.CacheControl?.ToString(), Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin"))));
            SteeringRules.Manifest list = SteeringRules.Read(body);
            Assert.Equal(resolved.Edges.Select(static e => e.Id), list.Priority);
            Assert.Equal(((int)resolved.Ttl, null), (list.Ttl, list.Reload));
            response.Dispose();
        }
        SteeringRules.Manifest paris = SteeringRules.Read((await Get(service, "/steering/live.example.net", "192.0.2.1")).Body);
        Assert.Equal("198.18.0.1", paris.Hosts["own-par"]);
        if (paris.Priority.Contains("own-bos")) Assert.Equal("[2001:db8::2]", paris.Hosts["own-bos"]);
        // An IP address of the proxy's choice is not the client's: what a stranger writes before it does not count.
        Assert.Equal(paris.Priority, SteeringRules.Read((await Get(service, "/steering/live", "2001:db8::5, 192.0.2.1, 10.1.2.3")).Body).Priority);
        using HttpClient plain = new();
        string metrics = await plain.GetStringAsync(new Uri(service.HttpUrl + "/metrics"));
        Assert.Contains("dispatch_steering_requests_total{format=\"hls\",outcome=\"steered\"} 4\n", metrics, StringComparison.Ordinal);
        Assert.Equal("", await Promtool.Check(metrics));
    }

    [Fact]
    public async Task Get_UntrustedProxy_IsNotBelieved()
    {
        await using TestService service = await Start();
        ResolveReply direct = await service.Resolve(new() { ClientIp = "127.0.0.1", Service = "live" });
        Assert.Equal(direct.Edges.Select(static e => e.Id), SteeringRules.Read((await Get(service, "/steering/live", "2001:db8::5")).Body).Priority);
    }

    [Fact]
    public async Task Get_DashSessionsAndFaults_AnswerInTheirForms()
    {
        await using TestService service = await Start("Steering:Host={edge}.{service}.cdn.example.net", "Steering:BasePathway=cdn-a", "Steering:Pathways=2");
        foreach (string address in (string[])["/steering/live?format=dash&session=k%201", "/steering/live?session=k%201&_DASH_pathway=%22own-par,own-bos%22&_DASH_throughput=%225140000,800%22"])
        {
            (HttpResponseMessage dash, string body) = await Get(service, address);
            Assert.Equal("application/json", dash.Content.Headers.ContentType?.ToString());
            SteeringRules.Manifest list = SteeringRules.Read(body, "cdn-a");
            Assert.InRange(list.Priority.Length, 1, 2);
            Assert.All(list.Hosts, static h => Assert.Equal(h.Key + ".live.cdn.example.net", h.Value));
            Assert.Equal("live?session=k%201&format=dash", list.Reload);
            Assert.Equal(service.HttpUrl + "/steering/live?session=k%201&format=dash", new Uri(new Uri(service.HttpUrl + address), list.Reload).AbsoluteUri);
            dash.Dispose();
        }
        (string Path, HttpStatusCode Status)[] faults =
        [
            ("/steering/nothing", HttpStatusCode.NotFound), ("/steering/live?format=smooth", HttpStatusCode.BadRequest),
            ("/steering/live?session=" + new string('a', 257), HttpStatusCode.BadRequest), ("/steering/", HttpStatusCode.NotFound),
            // What players add themselves never stops them.
            ("/steering/live?_HLS_pathway=%00&_HLS_throughput=fast", HttpStatusCode.OK), ("/steering/live?_HLS_throughput=1e999&_HLS_pathway=" + new string('x', 2000), HttpStatusCode.OK),
        ];
        foreach ((string path, HttpStatusCode status) in faults)
        {
            (HttpResponseMessage response, _) = await Get(service, path);
            Assert.Equal((status, path), (response.StatusCode, path));
            if (path != "/steering/") Assert.Equal("*", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
            response.Dispose();
        }
        using HttpRequestMessage preflight = new(HttpMethod.Options, new Uri(service.HttpUrl + "/steering/live"));
        using HttpResponseMessage allowed = await _http.SendAsync(preflight);
        Assert.Equal((HttpStatusCode.NoContent, "GET, HEAD, OPTIONS"), (allowed.StatusCode, Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Methods"))));
        using HttpRequestMessage head = new(HttpMethod.Head, new Uri(service.HttpUrl + "/steering/live"));
        using HttpResponseMessage bare = await _http.SendAsync(head);
        Assert.True(bare.IsSuccessStatusCode && bare.Content.Headers.ContentLength > 50);
    }

    [Fact]
    public async Task Get_OperatorWantsIt_UnknownServicesAreGoneAndClonesLeftOut()
    {
        await using TestService service = await Start("Steering:UnknownService=gone", "Steering:Clones=off");
        (HttpResponseMessage response, _) = await Get(service, "/steering/nothing");
        Assert.Equal(HttpStatusCode.Gone, response.StatusCode);
        response.Dispose();
        Assert.Empty(SteeringRules.Read((await Get(service, "/steering/live")).Body).Hosts);
    }

    [Theory]
    [InlineData("203.0.113.9", "", "203.0.113.9")]
    [InlineData("203.0.113.9", "192.0.2.1", "203.0.113.9")] // a stranger's word
    [InlineData("10.0.0.1", "192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:10.0.0.1", "192.0.2.1", "192.0.2.1")]
    [InlineData("10.0.0.1", "", "10.0.0.1")]
    [InlineData("10.0.0.1", "198.51.100.7, 192.0.2.1, 10.9.9.9", "192.0.2.1")]
    [InlineData("10.0.0.1", "198.51.100.7,nonsense", "10.0.0.1")]
    [InlineData("10.0.0.1", "[2001:db8::7]:4711", "2001:db8::7")]
    [InlineData("10.0.0.1", "192.0.2.1:4711", "192.0.2.1")]
    [InlineData("10.0.0.1", "2001:db8::7", "2001:db8::7")]
    [InlineData("10.0.0.1", "10.0.0.2,10.0.0.3", "10.0.0.2")]
    public void Find_ChainsOfProxies_TrustOnlyWhomTheSettingsName(string remote, string forwarded, string client)
    {
        Assert.True(IpPrefix.TryParse("10.0.0.0/8", out IpPrefix proxies, out _));
        Assert.Equal(client, ForwardedClient.Find(IPAddress.Parse(remote), [forwarded], [proxies])?.ToString());
        Assert.Null(ForwardedClient.Find(null, [forwarded], [proxies]));
    }

    /// <summary>
    /// Over every set of down edges and many sessions: the order is that of the decision; the edge in use comes first exactly while it is up, keeps all and the plan
    /// gives it a share; the others keep their order.
    /// </summary>
    [Fact]
    public void Choose_EdgeInUse_IsKeptWhileThePlanHasItThere()
    {
        TableSketch sketch = new();
        sketch.Edges[1] = sketch.Edges[1] with { Id = "own fra/2" };
        RoutingTable table = sketch.Build();
        PathwayChoice choice = new(new() { Pathways = 16, Clones = false }, new DecisionTally(), Quiet());
        PathwayIds ids = new(table, ".");
        Assert.StartsWith("own_fra_2-", ids[1], StringComparison.Ordinal);
        Assert.All(Enumerable.Range(0, 5), e => Assert.Equal(e, ids.EdgeOf(ids[e])));
        Assert.True(ClientAddress.TryParse("192.0.2.5", out ClientAddress munich));
        int kept = 0;
        for (int down = 0; down < 8; down++)
        {
            ImmutableArray<HealthStatement> said = [.. Enumerable.Range(0, 3).Where(e => (down >> e & 1) != 0).Select(e => new HealthStatement(HealthScope.Edge, table.Content.Edges[e].Id, HealthState.Down, 1))];
            ServingState state = new(table, null) { Overlay = Overlay.None.With("test", said, 1).For(table.Content) };
            for (int session = 0; session < 50; session++)
            {
                string key = FormattableString.Invariant($"s{session}");
                string[] plain = Ids(choice.Choose(state, 0, munich, new(false, key, "", 0)));
                for (int edge = 0; edge < 3; edge++)
                {
                    string[] sticky = Ids(choice.Choose(state, 0, munich, new(false, key, ids[edge], 0)));
                    // Where every edge is down the one that it plays from is as good as any.
                    bool isPlanned = edge < 2 && plain.Contains(ids[edge]) && (((down >> edge) & 1) == 0 || down == 7);
                    Assert.Equal(isPlanned ? [ids[edge], .. plain.Where(p => p != ids[edge])] : plain, sticky);
                    kept += isPlanned && plain[0] != ids[edge] ? 1 : 0;
                }
                if (down != 7) Assert.All(plain, p => Assert.Equal(0, down >> ids.EdgeOf(p) & 1));
            }
        }
        Assert.True(kept > 20, $"{kept} were kept against the draw");
    }

    [Fact]
    public void Choose_EdgeThatGivesClientsAway_IsNotKept()
    {
        RoutingTable table = new TableSketch().Build();
        PathwayChoice choice = new(new() { Clones = false }, new DecisionTally(), Quiet());
        ServingState state = new(table, null) { Overlay = Overlay.None.Weigh("loads", new([new("own-muc", 0)], []), 1).For(table.Content) };
        Assert.True(ClientAddress.TryParse("192.0.2.5", out ClientAddress munich));
        Assert.Equal("own-fra", Ids(choice.Choose(state, 0, munich, new(false, "s", "own-muc", 0)))[0]);
    }

    [Fact]
    public void Choose_PlayerThatIsSlow_IsOfferedAnotherFirst()
    {
        RoutingTable table = new TableSketch().Build();
        PathwayChoice choice = new(new() { Clones = false, LowMbps = 2, Pathways = 2 }, new DecisionTally(), Quiet());
        ServingState state = new(table, null);
        Assert.True(ClientAddress.TryParse("192.0.2.5", out ClientAddress munich));
        Assert.Equal(["own-muc", "own-fra"], Ids(choice.Choose(state, 0, munich, new(false, "s", "own-muc", 2_000_000))));
        Assert.Equal("own-muc", Ids(choice.Choose(state, 0, munich, new(false, "s", "own-muc", 1_999_999)))[1]);
    }

    [Fact]
    public void Choose_NoEdgeOrFallback_SaysSo()
    {
        RoutingTable table = new TableSketch().Build();
        PathwayChoice choice = new(new(), new DecisionTally(), Quiet());
        ServingState state = new(table, null) { Overlay = Overlay.None.With("test", [new(HealthScope.Operator, "own", HealthState.Drained, 1), new(HealthScope.Operator, "cdn-x", HealthState.Drained, 1)], 1).For(table.Content) };
        Assert.True(ClientAddress.TryParse("203.0.113.5", out ClientAddress boston));
        Assert.True(ClientAddress.TryParse("192.0.2.5", out ClientAddress munich));
        Assert.Empty(choice.Choose(state, 0, boston, new(false, "", "", 0)).Pathways);
        Pathway only = Assert.Single(choice.Choose(state, 2, munich, new(false, "", "", 0)).Pathways);
        Assert.Equal(new Pathway(PathwayChoice.Fallback, "fallback.example.net"), only);
    }

    [Theory]
    [InlineData("_HLS_pathway", "own-par", false, "own-par")]
    [InlineData("_HLS_pathway", "\"own-par\"", false, "own-par")]
    [InlineData("_DASH_pathway", "\"own-par,own-bos\"", true, "own-par")]
    [InlineData("_DASH_pathway", "", true, "")]
    public void Read_WhatPlayersSend_IsTaken(string name, string value, bool isDash, string pathway)
    {
        SteeringQuery query = SteeringQuery.Read(new QueryCollection(new Dictionary<string, StringValues> { [name] = value }), out string fault);
        Assert.Equal(("", isDash, pathway), (fault, query.IsDash, query.Pathway));
    }

    private static string[] Ids(PathwayAnswer answer) => [.. answer.Pathways.Select(static p => p.Id)];

    private async Task<(HttpResponseMessage Response, string Body)> Get(TestService service, string path, string? forwarded = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(service.HttpUrl + path));
        if (forwarded is not null) request.Headers.Add("X-Forwarded-For", forwarded);
        HttpResponseMessage response = await _http.SendAsync(request);
        return (response, await response.Content.ReadAsStringAsync());
    }

    private Task<TestService> Start(params string[] settings) =>
        TestService.StartAsync(_world.Directory, _state.Path, null, ["Solve:UtcHour=20", .. TestService.PlansAlone, .. settings]);

    private static DecisionNotes Quiet() => new(new(), new(new(), TimeProvider.System));
}
