using System.Net;
using System.Text;
using System.Text.Json;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.State;
using TrafficDispatch.Service.Tests.Relays;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Tests.Media;

/// <summary>The hooks of SRS over HTTP, with bodies as its sources write them (<c>srs_app_http_hooks.cpp</c>).</summary>
public sealed class MediaHooksTests : IDisposable
{
    private readonly TestWorld _world = RelayWorld.Create().Save();
    private readonly StateDirectory _state = new();
    private readonly string _file = Path.GetTempFileName();
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        File.Delete(_file);
        _state.Dispose();
        _world.Dispose();
    }

    /// <summary>What SRS 6 posts.</summary>
    private static string Body(string action, string stream = "livestream", string ip = "192.0.2.7", string vhost = "__defaultVhost__") =>
        $$"""{"server_id":"vid-0xk989d","service_id":"382k3","action":"{{action}}","client_id":"9308h583","ip":"{{ip}}","vhost":"{{vhost}}","app":"live","tcUrl":"rtmp://tv.example.net/live?key=secret","stream":"{{stream}}","param":"?token=publishers-own","stream_url":"video.test.com/live/livestream","stream_id":"vid-124q9y3"}""";

    [Fact]
    public async Task Publish_AtAnOrigin_RegistersRoutesAtOnceAndEndsWithIt()
    {
        await using TestService service = await Start();
        Assert.Equal(ReasonCode.NearestOrigin, (await Route(service, "livestream")).ReasonCode);
        Assert.Equal("""{"code":0}""", await Post(service, "/srs/hooks?node=og-pek&bitrate_mbps=8.5", Body("on_publish", ip: "203.0.113.250")));
        RouteReply live = await Route(service, "livestream");
        Assert.Equal((ReasonCode.StreamOrigin, 8500ul), (live.ReasonCode, live.BitrateKbps));
        Assert.All(live.Paths, static p => Assert.Equal("og-pek", p.OriginId));
        Assert.Equal((ulong)(service.Clock.GetUtcNow() + TimeSpan.FromDays(1)).ToUnixTimeMilliseconds(), live.ExpiresUnixMs);

        // The next solve plans it.
        await service.NextCycle(TimeSpan.FromMinutes(5));
        Assert.True((await Route(service, "livestream")).Paths[0].OriginId == "og-pek");
        Assert.Equal("""{"code":0}""", await Post(service, "/srs/hooks?node=og-par", Body("on_unpublish")));
        Assert.Single((await Streams(service)).Streams);
        Assert.Equal("""{"code":0}""", await Post(service, "/srs/hooks?node=og-pek", Body("on_unpublish")));
        Assert.Empty((await Streams(service)).Streams);
        Assert.Contains(service.Log.All, static l => l.Contains("Stream 'livestream' is published at og-pek", StringComparison.Ordinal));
        Assert.DoesNotContain(service.Log.All, static l => l.Contains("publishers-own", StringComparison.Ordinal) || l.Contains("key=secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Publish_AtAnEdge_IsSentToItsIngestOriginAndForwardedThere()
    {
        await using TestService service = await Start();
        await Post(service, "/srs/hooks?node=own-par", Body("on_publish"));
        StreamList list = await Streams(service);
        Assert.Equal(("livestream", "og-par", "srs:own-par"), (list.Streams[0].Key, list.Streams[0].OriginId, list.Sources["livestream"]));
        Assert.Equal(["rtmp://198.18.1.1/live/livestream"], await Urls(service, "/srs/hooks?node=own-par", Body("on_forward")));
        Assert.Equal(["rtmp://198.18.2.1/live/livestream?vhost=tv.example.net"], await Urls(service, "/srs/hooks?node=rl-par", Body("on_forward", vhost: "tv.example.net")));
        // Its hop to the relay fails: the next one is named at once.
        await service.Relay.ReportPathAsync(PathReportTests.Failure("own-par", ["rl-par", "og-par"], PathTrouble.ConnectFailure, 1));
        Assert.Equal(["rtmp://198.18.1.2/live/livestream"], await Urls(service, "/srs/hooks?node=own-par", Body("on_forward")));
        // The origin takes it over; what the edge says afterwards no longer ends it.
        await Post(service, "/srs/hooks?node=og-par", Body("on_publish"));
        await Post(service, "/srs/hooks?node=own-par", Body("on_unpublish"));
        Assert.Equal("srs:og-par", (await Streams(service)).Sources["livestream"]);
    }

    [Fact]
    public async Task Forward_FromTheOrigin_NamesTheRelaysOfThePlan()
    {
        await using TestService service = await Start();
        List<string> planned = [];
        foreach (string relay in (string[])[.. RelayWorld.Relays, "rl-pek"])
        {
            RouteReply reply = await service.Relay.RouteAsync(new() { NodeId = relay, StreamKey = "news", Count = 1 });
            if (reply.Paths.Count > 0 && reply.Paths[0].Planned && reply.Paths[0].Hops.Count == 1) planned.Add(relay);
        }
        Assert.NotEmpty(planned);
        List<string> urls = await Urls(service, "/srs/hooks?node=og-par", Body("on_forward", "news"));
        Assert.Equal(planned.Count, urls.Count);
        Assert.All(urls, static u => Assert.StartsWith("rtmp://198.18.1.", u, StringComparison.Ordinal));
        Assert.Empty(await Urls(service, "/srs/hooks?node=og-par", Body("on_forward", "unheard-of")));
        // An address of IPv6 stands in brackets.
        await service.Relay.ReportPathAsync(PathReportTests.Failure("own-par", ["rl-par", "og-par"], PathTrouble.ConnectFailure, 1));
        await service.Relay.ReportPathAsync(PathReportTests.Failure("own-par", ["rl-ams", "og-par"], PathTrouble.ConnectFailure, 1));
        Assert.Equal(["rtmp://[2001:db8::9]/live/news"], await Urls(service, "/srs/hooks?node=own-par", Body("on_forward", "news")));
    }

    [Fact]
    public async Task Clusters_OfAStream_NamesItsOriginAsACoWorkerDoes()
    {
        await using TestService service = await Start();
        foreach ((string stream, string? ip) in ((string, string?)[])[("news", "198.18.2.1"), ("unheard-of", null)])
        {
            using JsonDocument reply = JsonDocument.Parse(await _http.GetStringAsync(new Uri($"{service.HttpUrl}/api/v1/clusters?vhost=__defaultVhost__&ip=tv.example.net&app=live&stream={stream}&coworker=127.0.0.1:5050")));
            JsonElement data = reply.RootElement.GetProperty("data"), origin = data.GetProperty("origin");
            Assert.Equal((0, stream), (reply.RootElement.GetProperty("code").GetInt32(), data.GetProperty("query").GetProperty("stream").GetString()));
            if (ip is null) Assert.Equal(JsonValueKind.Null, origin.ValueKind);
            else Assert.Equal((ip, 1935), (origin.GetProperty("ip").GetString(), origin.GetProperty("port").GetInt32()));
        }
    }

    [Fact]
    public async Task Hook_Faulty_RefusesInSrssWords()
    {
        (string Path, string Body, int Code, string Message)[] faults =
        [
            ("/srs/hooks?node=own-par", "not json", 400, "the body must be JSON"),
            ("/srs/hooks?node=own-par", "[1]", 400, "the body must be a JSON object"),
            ("/srs/hooks?node=own-par", """{"action":7}""", 400, "field 'action' must be a text"),
            ("/srs/hooks?node=own-par", """{"stream":"a","app":"live"}""", 400, "field 'action' must be given"),
            ("/srs/hooks?node=own-par", """{"action":"on_publish","app":"live"}""", 400, "fields 'app' and 'stream' must be given"),
            ("/srs/hooks?node=own-par", """{"action":"on_dance","stream":"a"}""", 400, "field 'action' must be one of on_publish"),
            ("/srs/hooks?node=nobody", """{"action":"on_publish","app":"live","stream":"a"}""", 404, "?node= is 'nobody'"),
            ("/srs/hooks", """{"action":"on_publish","app":"live","stream":"a"}""", 404, "?node= is ''"),
            ("/srs/hooks?node=og-par&bitrate_mbps=fast", """{"action":"on_publish","app":"live","stream":"a"}""", 400, "parameter 'bitrate_mbps'"),
            ("/srs/hooks?node=own-par&bitrate_mbps=99999", """{"action":"on_publish","app":"live","stream":"a"}""", 409, "no origin may take a stream of 99999 Mbit/s"),
            ("/srs/hooks?node=own-par", """{"action":"on_publish","app":"live","stream":"a\nb"}""", 400, "field 'stream' must be a text"),
        ];
        await using TestService service = await Start();
        foreach ((string path, string body, int code, string message) in faults)
        {
            using JsonDocument reply = JsonDocument.Parse(await Post(service, path, body));
            Assert.Equal((code, path), (reply.RootElement.GetProperty("code").GetInt32(), path));
            Assert.Contains(message, reply.RootElement.GetProperty("msg").GetString()!, StringComparison.Ordinal);
        }
        Assert.Empty((await Streams(service)).Streams);
        // Too long to be read at all.
        using StringContent content = new(new string(' ', 20_000), Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _http.PostAsync(new Uri(service.HttpUrl + "/srs/hooks?node=own-par"), content);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        foreach (string action in (string[])["on_connect", "on_close", "on_play", "on_stop"]) Assert.Equal("""{"code":0}""", await Post(service, "/srs/hooks?node=own-par", Body(action)));
    }

    /// <summary>Beijing is bound to CN: what is published there may not be ingested in Paris, nor the other way round.</summary>
    [Fact]
    public async Task Publish_AgainstTheLaw_IsRefused()
    {
        await using TestService service = await Start();
        Assert.Contains("\"code\":403", await Post(service, "/srs/hooks?node=og-par", Body("on_publish", ip: "2001:db8:1::5")), StringComparison.Ordinal);
        Assert.Contains("\"code\":403", await Post(service, "/srs/hooks?node=og-pek", Body("on_publish", ip: "192.0.2.7")), StringComparison.Ordinal);
        Assert.Equal("""{"code":0}""", await Post(service, "/srs/hooks?node=og-pek", Body("on_publish", ip: "2001:db8:1::5")));
    }

    [Fact]
    public async Task Hook_TokenFileIsSet_ServerSpeaksForItsNodeAlone()
    {
        await File.WriteAllTextAsync(_file, "own-par par-token\n* any-token\n");
        await using TestService service = await Start($"Media:TokenFile={_file}");
        (string Path, bool IsLet)[] hooks =
        [
            ("/srs/hooks?node=own-par&token=par-token", true), ("/srs/par-token/hooks?node=own-par", true), ("/srs/any-token/hooks?node=og-par", true),
            ("/srs/hooks?node=og-par&token=par-token", false), ("/srs/hooks?node=own-par&token=wrong", false), ("/srs/hooks?node=own-par", false),
        ];
        foreach ((string path, bool isLet) in hooks)
        {
            using StringContent content = new(Body("on_publish"), Encoding.UTF8, "application/json");
            using HttpResponseMessage response = await _http.PostAsync(new Uri(service.HttpUrl + path), content);
            Assert.Equal((isLet ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, path), (response.StatusCode, path));
        }
        foreach ((string path, bool isLet) in ((string, bool)[])[("/srs/any-token/api/v1/clusters?app=live&stream=news", true), ("/api/v1/clusters?app=live&stream=news", false)])
        {
            using HttpResponseMessage worker = await _http.GetAsync(new Uri(service.HttpUrl + path));
            Assert.Equal(isLet ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, worker.StatusCode);
        }
        Assert.DoesNotContain(service.Log.All, static l => l.Contains("-token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Publish_KeyOfAppAndStream_KeepsApplicationsApart()
    {
        await using TestService service = await Start("Media:StreamKey=app/stream", "Media:Lifetime=00:01:00");
        await Post(service, "/srs/hooks?node=og-par", Body("on_publish"));
        Assert.Equal("live/livestream", (await Streams(service)).Streams[0].Key);
        Assert.Equal(ReasonCode.StreamOrigin, (await Route(service, "live/livestream")).ReasonCode);
        // No answer outlives it.
        service.Clock.Advance(TimeSpan.FromSeconds(53));
        RouteReply last = await Route(service, "live/livestream");
        Assert.Equal((ReasonCode.StreamOrigin, 7u), (last.ReasonCode, last.Ttl));
        service.Clock.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(ReasonCode.NearestOrigin, (await Route(service, "live/livestream")).ReasonCode);
    }

    /// <summary>Nothing that comes in place of a body makes anything but an answer of the right shape.</summary>
    [Fact]
    public void TryRead_MutatedBodies_ReadOrNameTheFault()
    {
        byte[] sound = Encoding.UTF8.GetBytes(Body("on_publish"));
        Random random = new(20261122);
        int read = 0, refused = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = [.. sound];
            for (int change = random.Next(1, 4); change > 0; change--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (Service.Media.SrsEvent.TryRead(bytes.AsMemory(0, random.Next(bytes.Length + 1)), out _, out string fault)) read++;
            else refused += fault.Length > 0 ? 1 : 0;
        }
        Assert.Equal(20_000, read + refused);
        Assert.True(refused > 1000, $"{refused} refused");
    }

    private Task<TestService> Start(params string[] settings) =>
        TestService.StartAsync(_world.Directory, _state.Path, null, ["Solve:UtcHour=20", .. TestService.PlansAlone, .. settings]);

    private static async Task<RouteReply> Route(TestService service, string stream) => await service.Relay.RouteAsync(new() { NodeId = "own-bos", StreamKey = stream });

    private static Task<StreamList> Streams(TestService service) => service.Part<StateDoor>().Store.Streams.ListAsync(default);

    private async Task<string> Post(TestService service, string path, string body)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _http.PostAsync(new Uri(service.HttpUrl + path), content);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<List<string>> Urls(TestService service, string path, string body)
    {
        using JsonDocument reply = JsonDocument.Parse(await Post(service, path, body));
        return [.. reply.RootElement.GetProperty("data").GetProperty("urls").EnumerateArray().Select(static u => u.GetString()!)];
    }
}
