using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Pages.Live;

namespace TrafficDispatch.Service.Tests.Pages;

/// <summary>Pages that are kept live, over HTTP.</summary>
public sealed class PageEventsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();
    private readonly HttpClient _http = new() { Timeout = Patience };

    public void Dispose()
    {
        _http.Dispose();
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Events_SwapOverlayAndBeat_ArriveAsTheyHappen()
    {
        await using TestService service = await Start();
        using PageReader page = await PageReader.OpenAsync(_http, service);
        Assert.Equal("hello", (await page.NextAsync()).Name);
        PageEvent first = await page.NextAsync();
        Assert.Equal(("state", Version(service)), (first.Name, first.Json.GetProperty("table").GetProperty("version").GetString()));
        Assert.Equal("pulse", (await page.NextAsync()).Name);

        Say(service, "own-par", HealthState.Down);
        PageEvent overlay = await page.NextAsync("state");
        Assert.Equal([1, 0, 0, 0], overlay.Json.GetProperty("edges").GetProperty("state").EnumerateArray().Select(static s => s.GetInt32()));
        Assert.Equal(0, overlay.Json.GetProperty("edges").GetProperty("load")[0].GetInt64());
        Assert.NotEqual(first.Id, overlay.Id);

        await service.NextCycleAfterLeap(TimeSpan.FromHours(9));
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        PageEvent swap = await page.NextAsync("state", s => s.Json.GetProperty("table").GetProperty("version").GetString() == Version(service));
        Assert.NotEqual(first.Json.GetProperty("table").GetProperty("utcHour").GetInt32(), swap.Json.GetProperty("table").GetProperty("utcHour").GetInt32());

        service.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.True((await page.NextAsync("pulse", static p => p.Json.GetProperty("ageSeconds").GetDouble() >= 15)).Json.GetProperty("state").GetString() is "ready" or "stale");
    }

    [Fact]
    public async Task Events_ComingBackWithTheIdOfTheState_GetsOnlyWhatIsNewer()
    {
        await using TestService service = await Start();
        string held;
        using (PageReader page = await PageReader.OpenAsync(_http, service)) held = (await page.NextAsync("state")).Id;
        using PageReader again = await PageReader.OpenAsync(_http, service, held);
        Assert.Equal("hello", (await again.NextAsync()).Name);
        Assert.Equal("pulse", (await again.NextAsync()).Name);
        Say(service, "own-bos", HealthState.Drained);
        Assert.NotEqual(held, (await again.NextAsync("state")).Id);
    }

    [Fact]
    public async Task Events_MoreThanMayBe_AreRefusedUntilOneLeaves()
    {
        await using TestService service = await Start("Page:MaxStreams=1");
        PageHub hub = service.Part<PageHub>();
        using (PageReader page = await PageReader.OpenAsync(_http, service))
        {
            await page.NextAsync("state");
            using HttpResponseMessage refused = await _http.GetAsync(new Uri(service.HttpUrl + "/page/events"));
            Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), (refused.StatusCode, hub.Streams));
            Assert.Equal(TimeSpan.FromSeconds(10), refused.Headers.RetryAfter!.Delta);
            // What is asked now and then is answered all the same.
            Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync(new Uri(service.HttpUrl + "/page/pulse"))).StatusCode);
        }
        // The service hears that the page has gone when it writes to it, or when the connection ends.
        using PageReader next = await PageReader.OpenSoonAsync(_http, service);
        Assert.Equal("hello", (await next.NextAsync()).Name);
        Assert.Matches("\ndispatch_page_refused_total [1-9]", await _http.GetStringAsync(new Uri(service.HttpUrl + "/metrics")));
    }

    [Fact]
    public async Task Events_ProcessEnds_EndTheStream()
    {
        await using TestService service = await Start();
        using PageReader page = await PageReader.OpenAsync(_http, service);
        await page.NextAsync("state");
        Task stopped = service.StopAsync();
        Assert.True(await page.EndsAsync());
        await stopped;
    }

    /// <summary>Whoever looks, and however many: one snapshot.</summary>
    [Fact]
    public async Task Latest_NothingNew_IsTheSameSnapshotForAll()
    {
        await using TestService service = await Start();
        PageHub hub = service.Part<PageHub>();
        object first = await hub.LatestAsync();
        Assert.Same(first, await hub.LatestAsync());
        Say(service, "own-par", HealthState.Down);
        Assert.NotSame(first, await hub.LatestAsync());
    }

    [Fact]
    public async Task Diff_TableThatSendsOtherwise_IsComparedWithTheOneBefore()
    {
        await using TestService service = await Start();
        Assert.False((await Get(service, "diff")).GetProperty("known").GetBoolean());
        string before = Version(service);
        await service.NextCycleAfterLeap(TimeSpan.FromHours(9));
        JsonElement diff = await Get(service, "diff");
        Assert.Equal((true, before, Version(service)), (diff.GetProperty("known").GetBoolean(), diff.GetProperty("from").GetString(), diff.GetProperty("to").GetString()));
        Assert.True(diff.GetProperty("changed").GetInt64() > 0);
    }

    /// <summary>What the page says of an edge's death is what clients are answered once it is dead.</summary>
    [Fact]
    public async Task Edge_ThatDies_LeavesWhatWasForetold()
    {
        await using TestService service = await Start("Solve:Failures=on");
        JsonElement told = await Get(service, "edge/own-par"), death = told.GetProperty("deaths")[0];
        JsonElement before = await Get(service, "state");
        Say(service, "own-par", HealthState.Down);
        JsonElement after = await Get(service, "state");
        long[] was = Longs(before.GetProperty("edges"), "load"), now = Longs(after.GetProperty("edges"), "load");
        Dictionary<int, long> takers = Longs(death, "takers").Chunk(2).ToDictionary(static t => (int)t[0], static t => t[1]);
        Assert.Equal(was[0], death.GetProperty("freed").GetInt64());
        for (int e = 1; e < was.Length; e++) Assert.Equal(takers.GetValueOrDefault(e), Math.Max(0, now[e] - was[e]));
        Assert.Equal(death.GetProperty("unserved").GetInt64(), Longs(after.GetProperty("regions"), "unserved").Sum() - Longs(before.GetProperty("regions"), "unserved").Sum());
        Assert.Equal(death.GetProperty("failover").GetString(), after.GetProperty("flows").GetProperty("failover").GetString());
        Assert.True(told.GetProperty("serves").GetArrayLength() > 0);
    }

    private Task<TestService> Start(params string[] settings) =>
        TestService.StartAsync(_world.Directory, _state.Path, null, [.. TestService.PlansAlone.Where(p => !settings.Any(s => s.Split('=')[0] == p.Split('=')[0])), .. settings]);

    // News that follow each other within half a second are told together at its end.
    private static void Say(TestService service, string edge, HealthState state)
    {
        service.Holder.Say("test", [new(HealthScope.Edge, edge, state, 0)]);
        service.Clock.Advance(TimeSpan.FromSeconds(1));
    }

    private async Task<JsonElement> Get(TestService service, string path) => JsonDocument.Parse(await _http.GetStringAsync(new Uri($"{service.HttpUrl}/page/{path}"))).RootElement;

    private static string Version(TestService service) => service.Holder.Current!.Table.Version.ToString();

    private static long[] Longs(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(static n => n.GetInt64())];
}

/// <summary>An event of a stream.</summary>
internal sealed record PageEvent(string Name, string Id, JsonElement Json);

/// <summary>Reads server-sent events by the line, as the standard has them.</summary>
internal sealed class PageReader : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private PageReader(HttpResponseMessage response, Stream body) => (_response, _lines) = (response, new StreamReader(body));

    public static async Task<PageReader> OpenAsync(HttpClient http, TestService service, string lastId = "", string? token = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(service.HttpUrl + "/page/events"));
        if (lastId.Length > 0) request.Headers.Add("Last-Event-ID", lastId);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        return new(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>Opens a stream as soon as there is room for it.</summary>
    public static async Task<PageReader> OpenSoonAsync(HttpClient http, TestService service)
    {
        long deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        Uri address = new(service.HttpUrl + "/page/events");
        while (true)
        {
            HttpResponseMessage response = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
            if (response.StatusCode == HttpStatusCode.OK) return new(response, await response.Content.ReadAsStreamAsync());
            response.Dispose();
            Assert.True(Environment.TickCount64 < deadline, "There is no room for a page.");
        }
    }

    /// <summary>The next event, or the next that is wanted.</summary>
    public async Task<PageEvent> NextAsync(string? name = null, Func<PageEvent, bool>? wanted = null)
    {
        while (true)
        {
            PageEvent found = await ReadAsync() ?? throw new EndOfStreamException("The stream has ended.");
            if ((name is null || found.Name == name) && wanted?.Invoke(found) != false) return found;
        }
    }

    /// <summary>Reads on until the stream ends as it should.</summary>
    public async Task<bool> EndsAsync()
    {
        while (await ReadAsync() is not null)
        {
        }
        return true;
    }

    public void Dispose()
    {
        _lines.Dispose();
        _response.Dispose();
    }

    private async Task<PageEvent?> ReadAsync()
    {
        Dictionary<string, string> fields = [];
        while (await _lines.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.Length > 0) fields[line.Split(':')[0]] = line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..];
            else return new(fields["event"], fields.GetValueOrDefault("id", ""), JsonDocument.Parse(fields["data"]).RootElement);
        }
        return null;
    }
}
